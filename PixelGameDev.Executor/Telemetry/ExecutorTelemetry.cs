using System.Diagnostics;
using System.Diagnostics.Metrics;
using PixelGameDev.ServiceDefaults;
using PixelGameDev.Streaming.Codec;

namespace PixelGameDev.Executor.Telemetry;

/// <summary>
/// Provides the traces and metrics of the Executor. Names and units follow OpenTelemetry's conventions; docs/operations.md lists them.
/// Without a listener each call takes a few nanoseconds and no memory. They contain no personal data: no owner, no file name, no text of a
/// game.
/// </summary>
internal static class ExecutorTelemetry
{
    private const string Name = ServiceDefaultsExtensions.TelemetryPrefix + "Executor";

    private static readonly KeyValuePair<string, object?> Receive = new("network.io.direction", "receive");
    private static readonly KeyValuePair<string, object?> Transmit = new("network.io.direction", "transmit");

    /// <summary>The source of the spans of a start: <c>sandbox.take</c>, <c>sandbox.begin</c>, <c>first frame</c>.</summary>
    private static readonly ActivitySource Source = new(Name);

    private static readonly Meter Meter = new(Name);

    private static readonly Gauge<long> SessionPlaces = Meter.CreateGauge<long>(
        "pixelgamedev.session.places", "{session}", "Sessions that may run at the same time; 0 while the Executor is drained.");

    private static readonly Gauge<long> PoolWarm = Meter.CreateGauge<long>(
        "pixelgamedev.pool.warm", "{sandbox}", "Sandboxes that wait for a session.");

    private static readonly Gauge<long> PoolTarget = Meter.CreateGauge<long>(
        "pixelgamedev.pool.target", "{sandbox}", "Sandboxes that should wait, by demand, free places and memory.");

    private static readonly Gauge<long> PoolStarting = Meter.CreateGauge<long>(
        "pixelgamedev.pool.starting", "{sandbox}", "Sandboxes that are being made.");

    private static readonly Gauge<long> PoolQueue = Meter.CreateGauge<long>(
        "pixelgamedev.pool.queue", "{session}", "Sessions that wait for a sandbox.");

    private static readonly Counter<long> PoolTaken = Meter.CreateCounter<long>(
        "pixelgamedev.pool.taken", "{sandbox}", "Sandboxes taken for a session; warm says whether one was waiting.");

    private static readonly UpDownCounter<long> SessionsActive = Meter.CreateUpDownCounter<long>(
        "pixelgamedev.session.active", "{session}", "Sessions that start or run.");

    private static readonly Counter<long> SessionsStarted = Meter.CreateCounter<long>(
        "pixelgamedev.session.started", "{session}", "Starts that were taken on.");

    private static readonly Counter<long> SessionsEnded = Meter.CreateCounter<long>(
        "pixelgamedev.session.ended", "{session}", "Ended sessions by reason.");

    private static readonly Histogram<double> StartDuration = Meter.CreateHistogram(
        "pixelgamedev.session.start.duration", "s", "From the request to the first picture; warm says whether a sandbox was waiting.",
        advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries =
            [0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1, 2, 5, 10, 30]
        });

    private static readonly Histogram<double> StartPhase = Meter.CreateHistogram(
        "pixelgamedev.session.start.phase.duration", "s", "Time of each phase of a start: take, begin, first_frame.",
        advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries =
            [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
        });

    private static readonly UpDownCounter<long> Viewers = Meter.CreateUpDownCounter<long>(
        "pixelgamedev.stream.viewers", "{viewer}", "Connections that watch a session.");

    private static readonly Counter<long> Frames = Meter.CreateCounter<long>(
        "pixelgamedev.stream.frames", "{frame}", "Frames received from sandboxes and transmitted to viewers.");

    private static readonly Counter<long> Bytes = Meter.CreateCounter<long>(
        "pixelgamedev.stream.io", "By", "Bytes of messages received from sandboxes and transmitted to viewers, framing not counted.");

    private static readonly Counter<long> Dropped = Meter.CreateCounter<long>(
        "pixelgamedev.stream.dropped_frames", "{frame}", "Frames that a viewer was too slow for; counted when it leaves.");

    // Encode times are between microseconds and some milliseconds; the usual buckets are made for seconds and would put all of them into
    // one.
    private static readonly Histogram<double> Encode = Meter.CreateHistogram(
        "pixelgamedev.frame.encode.duration", "s", "Encode time of a frame, as the sandbox tells it.",
        advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries =
            [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.0167, 0.025, 0.05, 0.1]
        });

    /// <summary>Starts the step in which a session gets a sandbox, warm or cold.</summary>
    public static Phase BeginTake() => new(Source.StartActivity("sandbox.take"), "take");

    /// <summary>Starts the step in which the sandbox gets the project.</summary>
    public static Phase BeginStart() => new(Source.StartActivity("sandbox.begin"), "begin");

    /// <summary>
    /// Starts the span from the project's arrival in the sandbox to the first picture. It is part of the trace of the start request, which
    /// has been answered by then. <see cref="FirstFrame"/> ends it.
    /// </summary>
    public static Activity? AwaitFirstFrame()
    {
        Activity? current = Activity.Current;
        Activity? activity = Source.StartActivity("first frame");
        Activity.Current = current;
        return activity;
    }

    /// <summary>Records the first picture of a session.</summary>
    /// <param name="awaited">The result of <see cref="AwaitFirstFrame"/>.</param>
    /// <param name="sinceRequest">The time since the session was requested.</param>
    /// <param name="sinceBegin">The time since its sandbox got the project.</param>
    /// <param name="warm">Whether the sandbox was warm.</param>
    public static void FirstFrame(Activity? awaited, TimeSpan sinceRequest, TimeSpan sinceBegin, bool warm)
    {
        StartDuration.Record(sinceRequest.TotalSeconds, new KeyValuePair<string, object?>("warm", warm));
        StartPhase.Record(sinceBegin.TotalSeconds, new KeyValuePair<string, object?>("phase", "first_frame"));
        awaited?.SetTag("pixelgamedev.warm", warm);
        awaited?.Stop();
    }

    /// <summary>Records that a session got its sandbox.</summary>
    public static void SandboxTaken(bool warm) => PoolTaken.Add(1, new KeyValuePair<string, object?>("warm", warm));

    /// <summary>Records the places for sessions and the state of the pool.</summary>
    public static void Pool(int places, int warm, int target, int starting, int queue)
    {
        SessionPlaces.Record(places);
        PoolWarm.Record(warm);
        PoolTarget.Record(target);
        PoolStarting.Record(starting);
        PoolQueue.Record(queue);
    }

    /// <summary>Records a session that has got a place. <see cref="SessionEnded"/> follows in any case.</summary>
    public static void SessionStarted()
    {
        SessionsStarted.Add(1);
        SessionsActive.Add(1);
    }

    /// <summary>Records an end. An end before the first frame also ends the wait for it.</summary>
    public static void SessionEnded(string reason, Activity? awaited)
    {
        SessionsActive.Add(-1);
        SessionsEnded.Add(1, new KeyValuePair<string, object?>("reason", reason));
        if (awaited is { IsStopped: false })
        {
            awaited.SetStatus(ActivityStatusCode.Error, reason);
            awaited.Stop();
        }
    }

    public static void ViewerJoined() => Viewers.Add(1);

    /// <summary>Records a viewer that has disconnected, and the frames that it was too slow for.</summary>
    public static void ViewerLeft(long droppedFrames)
    {
        Viewers.Add(-1);
        if (droppedFrames > 0)
        {
            Dropped.Add(droppedFrames);
        }
    }

    public static void MessageReceived(int bytes) => Bytes.Add(bytes, Receive);

    /// <summary>Records a frame message from a sandbox.</summary>
    public static void FrameReceived(ReadOnlySpan<byte> message)
    {
        Frames.Add(1, Receive);
        if (Encode.Enabled && message.Length >= FrameHeader.Size)
        {
            Encode.Record(FrameHeader.EncodeMicrosOf(message) / 1_000_000.0);
        }
    }

    /// <summary>Records a message that was sent to a viewer.</summary>
    public static void MessageSent(int bytes, bool frame)
    {
        Bytes.Add(bytes, Transmit);
        if (frame)
        {
            Frames.Add(1, Transmit);
        }
    }

    /// <summary>Represents a step in progress: a span in the trace and a value in the histogram.</summary>
    public readonly struct Phase(Activity? activity, string name) : IDisposable
    {
        private readonly long _started = Stopwatch.GetTimestamp();

        public void Tag(string key, object value) => activity?.SetTag(key, value);

        public void Dispose()
        {
            StartPhase.Record(Stopwatch.GetElapsedTime(_started).TotalSeconds, new KeyValuePair<string, object?>("phase", name));
            activity?.Dispose();
        }
    }
}
