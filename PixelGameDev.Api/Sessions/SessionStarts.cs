namespace PixelGameDev.Api.Sessions;

/// <summary>
/// Starts under way, and the streams that wait for them. The page chooses a session's id and opens its stream beside the request that
/// starts it, so that what the one needs (connection, handshake) is over when the other is answered.
/// </summary>
/// <remarks>
/// Everything is kept by person and id together: to anybody else a start that is under way does not exist. A stream that nobody starts is
/// held for a moment, as long as one that is somebody else's, and then told that there is no such session. How many may wait is bounded.
/// </remarks>
internal sealed class SessionStarts(SessionStore store, TimeProvider time)
{
    /// <summary>Streams of one person that may wait for a start that has not been asked for; a page has one.</summary>
    internal const int MostOfPerson = 4;

    /// <summary>The same, of all people behind one address: a class shares one.</summary>
    internal const int MostOfAddress = 200;

    /// <summary>The same, of everybody. Takes many addresses to fill, so that one cannot send all others the slow way.</summary>
    internal const int MostOfAll = 5000;

    private const int RandomVersion = 4;

    // The start may be asked for at another server, whose records are the only sign of it. Together as long as a page takes, at the very
    // most, to send two requests.
    private static readonly TimeSpan[] Looks =
        [TimeSpan.FromMilliseconds(150), TimeSpan.FromMilliseconds(350), TimeSpan.FromMilliseconds(700), TimeSpan.FromMilliseconds(1300)];

    private readonly Lock _gate = new();
    private readonly Dictionary<(Guid Account, Guid Session), Entry> _entries = [];
    private readonly Dictionary<Guid, int> _waiting = [];
    private readonly Dictionary<string, int> _waitingOfAddress = new(StringComparer.Ordinal);
    private int _allWaiting;

    /// <summary>Starts and streams that are known of.</summary>
    internal int Count
    {
        get
        {
            lock (_gate)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>Whether a person may choose this id: random ones only, because those that are made in order could be guessed.</summary>
    public static bool MayBeChosen(Guid session) => session is { Version: RandomVersion, Variant: >= 8 and <= 0xB };

    /// <summary>A start is under way until what is returned has been disposed of.</summary>
    public Start Begin(Guid account, Guid session)
    {
        lock (_gate)
        {
            Entry entry = Enter(account, session);
            if (entry.Asked.TrySetResult())
            {
                return new Start(() => entry.Answered.TrySetResult(true), () => End(account, session, entry));
            }

            // Of two requests with one id the first is the start; the second will be refused.
            entry.Users--;
            return new Start(static () => { }, static () => { });
        }
    }

    /// <summary>
    /// Whether the person may watch this session: at once for one that is there, when it has been started for one that is being started.
    /// </summary>
    public async Task<bool> MayWatchAsync(Guid account, string address, Guid session, CancellationToken cancellationToken)
    {
        if (UnderWay(account, session) is { } start)
        {
            return await start.WaitAsync(cancellationToken);
        }

        if (await store.IsOwnAsync(account, session, cancellationToken))
        {
            // Asked for just now, the record is there before the session is.
            return UnderWay(account, session) is not { } begun || await begun.WaitAsync(cancellationToken);
        }

        return MayBeChosen(session) && await WaitAsync(account, address, session, cancellationToken);
    }

    private Task<bool>? UnderWay(Guid account, Guid session)
    {
        lock (_gate)
        {
            return _entries.TryGetValue((account, session), out Entry? entry) && entry.Asked.Task.IsCompleted ? entry.Answered.Task : null;
        }
    }

    private async Task<bool> WaitAsync(Guid account, string address, Guid session, CancellationToken cancellationToken)
    {
        Entry entry;
        lock (_gate)
        {
            int own = _waiting.GetValueOrDefault(account);
            int near = _waitingOfAddress.GetValueOrDefault(address);
            if (own >= MostOfPerson || near >= MostOfAddress || _allWaiting >= MostOfAll)
            {
                return false;
            }

            _waiting[account] = own + 1;
            _waitingOfAddress[address] = near + 1;
            _allWaiting++;
            entry = Enter(account, session);
        }

        try
        {
            foreach (TimeSpan look in Looks)
            {
                try
                {
                    await entry.Asked.Task.WaitAsync(look, time, cancellationToken);
                    return await entry.Answered.Task.WaitAsync(cancellationToken);
                }
                catch (TimeoutException)
                {
                    if (await store.IsOwnAsync(account, session, cancellationToken))
                    {
                        return UnderWay(account, session) is not { } begun || await begun.WaitAsync(cancellationToken);
                    }
                }
            }

            return false;
        }
        finally
        {
            lock (_gate)
            {
                Leave(account, session, entry);
                _allWaiting--;
                LeaveOne(_waiting, account);
                LeaveOne(_waitingOfAddress, address);
            }
        }
    }

    private static void LeaveOne<TKey>(Dictionary<TKey, int> waiting, TKey key)
        where TKey : notnull
    {
        if (--waiting[key] <= 0)
        {
            waiting.Remove(key);
        }
    }

    private void End(Guid account, Guid session, Entry entry)
    {
        entry.Answered.TrySetResult(false);
        lock (_gate)
        {
            Leave(account, session, entry);
        }
    }

    private Entry Enter(Guid account, Guid session)
    {
        if (!_entries.TryGetValue((account, session), out Entry? entry))
        {
            _entries[(account, session)] = entry = new Entry();
        }

        entry.Users++;
        return entry;
    }

    private void Leave(Guid account, Guid session, Entry entry)
    {
        if (--entry.Users == 0)
        {
            _entries.Remove((account, session));
        }
    }

    /// <summary>One start under way; without <see cref="Succeeded"/> it has failed when it is disposed of.</summary>
    internal sealed class Start(Action succeeded, Action ended) : IDisposable
    {
        /// <summary>An Executor has the session: streams may pass.</summary>
        public void Succeeded() => succeeded();

        public void Dispose() => ended();
    }

    /// <summary>What is known of an id; lives as long as a start or a stream needs it.</summary>
    private sealed class Entry
    {
        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<bool> Answered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Users { get; set; }
    }
}
