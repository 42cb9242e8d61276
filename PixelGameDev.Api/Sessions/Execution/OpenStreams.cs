namespace PixelGameDev.Api.Sessions.Execution;

/// <summary>
/// Counts the streams that each person has open at this server, those that wait for a start included. A person who has
/// <see cref="MaxPerAccount"/> is refused with a reason; one who goes on all the same is refused before the handshake.
/// </summary>
internal sealed class OpenStreams
{
    /// <summary>
    /// Streams of one person. Twice what all windows of the two games that a person may run can use: a connection that has broken
    /// unseen counts until the server finds out.
    /// </summary>
    internal const int MaxPerAccount = 16;

    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, int> _open = [];

    /// <summary>Streams of everybody.</summary>
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

    /// <summary>Counts a stream until what is returned has been disposed of. Null: refuse it without a handshake.</summary>
    public StreamSlot? Enter(Guid account)
    {
        lock (_gate)
        {
            int open = _open.GetValueOrDefault(account);
            // Being told takes a connection for a moment, too.
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

    /// <summary>A stream that is slot.</summary>
    internal sealed class StreamSlot(OpenStreams streams, Guid account, bool isFree) : IDisposable
    {
        private int _left;

        /// <summary>Whether it may be watched; else it is only there to be told that it may not.</summary>
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
