using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PixelGameDev.Api.Database;
using PixelGameDev.AppHost;
using PixelGameDev.Benchmarks.Processes;

namespace PixelGameDev.Tests.Fixtures;

/// <summary>
/// Provides a real PostgreSQL: <c>class MyTests(PostgresFixture postgres) : IClassFixture&lt;PostgresFixture&gt;</c>. All fixtures share
/// one server, which ends with the test run. Each database is new.
/// </summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private static readonly SemaphoreSlim Turn = new(1);
    private static int _databases;
    private static EmbeddedPostgres? _server;

    /// <summary>A database with the newest schema and nothing else, which others are copies of.</summary>
    private static Task<string>? _migrated;

    private string? _database;

    /// <summary>Returns the connection string of this fixture's own database, which is empty at first.</summary>
    public string ConnectionString => Server.ConnectionString(_database!);

    internal static EmbeddedPostgres Server => _server ?? throw new InvalidOperationException("No fixture is initialized.");

    public async Task InitializeAsync()
    {
        await Turn.WaitAsync();
        try
        {
            _server ??= await StartAsync();
        }
        finally
        {
            Turn.Release();
        }

        _database = await CreateDatabaseNameAsync();
    }

    /// <summary>Creates another empty database and returns its connection string.</summary>
#pragma warning disable CA1822 // needs an initialized fixture
    public async Task<string> CreateDatabaseAsync() => Server.ConnectionString(await CreateDatabaseNameAsync());
#pragma warning restore CA1822

    /// <summary>
    /// Creates a database that has the newest schema already, and returns its connection string. A copy takes a small part of the time that
    /// the scripts take.
    /// </summary>
#pragma warning disable CA1822 // needs an initialized fixture
    public async Task<string> CreateMigratedDatabaseAsync()
    {
        await Turn.WaitAsync();
        try
        {
            string name = NextName();
            string template = await (_migrated ??= MigrateAsync());
            await using NpgsqlConnection connection =
                new(new NpgsqlConnectionStringBuilder(Server.ConnectionString("postgres")) { Pooling = false }.ConnectionString);
            await connection.OpenAsync();
            await using NpgsqlCommand copy = new($"create database {name} template {template}", connection);
            await copy.ExecuteNonQueryAsync();
            return Server.ConnectionString(name);
        }
        finally
        {
            Turn.Release();
        }
    }
#pragma warning restore CA1822

    public Task DisposeAsync()
    {
        // Idle connections of finished tests would use up the server's places.
        NpgsqlConnection.ClearAllPools();
        return Task.CompletedTask;
    }

    private static async Task<EmbeddedPostgres> StartAsync()
    {
        TestDirectory directory = new();
        EmbeddedPostgres server = await EmbeddedPostgres.StartAsync(
            new EmbeddedPostgresOptions
            {
                Cluster = directory.Sub("postgres"),
                // All test runs share it: a machine without PostgreSQL fetches the programs once.
                ProgramCache = UserData.Programs(),
                Password = "of no worth: this database is gone in a minute",
                Durable = false,
            },
            CancellationToken.None);
        await QuietAsync(server);
        TestRun.AtEnd(async () =>
        {
            await server.DisposeAsync();
            directory.Dispose();
        });
        return server;
    }

    // The server would start a process for each database once a minute to look for work: with a thousand databases, ten each second.
    private static async Task QuietAsync(EmbeddedPostgres server)
    {
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(server.ConnectionString("postgres"));
        foreach (string sql in (string[])["alter system set autovacuum = off", "select pg_reload_conf()"])
        {
            await using NpgsqlCommand command = database.CreateCommand(sql);
            await command.ExecuteNonQueryAsync();
        }
    }

    private static async Task<string> CreateDatabaseNameAsync()
    {
        string name = NextName();
        await Server.CreateDatabaseAsync(name, CancellationToken.None);
        return name;
    }

    private static async Task<string> MigrateAsync()
    {
        string name = await CreateDatabaseNameAsync();
        // A database with connections cannot be copied.
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(Server.ConnectionString(name));
        await new MigrationRunner(database, TimeProvider.System, NullLogger<DatabaseMigrator>.Instance)
            .RunAsync(Migration.ReadEmbedded(), CancellationToken.None);
        return name;
    }

    private static string NextName() => $"test_{Interlocked.Increment(ref _databases)}";
}
