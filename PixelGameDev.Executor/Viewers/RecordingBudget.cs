namespace PixelGameDev.Executor.Viewers;

/// <summary>
/// Counts the memory of the recordings of all sessions. When it is used up, the oldest recordings of sessions that have ended are dropped;
/// a game that runs keeps its own.
/// </summary>
/// <param name="mostBytes">The maximum number of bytes.</param>
internal sealed class RecordingBudget(long mostBytes)
{
    private readonly LinkedList<Recorder> _ended = new();
    private long _used;

    /// <summary>Returns the budget of this process: as much as for the last pictures of all sessions.</summary>
    public static RecordingBudget Shared { get; } = new(StreamBudget.Shared.Most / 4);

    /// <summary>Gets the lock of the counter and of the recordings of sessions that have ended. It is taken last.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Gets the number of bytes in use.</summary>
    public long Used => Interlocked.Read(ref _used);

    /// <summary>Takes bytes for a recording; false when there is no room even without those that have ended.</summary>
    public bool TryCharge(int bytes)
    {
        lock (Gate)
        {
            while (_used + bytes > mostBytes && _ended.First is { } oldest)
            {
                oldest.Value.Drop();
            }

            if (_used + bytes > mostBytes)
            {
                return false;
            }

            _used += bytes;
            return true;
        }
    }

    /// <summary>Returns bytes.</summary>
    public void Release(long bytes)
    {
        lock (Gate)
        {
            _used -= bytes;
        }
    }

    /// <summary>Adds a recording that may be dropped from now on.</summary>
    public void MarkEnded(Recorder recorder)
    {
        lock (Gate)
        {
            _ended.AddLast(recorder);
        }
    }

    /// <summary>Forgets a recording that has been dropped.</summary>
    public void Forget(Recorder recorder)
    {
        lock (Gate)
        {
            _ended.Remove(recorder);
        }
    }
}
