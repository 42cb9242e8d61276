using PixelGameDev.Api.Accounts;
using PixelGameDev.Api.Sessions.Records;

namespace PixelGameDev.Api.Sessions.Execution;

/// <summary>
/// Starts under way, and the streams that wait for them. The page chooses a session's id and opens its stream beside the request that
/// starts it, so that what the one needs (connection, handshake) is over when the other is answered.
/// </summary>
/// <remarks>
/// Everything is kept by person and id together: to anybody else a start that is under way does not exist. A stream that nobody starts is
/// held for a moment, as long as one that is somebody else's, and then told that there is no such session. How many may wait is bounded.
/// A stop that comes while a start is under way, or just before it, is remembered and obeyed.
/// </remarks>
internal sealed class SessionStarts(SessionStore store, TimeProvider time)
{
    /// <summary>Streams of one person that may wait for a start that has not been asked for; a page has one.</summary>
    internal const int MostOfPerson = 4;

    /// <summary>The same, of all people behind one address: a class shares one.</summary>
    internal const int MostOfAddress = 200;

    /// <summary>The same, of everybody. Takes many addresses to fill, so that one cannot send all others the slow way.</summary>
    internal const int MostOfAll = 5000;

    /// <summary>Stops of one person that may wait for their start; of everybody <see cref="MostOfAll"/>.</summary>
    internal const int MostStopsOfPerson = 4;

    private const int RandomVersion = 4;

    /// <summary>How long a stop waits for a start that has not been asked for: a page sends both within a moment.</summary>
    private static readonly TimeSpan StopWait = TimeSpan.FromSeconds(10);

    // The start may be asked for at another server, whose records are the only sign of it. Together as long as a page takes, at the very
    // most, to send two requests.
    private static readonly TimeSpan[] Looks =
        [TimeSpan.FromMilliseconds(150), TimeSpan.FromMilliseconds(350), TimeSpan.FromMilliseconds(700), TimeSpan.FromMilliseconds(1300)];

    private readonly Lock _gate = new();
    private readonly Dictionary<(Guid Account, Guid Session), Entry> _entries = [];
    private readonly Dictionary<Guid, int> _waiting = [];
    private readonly Dictionary<string, int> _waitingOfAddress = new(StringComparer.Ordinal);
    private readonly Dictionary<(Guid Account, Guid Session), long> _stops = [];
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
                entry.StopAsked |= _stops.Remove((account, session), out long since) && time.GetElapsedTime(since) < StopWait;
                return new Start(entry, () => End(account, session, entry));
            }

            // Of two requests with one id the first is the start; the second will be refused.
            entry.Users--;
            return new Start(new Entry(), static () => { });
        }
    }

    /// <summary>Remembers a stop of a session that is being started here, or that may be asked for in the next moment.</summary>
    /// <returns>False when too many wait already.</returns>
    public bool AskForStop(Guid account, Guid session)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue((account, session), out Entry? entry) && entry.Asked.Task.IsCompleted)
            {
                entry.StopAsked = true;
                return true;
            }

            foreach ((Guid, Guid) old in _stops.Where(stop => time.GetElapsedTime(stop.Value) >= StopWait)
                .Select(static stop => stop.Key).ToList())
            {
                _stops.Remove(old);
            }

            if (_stops.Count >= MostOfAll || _stops.Keys.Count(stop => stop.Account == account) >= MostStopsOfPerson)
            {
                return false;
            }

            _stops[(account, session)] = time.GetTimestamp();
            return true;
        }
    }

    /// <summary>
    /// Waits until the person may watch this session: at once for one that is there, when it has been started for one that is being
    /// started.
    /// </summary>
    /// <returns>Where it lives; null when there is no such session.</returns>
    public async Task<SessionPlace?> MayWatchAsync(Guid account, string address, Guid session, CancellationToken cancellationToken)
    {
        if (UnderWay(account, session) is { } start)
        {
            return await start.WaitAsync(cancellationToken);
        }

        return await FindAsync(account, session, cancellationToken) is { } place
            ? place
            : MayBeChosen(session) ? await WaitAsync(account, address, session, cancellationToken) : null;
    }

    /// <summary>Asked for just now, the record is there before the session is.</summary>
    private async Task<SessionPlace?> FindAsync(Guid account, Guid session, CancellationToken cancellationToken)
    {
        SessionPlace? place = await store.FindPlaceAsync(account, session, cancellationToken);
        return place is not null && UnderWay(account, session) is { } start ? await start.WaitAsync(cancellationToken) : place;
    }

    private Task<SessionPlace?>? UnderWay(Guid account, Guid session)
    {
        lock (_gate)
        {
            return _entries.TryGetValue((account, session), out Entry? entry) && entry.Asked.Task.IsCompleted ? entry.Answered.Task : null;
        }
    }

    private async Task<SessionPlace?> WaitAsync(Guid account, string address, Guid session, CancellationToken cancellationToken)
    {
        Entry entry;
        lock (_gate)
        {
            int own = _waiting.GetValueOrDefault(account);
            int near = _waitingOfAddress.GetValueOrDefault(address);
            if (own >= MostOfPerson || near >= MostOfAddress || _allWaiting >= MostOfAll)
            {
                return null;
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
                    if (await FindAsync(account, session, cancellationToken) is { } place)
                    {
                        return place;
                    }
                }
            }

            return null;
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
        entry.Answered.TrySetResult(null);
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
    internal sealed class Start(Entry entry, Action ended) : IDisposable
    {
        /// <summary>Its person has asked for its end already.</summary>
        public bool StopAsked => entry.StopAsked;

        /// <summary>An Executor has the session: streams may pass.</summary>
        public void Succeeded(SessionPlace place) => entry.Answered.TrySetResult(place);

        public void Dispose() => ended();
    }

    /// <summary>What is known of an id; lives as long as a start or a stream needs it.</summary>
    internal sealed class Entry
    {
        private volatile bool _stopAsked;

        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<SessionPlace?> Answered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Users { get; set; }

        public bool StopAsked
        {
            get => _stopAsked;
            set => _stopAsked = value;
        }
    }
}
