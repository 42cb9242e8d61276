namespace PixelGameDev.Executor.Pool;

/// <summary>
/// Holds the starts that wait for a sandbox: first come, first served, but a person's second start comes after everybody's first. Not safe
/// for
/// use by several threads at once.
/// </summary>
internal sealed class StartQueue
{
    private readonly List<WaitingStart> _waiting = [];

    public int Count => _waiting.Count;

    /// <summary>Adds a start.</summary>
    /// <param name="owner">Whose it is.</param>
    /// <param name="progress">Learns how many starts come before this one, whenever that changes; must not throw or wait.</param>
    public WaitingStart Add(string owner, Action<int>? progress)
    {
        int round = _waiting.Count(other => other.Owner == owner);
        WaitingStart start = new(owner, round, progress);
        int place = _waiting.FindIndex(other => other.Round > round);
        _waiting.Insert(place < 0 ? _waiting.Count : place, start);
        return start;
    }

    /// <summary>Removes and returns the start whose turn it is; null when none waits.</summary>
    public WaitingStart? Dequeue()
    {
        if (_waiting.Count == 0)
        {
            return null;
        }

        WaitingStart first = _waiting[0];
        _waiting.RemoveAt(0);
        return first;
    }

    /// <summary>Removes a start that has been given up; false when its turn has come already.</summary>
    public bool Remove(WaitingStart start) => _waiting.Remove(start);

    /// <summary>Returns each start with the number of those before it.</summary>
    public IReadOnlyList<(WaitingStart Start, int Before)> GetPositions() => [.. _waiting.Select(static (start, index) => (start, index))];
}

/// <summary>Is one start that waits.</summary>
internal sealed class WaitingStart(string owner, int round, Action<int>? progress)
{
    private readonly TaskCompletionSource<WarmSandbox> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _reportedPosition = -1;

    public string Owner => owner;

    /// <summary>Gets how many starts of the same person waited when this one came.</summary>
    public int Round => round;

    /// <summary>Completes with the sandbox, or with why there is none.</summary>
    public Task<WarmSandbox> Completion => _completion.Task;

    public void Complete(WarmSandbox sandbox) => _completion.TrySetResult(sandbox);

    public void Fail(Exception error) => _completion.TrySetException(error);

    /// <summary>Reports how many starts come before it, if that has changed.</summary>
    public void ReportPosition(int before)
    {
        if (Interlocked.Exchange(ref _reportedPosition, before) != before)
        {
            progress?.Invoke(before);
        }
    }
}
