using Npgsql;

namespace PixelGameDev.Api.Database;

/// <summary>Runs the SQL scripts that a database does not have yet, and records them.</summary>
/// <remarks>
/// <list type="number">
/// <item>One connection takes an advisory lock. If several servers start at the same time, one migrates and the others wait.</item>
/// <item>It reads the recorded numbers and runs the missing scripts in order. Each script and its record are one transaction.</item>
/// <item>
/// A script that begins with <c>-- no-transaction</c> runs statement by statement; each ends at the end of a line. It must be safe to run
/// again from its beginning.
/// </item>
/// <item>A script has no time limit. Every few seconds the log names what the server waits for.</item>
/// </list>
/// <para>A recorded number that is unknown here is from a newer server on the same database, which is harmless by design. A
/// recorded script whose text differs here was edited later, or is another script with the same number; that is an error.</para>
/// </remarks>
internal sealed partial class MigrationRunner(NpgsqlDataSource database, TimeProvider time, ILogger<DatabaseMigrator> logger)
{
    // An arbitrary number that nothing else in this database uses.
    private const long AdvisoryLock = 0x50495845_4C47414D;
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(10);

    /// <summary>Runs the missing scripts of <paramref name="scripts"/>.</summary>
    /// <returns>The number of scripts that ran.</returns>
    /// <exception cref="InvalidOperationException">The text of a recorded script differs here.</exception>
    public async Task<int> RunAsync(IReadOnlyList<Migration> scripts, CancellationToken cancellationToken)
    {
        await using DatabaseLock held = await TakeLockAsync(cancellationToken);
        NpgsqlConnection connection = held.Connection;
        await ExecuteAsync(
            connection,
            """
            create table if not exists schema_migrations (
                number integer primary key, name text not null, applied_at timestamptz not null default now());
            alter table schema_migrations add column if not exists checksum text
            """,
            cancellationToken);
        Dictionary<int, string?> recorded =
            (await connection.ListAsync<RecordedMigration>("select number, checksum from schema_migrations", [], cancellationToken))
            .ToDictionary(static one => one.Number, static one => one.Checksum);
        int applied = 0;
        foreach (Migration script in scripts)
        {
            if (!recorded.TryGetValue(script.Number, out string? checksum))
            {
                await RunAsync(connection, script, cancellationToken);
                applied++;
            }
            else if (checksum is null)
            {
                // Version 1.0 recorded no checksum.
                await RecordAsync(connection, script, cancellationToken);
            }
            else if (checksum != script.Checksum)
            {
                throw new InvalidOperationException(
                    $"The database knows script {script.Number} with another content than {script.Name} has here: scripts are never " +
                    "edited once they ran.");
            }
        }

        return applied;
    }

    /// <summary>
    /// Takes the lock by polling. A statement that waits for the lock would hold a snapshot, and an index that another server builds
    /// concurrently would wait for that snapshot forever.
    /// </summary>
    private async Task<DatabaseLock> TakeLockAsync(CancellationToken cancellationToken)
    {
        long since = time.GetTimestamp();
        TimeSpan lastLogged = TimeSpan.Zero;
        while (true)
        {
            if (await DatabaseLock.TryTakeAsync(database, AdvisoryLock, cancellationToken) is { } held)
            {
                return held;
            }

            TimeSpan waited = time.GetElapsedTime(since);
            if (lastLogged == TimeSpan.Zero || waited - lastLogged >= ProgressInterval)
            {
                lastLogged = waited;
                LogWaitingForOtherServer((int)waited.TotalSeconds);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), time, cancellationToken);
        }
    }

    private async Task RunAsync(NpgsqlConnection connection, Migration script, CancellationToken cancellationToken)
    {
        LogRunning(script.Name);
        using CancellationTokenSource done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task progress = LogProgressAsync(script.Name, done.Token);
        try
        {
            if (script.HasNoTransaction)
            {
                foreach (string statement in script.Statements())
                {
                    await ExecuteAsync(connection, statement, cancellationToken);
                }

                await RecordAsync(connection, script, cancellationToken);
                return;
            }

            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
            // A statement that waits for a table blocks all statements behind it. After a timeout the running servers can continue, and the
            // script is tried again.
            await ExecuteAsync(connection, "set local lock_timeout = '10s'", cancellationToken);
            await ExecuteAsync(connection, script.Sql, cancellationToken);
            await RecordAsync(connection, script, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        finally
        {
            await done.CancelAsync();
            await progress;
        }
    }

    private async Task LogProgressAsync(string script, CancellationToken cancellationToken)
    {
        long since = time.GetTimestamp();
        using PeriodicTimer timer = new(ProgressInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                LogStillRunning(script, (int)time.GetElapsedTime(since).TotalSeconds);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private static Task<int> RecordAsync(NpgsqlConnection connection, Migration script, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(
            "insert into schema_migrations (number, name, checksum) values ($1, $2, $3) on conflict (number) do update set checksum = $3",
            [script.Number, script.Name, script.Checksum],
            cancellationToken);

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        // No time limit: an index on a million rows takes minutes, and a cancelled build starts again from the beginning.
        await using NpgsqlCommand command = new(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(LogLevel.Information, "Running the database script {Script}")]
    private partial void LogRunning(string script);

    [LoggerMessage(LogLevel.Information, "The database script {Script} is running for {Seconds} s; this server is ready afterwards")]
    private partial void LogStillRunning(string script, int seconds);

    [LoggerMessage(LogLevel.Information, "Another server brings the database up to date; waiting for {Seconds} s")]
    private partial void LogWaitingForOtherServer(int seconds);

    private sealed record RecordedMigration(int Number, string? Checksum);
}
