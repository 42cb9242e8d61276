using PixelGameDev.Executor.Configuration;

namespace PixelGameDev.Executor.Pool;

/// <summary>Holds the sandboxes that are ready, the starts that wait for one, and what both say about demand, under one lock.</summary>
internal sealed class PoolStock(ExecutorOptions options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly ReadySandboxes _ready = new();
    private readonly StartQueue _waiting = new();
    private readonly RefillSchedule _schedule = new(options, time);
    private readonly PoolDemand _demand = new(time);
    private int _used;
    private bool _closed;

    /// <summary>Gets how many sandboxes are ready.</summary>
    public int Ready
    {
        get
        {
            lock (_gate)
            {
                return _ready.Count;
            }
        }
    }

    /// <summary>Gets how many starts wait for a sandbox.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>
    /// Returns how many sandboxes are ready, how many sessions have or await one, and how many should be ready by demand.
    /// </summary>
    public (int Ready, int Used, int Demand) Count()
    {
        lock (_gate)
        {
            return (_ready.Count, _used, _demand.Target);
        }
    }

    /// <summary>Expects a burst of this size.</summary>
    public void ExpectBurst(int size)
    {
        lock (_gate)
        {
            _demand.ExpectBurst(size);
        }
    }

    /// <summary>
    /// Takes a ready sandbox for a start, or a place in the queue. Either must be given back by <see cref="ReleasePlace"/>.
    /// </summary>
    /// <param name="owner">Whose start it is.</param>
    /// <param name="progress">Learns how many starts come before this one.</param>
    /// <param name="sandbox">The sandbox; null when the start waits.</param>
    /// <param name="start">The waiting start; null when there is a sandbox.</param>
    /// <returns>False when the pool is closed.</returns>
    public bool TryTake(string owner, Action<int>? progress, out WarmSandbox? sandbox, out WaitingStart? start)
    {
        lock (_gate)
        {
            _demand.RecordStart();
            _schedule.RecordStart();
            sandbox = _waiting.Count == 0 ? _ready.TakeUsable() : null;
            start = sandbox is null && !_closed ? _waiting.Add(owner, progress) : null;
            bool taken = sandbox is not null || start is not null;
            _used += taken ? 1 : 0;
            return taken;
        }
    }

    /// <summary>Notes that a session's sandbox is gone, or did not come.</summary>
    public void ReleasePlace()
    {
        lock (_gate)
        {
            _used--;
        }
    }

    /// <summary>Adds a sandbox.</summary>
    /// <param name="sandbox">The sandbox.</param>
    /// <param name="took">How long it took to make; null: it was made for a start that has been given up.</param>
    /// <param name="start">The start whose turn it is, for the caller to complete; null when none waits.</param>
    /// <returns>False when there is nobody to take it and the pool is closed.</returns>
    public bool TryAdd(WarmSandbox sandbox, TimeSpan? took, out WaitingStart? start)
    {
        lock (_gate)
        {
            if (took is { } duration)
            {
                _demand.RecordWarmUp(duration);
            }

            start = _closed ? null : _waiting.Dequeue();
            bool kept = start is null && !_closed;
            if (kept)
            {
                _ready.Add(sandbox);
            }

            _schedule.RecordMade(_ready.Count);
            return kept || start is not null;
        }
    }

    /// <summary>Notes that a sandbox could not be made.</summary>
    /// <returns>The start whose turn it was, and the pause until the pool tries again.</returns>
    public (WaitingStart? Start, TimeSpan Pause) RecordFailure()
    {
        lock (_gate)
        {
            return (_waiting.Dequeue(), _schedule.RecordFailure());
        }
    }

    /// <summary>Removes a start that has been given up.</summary>
    /// <returns>Whether it still waited, and how many others do.</returns>
    public (bool Waited, int Others) GiveUp(WaitingStart start)
    {
        lock (_gate)
        {
            return (_waiting.Remove(start), _waiting.Count);
        }
    }

    /// <summary>Removes and returns every start that waits.</summary>
    public List<WaitingStart> TakeAllWaiting()
    {
        List<WaitingStart> all = [];
        lock (_gate)
        {
            while (_waiting.Dequeue() is { } start)
            {
                all.Add(start);
            }
        }

        return all;
    }

    /// <summary>Returns each waiting start with the number of those before it.</summary>
    public IReadOnlyList<(WaitingStart Start, int Before)> GetPositions()
    {
        lock (_gate)
        {
            return _waiting.GetPositions();
        }
    }

    /// <summary>Returns whether a sandbox is among the ready ones.</summary>
    public bool Contains(WarmSandbox sandbox)
    {
        lock (_gate)
        {
            return _ready.Contains(sandbox);
        }
    }

    /// <summary>Removes and returns those that have died.</summary>
    public List<WarmSandbox> RemoveDead()
    {
        lock (_gate)
        {
            return _ready.RemoveDead();
        }
    }

    /// <summary>
    /// Removes and returns the oldest, if more than <paramref name="target"/> are ready and the last removal is a while ago.
    /// </summary>
    public WarmSandbox? TakeSurplus(int target)
    {
        lock (_gate)
        {
            if (_ready.Count <= target || !_schedule.MayShrink)
            {
                return null;
            }

            _schedule.RecordRemoval();
            return _ready.TakeOldest();
        }
    }

    /// <summary>Closes the pool; removes and returns all that are ready.</summary>
    public List<WarmSandbox> Close()
    {
        lock (_gate)
        {
            _closed = true;
            return _ready.Clear();
        }
    }

    /// <summary>
    /// Returns how many sandboxes to begin to make now: one for each start that waits, as many at once as the machine bears; else one for
    /// the pool.
    /// </summary>
    /// <param name="target">How many should be ready.</param>
    /// <param name="making">How many are being made.</param>
    /// <param name="maxConcurrent">How many may be made at the same time.</param>
    public int CountToBegin(int target, int making, int maxConcurrent)
    {
        lock (_gate)
        {
            return _waiting.Count > 0
                ? Math.Max(0, Math.Min(_waiting.Count, maxConcurrent) - making)
                : making == 0 && _ready.Count < target && _schedule.MayRefill ? 1 : 0;
        }
    }

    /// <summary>Returns the time until there is something to do again.</summary>
    /// <param name="target">How many should be ready.</param>
    /// <param name="isBusy">Whether something is under way that wakes the pool when it ends.</param>
    public TimeSpan TimeUntilNext(int target, bool isBusy)
    {
        lock (_gate)
        {
            return isBusy || _waiting.Count > 0 ? RefillSchedule.CheckInterval : _schedule.TimeUntilNext(_ready.Count, target);
        }
    }
}
