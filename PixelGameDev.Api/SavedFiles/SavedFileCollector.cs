using System.Collections.Concurrent;
using System.Text;
using Npgsql;
using PixelGameDev.Api.Database;
using PixelGameDev.Api.History;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Projects;
using PixelGameDev.Api.Sessions.Execution;
using PixelGameDev.Api.Sessions.Records;
using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Api.SavedFiles;

/// <summary>Fetches the files that games have written from the Executors, and stores them.</summary>
/// <remarks>
/// While a game runs, large files are stored less often, so that a game that saves all the time writes at most
/// <see cref="BytesPerSecond"/> into the database. The end of a session is recorded after its files are stored, so that nothing is lost
/// when a server dies in between. Several servers may do this concurrently.
/// </remarks>
internal sealed partial class SavedFileCollector(
    SavedFileStore store, ExecutorClient executors, TimeProvider time, ILogger<SavedFileCollector> logger)
{
    /// <summary>How fast one running game writes into the database, on average.</summary>
    private const double BytesPerSecond = 50_000;

    /// <summary>After so many failures, the end of a session no longer waits for its files.</summary>
    private const int MaxFailures = 10;

    /// <summary>
    /// How long a run waits for the end of a session that was told to stop: a game has 2 s to end by itself, and the stream of the new
    /// session waits 2.5 s.
    /// </summary>
    private static readonly TimeSpan EndWait = TimeSpan.FromSeconds(2.2);

    /// <summary>Words of programs that write files.</summary>
    private static readonly byte[][] WritingWords =
    [
        .. new[] { ".write(", "dump(", "write_text(", "write_bytes(", "shelve.open(", "sqlite3", ".save(" }.Select(Encoding.ASCII.GetBytes),
    ];

    private readonly ConcurrentDictionary<Guid, Collected> _collected = new();

    /// <summary>Stores what a session has changed since the last time.</summary>
    /// <param name="session">The session as its Executor reports it.</param>
    /// <param name="executor">The name of the Executor; null: unknown.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>False if the Executor could not be asked, so that the end of the session must not be recorded yet.</returns>
    public async Task<bool> CollectAsync(SessionInfo session, string? executor, CancellationToken cancellationToken)
    {
        bool hasEnded = session.EndedAt is not null;
        Collected before = _collected.GetValueOrDefault(session.SessionId);
        if (session.SavedChanges <= before.Changes || (!hasEnded && time.GetTimestamp() < before.NotBefore))
        {
            return Done(hasEnded, session.SessionId);
        }

        if (await TryCollectAsync(session.SessionId, executor, TimeSpan.Zero, cancellationToken) || before.Failures + 1 >= MaxFailures)
        {
            return Done(hasEnded, session.SessionId);
        }

        _collected[session.SessionId] = before with { Failures = before.Failures + 1 };
        return false;
    }

    /// <summary>
    /// Reads what a run gets of earlier runs. If some of those have no end yet, it first stores what they have changed. It waits for those
    /// that were told to stop: most games save their score when they end.
    /// </summary>
    /// <param name="account">The player.</param>
    /// <param name="project">The project.</param>
    /// <param name="session">The new session.</param>
    /// <param name="files">The files of the revision that runs; null: those that the owner edits.</param>
    /// <param name="reading">The project's files, which are read at the same time.</param>
    public async Task<SavedForRun> ReadForRunAsync(
        Guid account, Guid project, Guid session, RevisionFiles? files, Task<RunnableProject> reading)
    {
        SavedForRun saved = await store.ReadForRunAsync(account, project, session, files, CancellationToken.None);
        if (saved.Earlier.Count == 0)
        {
            return saved;
        }

        bool waits = saved.Files.Count > 0 || WritesFiles((await reading).Files);
        await Task.WhenAll(saved.Earlier.Select(earlier => TryCollectAsync(
            earlier.Id, earlier.Executor, waits && earlier.StopRequested ? EndWait : TimeSpan.Zero, CancellationToken.None)));
        return await store.ReadForRunAsync(account, project, session, files, CancellationToken.None);
    }

    /// <summary>Returns whether a program seems to write files.</summary>
    private static bool WritesFiles(IEnumerable<SessionFile> files) => files.Any(static file =>
        FileKinds.IsSource(file.Path) && WritingWords.Any(word => file.Content.AsSpan().IndexOf(word) >= 0));

    private async Task<bool> TryCollectAsync(Guid session, string? executor, TimeSpan wait, CancellationToken cancellationToken)
    {
        try
        {
            long stored = await store.FindStoredAsync(session, cancellationToken) ?? long.MaxValue;
            if (await executors.ReadSavedAsync(session, executor, stored, wait, cancellationToken) is not { } saved
                || saved.Files.Count == 0)
            {
                Remember(session, stored, 0);
                return true;
            }

            List<SavedGameFile> files = [.. saved.Files.Where(static file => SavedFileRules.GetRefusal(file.Path) is null)
                .Take(SavedFileRules.MaxPaths)];
            if (!await store.StoreAsync(session, saved.Changes, files, cancellationToken))
            {
                LogNoRoom(session);
            }

            Remember(session, saved.Changes, files.Sum(static file => (long)(file.Content?.Length ?? 0)));
            await executors.ReleaseSavedAsync(session, executor, saved.Changes, cancellationToken);
            return true;
        }
        catch (ProblemException)
        {
            // The Executor does not answer; the next round tries again.
            return false;
        }
        catch (PostgresException error) when (!DatabaseErrors.IsTransient(error))
        {
            // One session must not hold up the records of all others.
            LogNotStored(session, error);
            return false;
        }
    }

    private void Remember(Guid session, long changes, long bytes) => _collected[session] =
        new Collected(changes, time.GetTimestamp() + (long)(bytes / BytesPerSecond * time.TimestampFrequency), 0);

    private bool Done(bool hasEnded, Guid session)
    {
        if (hasEnded)
        {
            _collected.TryRemove(session, out _);
        }

        return true;
    }

    [LoggerMessage(LogLevel.Information, "Session {Session} has saved files for which the account has no room")]
    private partial void LogNoRoom(Guid session);

    [LoggerMessage(LogLevel.Error, "Files of session {Session} could not be stored")]
    private partial void LogNotStored(Guid session, Exception error);

    private readonly record struct Collected(long Changes, long NotBefore, int Failures);
}
