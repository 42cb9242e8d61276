using System.Reflection;
using Npgsql;

namespace PixelGameDev.Api.Database;

/// <summary>
/// Brings the database to the shape this server needs: runs the numbered SQL scripts that it has not seen yet.
/// </summary>
/// <remarks>
/// <para>The scripts are embedded resources named <c>Database.Migrations.NNNN_words.sql</c>.</para>
/// <list type="number">
/// <item>One transaction takes an advisory lock, so that of several servers starting together one migrates and the others wait.</item>
/// <item>It reads which numbers are recorded, runs the missing ones in order and records them: all of them or none.</item>
/// <item>While Postgres is away it tries again; a script that fails stops the process, because nothing would work.</item>
/// </list>
/// <para>A number recorded but unknown here comes from a newer server next door: scripts are written so that this is harmless.</para>
/// </remarks>
internal sealed partial class DatabaseMigrator(
    NpgsqlDataSource database,
    TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILogger<DatabaseMigrator> logger) : BackgroundService
{
    private const string ResourcePrefix = "Database.Migrations.";
    // Any number will do as long as nothing else in this database uses it.
    private const long AdvisoryLock = 0x50495845_4C47414D;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private volatile bool _finished;

    /// <summary>True once the database has the shape this server needs.</summary>
    public bool IsFinished => _finished;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        bool complained = false;
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
            catch (Exception error) when (DatabaseErrors.IsAway(error))
            {
                if (!complained)
                {
                    complained = true;
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
    internal async Task<int> MigrateAsync(CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);

        await ExecuteAsync(connection, $"select pg_advisory_xact_lock({AdvisoryLock})", cancellationToken);
        await ExecuteAsync(
            connection,
            "create table if not exists schema_migrations (number integer primary key, name text not null, applied_at timestamptz not null default now())",
            cancellationToken);

        HashSet<int> known = [];
        await using (NpgsqlCommand read = new("select number from schema_migrations", connection))
        await using (NpgsqlDataReader rows = await read.ExecuteReaderAsync(cancellationToken))
        {
            while (await rows.ReadAsync(cancellationToken))
            {
                known.Add(rows.GetInt32(0));
            }
        }

        int applied = 0;
        foreach (Migration migration in Scripts().Where(script => !known.Contains(script.Number)))
        {
            await ExecuteAsync(connection, migration.Sql, cancellationToken);
            await using NpgsqlCommand record = new("insert into schema_migrations (number, name) values ($1, $2)", connection);
            record.Parameters.Add(new() { Value = migration.Number });
            record.Parameters.Add(new() { Value = migration.Name });
            await record.ExecuteNonQueryAsync(cancellationToken);
            applied++;
        }

        await transaction.CommitAsync(cancellationToken);
        return applied;
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

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(LogLevel.Information, "Database is up to date ({Applied} scripts ran)")]
    private partial void LogMigrated(int applied);

    [LoggerMessage(LogLevel.Warning, "Waiting for the database: {Reason}")]
    private partial void LogWaiting(string reason);

    [LoggerMessage(LogLevel.Critical, "The database could not be brought up to date; stopping")]
    private partial void LogFailed(Exception error);

    internal sealed record Migration(int Number, string Name, string Sql);
}
