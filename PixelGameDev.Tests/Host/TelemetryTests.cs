using System.Net;
using System.Text.RegularExpressions;
using PixelGameDev.AppHost;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Host;

/// <summary>Tests what the processes send to a collector and serve to Prometheus, if the settings ask for it.</summary>
public sealed partial class TelemetryTests(TelemetrySystem system) : IClassFixture<TelemetrySystem>
{
    [Fact]
    public async Task One_trace_runs_from_the_click_to_the_first_frame()
    {
        List<Span> spans = [];
        await Eventually.TrueAsync(
            () =>
            {
                spans = [.. system.Receiver.Spans.Where(span => span.Trace == TelemetrySystem.Trace)];
                return spans.Any(span => span.Name == "first frame") && spans.Any(span => span.Parent == TelemetrySystem.Click);
            },
            "both services have sent their spans");

        // From the first frame back to the click. Each step is the child of the step before it.
        List<string> way = [];
        for (Span? at = spans.Single(span => span.Name == "first frame"); at is not null;
            at = spans.SingleOrDefault(span => span.Id == at.Parent))
        {
            way.Insert(0, $"{at.Service}: {at.Name}");
            if (at.Parent == TelemetrySystem.Click)
            {
                break;
            }
        }

        Assert.Equal(["api: POST /api/sessions/", "api: POST", "executor: POST /sessions/", "executor: sandbox.begin",
            "executor: first frame"], way);
        string start = spans.Single(span => span.Service == "executor" && span.Name == "POST /sessions/").Id;
        Assert.Contains(spans, span => span.Parent == start && span.Name == "sandbox.take");
        // The database's part of the trace.
        string request = spans.Single(span => span.Parent == TelemetrySystem.Click).Id;
        Assert.Contains(spans, span => span.Parent == request && span.Service == "api" && span.Name != "POST");
    }

    [Fact]
    public async Task What_a_timer_begins_leaves_no_spans()
    {
        // A running service polls its database each second and asks the Executor now and then. Both check their health all the time.
        await Eventually.TrueAsync(() => Polls() >= 3, "the Executor was asked for its sessions a few times");
        long asked = Polls();
        await Eventually.TrueAsync(() => Polls() > asked, "and once more while nobody plays");

        // A request of a person begins each trace. The Executor begins none, so its spans have parents in the Api.
        await Eventually.TrueAsync(() =>
            !Orphans().Any(), $"every trace begins with a request of a person, but not: {string.Join(", ", Orphans())}");

        long Polls() => system.Receiver.Metrics
            .Where(static metric => metric.Service == "executor" && metric.Name == "http.server.request.duration"
                && Route().IsMatch(metric.Tags))
            .Sum(static metric => metric.Count);

        IEnumerable<Span> Orphans()
        {
            Span[] spans = [.. system.Receiver.Spans];
            HashSet<string> known = [.. spans.Select(static span => span.Id)];
            return spans.Where(span => !known.Contains(span.Parent) && (span.Service != "api" || span.Kind != SpanKind.Server));
        }
    }

    [Fact]
    public async Task Metrics_of_pool_sessions_and_streams_arrive_at_the_collector()
    {
        await Eventually.TrueAsync(() => Value("pixelgamedev.session.ended", "reason=stopped") == 1, "the end of the game has arrived");
        Assert.Equal(1, Value("pixelgamedev.session.started"));
        Assert.Equal(0, Value("pixelgamedev.session.active"));
        Assert.Equal(5, Value("pixelgamedev.session.places"));
        Assert.True(Value("pixelgamedev.pool.target") >= 1);
        Assert.Equal(1, Metrics("pixelgamedev.pool.taken").Sum(static metric => metric.Value));
        Assert.True(Value("pixelgamedev.stream.frames", "network.io.direction=receive") > 10);
        Assert.True(Value("pixelgamedev.stream.frames", "network.io.direction=transmit") > 10);
        Assert.True(Value("pixelgamedev.stream.io", "network.io.direction=receive") > 1000);
        Assert.True(Value("pixelgamedev.stream.io", "network.io.direction=transmit") > 1000);
        Measurement start = Assert.Single(Metrics("pixelgamedev.session.start.duration"));
        Assert.Equal((1, "s"), (start.Count, start.Unit));
        Assert.InRange(start.Value, 0.001, 60);
        foreach (string phase in new[] { "take", "begin", "first_frame" })
        {
            Assert.True(Assert.Single(Metrics("pixelgamedev.session.start.phase.duration"), metric =>
                metric.Tags == $"phase={phase}").Count >= 1);
        }

        // The metrics of the framework and the database are there too.
        Assert.Contains(system.Receiver.Metrics, static metric =>
            metric is { Service: "api", Name: "http.server.request.duration", Count: > 0 });
        Assert.Contains(system.Receiver.Metrics, static metric => metric is { Service: "api", Meter: "Npgsql" });
    }

    [Fact]
    public async Task The_guide_lists_exactly_the_metrics_there_are_with_their_units()
    {
        string guide = await File.ReadAllTextAsync(Path.Combine(Repository.Find().Root, "docs/operations.md"));
        string[] listed = [.. Row().Matches(guide).Select(static row => $"{row.Groups[1].Value} {row.Groups[2].Value}")
            .Order(StringComparer.Ordinal)];
        string[] there = [];
        await Eventually.TrueAsync(
            () =>
            {
                there = [.. Own().Select(static metric => $"{metric.Name} {metric.Unit}").Distinct().Order(StringComparer.Ordinal)];
                // Without a slow viewer nothing is dropped, so that instrument may be absent.
                return listed.Except(there)
                    .All(static name => name.StartsWith("pixelgamedev.stream.dropped_frames ", StringComparison.Ordinal));
            },
            "all that the guide lists has arrived");
        Assert.Empty(there.Except(listed));
        // One meter name to look for in a dashboard.
        Assert.All(Own(), static metric => Assert.Equal("PixelGameDev.Executor", metric.Meter));

        IEnumerable<Measurement> Own() =>
            system.Receiver.Metrics.Where(static metric => metric.Name.StartsWith("pixelgamedev.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Prometheus_gets_the_metrics_at_a_port_that_has_nothing_else()
    {
        using HttpClient client = new(new SocketsHttpHandler { UseProxy = false });
        string api = await client.GetStringAsync(system.ApiMetrics), executor = await client.GetStringAsync(system.ExecutorMetrics);
        Assert.Matches(@"(?m)^http_server_request_duration_seconds_count\{.*http_route=""/api/sessions/"".*\} [1-9]", api);
        Assert.Matches(@"(?m)^pixelgamedev_session_started_total(\{.*\})? 1( |$)", executor);
        Assert.Matches(@"(?m)^pixelgamedev_session_ended_total\{.*reason=""stopped"".*\} 1( |$)", executor);
        Assert.Matches(@"(?m)^pixelgamedev_session_start_duration_seconds_bucket\{.*le=""\+Inf"".*\} 1( |$)", executor);

        foreach (Uri metrics in new[] { system.ApiMetrics, system.ExecutorMetrics })
        {
            using HttpResponseMessage elsewhere = await client.GetAsync(new Uri(metrics, "/api/info"));
            Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);
        }
    }

    [Fact]
    public async Task At_the_port_of_the_page_there_are_no_metrics_whatever_host_is_named()
    {
        using HttpClient client = new(new SocketsHttpHandler { UseProxy = false });
        foreach (string host in new[] { system.Page.Authority, system.ApiMetrics.Authority })
        {
            using HttpRequestMessage request = new(HttpMethod.Get, new Uri(system.Page, "/metrics")) { Headers = { Host = host } };
            using HttpResponseMessage answer = await client.SendAsync(request);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            Assert.DoesNotContain("http_server_request_duration", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    private IEnumerable<Measurement> Metrics(string name) =>
        system.Receiver.Metrics.Where(metric => metric.Service == "executor" && metric.Name == name);

    private double? Value(string name, string tags = "") => Metrics(name).SingleOrDefault(metric => metric.Tags == tags)?.Value;

    [GeneratedRegex(@"http\.request\.method=GET .*http\.route=/sessions/?( |$)")]
    private static partial Regex Route();

    [GeneratedRegex(@"^\| `(pixelgamedev\.[a-z_.]+)` \| `([^`]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
