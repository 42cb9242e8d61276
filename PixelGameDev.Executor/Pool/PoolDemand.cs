namespace PixelGameDev.Executor.Pool;

/// <summary>
/// Calculates from past starts how many sandboxes should be ready: as many as the largest burst of the last minutes used. Not thread-safe.
/// </summary>
/// <remarks>
/// A typical case: thirty pupils press Run when the teacher asks them to, and again a minute later when they have changed a line. The first
/// burst is unpredictable; for the second one there is a warm sandbox for each pupil. A burst consists of the starts that are faster than
/// the pool can make sandboxes, so it is counted over ten seconds, or over the time of four warm-ups if that is longer. Starts that find
/// the pool empty count, too, because a burst that exceeds the pool must enlarge it. If no burst of that size occurs for five minutes, the
/// largest burst since then counts, down to zero. Other classes apply the pool's minimum and the limits of memory.
/// </remarks>
internal sealed class PoolDemand(TimeProvider time)
{
    /// <summary>The shortest period of one burst.</summary>
    public static readonly TimeSpan ShortestBurst = TimeSpan.FromSeconds(10);

    /// <summary>The longest period of one burst, for machines with slow warm-ups.</summary>
    public static readonly TimeSpan LongestBurst = TimeSpan.FromMinutes(1);

    /// <summary>How long a burst is remembered.</summary>
    public static readonly TimeSpan BurstRetention = TimeSpan.FromMinutes(5);

    /// <summary>The maximum target, which also limits the stored bursts.</summary>
    public const int MaxTarget = 100;

    private const int WarmUps = 4;

    private readonly Queue<long> _starts = new();

    /// <summary>The remembered bursts in descending size: each one is larger than all later ones.</summary>
    private readonly LinkedList<(int Size, long At)> _bursts = new();

    private TimeSpan _burst = ShortestBurst;

    /// <summary>Gets how many sandboxes should be ready, 0 … <see cref="MaxTarget"/>.</summary>
    public int Target
    {
        get
        {
            while (_bursts.First is { } largest && time.GetElapsedTime(largest.Value.At) > BurstRetention)
            {
                _bursts.RemoveFirst();
            }

            return _bursts.First?.Value.Size ?? 0;
        }
    }

    /// <summary>Records a start.</summary>
    public void RecordStart()
    {
        long now = time.GetTimestamp();
        _starts.Enqueue(now);
        while (_starts.Count > MaxTarget || time.GetElapsedTime(_starts.Peek(), now) > LongestBurst)
        {
            _starts.Dequeue();
        }

        AddBurst(_starts.Count(taken => time.GetElapsedTime(taken, now) <= _burst), now);
    }

    /// <summary>Counts an expected burst of an operator as if it occurred now.</summary>
    /// <param name="size">1 … <see cref="MaxTarget"/>.</param>
    public void ExpectBurst(int size) => AddBurst(Math.Min(size, MaxTarget), time.GetTimestamp());

    /// <summary>Records that a sandbox has become warm.</summary>
    /// <param name="took">The duration of the warm-up. A slower pool must hold more sandboxes.</param>
    public void RecordWarmUp(TimeSpan took) =>
        _burst = TimeSpan.FromTicks(Math.Clamp(took.Ticks * WarmUps, ShortestBurst.Ticks, LongestBurst.Ticks));

    private void AddBurst(int size, long now)
    {
        while (_bursts.Last is { } smaller && smaller.Value.Size <= size)
        {
            _bursts.RemoveLast();
        }

        _bursts.AddLast((size, now));
    }
}
