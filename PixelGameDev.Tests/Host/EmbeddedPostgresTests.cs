using System.Globalization;
using Npgsql;
using PixelGameDev.AppHost;
using PixelGameDev.AppHost.Machine;
using PixelGameDev.AppHost.Postgres;
using PixelGameDev.Benchmarks.Processes;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Host;

public sealed class EmbeddedPostgresTests : IDisposable
{
    private readonly TestDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Committed_rows_survive_a_restart_and_a_kill_of_the_server()
    {
        EmbeddedPostgresOptions options = Options();
        await using (EmbeddedPostgres first = await StartAsync(options))
        {
            await first.CreateDatabaseAsync("games", CancellationToken.None);
            await ExecuteAsync(first, "CREATE TABLE scores (points int); INSERT INTO scores VALUES (1)");
        }

        await using EmbeddedPostgres second = await StartAsync(options);
        await ExecuteAsync(second, "INSERT INTO scores VALUES (2)");
        int port = second.Port;
        await second.KillAsync();
        NpgsqlConnection.ClearAllPools();
        await second.RestartAsync(CancellationToken.None);

        Assert.Equal(port, second.Port);
        Assert.Equal(3L, await ScalarAsync(second, "SELECT sum(points) FROM scores"));
    }

    [Fact]
    public async Task A_server_left_behind_by_a_killed_host_is_replaced()
    {
        EmbeddedPostgresOptions options = Options();
        await using (EmbeddedPostgres first = await StartAsync(options))
        {
            await first.CreateDatabaseAsync("games", CancellationToken.None);
        }

        // The state after everything but the server was killed: a server without a supervisor.
        string[] command;
        using (PostgresCluster cluster =
            await PostgresCluster.OpenAsync(options.Cluster, options.ProgramCache, _ => { }, CancellationToken.None))
        {
            command = cluster.Command(Ports.Free());
        }

        using ManagedProcess orphan = await ManagedProcess.StartAsync(new ProcessSpec(command[0], command[1..]));
        string pidFile = Path.Combine(options.Cluster, "postmaster.pid");
        await Eventually.TrueAsync(() => File.Exists(pidFile) && File.ReadAllText(pidFile).Contains("ready", StringComparison.Ordinal));

        await using EmbeddedPostgres second = await StartAsync(options);

        Assert.True(orphan.HasExited);
        Assert.Equal(1, await ScalarAsync(second, "SELECT 1"));
    }

    [Fact]
    public async Task A_stale_pid_file_that_names_another_living_process_does_not_stop_the_start()
    {
        EmbeddedPostgresOptions options = Options();
        await using (EmbeddedPostgres first = await StartAsync(options))
        {
            await first.CreateDatabaseAsync("games", CancellationToken.None);
        }

        await File.WriteAllTextAsync(
            Path.Combine(options.Cluster, "postmaster.pid"),
            $"{Environment.ProcessId}\n{options.Cluster}\n0\n1\n\n127.0.0.1\n0 0\nready\n");

        await using EmbeddedPostgres second = await StartAsync(options);
        Assert.Equal(1, await ScalarAsync(second, "SELECT 1"));
    }

    [Fact]
    public async Task A_wrong_password_is_refused_and_passwords_are_kept_as_scram()
    {
        await using EmbeddedPostgres postgres = await StartAsync(Options());
        await postgres.CreateDatabaseAsync("games", CancellationToken.None);
        NpgsqlConnectionStringBuilder wrong = new(postgres.ConnectionString("games")) { Password = "guess", Pooling = false };

        await using NpgsqlConnection connection = new(wrong.ConnectionString);
        PostgresException error = await Assert.ThrowsAsync<PostgresException>(() => connection.OpenAsync());

        Assert.Equal(PostgresErrorCodes.InvalidPassword, error.SqlState);
        Assert.StartsWith(
            "SCRAM-SHA-256", (string)(await ScalarAsync(postgres, "SELECT rolpassword FROM pg_authid WHERE rolname = 'postgres'"))!,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_whose_secrets_were_lost_takes_the_new_password_and_keeps_its_data()
    {
        EmbeddedPostgresOptions options = Options();
        await using (EmbeddedPostgres first = await StartAsync(options))
        {
            await first.CreateDatabaseAsync("games", CancellationToken.None);
            await ExecuteAsync(first, "CREATE TABLE kept (id int)");
        }

        await using EmbeddedPostgres second = await StartAsync(options with { Password = "it's another" });

        Assert.Equal(0L, await ScalarAsync(second, "SELECT count(*) FROM kept"));
    }

    [Fact]
    public async Task A_cluster_that_somebody_has_deleted_is_made_anew_with_its_database()
    {
        EmbeddedPostgresOptions options = Options();
        using PostgresCluster cluster =
            await PostgresCluster.OpenAsync(options.Cluster, options.ProgramCache, _ => { }, CancellationToken.None);
        await cluster.PrepareAsync(options.Password, "games", CancellationToken.None);
        Directory.Delete(options.Cluster, recursive: true);
        await cluster.PrepareAsync(options.Password, "games", CancellationToken.None);

        int port = Ports.Free();
        string[] command = cluster.Command(port);
        using ManagedProcess server = await ManagedProcess.StartAsync(new ProcessSpec(command[0], command[1..]));
        string pidFile = Path.Combine(options.Cluster, "postmaster.pid");
        await Eventually.TrueAsync(() => File.Exists(pidFile) && File.ReadAllText(pidFile).Contains("ready", StringComparison.Ordinal));
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(
            $"Host=127.0.0.1;Port={port};Username={PostgresCluster.User};Password={options.Password};Database=games;Pooling=false");
        await using NpgsqlCommand query = database.CreateCommand("SELECT 1");
        Assert.Equal(1, await query.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Two_hosts_never_share_a_cluster()
    {
        EmbeddedPostgresOptions options = Options();
        await using EmbeddedPostgres first = await StartAsync(options);

        HostException error = await Assert.ThrowsAsync<HostException>(() => StartAsync(options));

        Assert.Contains(_directory.Path, error.Message, StringComparison.Ordinal);
        Assert.Contains(UserData.Variable, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_cluster_is_of_version_16_or_newer_and_an_old_one_keeps_its_own()
    {
        await using (EmbeddedPostgres fresh = await StartAsync(Options() with { Cluster = _directory.Sub("fresh") }))
        {
            Assert.True(int.Parse((string)(await ScalarAsync(fresh, "SHOW server_version_num"))!, CultureInfo.InvariantCulture) >= 160000);
        }

        EmbeddedPostgresOptions old = Options() with { Major = 15 };
        await using (EmbeddedPostgres first = await StartAsync(old))
        {
            await ExecuteAsync(first, "CREATE TABLE kept (id int)");
        }

        await using EmbeddedPostgres second = await StartAsync(old with { Major = null });
        Assert.StartsWith("15", (string)(await ScalarAsync(second, "SHOW server_version_num"))!, StringComparison.Ordinal);
        Assert.Equal(0L, await ScalarAsync(second, "SELECT count(*) FROM kept"));
    }

    private EmbeddedPostgresOptions Options() => new()
    {
        Cluster = _directory.Sub("postgres"),
        ProgramCache = UserData.Programs(),
        Password = "a password 'with' quotes",
        Durable = false,
    };

    private static Task<EmbeddedPostgres> StartAsync(EmbeddedPostgresOptions options) =>
        EmbeddedPostgres.StartAsync(options, CancellationToken.None);

    private static async Task ExecuteAsync(EmbeddedPostgres postgres, string sql) => await ScalarAsync(postgres, sql);

    private static async Task<object?> ScalarAsync(EmbeddedPostgres postgres, string sql)
    {
        await postgres.CreateDatabaseAsync("games", CancellationToken.None);
        await using NpgsqlConnection connection = new(postgres.ConnectionString("games") + ";Pooling=false");
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
