using PixelGameDev.Executor.Configuration;

namespace PixelGameDev.Executor.Pool;

/// <summary>
/// Decides when the pool may make or remove a sandbox that no start waits for, so that it does not disturb running games. Not thread-safe.
/// </summary>
internal sealed class RefillSchedule(ExecutorOptions options, TimeProvider time)
{
    /// <summary>The longest time between two rounds, and the shortest between two removals.</summary>
    public static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(5);

    /// <summary>The pause after a start, so that the new session can use the whole machine.</summary>
    private static readonly TimeSpan PauseAfterStart = TimeSpan.FromMilliseconds(400);

    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(30);

    private TimeSpan _pause;
    private long _refillAt = time.GetTimestamp();
    private long _shrinkAt = time.GetTimestamp();

    public bool MayRefill => time.GetTimestamp() >= _refillAt;

    public bool MayShrink => time.GetTimestamp() >= _shrinkAt;

    /// <summary>Records that a start has taken a sandbox or waits for one.</summary>
    public void RecordStart() => _refillAt = After(PauseAfterStart);

    /// <summary>Records that a sandbox has been made.</summary>
    /// <param name="ready">The number of ready sandboxes.</param>
    public void RecordMade(int ready)
    {
        _pause = TimeSpan.Zero;
        if (ready >= Math.Min(options.Warm, options.MaxSessions))
        {
            _refillAt = After(PauseAfterStart);
        }
    }

    /// <summary>Records that the creation of a sandbox failed. The pauses between attempts become longer.</summary>
    /// <returns>The pause until the next attempt.</returns>
    public TimeSpan RecordFailure()
    {
        _pause = _pause == TimeSpan.Zero ? TimeSpan.FromSeconds(1) : _pause * 2 < MaxPause ? _pause * 2 : MaxPause;
        _refillAt = After(_pause);
        return _pause;
    }

    /// <summary>Records that a surplus sandbox has been removed.</summary>
    public void RecordRemoval() => _shrinkAt = After(CheckInterval);

    /// <summary>Returns the time until the next action.</summary>
    public TimeSpan TimeUntilNext(int ready, int wanted)
    {
        if (ready == wanted)
        {
            return CheckInterval;
        }

        TimeSpan left = time.GetElapsedTime(time.GetTimestamp(), ready < wanted ? _refillAt : _shrinkAt);
        return left <= TimeSpan.Zero ? TimeSpan.Zero : left < CheckInterval ? left : CheckInterval;
    }

    private long After(TimeSpan pause) => time.GetTimestamp() + (long)(pause.TotalSeconds * time.TimestampFrequency);
}
