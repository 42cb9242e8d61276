using System.Collections.Concurrent;
using PixelGameDev.Api.Database;
using PixelGameDev.ServiceDefaults;
using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Api.Sessions;

/// <summary>
/// Keeps the records of running sessions true: asks the Executors every second while there are any, writes down what changed and how they
/// ended. Several servers may do this side by side.
/// </summary>
/// <remarks>
/// A session dies with its Executor, which keeps nothing. That it is dead is certain when it answers and does not know the session any
/// more (it was started again), or when its machine says that nobody listens there (it was not, so far). An Executor that is silent, or
/// cannot be reached, may well be playing: its sessions stay as they are on record.
/// </remarks>
internal sealed class SessionWatcher(
    SessionStore store, ExecutorClient executor, DatabaseMigrator migrator, TimeProvider time, BackgroundWork work)
    : RecurringDatabaseWork("session-watcher", TimeSpan.FromSeconds(1), migrator, time, work)
{
    private const string LostMessage = "The game stopped because its server was restarted. Press Run to play again.";

    // Younger than this, a session that no Executor has ever told of may be on its way to one: its start is under way.
    private static readonly TimeSpan StartGrace = TimeSpan.FromSeconds(45);

    // Longer than a socket takes to be opened again by whoever listens there.
    private static readonly TimeSpan GoneFor = TimeSpan.FromSeconds(1.5);

    // Sessions an Executor took, until the record says so too.
    private readonly ConcurrentDictionary<Guid, byte> _taken = new();

    protected override Task DoRoundAsync(CancellationToken cancellationToken) => LookAsync(cancellationToken);

    /// <summary>Remembers that an Executor took a session: from now on it is lost when that Executor does not know it.</summary>
    internal void Taken(Guid session) => _taken.TryAdd(session, 0);

    /// <summary>Puts it on record that the Executor of a session is there and knows nothing of it.</summary>
    internal Task ForgottenAsync(Guid session, CancellationToken cancellationToken) =>
        store.EndAsync([session], EndReasons.SandboxLost, LostMessage, "the Executor no longer knows the session", cancellationToken);

    /// <summary>One look at the Executors; does not call them when no session is open.</summary>
    internal async Task LookAsync(CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<Guid, OpenSession> open = await store.ListOpenAsync(cancellationToken);
        foreach (Guid id in _taken.Keys)
        {
            // One that is not open yet was not asked for in time: its record is being made.
            if (open.TryGetValue(id, out OpenSession? session) ? session.Seen : (await store.EndedAsync([id], cancellationToken)).Count > 0)
            {
                _taken.TryRemove(id, out _);
            }
        }

        if (open.Count == 0)
        {
            return;
        }

        // As it was before the Executors are asked: one that is taken while they answer is not in their answer.
        HashSet<Guid> taken = [.. open.Where(session => session.Value.Seen || _taken.ContainsKey(session.Key)).Select(static session => session.Key)];
        IReadOnlyDictionary<Uri, ExecutorSessions> all = await executor.ListAsync(cancellationToken);
        List<SessionInfo> known = [.. all.Values.SelectMany(static one => one.Known ?? [])];
        await store.UpdateAsync([.. known.Where(session => open.ContainsKey(session.SessionId))], cancellationToken);

        HashSet<Guid> knownIds = [.. known.Select(static session => session.SessionId)];
        ILookup<string?, Guid> lost = open
            .Where(session => !knownIds.Contains(session.Key))
            .ToLookup(session => WhyLost(taken.Contains(session.Key), session.Value.Age, all[executor.Of(session.Key)]), static session => session.Key);
        foreach (IGrouping<string?, Guid> why in lost.Where(static group => group.Key is not null))
        {
            await store.EndAsync([.. why], EndReasons.SandboxLost, LostMessage, why.Key!, cancellationToken);
        }

        await StopTheDeadAsync([.. known.Where(session => session.EndedAt is null && !open.ContainsKey(session.SessionId)).Select(static session => session.SessionId)], cancellationToken);
    }

    private static string? WhyLost(bool taken, TimeSpan age, ExecutorSessions executorSays) => executorSays switch
    {
        { Known: not null } when taken || age > StartGrace => "the Executor no longer knows the session",
        { Gone: { } gone } when taken && gone >= GoneFor => "nobody listens at the Executor's address",
        _ => null,
    };

    /// <summary>A game that people were told has ended must not go on playing for nobody.</summary>
    private async Task StopTheDeadAsync(IReadOnlyList<Guid> running, CancellationToken cancellationToken)
    {
        foreach (Guid id in await store.EndedAsync(running, cancellationToken))
        {
            await executor.StopAsync(id, cancellationToken);
        }
    }
}
