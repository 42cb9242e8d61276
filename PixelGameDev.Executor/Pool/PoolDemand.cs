namespace PixelGameDev.Executor.Pool;

/// <summary>
/// Says how many sandboxes should be ready, by what people do: as many as the largest burst of the last minutes took.
/// Not safe for use by several threads at once.
/// </summary>
/// <remarks>
/// The case it is made for: thirty pupils press Run when the teacher asks them to, and again a minute later when they have changed a
/// line. The first burst cannot be foreseen; for the second there is a warm sandbox for each. A burst is what comes faster than the pool
/// can make
/// new ones, so it is counted over ten seconds, or over four warm-ups where those take longer. Starts that found the pool empty count
/// like the others: a burst larger than the pool is the very thing that makes it grow. When no burst of that size has come for five
/// minutes the largest one since counts, down to nothing: the pool's minimum and the bounds of memory are not decided here.
/// </remarks>
internal sealed class PoolDemand(TimeProvider time)
{
    /// <summary>Shortest time in which starts are one burst.</summary>
    public static readonly TimeSpan ShortestBurst = TimeSpan.FromSeconds(10);

    /// <summary>Longest, where sandboxes get warm very slowly.</summary>
    public static readonly TimeSpan LongestBurst = TimeSpan.FromMinutes(1);

    /// <summary>How long a burst is remembered.</summary>
    public static readonly TimeSpan BurstRetention = TimeSpan.FromMinutes(5);

    /// <summary>More are never wanted, which also bounds what is remembered.</summary>
    public const int MaxTarget = 100;

    private const int WarmUps = 4;

    private readonly Queue<long> _starts = new();

    /// <summary>Bursts that are remembered, each larger than every later one: the first is the largest.</summary>
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

    /// <summary>Records that somebody has pressed Run.</summary>
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

    /// <summary>Counts a burst that an operator expects as one that came just now.</summary>
    /// <param name="size">1 … <see cref="MaxTarget"/>.</param>
    public void ExpectBurst(int size) => AddBurst(Math.Min(size, MaxTarget), time.GetTimestamp());

    /// <summary>Records that a sandbox has got warm.</summary>
    /// <param name="took">How long that took: what the pool cannot do faster, it must have in store.</param>
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
