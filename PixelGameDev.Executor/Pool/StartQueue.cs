namespace PixelGameDev.Executor.Pool;

/// <summary>
/// Holds the starts that wait for a sandbox: first come, first served, but a second start of an account comes after the first starts of all
/// others. Not thread-safe.
/// </summary>
internal sealed class StartQueue
{
    private readonly List<WaitingStart> _waiting = [];

    public int Count => _waiting.Count;

    /// <summary>Adds a start.</summary>
    /// <param name="owner">The owner of the start.</param>
    /// <param name="progress">Receives the number of starts before this one at each change; must not throw or block.</param>
    public WaitingStart Add(string owner, Action<int>? progress)
    {
        int round = _waiting.Count(other => other.Owner == owner);
        WaitingStart start = new(owner, round, progress);
        int place = _waiting.FindIndex(other => other.Round > round);
        _waiting.Insert(place < 0 ? _waiting.Count : place, start);
        return start;
    }

    /// <summary>Removes and returns the next start; null when none waits.</summary>
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

    /// <summary>Removes a cancelled start; false when it is no longer in the queue.</summary>
    public bool Remove(WaitingStart start) => _waiting.Remove(start);

    /// <summary>Returns each start with the number of starts before it.</summary>
    public IReadOnlyList<(WaitingStart Start, int Before)> GetPositions() => [.. _waiting.Select(static (start, index) => (start, index))];
}

/// <summary>Represents one waiting start.</summary>
internal sealed class WaitingStart(string owner, int round, Action<int>? progress)
{
    private readonly TaskCompletionSource<WarmSandbox> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _reportedPosition = -1;

    public string Owner => owner;

    /// <summary>Gets the number of starts of the same owner that waited when this one was added.</summary>
    public int Round => round;

    /// <summary>Completes with the sandbox; faults with the reason if there is none.</summary>
    public Task<WarmSandbox> Completion => _completion.Task;

    public void Complete(WarmSandbox sandbox) => _completion.TrySetResult(sandbox);

    public void Fail(Exception error) => _completion.TrySetException(error);

    /// <summary>Reports the number of starts before it, if that has changed.</summary>
    public void ReportPosition(int before)
    {
        if (Interlocked.Exchange(ref _reportedPosition, before) != before)
        {
            progress?.Invoke(before);
        }
    }
}
