namespace PixelGameDev.Executor.Pool;

/// <summary>Holds the waiting sandboxes, oldest first. Not thread-safe.</summary>
internal sealed class ReadySandboxes
{
    private readonly LinkedList<WarmSandbox> _ready = new();

    public int Count => _ready.Count;

    public void Add(WarmSandbox sandbox) => _ready.AddLast(sandbox);

    public bool Contains(WarmSandbox sandbox) => _ready.Contains(sandbox);

    /// <summary>
    /// Removes and returns the oldest usable sandbox; null when there is none. Unusable ones remain for <see cref="RemoveDead"/>.
    /// </summary>
    public WarmSandbox? TakeUsable() => Remove(_ready.FirstOrDefault(static sandbox => sandbox.Link.IsUsable));

    /// <summary>Removes and returns the oldest sandbox; null when there is none.</summary>
    public WarmSandbox? TakeOldest() => Remove(_ready.First?.Value);

    /// <summary>Removes and returns the sandboxes that have ended.</summary>
    public List<WarmSandbox> RemoveDead()
    {
        List<WarmSandbox> dead = [.. _ready.Where(static sandbox => !sandbox.Link.IsUsable)];
        dead.ForEach(sandbox => _ready.Remove(sandbox));
        return dead;
    }

    /// <summary>Removes and returns all sandboxes.</summary>
    public List<WarmSandbox> Clear()
    {
        List<WarmSandbox> all = [.. _ready];
        _ready.Clear();
        return all;
    }

    private WarmSandbox? Remove(WarmSandbox? sandbox)
    {
        if (sandbox is not null)
        {
            _ready.Remove(sandbox);
        }

        return sandbox;
    }
}
