namespace PixelGameDev.Executor.Links;

/// <summary>Limits a rate in units per second, with a burst. It is not thread-safe: each reader has its own.</summary>
internal sealed class TokenBucket(double perSecond, double burst, TimeProvider time)
{
    private readonly double _burst = burst;
    private double _tokens = burst;
    private long _last = time.GetTimestamp();

    /// <summary>Takes <paramref name="units"/> if they are available.</summary>
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

    /// <summary>Takes the units in any case. Returns the wait until they are available.</summary>
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
