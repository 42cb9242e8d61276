using System.Globalization;
using System.Net.Sockets;
using Npgsql;
using PixelGameDev.AppHost.Processes;

namespace PixelGameDev.AppHost.Postgres;

/// <summary>How the embedded database is started.</summary>
internal sealed record EmbeddedPostgresOptions
{
    /// <summary>Directory of the cluster; made when missing. Every directory above it must let others pass when root starts it.</summary>
    public required string Cluster { get; init; }

    /// <summary>Where programs fetched through npm are kept.</summary>
    public required string ProgramCache { get; init; }

    /// <summary>Password of the user <c>postgres</c>; an existing cluster gets this one.</summary>
    public required string Password { get; init; }

    /// <summary>TCP port on 127.0.0.1; 0 picks a free one.</summary>
    public int Port { get; init; }

    /// <summary>False gives up safety against power failure for speed: for tests.</summary>
    public bool Durable { get; init; } = true;

    /// <summary>Gets what it does and what the server writes.</summary>
    public Action<string> Log { get; init; } = _ => { };
}

/// <summary>
/// A private PostgreSQL: one cluster in a directory of ours, on loopback only, with passwords (scram-sha-256), never as root. Data
/// survives a restart and a kill of anything involved.
/// </summary>
/// <remarks>
/// Step 1: lock the cluster, so that two hosts never share it. Step 2: find programs of the version that wrote it. Step 3: make
/// it when it is not there. Step 4: end a server that outlived a killed host. Step 5: start, and wait until it answers with our
/// password.
/// </remarks>
internal sealed class EmbeddedPostgres : IAsyncDisposable
{
    /// <summary>The cluster's only user.</summary>
    public const string User = "postgres";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);

    private readonly EmbeddedPostgresOptions options;
    private readonly FileStream clusterLock;
    private PostgresPrograms programs = null!;
    private UnixUser? user;
    private ManagedProcess? server;

    private EmbeddedPostgres(EmbeddedPostgresOptions options, FileStream clusterLock)
    {
        this.options = options;
        this.clusterLock = clusterLock;
    }

    /// <summary>TCP port on 127.0.0.1.</summary>
    public int Port { get; private set; }

    /// <summary>Completes when the server ends, for whatever reason.</summary>
    public Task<int> Exited => server?.Exited ?? Task.FromResult(0);

    /// <summary>Prepares the cluster and starts the server.</summary>
    /// <exception cref="HostException">It cannot be started; the message says what to do.</exception>
    public static async Task<EmbeddedPostgres> StartAsync(EmbeddedPostgresOptions options, CancellationToken cancellationToken)
    {
        options = options with { Cluster = Path.GetFullPath(options.Cluster) };
        EmbeddedPostgres postgres = new(options, Lock(options.Cluster));
        try
        {
            await postgres.PrepareAsync(cancellationToken);
            await postgres.StartServerAsync(cancellationToken);
            return postgres;
        }
        catch
        {
            await postgres.DisposeAsync();
            throw;
        }
    }

    /// <summary>Connection string to a database of the cluster.</summary>
    public string ConnectionString(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = Port,
        Database = database,
        Username = User,
        Password = options.Password,
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,
    }.ConnectionString;

    /// <summary>Makes a database unless it is there.</summary>
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
            await using NpgsqlCommand create = new($"CREATE DATABASE \"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", connection);
            await create.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>Starts the server again, on the same port, after it ended.</summary>
    public Task RestartAsync(CancellationToken cancellationToken) => StartServerAsync(cancellationToken);

    /// <summary>Ends the server as a power cut would: for tests of what survives.</summary>
    public async Task KillAsync()
    {
        if (server is { } running)
        {
            running.Kill();
            await running.Exited;
        }
    }

    /// <summary>Fast shutdown: open transactions are rolled back, everything committed is on disk.</summary>
    public async Task StopAsync()
    {
        if (server is { HasExited: false } running)
        {
            running.Signal(Posix.SigInt);
            await ((Task)running.Exited.WaitAsync(StopLimit)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!running.HasExited)
            {
                running.Signal(Posix.SigQuit); // recovers from its log at the next start
                await running.StopAsync(TimeSpan.FromSeconds(5));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        server?.Dispose();
        await clusterLock.DisposeAsync();
    }

    // Step 1. The system drops the lock with the process, however that ends.
    private static FileStream Lock(string cluster)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(cluster)!);
        string path = cluster + ".lock";
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException error)
        {
            throw new HostException(
                $"Another PixelGameDev is using the data in {Path.GetDirectoryName(cluster)}: stop it first, or choose another directory "
                + $"with {UserData.Variable}.", error);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new HostException(
                $"{Path.GetDirectoryName(cluster)} cannot be written: make it yours, or choose another directory with {UserData.Variable}.", error);
        }
    }

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        // Step 2
        string versionFile = Path.Combine(options.Cluster, "PG_VERSION");
        int? major = File.Exists(versionFile) && int.TryParse(await File.ReadAllTextAsync(versionFile, cancellationToken), out int number)
            ? number
            : null;
        programs = await PostgresPrograms.FindAsync(options.ProgramCache, major, options.Log, cancellationToken);
        user = Posix.IsRoot ? ServerUser(options.Cluster) : null;

        // Step 3
        if (major is null)
        {
            await CreateClusterAsync(cancellationToken);
        }

        // Step 4
        await EndLeftoverServerAsync(cancellationToken);
    }

    private static UnixUser ServerUser(string cluster)
    {
        for (DirectoryInfo? above = Directory.GetParent(cluster); above is not null; above = above.Parent)
        {
            if (!above.UnixFileMode.HasFlag(UnixFileMode.OtherExecute))
            {
                throw new HostException(
                    $"PostgreSQL does not run as root, and other users may not enter {above.FullName}: choose another directory with "
                    + $"{UserData.Variable} (for example /var/lib/pixelgamedev), or start PixelGameDev as an ordinary user.");
            }
        }

        return UnixUser.Find("postgres") ?? UnixUser.Find("nobody")
            ?? throw new HostException("PostgreSQL does not run as root and there is no other user here: add one (useradd --system postgres).");
    }

    private async Task CreateClusterAsync(CancellationToken cancellationToken)
    {
        options.Log($"Making a new PostgreSQL {programs.Major} cluster in {options.Cluster}.");
        string unfinished = options.Cluster + ".new";
        string passwordFile = options.Cluster + ".password";
        if (Directory.Exists(unfinished))
        {
            Directory.Delete(unfinished, recursive: true);
        }

        try
        {
            Directory.CreateDirectory(unfinished, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            File.Delete(passwordFile);
            await using (FileStream file = new(passwordFile, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }))
            {
                file.Write(System.Text.Encoding.UTF8.GetBytes(options.Password));
            }

            if (user is not null)
            {
                Posix.GiveTo(unfinished, user);
                Posix.GiveTo(passwordFile, user);
            }

            List<string> arguments =
            [
                "--pgdata", unfinished, "--username", User, "--pwfile", passwordFile, "--auth-host=scram-sha-256",
                "--auth-local=scram-sha-256", "--encoding=UTF8", "--locale=C",
            ];
            if (!options.Durable)
            {
                arguments.Add("--no-sync");
            }

            (int code, string output) = await ManagedProcess.RunAsync(
                new ProcessSpec(programs.Initdb, arguments) { User = user }, cancellationToken);
            if (code != 0)
            {
                throw new HostException($"PostgreSQL could not make its cluster in {unfinished} ({programs.Initdb} ended with {code}):\n{output}");
            }

            // An empty or half-made directory without PG_VERSION may stand in the way.
            if (Directory.Exists(options.Cluster))
            {
                Directory.Delete(options.Cluster, recursive: true);
            }

            Directory.Move(unfinished, options.Cluster);
        }
        finally
        {
            File.Delete(passwordFile);
        }
    }

    private async Task EndLeftoverServerAsync(CancellationToken cancellationToken)
    {
        // First line: the process id. PostgreSQL itself trusts any living process of that id and would refuse to start.
        string pidFile = Path.Combine(options.Cluster, "postmaster.pid");
        if (!File.Exists(pidFile) || !int.TryParse((await File.ReadAllLinesAsync(pidFile, cancellationToken)).FirstOrDefault(), out int id))
        {
            File.Delete(pidFile);
            return;
        }

        if (!IsServerOf(id))
        {
            File.Delete(pidFile);
            return;
        }

        options.Log($"Stopping the PostgreSQL that an earlier run left behind (process {id}).");
        foreach (int signal in (int[])[Posix.SigInt, Posix.SigQuit, Posix.SigKill])
        {
            Posix.Signal(id, signal);
            long limit = Environment.TickCount64 + 15_000;
            while (Environment.TickCount64 < limit && IsServerOf(id))
            {
                await Task.Delay(50, cancellationToken);
            }
        }

        File.Delete(pidFile);
    }

    private bool IsServerOf(int id)
    {
        try
        {
            string command = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/cmdline"));
            return command.Contains(options.Cluster, StringComparison.Ordinal) && command.Contains("postgres", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    // Step 5
    private async Task StartServerAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        int port = Port != 0 ? Port : options.Port;
        bool passwordSet = false;
        for (int attempt = 1; ; attempt++)
        {
            Port = port != 0 ? port : Ports.Free();
            server?.Dispose();
            server = await ManagedProcess.StartAsync(ServerSpec(), options.Log);
            Answer answer;
            try
            {
                answer = await WaitUntilItAnswersAsync(server, limit.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new HostException($"PostgreSQL did not answer within {StartLimit.TotalSeconds:0} s:\n{string.Join('\n', server.Tail)}");
            }

            if (answer == Answer.Ready)
            {
                return;
            }

            if (answer == Answer.WrongPassword && !passwordSet)
            {
                // The secrets were lost or changed by hand; the cluster is ours, so it gets the new password.
                await StopAsync();
                await SetPasswordAsync(limit.Token);
                passwordSet = true;
                continue;
            }

            string tail = string.Join('\n', server.Tail);
            bool portTaken = tail.Contains("Address already in use", StringComparison.Ordinal);
            // Processes of a killed server hold its memory for a moment longer.
            bool memoryHeld = tail.Contains("shared memory block", StringComparison.Ordinal);
            if (attempt < 20 && ((portTaken && port == 0) || memoryHeld))
            {
                await Task.Delay(250, limit.Token);
                continue;
            }

            throw new HostException(portTaken
                ? $"Port {Port} for PostgreSQL is taken: free it, or choose another with --postgres-port."
                : $"PostgreSQL ended while starting:\n{tail}");
        }
    }

    private ProcessSpec ServerSpec()
    {
        List<string> arguments =
        [
            "-D", options.Cluster,
            "-c", "listen_addresses=127.0.0.1",
            "-c", string.Create(CultureInfo.InvariantCulture, $"port={Port}"),
            // Loopback only: a socket file would bring length limits and permissions, and nothing here needs it.
            "-c", "unix_socket_directories=",
            "-c", "password_encryption=scram-sha-256",
            "-c", "shared_buffers=64MB",
            "-c", "max_connections=100",
            "-c", "logging_collector=off",
            "-c", "log_min_messages=warning",
        ];
        if (!options.Durable)
        {
            arguments.AddRange(["-c", "fsync=off", "-c", "full_page_writes=off"]);
        }

        return new ProcessSpec(programs.Server, arguments)
        {
            User = user,
            StopSignal = Posix.SigInt,
            WorkingDirectory = "/",
            // No word of the caller's own database settings may reach the server.
            Environment = new Dictionary<string, string?> { ["PGDATA"] = null, ["PGPORT"] = null, ["LC_ALL"] = "C" },
        };
    }

    private async Task<Answer> WaitUntilItAnswersAsync(ManagedProcess process, CancellationToken cancellationToken)
    {
        while (!process.HasExited)
        {
            // Another server may hold the port, even one with our password: only ours writes this file.
            if (!SaysReady(process.Id))
            {
                await Task.Delay(25, cancellationToken);
                continue;
            }

            try
            {
                await using NpgsqlConnection connection = new(Unpooled("postgres"));
                await connection.OpenAsync(cancellationToken);
                await using NpgsqlCommand command = new("SELECT 1", connection);
                await command.ExecuteScalarAsync(cancellationToken);
                return Answer.Ready;
            }
            catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.InvalidPassword)
            {
                return Answer.WrongPassword;
            }
            catch (Exception error) when (error is NpgsqlException or SocketException or TimeoutException or IOException)
            {
                await Task.Delay(25, cancellationToken);
            }
        }

        return Answer.Ended;
    }

    private bool SaysReady(int id)
    {
        // postmaster.pid: process id, directory, start time, port, socket directory, address, shared memory, status
        try
        {
            string[] lines = File.ReadAllLines(Path.Combine(options.Cluster, "postmaster.pid"));
            return lines.Length >= 8
                && lines[0].Trim() == id.ToString(CultureInfo.InvariantCulture)
                && lines[7].StartsWith("ready", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private async Task SetPasswordAsync(CancellationToken cancellationToken)
    {
        string quoted = options.Password.Replace("'", "''", StringComparison.Ordinal);
        (int code, string output) = await ManagedProcess.RunAsync(
            new ProcessSpec(programs.Server, ["--single", "-D", options.Cluster, "postgres"])
            {
                User = user,
                Input = $"ALTER ROLE {User} PASSWORD '{quoted}'\n",
            },
            cancellationToken);
        if (code != 0)
        {
            throw new HostException($"The password of the database in {options.Cluster} could not be set:\n{output}");
        }
    }

    private string Unpooled(string database) =>
        new NpgsqlConnectionStringBuilder(ConnectionString(database)) { Pooling = false, Timeout = 5 }.ConnectionString;

    private enum Answer
    {
        Ready,
        WrongPassword,
        Ended,
    }
}
