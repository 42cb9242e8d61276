using System.Buffers.Binary;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using PixelGameDev.ServiceDefaults;

namespace PixelGameDev.Executor.Telemetry;

/// <summary>
/// Traces and metrics of the Executor. Where nobody listens, each call costs a few nanoseconds and no memory. Nothing of people is
/// in them: no owner, no file name, no text of a game.
/// </summary>
internal static class ExecutorTelemetry
{
    private const string Name = ServiceDefaultsExtensions.TelemetryPrefix + "Executor";

    /// <summary>Encode times are microseconds to some milliseconds: the usual buckets, made for seconds, would hold them all in one.</summary>
    private static readonly InstrumentAdvice<double> Milliseconds = new()
    {
        HistogramBucketBoundaries = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 16.7, 25, 50, 100, 250, 500, 1000, 2500, 5000],
    };

    /// <summary>Steps of a start: <c>sandbox.take</c>, <c>sandbox.begin</c>, <c>first frame</c>.</summary>
    private static readonly ActivitySource Source = new(Name);

    private static readonly Meter Meter = new(Name);

    private static readonly Histogram<double> StartPhase = Meter.CreateHistogram(
        "pixelgamedev.session.start", "ms", "Time of each phase of a session's start: take, begin, first_frame.", advice: Milliseconds);

    private static readonly Counter<long> PoolTakes = Meter.CreateCounter<long>(
        "pixelgamedev.sandbox.takes", "{sandbox}", "Sandboxes taken for a session; warm says whether one was waiting.");

    private static readonly Gauge<long> PoolReady = Meter.CreateGauge<long>(
        "pixelgamedev.sandbox.warm", "{sandbox}", "Sandboxes that wait for a session.");

    private static readonly Gauge<long> PoolWanted = Meter.CreateGauge<long>(
        "pixelgamedev.sandbox.wanted", "{sandbox}", "Sandboxes that should wait, by demand, free places and memory.");

    private static readonly Counter<long> Ends = Meter.CreateCounter<long>(
        "pixelgamedev.session.ends", "{session}", "Ended sessions by reason.");

    private static readonly UpDownCounter<long> Viewers = Meter.CreateUpDownCounter<long>(
        "pixelgamedev.viewers", "{viewer}", "Connections that watch a session.");

    private static readonly Counter<long> Frames = Meter.CreateCounter<long>(
        "pixelgamedev.frames", "{frame}", "Frames that came from sandboxes.");

    private static readonly Counter<long> Bytes = Meter.CreateCounter<long>(
        "pixelgamedev.stream.bytes", "By", "Bytes that came from sandboxes, framing not counted.");

    private static readonly Histogram<double> Encode = Meter.CreateHistogram(
        "pixelgamedev.frame.encode", "ms", "Encode time of a frame, as the sandbox tells it.", advice: Milliseconds);

    private static readonly Counter<long> Drops = Meter.CreateCounter<long>(
        "pixelgamedev.viewer.drops", "{frame}", "Frames a viewer was too slow for.");

    /// <summary>Getting a sandbox, warm or cold.</summary>
    public static Phase Take() => new(Source.StartActivity("sandbox.take"), "take");

    /// <summary>Handing the project over.</summary>
    public static Phase Begin() => new(Source.StartActivity("sandbox.begin"), "begin");

    /// <summary>
    /// From the project's arrival in the sandbox to its first picture: part of the trace of the request that started it, which
    /// has been answered by then. Ended by <see cref="FirstFrame"/>.
    /// </summary>
    public static Activity? AwaitFirstFrame()
    {
        Activity? current = Activity.Current;
        Activity? activity = Source.StartActivity("first frame");
        Activity.Current = current;
        return activity;
    }

    public static void FirstFrame(Activity? awaited, TimeSpan sinceStart, bool warm)
    {
        StartPhase.Record(sinceStart.TotalMilliseconds, new("phase", "first_frame"), new("warm", warm));
        awaited?.SetTag("pixelgamedev.warm", warm);
        awaited?.Stop();
    }

    public static void Taken(bool warm) => PoolTakes.Add(1, new KeyValuePair<string, object?>("warm", warm));

    /// <summary>What waits and what should.</summary>
    public static void Pool(int ready, int wanted)
    {
        PoolReady.Record(ready);
        PoolWanted.Record(wanted);
    }

    /// <summary>An end before the first frame ends the waiting for it too.</summary>
    public static void Ended(string reason, Activity? awaited)
    {
        Ends.Add(1, new KeyValuePair<string, object?>("reason", reason));
        if (awaited is { IsStopped: false })
        {
            awaited.SetStatus(ActivityStatusCode.Error, reason);
            awaited.Stop();
        }
    }

    public static void Joined() => Viewers.Add(1);

    public static void Left() => Viewers.Add(-1);

    public static void Received(int bytes) => Bytes.Add(bytes);

    /// <summary>A frame; its encode time stands at offset 18 of the message (docs/PROTOCOL.md), 17 of the payload.</summary>
    public static void Frame(ReadOnlySpan<byte> payload)
    {
        const int encodeTime = 17;
        Frames.Add(1);
        if (Encode.Enabled && payload.Length >= encodeTime + sizeof(uint))
        {
            Encode.Record(BinaryPrimitives.ReadUInt32LittleEndian(payload[encodeTime..]) / 1000.0);
        }
    }

    public static void Dropped(long frames)
    {
        if (frames > 0)
        {
            Drops.Add(frames);
        }
    }

    /// <summary>A step under way: a span in the trace and a value in the histogram.</summary>
    public readonly struct Phase(Activity? activity, string name) : IDisposable
    {
        private readonly long started = Stopwatch.GetTimestamp();

        public void Tag(string key, object value) => activity?.SetTag(key, value);

        public void Dispose()
        {
            StartPhase.Record(Stopwatch.GetElapsedTime(started).TotalMilliseconds, new KeyValuePair<string, object?>("phase", name));
            activity?.Dispose();
        }
    }
}
