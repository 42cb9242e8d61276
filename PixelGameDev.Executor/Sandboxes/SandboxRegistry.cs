using System.Collections.Concurrent;

namespace PixelGameDev.Executor.Sandboxes;

/// <summary>Holds the existing sandboxes by the name of their container or process, so that the reaper does not remove them.</summary>
internal sealed class SandboxRegistry
{
    private readonly ConcurrentDictionary<string, byte> _known = new();

    public int Count => _known.Count;

    public void Add(string id) => _known[id] = 0;

    public void Remove(string id) => _known.TryRemove(id, out _);

    public bool Contains(string id) => _known.ContainsKey(id);
}
