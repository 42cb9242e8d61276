using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using PixelGameDev.AppHost.Machine;
using PixelGameDev.Tests.Faults;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Host;

/// <summary>Runs a system that sends to a collector of the test and serves metrics for Prometheus, and plays one game in it.</summary>
public sealed class TelemetrySystem : IAsyncLifetime
{
    /// <summary>The trace and the span of the click, as a page chooses them.</summary>
    public const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    public const string Click = "00f067aa0ba902b7";

    private TestSystem? _system;

    internal TelemetryReceiver Receiver { get; private set; } = null!;

    internal Uri Page => _system!.Address;

    /// <summary>The addresses where Prometheus reads the metrics of the Api and the Executor.</summary>
    internal Uri ApiMetrics { get; } = Free();

    internal Uri ExecutorMetrics { get; } = Free();

    public async Task InitializeAsync()
    {
        Receiver = await TelemetryReceiver.StartAsync();
        _system = await TestSystem.StartAsync(options => options with
        {
            ApiEnvironment = With(options.ApiEnvironment, ApiMetrics),
            ExecutorEnvironment = With(options.ExecutorEnvironment, ExecutorMetrics),
        });
        await PlayAsync();
    }

    public async Task DisposeAsync()
    {
        if (_system is not null)
        {
            await _system.DisposeAsync();
        }

        await Receiver.DisposeAsync();
    }

    private async Task PlayAsync()
    {
        using Person person = await Person.ArriveAsync(Page);
        // A page sends a header of its own. The usual handler would replace it with the trace of this process.
        using HttpClient page =
            new(new SocketsHttpHandler
            {
                CookieContainer = person.Cookies,
                UseProxy = false,
                ActivityHeadersPropagator = null
            })
            { BaseAddress = Page };
        using HttpRequestMessage run = new(HttpMethod.Post, "/api/sessions")
        {
            Content = JsonContent.Create(new { projectId = person.Project }),
            Headers = { { "traceparent", $"00-{Trace}-{Click}-01" } },
        };
        using HttpResponseMessage answer = await page.SendAsync(run);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        Guid session = JsonNode.Parse(text)!["id"]!.GetValue<Guid>();
        await using PlayingViewer viewer = new(person, session);
        await Eventually.TrueAsync(() => viewer.Frames > 10, "the game plays");
        (await page.PostAsync($"/api/sessions/{session}/stop", null)).Dispose();
        await viewer.Ended.WaitAsync(Eventually.Limit);
    }

    private Dictionary<string, string?> With(IReadOnlyDictionary<string, string?> environment, Uri metrics) => new(environment)
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Receiver.Address.ToString(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "250",
        ["METRICS_PORT"] = metrics.Port.ToString(CultureInfo.InvariantCulture),
    };

    private static Uri Free() => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Ports.Free()}/metrics"));
}
