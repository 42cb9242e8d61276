using System.Collections.Concurrent;
using PixelGameDev.Api.Database;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Sessions.Execution;
using PixelGameDev.ServiceDefaults;
using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Api.Sessions.Records;

/// <summary>
/// Keeps the records of running sessions true: asks each Executor every second while there are any, writes down what changed and how they
/// ended, and stops games that must not go on. Several servers may do this side by side.
/// </summary>
/// <remarks>
/// A session dies with its Executor's process, which keeps nothing. It is lost when another life of that process answers (see
/// <see cref="ExecutorHeaders.Incarnation"/>), when its Executor answers that it does not know it, or when nothing has answered at the
/// Executor's address for <see cref="MaxSilence"/>. A refused connection alone answer nothing: it is also what a network answer for a
/// moment.
/// </remarks>
internal sealed class SessionWatcher(
    SessionStore store, ExecutorClient executors, ExecutorOptions options, DatabaseMigrator migrator, TimeProvider time,
    BackgroundWork work)
    : RecurringDatabaseWork("session-watcher", Interval, migrator, time, work)
{
    /// <summary>So long may nothing answer at an Executor's address before its sessions count as lost.</summary>
    internal static readonly TimeSpan MaxSilence = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>How often an Executor is polled while no session is open: a game may play on whose record is lost.</summary>
    private static readonly TimeSpan QuietInterval = TimeSpan.FromSeconds(10);

    // Younger than this, a session that no Executor has ever told of may be on its way to one: its start is under way.
    private static readonly TimeSpan StartGrace = TimeSpan.FromSeconds(45);

    /// <summary>On top of the longest game.</summary>
    private static readonly TimeSpan UnknownExecutorGrace = TimeSpan.FromMinutes(1);

    /// <summary>Sessions that are looked for one by one in a round.</summary>
    private const int MaxLookupsPerRound = 20;

    // Sessions an Executor took, until the record answer so too.
    private readonly ConcurrentDictionary<Guid, (string Executor, string? Incarnation)> _started = new();
    private readonly WatchedExecutor[] _watches =
        [.. executors.Names.Select(static (name, index) => new WatchedExecutor(name, index == 0))];

    /// <summary>
    /// Begins a round of each Executor whose last one is over, and waits an interval for them: one that is silent delays no other.
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

    /// <summary>Remembers that an Executor took a session: from now on it is lost when that Executor does not know it.</summary>
    internal void MarkStarted(Guid session, string executor, string? incarnation) => _started.TryAdd(session, (executor, incarnation));

    /// <summary>Sessions of which it is remembered that an Executor took them.</summary>
    internal int StartedCount => _started.Count;

    /// <summary>Puts it on record that the Executor of a session is there and knows nothing of it.</summary>
    internal Task MarkLostAsync(Guid session, CancellationToken cancellationToken) =>
        store.EndAsync([session], EndReasons.SandboxLost, EndReasons.Precise.ServerRestarted,
            "the Executor no longer knows the session", cancellationToken);

    /// <summary>One round of every Executor, to its end.</summary>
    internal Task PollAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_watches.Select(watch => PollAsync(watch, cancellationToken)));

    private async Task PollAsync(WatchedExecutor watch, CancellationToken cancellationToken)
    {
        Dictionary<Guid, OpenSession> open = (await store.ListOpenAsync(cancellationToken))
            .Where(session => IsOf(watch, session.Value)).ToDictionary();
        // As it was before the Executor is polled: one that is started while it answers is not in its answer.
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

        await store.UpdateAsync([.. answer.Known.Where(session => open.ContainsKey(session.SessionId))], watch.Executor, answer.Incarnation,
            cancellationToken);
        // Not before it is on record: what is not written is told again.
        watch.Cursor = answer.Cursor;
        HashSet<Guid> known = [.. answer.Known.Select(static session => session.SessionId)];
        await CheckMissingAsync(
            [.. open.Where(session => !known.Contains(session.Key) && IsStarted(session) && (session.Value.Executor is null
                || session.Value.Executor == watch.Executor))], started, answer.Incarnation, cancellationToken);
        await EndSessionsOfUnknownExecutorsAsync(watch, open, cancellationToken);

        Guid[] running = [.. answer.Known.Where(static session => session.EndedAt is null && session.State != "stopping")
            .Select(static session => session.SessionId)];
        Guid[] unsure = [.. running.Where(id => !open.ContainsKey(id)), .. started.Keys.Where(id => !open.ContainsKey(id))];
        // They began after the list was read, or they are over on record, or their record is lost.
        IReadOnlySet<Guid> stillOpen = await store.WhichAreOpenAsync(unsure, cancellationToken);
        foreach (Guid id in started.Keys.Where(id => open.TryGetValue(id, out OpenSession? session) ? session.Seen
            : !stillOpen.Contains(id)))
        {
            _started.TryRemove(id, out _);
        }

        // A game that people were told has ended must not go on playing for nobody.
        await Task.WhenAll(running.Where(id => open.TryGetValue(id, out OpenSession? session) ? session.StopRequested
            : !stillOpen.Contains(id))
            .Select(id => StopAsync(id, watch.Executor, cancellationToken)));

        bool IsStarted(KeyValuePair<Guid, OpenSession> session) => session.Value.Seen || started.ContainsKey(session.Key)
            || session.Value.Age > StartGrace;
    }

    /// <summary>Sessions of an Executor; records of version 1.0 do not name it, and each Executor is polled for those.</summary>
    private bool IsOf(WatchedExecutor watch, OpenSession session) =>
        session.Executor is null || session.Executor == watch.Executor || (watch.IsFirst && !executors.Names.Contains(session.Executor));

    /// <summary>Of what an Executor has not told: is it lost, or did it end before the place where the list began?</summary>
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
                await store.UpdateAsync([there], found.Executor, found.Incarnation, cancellationToken);
            }
            else if (!found.Silent)
            {
                await MarkLostAsync(id, cancellationToken);
            }
        }
    }

    /// <summary>
    /// Ends records of an Executor that is not among ours: another server may know it still, but no game of it can be left after the
    /// longest time that a game may take.
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
            // It does not answer: the next round asks again.
        }
    }

    /// <summary>What is known of one Executor between two rounds.</summary>
    private sealed class WatchedExecutor(string executor, bool isFirst)
    {
        public string Executor => executor;

        public bool IsFirst => isFirst;

        public Task Round { get; set; } = Task.CompletedTask;

        public string? Cursor { get; set; }

        public long? LastPolled { get; set; }
    }
}
