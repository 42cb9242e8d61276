using System.Collections.Concurrent;
using PixelGameDev.Api.Database;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Sessions.Execution;
using PixelGameDev.ServiceDefaults;
using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Api.Sessions.Records;

/// <summary>
/// Keeps the records of running sessions up to date. It polls each Executor every second while sessions are open, records changes and ends,
/// and stops games that must not continue. Several servers may do this concurrently.
/// </summary>
/// <remarks>
/// A session ends with its Executor's process, which stores nothing. The session is lost in one of three cases: another incarnation of the
/// Executor answers (see <see cref="ExecutorHeaders.Incarnation"/>), the Executor answers that it does not know the session, or nothing has
/// answered at the Executor's address for <see cref="MaxSilence"/>. A single refused connection proves nothing, because a network can cause
/// one for a moment.
/// </remarks>
internal sealed class SessionWatcher(
    SessionStore store, SessionRecorder recorder, ExecutorClient executors, ExecutorOptions options, DatabaseMigrator migrator,
    TimeProvider time, BackgroundWork work)
    : RecurringDatabaseWork("session-watcher", Interval, migrator, time, work)
{
    /// <summary>How long an Executor's address may stay silent before its sessions count as lost.</summary>
    internal static readonly TimeSpan MaxSilence = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>How often an Executor is polled while no session is open: it may still run a game whose record is lost.</summary>
    private static readonly TimeSpan QuietInterval = TimeSpan.FromSeconds(10);

    // A younger session that no Executor has reported may still be starting.
    private static readonly TimeSpan StartGrace = TimeSpan.FromSeconds(45);

    /// <summary>The time after the longest possible game before a session of an unknown Executor ends.</summary>
    private static readonly TimeSpan UnknownExecutorGrace = TimeSpan.FromMinutes(1);

    /// <summary>The maximum number of sessions that one round looks up individually.</summary>
    private const int MaxLookupsPerRound = 20;

    // Sessions that an Executor has accepted, until their records show it.
    private readonly ConcurrentDictionary<Guid, (string Executor, string? Incarnation)> _started = new();
    private readonly WatchedExecutor[] _watches =
        [.. executors.Names.Select(static (name, index) => new WatchedExecutor(name, index == 0))];

    /// <summary>
    /// Begins a round for each Executor whose previous round is over, and waits one interval. A silent Executor does not delay the others.
    /// </summary>
    protected override async Task ExecuteOnceAsync(CancellationToken cancellationToken)
    {
        List<Exception> failures = [];
        foreach (WatchedExecutor watch in _watches.Where(static watch => watch.Round.IsCompleted))
        {
            if (watch.Round.Exception is { } failed)
            {
                failures.Add(failed.GetBaseException());
            }

            watch.Round = PollAsync(watch, cancellationToken);
        }

        await Task.WhenAny(Task.WhenAll(_watches.Select(static watch => watch.Round)), Task.Delay(Interval, Time, cancellationToken));
        if (failures.Find(static error => error is not OperationCanceledException) is { } error)
        {
            throw error;
        }
    }

    /// <summary>
    /// Remembers that an Executor has accepted a session. From now on the session is lost if that Executor does not know it.
    /// </summary>
    internal void MarkStarted(Guid session, string executor, string? incarnation) => _started.TryAdd(session, (executor, incarnation));

    /// <summary>Returns the number of sessions that are remembered as accepted.</summary>
    internal int StartedCount => _started.Count;

    /// <summary>Records that the Executor of a session answers but does not know the session.</summary>
    internal Task MarkLostAsync(Guid session, CancellationToken cancellationToken) =>
        store.EndAsync([session], EndReasons.SandboxLost, EndReasons.Precise.ServerRestarted,
            "the Executor no longer knows the session", cancellationToken);

    /// <summary>Executes one round for every Executor and waits for all of them.</summary>
    internal Task PollAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_watches.Select(watch => PollAsync(watch, cancellationToken)));

    private async Task PollAsync(WatchedExecutor watch, CancellationToken cancellationToken)
    {
        Dictionary<Guid, OpenSession> open = (await store.ListOpenAsync(cancellationToken))
            .Where(session => IsOf(watch, session.Value)).ToDictionary();
        // Copy this before the poll: the answer does not contain a session that starts meanwhile.
        Dictionary<Guid, string?> started = _started.Where(one => one.Value.Executor == watch.Executor)
            .ToDictionary(static one => one.Key, static one => one.Value.Incarnation);
        if (open.Count == 0 && started.Count == 0 && watch.LastPolled is { } polled && Time.GetElapsedTime(polled) < QuietInterval)
        {
            return;
        }

        watch.LastPolled = Time.GetTimestamp();
        ExecutorSessions answer;
        try
        {
            answer = await executors.ListAsync(watch.Executor, watch.Cursor, cancellationToken);
        }
        catch (ProblemException)
        {
            if (executors.UnreachableFor(watch.Executor) >= MaxSilence)
            {
                IEnumerable<Guid> lost = open.Where(session => session.Value.Executor == watch.Executor && IsStarted(session))
                    .Select(static session => session.Key);
                await store.EndAsync([.. lost], EndReasons.SandboxLost, EndReasons.Precise.ServerSilent,
                    "nothing has answered at the Executor's address for a minute", cancellationToken);
            }

            return;
        }

        await recorder.RecordAsync([.. answer.Known.Where(session => open.ContainsKey(session.SessionId))], watch.Executor,
            answer.Incarnation, cancellationToken);
        // Advance the cursor only after the update: the Executor reports again what was not recorded.
        watch.Cursor = answer.Cursor;
        HashSet<Guid> known = [.. answer.Known.Select(static session => session.SessionId)];
        await CheckMissingAsync(
            [.. open.Where(session => !known.Contains(session.Key) && IsStarted(session) && (session.Value.Executor is null
                || session.Value.Executor == watch.Executor))], started, answer.Incarnation, cancellationToken);
        await EndSessionsOfUnknownExecutorsAsync(watch, open, cancellationToken);

        Guid[] running = [.. answer.Known.Where(static session => session.EndedAt is null && session.State != "stopping")
            .Select(static session => session.SessionId)];
        Guid[] unsure = [.. running.Where(id => !open.ContainsKey(id)), .. started.Keys.Where(id => !open.ContainsKey(id))];
        // These sessions started after the list was read, have a recorded end, or have lost their record.
        IReadOnlySet<Guid> stillOpen = await store.WhichAreOpenAsync(unsure, cancellationToken);
        foreach (Guid id in started.Keys.Where(id => open.TryGetValue(id, out OpenSession? session) ? session.Seen
            : !stillOpen.Contains(id)))
        {
            _started.TryRemove(id, out _);
        }

        // A game that was reported as ended must not continue to run.
        await Task.WhenAll(running.Where(id => open.TryGetValue(id, out OpenSession? session) ? session.StopRequested
            : !stillOpen.Contains(id))
            .Select(id => StopAsync(id, watch.Executor, cancellationToken)));

        bool IsStarted(KeyValuePair<Guid, OpenSession> session) => session.Value.Seen || started.ContainsKey(session.Key)
            || session.Value.Age > StartGrace;
    }

    /// <summary>
    /// Tells whether this round handles the session. Records of version 1.0 name no Executor, so every Executor is asked for those. The
    /// first one also handles sessions of unknown Executors.
    /// </summary>
    private bool IsOf(WatchedExecutor watch, OpenSession session) =>
        session.Executor is null || session.Executor == watch.Executor || (watch.IsFirst && !executors.Names.Contains(session.Executor));

    /// <summary>
    /// Decides for each session that an Executor did not report: it is lost, or it ended before the position of the cursor.
    /// </summary>
    private async Task CheckMissingAsync(
        IReadOnlyList<KeyValuePair<Guid, OpenSession>> missing, Dictionary<Guid, string?> started, string? incarnation,
        CancellationToken cancellationToken)
    {
        Guid[] died = [.. missing
            .Where(session => (session.Value.Incarnation ?? started.GetValueOrDefault(session.Key)) is { } before && incarnation is not null
                && before != incarnation)
            .Select(static session => session.Key)];
        await store.EndAsync(died, EndReasons.SandboxLost, EndReasons.Precise.ServerRestarted,
            "the Executor was started again", cancellationToken);
        foreach ((Guid id, OpenSession session) in missing.Where(session => !died.Contains(session.Key)).Take(MaxLookupsPerRound))
        {
            FoundSession found = await executors.FindAsync(id, session.Executor, cancellationToken);
            if (found.Session is { } there)
            {
                await recorder.RecordAsync([there], found.Executor, found.Incarnation, cancellationToken);
            }
            else if (!found.Silent)
            {
                await MarkLostAsync(id, cancellationToken);
            }
        }
    }

    /// <summary>
    /// Ends the sessions of Executors that this server does not have. Another server may still know such an Executor, so this waits until
    /// the longest possible game is over.
    /// </summary>
    private async Task EndSessionsOfUnknownExecutorsAsync(
        WatchedExecutor watch, Dictionary<Guid, OpenSession> open, CancellationToken cancellationToken)
    {
        if (watch.IsFirst)
        {
            TimeSpan longest = TimeSpan.FromSeconds(options.MaxSessionSeconds) + UnknownExecutorGrace;
            IEnumerable<Guid> unknown = open
                .Where(session => session.Value.Executor is { } executor && !executors.Names.Contains(executor)
                    && session.Value.Age > longest)
                .Select(static session => session.Key);
            await store.EndAsync([.. unknown], EndReasons.SandboxLost, EndReasons.Precise.ServerRestarted,
                "its Executor is not one of this server's any more",
                cancellationToken);
        }
    }

    private async Task StopAsync(Guid session, string executor, CancellationToken cancellationToken)
    {
        try
        {
            await executors.StopAsync(session, executor, cancellationToken);
        }
        catch (ProblemException)
        {
            // The Executor does not answer; the next round tries again.
        }
    }

    /// <summary>Holds the state of one Executor between two rounds.</summary>
    private sealed class WatchedExecutor(string executor, bool isFirst)
    {
        public string Executor => executor;

        public bool IsFirst => isFirst;

        public Task Round { get; set; } = Task.CompletedTask;

        public string? Cursor { get; set; }

        public long? LastPolled { get; set; }
    }
}
