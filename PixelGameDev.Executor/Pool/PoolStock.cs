using PixelGameDev.Executor.Configuration;

namespace PixelGameDev.Executor.Pool;

/// <summary>Holds the ready sandboxes, the waiting starts and their demand under one lock.</summary>
internal sealed class PoolStock(ExecutorOptions options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly ReadySandboxes _ready = new();
    private readonly StartQueue _waiting = new();
    private readonly RefillSchedule _schedule = new(options, time);
    private readonly PoolDemand _demand = new(time);
    private int _used;
    private bool _closed;

    /// <summary>Gets the number of ready sandboxes.</summary>
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

    /// <summary>Gets the number of starts that wait for a sandbox.</summary>
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
    /// Returns the number of ready sandboxes, the number of sessions that have or await one, and the number of sandboxes that demand
    /// requires.
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
    /// Takes a ready sandbox for a start, or a place in the queue. The caller releases either one with <see cref="ReleasePlace"/>.
    /// </summary>
    /// <param name="owner">The owner of the start.</param>
    /// <param name="progress">Receives the number of starts that come before this one.</param>
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

    /// <summary>Records that a session's sandbox was removed or not delivered.</summary>
    public void ReleasePlace()
    {
        lock (_gate)
        {
            _used--;
        }
    }

    /// <summary>Adds a sandbox.</summary>
    /// <param name="sandbox">The sandbox.</param>
    /// <param name="took">How long its creation took; null: it was made for a start that was cancelled.</param>
    /// <param name="start">The next start, which the caller completes; null when none waits.</param>
    /// <returns>False when no start waits for it and the pool is closed.</returns>
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

    /// <summary>Records that the creation of a sandbox failed.</summary>
    /// <returns>The next start, which fails, and the pause until the pool tries again.</returns>
    public (WaitingStart? Start, TimeSpan Pause) RecordFailure()
    {
        lock (_gate)
        {
            return (_waiting.Dequeue(), _schedule.RecordFailure());
        }
    }

    /// <summary>Removes a cancelled start.</summary>
    /// <returns>Whether it still waited, and the number of other waiting starts.</returns>
    public (bool Waited, int Others) GiveUp(WaitingStart start)
    {
        lock (_gate)
        {
            return (_waiting.Remove(start), _waiting.Count);
        }
    }

    /// <summary>Removes and returns all waiting starts.</summary>
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

    /// <summary>Returns each waiting start with the number of starts before it.</summary>
    public IReadOnlyList<(WaitingStart Start, int Before)> GetPositions()
    {
        lock (_gate)
        {
            return _waiting.GetPositions();
        }
    }

    /// <summary>Returns whether a sandbox is ready.</summary>
    public bool Contains(WarmSandbox sandbox)
    {
        lock (_gate)
        {
            return _ready.Contains(sandbox);
        }
    }

    /// <summary>Removes and returns the sandboxes that have ended.</summary>
    public List<WarmSandbox> RemoveDead()
    {
        lock (_gate)
        {
            return _ready.RemoveDead();
        }
    }

    /// <summary>
    /// Removes and returns the oldest sandbox if more than <paramref name="target"/> are ready and the last removal was some time ago.
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

    /// <summary>Closes the pool; removes and returns all ready sandboxes.</summary>
    public List<WarmSandbox> Close()
    {
        lock (_gate)
        {
            _closed = true;
            return _ready.Clear();
        }
    }

    /// <summary>
    /// Returns how many sandboxes to start to make now: one for each waiting start, within the limit of concurrency; otherwise one for the
    /// pool.
    /// </summary>
    /// <param name="target">The wanted number of ready sandboxes.</param>
    /// <param name="making">The number of sandboxes that are being made.</param>
    /// <param name="maxConcurrent">The maximum number of sandboxes that are made concurrently.</param>
    public int CountToBegin(int target, int making, int maxConcurrent)
    {
        lock (_gate)
        {
            return _waiting.Count > 0
                ? Math.Max(0, Math.Min(_waiting.Count, maxConcurrent) - making)
                : making == 0 && _ready.Count < target && _schedule.MayRefill ? 1 : 0;
        }
    }

    /// <summary>Returns the time until the next action.</summary>
    /// <param name="target">The wanted number of ready sandboxes.</param>
    /// <param name="isBusy">Whether an operation is in progress that wakes the pool at its end.</param>
    public TimeSpan TimeUntilNext(int target, bool isBusy)
    {
        lock (_gate)
        {
            return isBusy || _waiting.Count > 0 ? RefillSchedule.CheckInterval : _schedule.TimeUntilNext(_ready.Count, target);
        }
    }
}
