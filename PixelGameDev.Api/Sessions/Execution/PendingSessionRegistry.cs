using PixelGameDev.Api.Accounts;
using PixelGameDev.Api.Sessions.Records;

namespace PixelGameDev.Api.Sessions.Execution;

/// <summary>
/// Registers starts in progress and the streams that wait for them. The page chooses the session's id, and opens the stream and requests
/// the start at the same time. So the connection and the handshake are ready when the start is answered.
/// </summary>
/// <remarks>
/// The key consists of the account and the id, so a start in progress is invisible to other accounts. A stream without a start waits for a
/// moment, just as long as a stream of another account's session, and then gets the answer that there is no such session. The number of
/// waiting streams is limited. A stop that arrives during a start, or just before it, is remembered and carried out.
/// </remarks>
internal sealed class PendingSessionRegistry(SessionStore store, TimeProvider time)
{
    /// <summary>The maximum number of streams of one account that wait for a start that was not requested yet. A page has one.</summary>
    internal const int MaxPerAccount = 4;

    /// <summary>The maximum number of such streams from one address, which the computers of a class share.</summary>
    internal const int MaxPerAddress = 200;

    /// <summary>
    /// The maximum number of such streams in total. Only many addresses together can reach it, so one address cannot slow down the others.
    /// </summary>
    internal const int MaxTotal = 5000;

    /// <summary>The maximum number of stops of one account that wait for their start; the total limit is <see cref="MaxTotal"/>.</summary>
    internal const int MaxStopsPerAccount = 4;

    private const int RandomVersion = 4;

    /// <summary>How long a stop waits for its start. A page sends both within a moment.</summary>
    private static readonly TimeSpan StopWait = TimeSpan.FromSeconds(10);

    // Another server may handle the start; then only the record shows it. The sum is the longest time that a page needs to send two
    // requests.
    private static readonly TimeSpan[] PollDelays =
        [TimeSpan.FromMilliseconds(150), TimeSpan.FromMilliseconds(350), TimeSpan.FromMilliseconds(700), TimeSpan.FromMilliseconds(1300)];

    private readonly Lock _gate = new();
    private readonly Dictionary<(Guid Account, Guid Session), PendingSession> _entries = [];
    private readonly Dictionary<Guid, int> _waitingPerAccount = [];
    private readonly Dictionary<string, int> _waitingPerAddress = new(StringComparer.Ordinal);
    private readonly Dictionary<(Guid Account, Guid Session), long> _stops = [];
    private int _waitingTotal;

    /// <summary>Returns the number of registered starts and streams.</summary>
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

    /// <summary>Tells whether a page may choose this id. The id must be random, because sequential ids can be guessed.</summary>
    public static bool IsChoosable(Guid session) => session is { Version: RandomVersion, Variant: >= 8 and <= 0xB };

    /// <summary>Registers a start until the result is disposed.</summary>
    public PendingStart Begin(Guid account, Guid session)
    {
        lock (_gate)
        {
            PendingSession entry = GetOrAdd(account, session);
            if (entry.Requested.TrySetResult())
            {
                entry.StopRequested |= _stops.Remove((account, session), out long since) && time.GetElapsedTime(since) < StopWait;
                return new PendingStart(entry, () => End(account, session, entry));
            }

            // The first of two requests with the same id is the start; the second one is refused later.
            entry.Users--;
            return new PendingStart(new PendingSession(), static () => { });
        }
    }

    /// <summary>Remembers a stop of a session whose start is in progress here or may arrive soon.</summary>
    /// <returns>False when too many stops wait already.</returns>
    public bool RequestStop(Guid account, Guid session)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue((account, session), out PendingSession? entry) && entry.Requested.Task.IsCompleted)
            {
                entry.StopRequested = true;
                return true;
            }

            foreach ((Guid, Guid) old in _stops.Where(stop => time.GetElapsedTime(stop.Value) >= StopWait)
                .Select(static stop => stop.Key).ToList())
            {
                _stops.Remove(old);
            }

            if (_stops.Count >= MaxTotal || _stops.Keys.Count(stop => stop.Account == account) >= MaxStopsPerAccount)
            {
                return false;
            }

            _stops[(account, session)] = time.GetTimestamp();
            return true;
        }
    }

    /// <summary>
    /// Waits until the account may watch this session: not at all for a running session, until the end of the start for a session that is
    /// being started.
    /// </summary>
    /// <returns>Where the session runs; null when there is no such session.</returns>
    public async Task<SessionPlace?> WaitUntilWatchableAsync(
        Guid account, string address, Guid session, CancellationToken cancellationToken)
    {
        if (FindStart(account, session) is { } start)
        {
            return await start.WaitAsync(cancellationToken);
        }

        return await FindAsync(account, session, cancellationToken) is { } place
            ? place
            : IsChoosable(session) ? await WaitAsync(account, address, session, cancellationToken) : null;
    }

    /// <summary>Finds where the session runs. During a start the record exists before the session.</summary>
    private async Task<SessionPlace?> FindAsync(Guid account, Guid session, CancellationToken cancellationToken)
    {
        SessionPlace? place = await store.FindPlaceAsync(account, session, cancellationToken);
        return place is not null && FindStart(account, session) is { } start ? await start.WaitAsync(cancellationToken) : place;
    }

    private Task<SessionPlace?>? FindStart(Guid account, Guid session)
    {
        lock (_gate)
        {
            return _entries.TryGetValue((account, session), out PendingSession? entry) && entry.Requested.Task.IsCompleted
                ? entry.Started.Task : null;
        }
    }

    private async Task<SessionPlace?> WaitAsync(Guid account, string address, Guid session, CancellationToken cancellationToken)
    {
        PendingSession entry;
        lock (_gate)
        {
            int own = _waitingPerAccount.GetValueOrDefault(account);
            int near = _waitingPerAddress.GetValueOrDefault(address);
            if (own >= MaxPerAccount || near >= MaxPerAddress || _waitingTotal >= MaxTotal)
            {
                return null;
            }

            _waitingPerAccount[account] = own + 1;
            _waitingPerAddress[address] = near + 1;
            _waitingTotal++;
            entry = GetOrAdd(account, session);
        }

        try
        {
            foreach (TimeSpan delay in PollDelays)
            {
                try
                {
                    await entry.Requested.Task.WaitAsync(delay, time, cancellationToken);
                    return await entry.Started.Task.WaitAsync(cancellationToken);
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
                Release(account, session, entry);
                _waitingTotal--;
                Decrement(_waitingPerAccount, account);
                Decrement(_waitingPerAddress, address);
            }
        }
    }

    private static void Decrement<TKey>(Dictionary<TKey, int> waiting, TKey key)
        where TKey : notnull
    {
        if (--waiting[key] <= 0)
        {
            waiting.Remove(key);
        }
    }

    private void End(Guid account, Guid session, PendingSession entry)
    {
        entry.Started.TrySetResult(null);
        lock (_gate)
        {
            Release(account, session, entry);
        }
    }

    private PendingSession GetOrAdd(Guid account, Guid session)
    {
        if (!_entries.TryGetValue((account, session), out PendingSession? entry))
        {
            _entries[(account, session)] = entry = new PendingSession();
        }

        entry.Users++;
        return entry;
    }

    private void Release(Guid account, Guid session, PendingSession entry)
    {
        if (--entry.Users == 0)
        {
            _entries.Remove((account, session));
        }
    }

    /// <summary>Represents a start in progress. Disposal without <see cref="Complete"/> means failure.</summary>
    internal sealed class PendingStart(PendingSession entry, Action ended) : IDisposable
    {
        /// <summary>Returns true when the stop of the session has been requested.</summary>
        public bool StopRequested => entry.StopRequested;

        /// <summary>Lets the waiting streams continue, because an Executor has the session.</summary>
        public void Complete(SessionPlace place) => entry.Started.TrySetResult(place);

        public void Dispose() => ended();
    }

    /// <summary>Holds the state of an id while a start or a stream needs it.</summary>
    internal sealed class PendingSession
    {
        private volatile bool _stopRequested;

        public TaskCompletionSource Requested { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<SessionPlace?> Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Users { get; set; }

        public bool StopRequested
        {
            get => _stopRequested;
            set => _stopRequested = value;
        }
    }
}
