using System.Diagnostics;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Npgsql;
using PixelGameDev.ServiceDefaults;

namespace PixelGameDev.Api.Database;

/// <summary>
/// Brings the database to the shape this server needs: runs the numbered SQL scripts that it has not seen yet.
/// </summary>
/// <remarks>
/// <para>The scripts are embedded resources named <c>Database.Migrations.NNNN_words.sql</c>.</para>
/// <list type="number">
/// <item>One connection takes an advisory lock, so that of several servers starting together one migrates and the others wait.</item>
/// <item>It reads which numbers are recorded, and runs the missing ones in order. Each script and its record are one transaction.</item>
/// <item>
/// A script that begins with <c>-- no-transaction</c> runs statement by statement; each ends at the end of a line. It must be safe to run
/// again from its beginning.
/// </item>
/// <item>A script takes as long as it takes; the log says every few seconds what is waited for.</item>
/// <item>While Postgres is away, or a table is locked, it tries again; a script that fails stops the process, because nothing would
/// work.</item>
/// </list>
/// <para>A number recorded but unknown here comes from a newer server next door: scripts are written so that this is harmless. A recorded
/// script that reads otherwise here was edited after it landed, or is another script of the same number: that stops the process. Only one
/// that comes to the same end in another way may take its place ("-- recorded as", see <see cref="Migration.Checksum"/>).</para>
/// </remarks>
internal sealed partial class DatabaseMigrator(
    NpgsqlDataSource database,
    TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILogger<DatabaseMigrator> logger) : BackgroundService
{
    private const string ResourcePrefix = "Database.Migrations.";
    private const string NoTransaction = "-- no-transaction";
    // Any number will do as long as nothing else in this database uses it.
    private const long AdvisoryLock = 0x50495845_4C47414D;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(10);

    private volatile bool _finished;

    /// <summary>True once the database has the shape this server needs.</summary>
    public bool IsFinished => _finished;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // It asks again every second while the database is away.
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

    /// <summary>Runs what is missing; the number of scripts that ran.</summary>
    /// <exception cref="InvalidOperationException">A recorded script reads otherwise here.</exception>
    internal Task<int> MigrateAsync(CancellationToken cancellationToken) => MigrateAsync(Scripts(), cancellationToken);

    /// <summary>Runs those of <paramref name="scripts"/> that are missing; the number of scripts that ran.</summary>
    /// <exception cref="InvalidOperationException">A recorded script reads otherwise here.</exception>
    internal async Task<int> MigrateAsync(IReadOnlyList<Migration> scripts, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await LockAsync(connection, cancellationToken);
        try
        {
            await ExecuteAsync(
                connection,
                """
                create table if not exists schema_migrations (number integer primary key, name text not null, applied_at timestamptz not null default now());
                alter table schema_migrations add column if not exists checksum text
                """,
                cancellationToken);
            Dictionary<int, string?> known = await ReadKnownAsync(connection, cancellationToken);
            int applied = 0;
            foreach (Migration script in scripts)
            {
                if (!known.TryGetValue(script.Number, out string? checksum))
                {
                    await RunAsync(connection, script, cancellationToken);
                    applied++;
                }
                else if (checksum is null)
                {
                    // Recorded by version 1.0, which kept none.
                    await RecordAsync(connection, script, cancellationToken);
                }
                else if (checksum != script.Checksum)
                {
                    throw new InvalidOperationException(
                        $"The database knows script {script.Number} with another content than {script.Name} has here: scripts are never " +
                            $"edited once they ran.");
                }
            }

            return applied;
        }
        finally
        {
            // Of the session, not of a transaction: it would stay with the connection in the pool.
            if (connection.FullState.HasFlag(System.Data.ConnectionState.Open)
                && !connection.FullState.HasFlag(System.Data.ConnectionState.Broken))
            {
                await ExecuteAsync(connection, $"select pg_advisory_unlock({AdvisoryLock})", CancellationToken.None);
            }
        }
    }

    /// <summary>The embedded scripts in the order of their numbers.</summary>
    internal static IReadOnlyList<Migration> Scripts()
    {
        Assembly assembly = typeof(DatabaseMigrator).Assembly;
        List<Migration> scripts = [];
        foreach (string resource in assembly.GetManifestResourceNames())
        {
            int start = resource.IndexOf(ResourcePrefix, StringComparison.Ordinal);
            if (start < 0)
            {
                continue;
            }

            string name = resource[(start + ResourcePrefix.Length)..];
            using StreamReader reader = new(assembly.GetManifestResourceStream(resource)!);
            scripts.Add(new Migration(int.Parse(name.AsSpan(0, 4), provider: null), name, reader.ReadToEnd()));
        }

        return [.. scripts.OrderBy(script => script.Number)];
    }

    /// <summary>
    /// Takes the lock by asking again and again: one that waits in a statement holds a snapshot, and an index that another server builds
    /// concurrently would wait for it for ever.
    /// </summary>
    private async Task LockAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        long since = time.GetTimestamp();
        TimeSpan logged = TimeSpan.Zero;
        while (true)
        {
            await using NpgsqlCommand command = new($"select pg_try_advisory_lock({AdvisoryLock})", connection);
            if (await command.ExecuteScalarAsync(cancellationToken) is true)
            {
                return;
            }

            TimeSpan waited = time.GetElapsedTime(since);
            if (logged == TimeSpan.Zero || waited - logged >= ProgressInterval)
            {
                logged = waited;
                LogWaitingForOtherServer((int)waited.TotalSeconds);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), time, cancellationToken);
        }
    }

    private static async Task<Dictionary<int, string?>> ReadKnownAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        Dictionary<int, string?> known = [];
        await using NpgsqlCommand read = new("select number, checksum from schema_migrations", connection);
        await using NpgsqlDataReader rows = await read.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            known.Add(rows.GetInt32(0), rows.IsDBNull(1) ? null : rows.GetString(1));
        }

        return known;
    }

    private async Task RunAsync(NpgsqlConnection connection, Migration script, CancellationToken cancellationToken)
    {
        LogRunning(script.Name);
        using CancellationTokenSource done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task progress = LogProgressAsync(script.Name, done.Token);
        try
        {
            if (script.Sql.StartsWith(NoTransaction, StringComparison.Ordinal))
            {
                foreach (string statement in script.Statements())
                {
                    await ExecuteAsync(connection, statement, cancellationToken);
                }

                await RecordAsync(connection, script, cancellationToken);
                return;
            }

            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
            // Whoever waits for a table lets nobody else in behind it: give the running servers a chance, and come again.
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

    private static async Task RecordAsync(NpgsqlConnection connection, Migration script, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand record = new(
            "insert into schema_migrations (number, name, checksum) values ($1, $2, $3) on conflict (number) do update set checksum = $3",
            connection);
        record.Parameters.Add(new() { Value = script.Number });
        record.Parameters.Add(new() { Value = script.Name });
        record.Parameters.Add(new() { Value = script.Checksum });
        await record.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        // No limit of time: an index over a million rows takes minutes, and to give it up is to begin again.
        await using NpgsqlCommand command = new(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(LogLevel.Information, "Database is up to date ({Applied} scripts ran)")]
    private partial void LogMigrated(int applied);

    [LoggerMessage(LogLevel.Information, "Running the database script {Script}")]
    private partial void LogRunning(string script);

    [LoggerMessage(LogLevel.Information, "The database script {Script} is running for {Seconds} s; this server is ready afterwards")]
    private partial void LogStillRunning(string script, int seconds);

    [LoggerMessage(LogLevel.Information, "Another server brings the database up to date; waiting for {Seconds} s")]
    private partial void LogWaitingForOtherServer(int seconds);

    [LoggerMessage(LogLevel.Warning, "A table is locked by somebody else; the database script is tried again: {Reason}")]
    private partial void LogLocked(string reason);

    [LoggerMessage(LogLevel.Warning, "Waiting for the database: {Reason}")]
    private partial void LogWaiting(string reason);

    [LoggerMessage(LogLevel.Critical, "The database could not be brought up to date; stopping")]
    private partial void LogFailed(Exception error);

    internal sealed partial record Migration(int Number, string Name, string Sql)
    {
        /// <summary>The statements one by one: a semicolon at the end of a line ends one, except between two <c>$$</c>.</summary>
        public IEnumerable<string> Statements()
        {
            StringBuilder statement = new();
            bool quoted = false;
            foreach (string line in Sql.ReplaceLineEndings("\n").Split('\n'))
            {
                statement.AppendLine(line);
                quoted ^= line.Split("$$").Length % 2 == 0;
                if (!quoted && line.EndsWith(';'))
                {
                    yield return statement.ToString();
                    statement.Clear();
                }
            }
        }

        /// <summary>
        /// The checksum on record: SHA-256 of the text, whatever its line ends. A script that was rewritten to come to the same end in
        /// another way goes on under the checksum of its first text (<c>-- recorded as …</c>), so that servers with either text agree.
        /// </summary>
        public string Checksum => RecordedAs().Match(Sql) is { Success: true } first ? first.Groups[1].Value : ChecksumOf(Sql);

        private static string ChecksumOf(string text) =>
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\n"))));

        [GeneratedRegex(@"^-- recorded as ([0-9a-f]{64})\r?$", RegexOptions.Multiline)]
        private static partial Regex RecordedAs();
    }
}
