using System.Diagnostics;
using Npgsql;
using PixelGameDev.ServiceDefaults;

namespace PixelGameDev.Api.Database;

/// <summary>Migrates the database at start to the schema that this server needs; see <see cref="MigrationRunner"/>.</summary>
/// <remarks>
/// It retries while PostgreSQL is unreachable or a table is locked. A script that fails stops the process, because nothing would work. ADR
/// 9 explains why this is not a library.
/// </remarks>
internal sealed partial class DatabaseMigrator(
    NpgsqlDataSource database,
    TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILogger<DatabaseMigrator> logger) : BackgroundService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly MigrationRunner _runner = new(database, time, logger);
    private volatile bool _finished;

    /// <summary>Returns true when the database has the schema that this server needs.</summary>
    public bool IsFinished => _finished;

    /// <summary>Runs the missing scripts.</summary>
    /// <returns>The number of scripts that ran.</returns>
    /// <exception cref="InvalidOperationException">The text of a recorded script differs here.</exception>
    internal Task<int> MigrateAsync(CancellationToken cancellationToken) => MigrateAsync(Migration.ReadEmbedded(), cancellationToken);

    /// <summary>Runs the missing scripts of <paramref name="scripts"/>.</summary>
    /// <returns>The number of scripts that ran.</returns>
    /// <exception cref="InvalidOperationException">The text of a recorded script differs here.</exception>
    internal Task<int> MigrateAsync(IReadOnlyList<Migration> scripts, CancellationToken cancellationToken) =>
        _runner.RunAsync(scripts, cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The loop runs every second while the database is unreachable.
        using Activity untraced = Untraced.Begin();
        string? lastLogged = null;
        while (true)
        {
            try
            {
                int applied = await MigrateAsync(stoppingToken);
                _finished = true;
                LogMigrated(applied);
                return;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (PostgresException locked) when (locked.SqlState == PostgresErrorCodes.LockNotAvailable)
            {
                LogLocked(locked.MessageText);
            }
            catch (Exception error) when (DatabaseErrors.IsTransient(error))
            {
                if (lastLogged != error.Message)
                {
                    lastLogged = error.Message;
                    LogWaiting(error.Message);
                }
            }
            catch (Exception error)
            {
                LogFailed(error);
                Environment.ExitCode = 1;
                lifetime.StopApplication();
                return;
            }

            try
            {
                await Task.Delay(RetryDelay, time, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "Database is up to date ({Applied} scripts ran)")]
    private partial void LogMigrated(int applied);

    [LoggerMessage(LogLevel.Warning, "A table is locked by somebody else; the database script is tried again: {Reason}")]
    private partial void LogLocked(string reason);

    [LoggerMessage(LogLevel.Warning, "Waiting for the database: {Reason}")]
    private partial void LogWaiting(string reason);

    [LoggerMessage(LogLevel.Critical, "The database could not be brought up to date; stopping")]
    private partial void LogFailed(Exception error);
}
