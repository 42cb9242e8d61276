using System.Diagnostics;
using System.Threading.Channels;
using Npgsql;
using PixelGameDev.Api.Database;
using PixelGameDev.Api.Storage;
using PixelGameDev.ServiceDefaults;

namespace PixelGameDev.Api.History;

/// <summary>Records the project of each Run, after the game has started: no person waits for it.</summary>
/// <remarks>
/// When more than <see cref="Capacity"/> projects wait, the oldest one is left out: its next Run or pause records it. A project that waits
/// already does not wait twice.
/// </remarks>
internal sealed partial class RevisionRecorder(
    NpgsqlDataSource database, StorageQuota quota, ILogger<RevisionRecorder> logger)
    : BackgroundService
{
    private const int Capacity = 1000;

    private readonly Channel<(Guid Project, Guid Session)> _runs = Channel.CreateBounded<(Guid Project, Guid Session)>(
        new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    /// <summary>Has the project of a session recorded soon. Returns at once.</summary>
    public void NoteRun(Guid project, Guid session) => _runs.Writer.TryWrite((project, session));

    /// <summary>Records the project of a session, and notes its revision in the record of the session.</summary>
    /// <returns>The number of the revision; null if the project is gone.</returns>
    public async Task<long?> RecordRunAsync(Guid project, Guid session, CancellationToken cancellationToken)
    {
        long? number = await RecordAsync(project, RevisionReason.Run, cancellationToken);
        if (number is not null)
        {
            await database.ExecuteAsync("update sessions set revision = $2 where id = $1", [session, number], cancellationToken);
        }

        return number;
    }

    /// <summary>Records a project in a transaction of its own, and keeps its history within bounds.</summary>
    /// <returns>The number of the revision that has the project's files now; null if the project is gone.</returns>
    public async Task<long?> RecordAsync(Guid project, string reason, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        long? number;
        await using (NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken))
        {
            // Nobody saves a file between the reading of the hashes and that of the contents. The order of the locks is that of every
            // change: none of an account follows this one.
            await connection.ExecuteAsync("select from projects where id = $1 for no key update", [project], cancellationToken);
            number = await RevisionWriter.RecordAsync(connection, project, reason, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        await HistoryThinning.KeepWithinBoundsAsync(connection, project, quota, cancellationToken);
        return number;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach ((Guid project, Guid session) in _runs.Reader.ReadAllAsync(stoppingToken))
            {
                using Activity untraced = Untraced.Begin();
                try
                {
                    await RecordRunAsync(project, session, stoppingToken);
                }
                catch (Exception error) when (error is not OperationCanceledException)
                {
                    // The project itself is saved. The next Run or pause records it.
                    LogFailed(project, error);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    [LoggerMessage(LogLevel.Warning, "The project {Project} was not recorded in its history")]
    private partial void LogFailed(Guid project, Exception error);
}
