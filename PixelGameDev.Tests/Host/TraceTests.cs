using System.Net.Http.Json;
using System.Text.Json.Nodes;
using PixelGameDev.Tests.Faults;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Host;

/// <summary>What the processes send to a collector when one is named.</summary>
[Collection(SystemCollection.Name)]
public sealed class TraceTests
{
    [Fact]
    public async Task One_trace_runs_from_the_click_to_the_first_frame()
    {
        const string trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        const string click = "00f067aa0ba902b7";
        await using TelemetryReceiver receiver = await TelemetryReceiver.StartAsync();
        Dictionary<string, string?> telemetry = new()
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Address.ToString(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        };
        await using TestSystem system = await TestSystem.StartAsync(options => options with
        {
            ApiEnvironment = new Dictionary<string, string?>(options.ApiEnvironment.Concat(telemetry)),
            ExecutorEnvironment = new Dictionary<string, string?>(options.ExecutorEnvironment.Concat(telemetry)),
        });
        using Person person = await Person.ArriveAsync(system.Address);

        // As a page does: with a header of its own. The usual handler would put the trace of this process over it.
        using HttpClient page = new(new SocketsHttpHandler { CookieContainer = person.Cookies, UseProxy = false, ActivityHeadersPropagator = null })
        {
            BaseAddress = system.Address,
        };
        using HttpRequestMessage run = new(HttpMethod.Post, "/api/sessions")
        {
            Content = JsonContent.Create(new { projectId = person.Project }),
            Headers = { { "traceparent", $"00-{trace}-{click}-01" } },
        };
        using HttpResponseMessage answer = await page.SendAsync(run);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        await using (PlayingViewer viewer = new(person, JsonNode.Parse(text)!["id"]!.GetValue<Guid>()))
        {
            await Eventually.TrueAsync(() => viewer.Frames > 0, "the first frame is there");
        }

        List<Span> spans = [];
        await Eventually.TrueAsync(
            () =>
            {
                spans = [.. receiver.Spans.Where(span => span.Trace == trace)];
                return spans.Any(span => span.Name == "first frame") && spans.Any(span => span.Parent == click);
            },
            "both services have sent their spans");

        // From the first frame back to the click, each step the child of the one before it.
        List<string> way = [];
        for (Span? at = spans.Single(span => span.Name == "first frame"); at is not null; at = spans.SingleOrDefault(span => span.Id == at.Parent))
        {
            way.Insert(0, $"{at.Service}: {at.Name}");
            if (at.Parent == click)
            {
                break;
            }
        }

        Assert.Equal(["api: POST /api/sessions/", "api: POST", "executor: POST /sessions/", "executor: sandbox.begin", "executor: first frame"], way);
        string start = spans.Single(span => span.Service == "executor" && span.Name == "POST /sessions/").Id;
        Assert.Contains(spans, span => span.Parent == start && span.Name == "sandbox.take");
        // The database's part in it.
        string request = spans.Single(span => span.Parent == click).Id;
        Assert.Contains(spans, span => span.Parent == request && span.Service == "api" && span.Name != "POST");
    }
}
