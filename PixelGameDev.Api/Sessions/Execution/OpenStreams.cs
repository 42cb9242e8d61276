namespace PixelGameDev.Api.Sessions.Execution;

/// <summary>
/// Counts the open streams of each account at this server, including those that wait for a start. Their maximum is twice what all windows
/// of the two games of an account can use. A broken connection counts until the server notices it.
/// </summary>
internal sealed class OpenStreams() : StreamCounter<Guid>(MaxPerAccount)
{
    /// <summary>The maximum number of streams of one account.</summary>
    internal const int MaxPerAccount = 16;
}

/// <summary>Counts the open streams of people who watch by an invitation, for each address. The computers of a class share one.</summary>
internal sealed class OpenWatchers() : StreamCounter<string>(MaxPerAddress)
{
    /// <summary>The maximum number of streams from one address.</summary>
    internal const int MaxPerAddress = 200;
}

/// <summary>
/// Counts open streams. Above <paramref name="most"/> a stream is refused with a reason; above twice that number it is refused before the
/// handshake.
/// </summary>
internal abstract class StreamCounter<TKey>(int most)
    where TKey : notnull
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, int> _open = [];

    /// <summary>Returns the number of all streams.</summary>
    internal int Count
    {
        get
        {
            lock (_gate)
            {
                return _open.Values.Sum();
            }
        }
    }

    /// <summary>Counts a stream until the result is disposed. Returns null if the stream must be refused without a handshake.</summary>
    public StreamSlot? Enter(TKey key)
    {
        lock (_gate)
        {
            int open = _open.GetValueOrDefault(key);
            // A refusal with a reason also uses a connection for a moment.
            if (open >= 2 * most)
            {
                return null;
            }

            _open[key] = open + 1;
            return new StreamSlot(() => Leave(key), open < most);
        }
    }

    private void Leave(TKey key)
    {
        lock (_gate)
        {
            if (--_open[key] == 0)
            {
                _open.Remove(key);
            }
        }
    }
}

/// <summary>Represents a counted stream.</summary>
internal sealed class StreamSlot(Action leave, bool isFree) : IDisposable
{
    private int _left;

    /// <summary>Returns true when the stream may be watched; false when it must be refused with a reason.</summary>
    public bool IsAllowed => isFree;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _left, 1) == 0)
        {
            leave();
        }
    }
}
