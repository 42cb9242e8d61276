using System.Globalization;
using System.Net.Sockets;
using Npgsql;
using PixelGameDev.AppHost;
using PixelGameDev.AppHost.Machine;
using PixelGameDev.AppHost.Postgres;

namespace PixelGameDev.Benchmarks.Processes;

/// <summary>Settings of the embedded database.</summary>
internal sealed record EmbeddedPostgresOptions
{
    /// <summary>
    /// The directory of the cluster, created if missing. When root starts the server, other users must be able to enter every directory
    /// above it.
    /// </summary>
    public required string Cluster { get; init; }

    /// <summary>The directory of the programs that npm fetches.</summary>
    public required string ProgramCache { get; init; }

    /// <summary>The password of the user <c>postgres</c>. An existing cluster gets it too.</summary>
    public required string Password { get; init; }

    /// <summary>The version of a new cluster; null: the version that the AppHost uses.</summary>
    public int? Major { get; init; }

    /// <summary>The TCP port on 127.0.0.1; 0 picks a free one.</summary>
    public int Port { get; init; }

    /// <summary>Whether data survive a power failure. False is faster, for tests.</summary>
    public bool Durable { get; init; } = true;

    /// <summary>Receives its own messages and the server's output.</summary>
    public Action<string> Log { get; init; } = _ => { };
}

/// <summary>Runs the AppHost's cluster (<see cref="PostgresCluster"/>) with a server that tests can stop, kill and start.</summary>
internal sealed class EmbeddedPostgres : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);

    private readonly EmbeddedPostgresOptions _options;
    private readonly PostgresCluster _cluster;
    private ManagedProcess? _server;

    private EmbeddedPostgres(EmbeddedPostgresOptions options, PostgresCluster cluster)
    {
        _options = options;
        _cluster = cluster;
    }

    /// <summary>The TCP port on 127.0.0.1.</summary>
    public int Port { get; private set; }

    /// <summary>Completes when the server ends, for whatever reason.</summary>
    public Task<int> Exited => _server?.Exited ?? Task.FromResult(0);

    /// <summary>Prepares the cluster and starts the server.</summary>
    /// <exception cref="HostException">The server cannot be started; the message says what to do.</exception>
    public static async Task<EmbeddedPostgres> StartAsync(EmbeddedPostgresOptions options, CancellationToken cancellationToken)
    {
        EmbeddedPostgres postgres = new(
            options, await PostgresCluster.OpenAsync(options.Cluster, options.ProgramCache, options.Log, cancellationToken, options.Major));
        try
        {
            await postgres.RestartAsync(cancellationToken);
            return postgres;
        }
        catch
        {
            await postgres.DisposeAsync();
            throw;
        }
    }

    /// <summary>Returns the connection string of a database of the cluster.</summary>
    public string ConnectionString(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = Port,
        Database = database,
        Username = PostgresCluster.User,
        Password = _options.Password,
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,
    }.ConnectionString;

    /// <summary>Creates a database unless it exists.</summary>
    public async Task CreateDatabaseAsync(string name, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = new(Unpooled("postgres"));
        await connection.OpenAsync(cancellationToken);
        await using NpgsqlCommand exists = new("SELECT 1 FROM pg_database WHERE datname = $1", connection)
        {
            Parameters = { new() { Value = name } },
        };
        if (await exists.ExecuteScalarAsync(cancellationToken) is null)
        {
            await using NpgsqlCommand create =
                new($"CREATE DATABASE \"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", connection);
            await create.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>Starts the server again on the same port after it ended.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        await _cluster.PrepareAsync(_options.Password, null, limit.Token);
        int port = Port != 0 ? Port : _options.Port;
        for (int attempt = 1; ; attempt++)
        {
            Port = port != 0 ? port : Ports.Free();
            _server?.Dispose();
            string[] command = _cluster.Command(Port, _options.Durable);
            _server = await ManagedProcess.StartAsync(
                new ProcessSpec(command[0], command[1..])
                {
                    StopSignal = Posix.SigInt,
                    // The server must not see the database settings of the caller's environment.
                    Environment = new Dictionary<string, string?> { ["PGDATA"] = null, ["PGPORT"] = null, ["LC_ALL"] = "C" },
                },
                _options.Log);
            if (await AnswersAsync(_server, limit.Token))
            {
                return;
            }

            string tail = string.Join('\n', _server.Tail);
            bool portTaken = tail.Contains("Address already in use", StringComparison.Ordinal);
            // The processes of a killed server hold its memory for a moment longer.
            bool memoryHeld = tail.Contains("shared memory block", StringComparison.Ordinal);
            if (attempt >= 20 || !((portTaken && port == 0) || memoryHeld))
            {
                throw new HostException($"PostgreSQL ended while starting:\n{tail}");
            }

            await Task.Delay(250, limit.Token);
        }
    }

    /// <summary>Ends the server as a power failure would, for tests of what survives.</summary>
    public async Task KillAsync()
    {
        if (_server is { } running)
        {
            running.Kill();
            await running.Exited;
        }
    }

    /// <summary>Shuts down fast: the server rolls back open transactions; everything committed is on disk.</summary>
    public async Task StopAsync()
    {
        if (_server is { HasExited: false } running)
        {
            running.Signal(Posix.SigInt);
            await ((Task)running.Exited.WaitAsync(StopLimit)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!running.HasExited)
            {
                running.Signal(Posix.SigQuit); // the server recovers from its log at the next start
                await running.StopAsync(TimeSpan.FromSeconds(5));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _server?.Dispose();
        _cluster.Dispose();
    }

    private async Task<bool> AnswersAsync(ManagedProcess process, CancellationToken cancellationToken)
    {
        while (!process.HasExited)
        {
            // Another server may use the port, even with the same password. Only our server writes this file.
            if (SaysReady(process.Id))
            {
                try
                {
                    await using NpgsqlConnection connection = new(Unpooled("postgres"));
                    await connection.OpenAsync(cancellationToken);
                    return true;
                }
                catch (Exception error) when (error is NpgsqlException or SocketException or TimeoutException or IOException)
                {
                    // The server is not ready yet.
                }
            }

            await Task.Delay(25, cancellationToken);
        }

        return false;
    }

    private bool SaysReady(int id)
    {
        // postmaster.pid: process id, directory, start time, port, socket directory, address, shared memory, status
        try
        {
            string[] lines = File.ReadAllLines(Path.Combine(_cluster.Directory, "postmaster.pid"));
            return lines.Length >= 8
                && lines[0].Trim() == id.ToString(CultureInfo.InvariantCulture)
                && lines[7].StartsWith("ready", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private string Unpooled(string database) =>
        new NpgsqlConnectionStringBuilder(ConnectionString(database)) { Pooling = false, Timeout = 5 }.ConnectionString;
}
