namespace PixelGameDev.Api.Sessions.Execution;

/// <summary>
/// Counts the open streams of each account at this server, including those that wait for a start. Above <see cref="MaxPerAccount"/> a
/// stream is refused with a reason; above twice that number it is refused before the handshake.
/// </summary>
internal sealed class OpenStreams
{
    /// <summary>
    /// The maximum number of streams of one account: twice what all windows of its two games can use. A broken connection counts until the
    /// server notices it.
    /// </summary>
    internal const int MaxPerAccount = 16;

    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, int> _open = [];

    /// <summary>Returns the number of streams of all accounts.</summary>
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
    public StreamSlot? Enter(Guid account)
    {
        lock (_gate)
        {
            int open = _open.GetValueOrDefault(account);
            // A refusal with a reason also uses a connection for a moment.
            if (open >= 2 * MaxPerAccount)
            {
                return null;
            }

            _open[account] = open + 1;
            return new StreamSlot(this, account, open < MaxPerAccount);
        }
    }

    private void Leave(Guid account)
    {
        lock (_gate)
        {
            if (--_open[account] == 0)
            {
                _open.Remove(account);
            }
        }
    }

    /// <summary>Represents a counted stream.</summary>
    internal sealed class StreamSlot(OpenStreams streams, Guid account, bool isFree) : IDisposable
    {
        private int _left;

        /// <summary>Returns true when the stream may be watched; false when it must be refused with a reason.</summary>
        public bool IsAllowed => isFree;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                streams.Leave(account);
            }
        }
    }
}
