using System.Diagnostics;
using PixelGameDev.Executor.Telemetry;
using PixelGameDev.Executor.Viewers;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Sessions;

/// <summary>Measures and logs the time until the first picture of a session, and its end.</summary>
internal sealed partial class SessionMeasurement(Guid session, SessionState state, SessionRelay relay, TimeProvider time, ILogger logger)
{
    private readonly long _requested = time.GetTimestamp();
    private Activity? _awaiting;

    /// <summary>Starts to wait for the first picture; starts again if another sandbox replaces one that ended.</summary>
    public void Begin()
    {
        _awaiting?.Dispose();
        _awaiting = ExecutorTelemetry.AwaitFirstFrame();
    }

    /// <summary>Records the first picture.</summary>
    public void RecordFirstFrame()
    {
        SessionSnapshot now = state.Read();
        TimeSpan sinceBegin = time.GetElapsedTime(now.Begun);
        ExecutorTelemetry.FirstFrame(_awaiting, time.GetElapsedTime(_requested), sinceBegin, now.Warm);
        Log.FirstFrame(logger, session, (int)sinceBegin.TotalMilliseconds, now.Warm);
    }

    /// <summary>Records the end. An end before the first picture also ends the wait for it.</summary>
    public void RecordEnd(SessionEnded end)
    {
        int seconds = (int)time.GetElapsedTime(state.Read().Begun).TotalSeconds;
        Log.Ended(logger, session, end.Reason, end.Detail, seconds, relay.Frames, relay.Bytes);
        ExecutorTelemetry.SessionEnded(end.Reason, _awaiting);
    }

    /// <summary>Drops the trace.</summary>
    public void Clear() => _awaiting = null;

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Session {Session}: first frame after {Milliseconds} ms (warm: {Warm})")]
        public static partial void FirstFrame(ILogger logger, Guid session, int milliseconds, bool warm);

        [LoggerMessage(LogLevel.Information,
            "Session {Session} ended: {Reason} ({Detail}) after {Seconds} s, {Frames} frames, {Bytes} bytes")]
        public static partial void Ended(ILogger logger, Guid session, string reason, string? detail, int seconds, long frames, long bytes);
    }
}
