namespace PixelGameDev.Api.Sessions.Execution;

/// <summary>
/// Counts the streams that each account has open at this server, including those that wait for a start. Beyond
/// <see cref="MaxPerAccount"/> it refuses a stream with a reason, and beyond twice as many before the handshake.
/// </summary>
internal sealed class OpenStreams
{
    /// <summary>
    /// Streams of one account: twice what all windows of its two games can use. A broken connection counts until the server notices it.
    /// </summary>
    internal const int MaxPerAccount = 16;

    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, int> _open = [];

    /// <summary>Counts the streams of all accounts.</summary>
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

    /// <summary>Counts a stream until the result is disposed. Null: refuse it without a handshake.</summary>
    public StreamSlot? Enter(Guid account)
    {
        lock (_gate)
        {
            int open = _open.GetValueOrDefault(account);
            // A refusal with a reason takes a connection for a moment, too.
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

        /// <summary>True when the stream may be watched; false when it is only there to be refused with a reason.</summary>
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
