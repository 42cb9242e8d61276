using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.GameHost.Capture;

/// <summary>Computes the figures of the game's pictures since the last call. Not thread-safe.</summary>
/// <param name="pump">Returns the counts of the frame pump.</param>
/// <param name="frames">Holds the counts of the game, which may write any values there.</param>
/// <param name="time">By default the system's clock.</param>
internal sealed class FrameStatistics(Func<FrameCounts> pump, SharedFrames frames, TimeProvider? time = null)
{
    /// <summary>No game shows more pictures per second; a higher count is not believed.</summary>
    private const double MostFlipsPerSecond = 1_000_000;

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private long _readAt = (time ?? TimeProvider.System).GetTimestamp();
    private FrameCounts _counted;
    private ulong _flipsCounted;

    /// <summary>Returns the figures since the last call, or since construction.</summary>
    public SandboxStats Read()
    {
        long now = _time.GetTimestamp();
        double seconds = Math.Max(0.001, _time.GetElapsedTime(_readAt, now).TotalSeconds);
        FrameCounts counts = pump();
        ulong flips = frames.Flips;
        double flipped = flips < _flipsCounted ? 0 : Math.Min(flips - _flipsCounted, MostFlipsPerSecond * seconds);
        int captured = counts.Captured - _counted.Captured;
        int encoded = counts.Encoded - _counted.Encoded;
        SandboxStats stats = new(
            Math.Round(flipped / seconds, 1),
            captured,
            encoded,
            encoded == 0 ? 0 : (int)((counts.EncodeMicros - _counted.EncodeMicros) / encoded),
            counts.Bytes - _counted.Bytes,
            (int)Math.Clamp(flipped - captured, 0, int.MaxValue),
            (int)Math.Min(frames.GameMicros, int.MaxValue));
        (_readAt, _counted, _flipsCounted) = (now, counts, flips);
        return stats;
    }
}
