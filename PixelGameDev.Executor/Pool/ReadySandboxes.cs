namespace PixelGameDev.Executor.Pool;

/// <summary>The sandboxes that wait, oldest first. Not safe for use by several threads at once.</summary>
internal sealed class ReadySandboxes
{
    private readonly LinkedList<WarmSandbox> _ready = new();

    public int Count => _ready.Count;

    public void Add(WarmSandbox sandbox) => _ready.AddLast(sandbox);

    public bool Contains(WarmSandbox sandbox) => _ready.Contains(sandbox);

    /// <summary>Removes and returns the oldest that lives; null when there is none. Dead ones stay for <see cref="RemoveDead"/>.</summary>
    public WarmSandbox? TakeUsable() => Remove(_ready.FirstOrDefault(static sandbox => sandbox.Link.IsUsable));

    /// <summary>Removes and returns the oldest; null when there is none.</summary>
    public WarmSandbox? TakeOldest() => Remove(_ready.First?.Value);

    /// <summary>Removes and returns those that have died.</summary>
    public List<WarmSandbox> RemoveDead()
    {
        List<WarmSandbox> dead = [.. _ready.Where(static sandbox => !sandbox.Link.IsUsable)];
        dead.ForEach(sandbox => _ready.Remove(sandbox));
        return dead;
    }

    /// <summary>Removes and returns all.</summary>
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
