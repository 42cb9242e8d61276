using PixelGameDev.Api.Database;
using PixelGameDev.Api.Problems;
using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Api.Sessions;

/// <summary>
/// Keeps the records of running sessions true: asks the Executor every other second while there are any, writes down what changed
/// and how they ended. Several servers may do this side by side.
/// </summary>
internal sealed partial class SessionWatcher(
    SessionStore store, ExecutorClient executor, DatabaseMigrator migrator, TimeProvider time, ILogger<SessionWatcher> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    // Younger than this, a session may be on record and not yet with the Executor: its start is under way.
    private static readonly TimeSpan StartGrace = TimeSpan.FromSeconds(45);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (!migrator.IsFinished)
                {
                    continue;
                }

                try
                {
                    await LookAsync(stoppingToken);
                }
                catch (Exception error) when (error is ProblemException || DatabaseErrors.IsAway(error))
                {
                    // Executor or database are away for a moment: the next look finds out what happened meanwhile.
                }
                catch (Exception error) when (error is not OperationCanceledException)
                {
                    LogFailed(error);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    /// <summary>One look at the Executor; does not call it when no session is open.</summary>
    internal async Task LookAsync(CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<Guid, TimeSpan> open = await store.ListOpenAsync(cancellationToken);
        if (open.Count == 0)
        {
            return;
        }

        IReadOnlyList<SessionInfo> known = await executor.ListAsync(cancellationToken);
        await store.UpdateAsync([.. known.Where(session => open.ContainsKey(session.SessionId))], cancellationToken);

        HashSet<Guid> knownIds = [.. known.Select(session => session.SessionId)];
        Guid[] lost = [.. open.Where(session => session.Value > StartGrace && !knownIds.Contains(session.Key)).Select(session => session.Key)];
        await store.EndAsync(
            lost,
            EndReasons.SandboxLost,
            "The game stopped because its server was restarted. Press Run to play again.",
            "the Executor no longer knows the session",
            cancellationToken);
    }

    [LoggerMessage(LogLevel.Error, "Looking after sessions failed; trying again")]
    private partial void LogFailed(Exception error);
}
