namespace PixelGameDev.Executor.Links;

/// <summary>
/// Limits a rate: a number of units a second, with a burst. Not safe for several threads at once: each reader has its own.
/// </summary>
internal sealed class TokenBucket(double perSecond, double burst, TimeProvider time)
{
    private readonly double _burst = burst;
    private double _tokens = burst;
    private long _last = time.GetTimestamp();

    /// <summary>Takes <paramref name="units"/> if they are there.</summary>
    public bool TryTake(double units = 1)
    {
        Refill();
        if (_tokens < units)
        {
            return false;
        }

        _tokens -= units;
        return true;
    }

    /// <summary>Takes the units in any case; returns how long to wait until they are earned.</summary>
    public TimeSpan Charge(double units)
    {
        Refill();
        _tokens -= units;
        return _tokens >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(-_tokens / perSecond);
    }

    private void Refill()
    {
        long now = time.GetTimestamp();
        _tokens = Math.Min(_burst, _tokens + time.GetElapsedTime(_last, now).TotalSeconds * perSecond);
        _last = now;
    }
}
