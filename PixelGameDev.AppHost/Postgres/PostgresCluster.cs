using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PixelGameDev.AppHost.Machine;

namespace PixelGameDev.AppHost.Postgres;

/// <summary>
/// Manages the files of a private PostgreSQL: one cluster in its own directory, with passwords (scram-sha-256), never run as root. Only one
/// process can open the cluster at a time. The data survives when any process is killed.
/// </summary>
internal sealed class PostgresCluster : IDisposable
{
    /// <summary>The cluster's only user.</summary>
    public const string User = "postgres";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly FileStream _clusterLock;
    private readonly PostgresPrograms _programs;
    private readonly UnixUser? _user;
    private readonly Action<string> _log;

    private PostgresCluster(string directory, FileStream clusterLock, PostgresPrograms programs, Action<string> log)
    {
        Directory = directory;
        _clusterLock = clusterLock;
        _programs = programs;
        _log = log;
        _user = Posix.IsRoot ? ServerUser(directory) : null;
    }

    /// <summary>Returns the directory of the cluster. If root starts it, all users must have access to its parents.</summary>
    public string Directory { get; }

    /// <summary>Returns the major version of the programs and of the cluster.</summary>
    public int Major => _programs.Major;

    /// <summary>Locks the cluster and finds programs of the cluster's version, or of <paramref name="major"/> for a new cluster.</summary>
    /// <exception cref="HostException">
    /// Another program uses the cluster, or programs are missing; the message says what to do.
    /// </exception>
    public static async Task<PostgresCluster> OpenAsync(
        string directory, string programCache, Action<string> log, CancellationToken cancellationToken, int? major = null)
    {
        directory = Path.GetFullPath(directory);
        FileStream clusterLock = Lock(directory);
        try
        {
            string versionFile = Path.Combine(directory, "PG_VERSION");
            if (File.Exists(versionFile) && int.TryParse(await File.ReadAllTextAsync(versionFile, cancellationToken), out int written))
            {
                major = written;
            }

            return new PostgresCluster(directory, clusterLock,
                await PostgresPrograms.FindAsync(programCache, major, log, cancellationToken), log);
        }
        catch
        {
            await clusterLock.DisposeAsync();
            throw;
        }
    }

    /// <summary>Prepares one start of the server: creates a missing cluster, and ends a server that outlived its host.</summary>
    /// <param name="password">
    /// The password of <see cref="User"/>. A cluster with a different password, because the secrets were lost, gets this one.
    /// </param>
    /// <param name="database">The name of the database, which is created if it does not exist.</param>
    /// <param name="cancellationToken">Cancels the preparation.</param>
    /// <exception cref="HostException">PostgreSQL failed; the message contains its output.</exception>
    public async Task PrepareAsync(string password, string? database, CancellationToken cancellationToken)
    {
        if (!File.Exists(Path.Combine(Directory, "PG_VERSION")))
        {
            await CreateAsync(password, cancellationToken);
        }

        await EndLeftoverServerAsync(cancellationToken);
        await SetUpAsync(password, database, cancellationToken);
    }

    /// <summary>Returns the server's command line. SIGINT ends it immediately and cleanly; SIGTERM waits for the last client.</summary>
    /// <param name="port">The TCP port on 127.0.0.1.</param>
    /// <param name="durable">False: faster, but not safe against a power failure; for tests.</param>
    public string[] Command(int port, bool durable = true) =>
    [
        // The server must not outlive its parent process.
        "setpriv", "--pdeathsig=INT", .. _user?.Options ?? [], "--", _programs.Server, "-D", Directory,
        "-c", "listen_addresses=127.0.0.1",
        "-c", string.Create(CultureInfo.InvariantCulture, $"port={port}"),
        // Loopback only: a socket file would add length limits and permissions, and nothing needs it.
        "-c", "unix_socket_directories=",
        "-c", "password_encryption=scram-sha-256",
        "-c", "shared_buffers=64MB", "-c", "max_connections=100",
        "-c", "logging_collector=off",
        "-c", "log_min_messages=warning",
        .. durable ? Array.Empty<string>() : ["-c", "fsync=off", "-c", "full_page_writes=off"],
    ];

    /// <summary>Checks that a directory is a cluster of the same version, and makes the server's user its owner.</summary>
    /// <exception cref="HostException">The directory is not a cluster of this version.</exception>
    public void Adopt(string directory)
    {
        string versionFile = Path.Combine(directory, "PG_VERSION");
        string version = File.Exists(versionFile) ? File.ReadAllText(versionFile).Trim() : "nothing";
        if (version != Major.ToString(CultureInfo.InvariantCulture))
        {
            throw new HostException($"The backup is of PostgreSQL {version}, and the server here is {Major}.");
        }

        if (_user is not null)
        {
            foreach (string path in System.IO.Directory.EnumerateFileSystemEntries(directory, "*", SearchOption.AllDirectories)
                .Append(directory))
            {
                Posix.GiveTo(path, _user);
            }
        }

        File.SetUnixFileMode(directory, OwnerOnly | UnixFileMode.UserExecute);
        // The secrets may be newer than the backup, so the next start sets them again.
        File.Delete(ToldFile);
    }

    /// <summary>Releases the lock. The server must have ended.</summary>
    public void Dispose() => _clusterLock.Dispose();

    /// <summary>Gets the file that names the password and the database that the cluster has.</summary>
    private string ToldFile => Directory + ".told";

    private string[] Prefix => _user is null ? [] : ["setpriv", .. _user.Options, "--"];

    // The system releases the lock at every kind of process end.
    private static FileStream Lock(string cluster)
    {
        string data = Path.GetDirectoryName(cluster)!;
        System.IO.Directory.CreateDirectory(data);
        try
        {
            return new FileStream(cluster + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1,
                FileOptions.DeleteOnClose);
        }
        catch (IOException error)
        {
            throw new HostException(
                $"Another PixelGameDev is using the data in {data}: stop it first, or choose another directory with {UserData.Variable}.",
                error);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new HostException($"{data} cannot be written: make it yours, or choose another directory with {UserData.Variable}.",
                error);
        }
    }

    private static UnixUser ServerUser(string cluster)
    {
        for (DirectoryInfo? above = System.IO.Directory.GetParent(cluster); above is not null; above = above.Parent)
        {
            if (!above.UnixFileMode.HasFlag(UnixFileMode.OtherExecute))
            {
                throw new HostException(
                    $"PostgreSQL does not run as root, and other users may not enter {above.FullName}: choose another directory with "
                    + $"{UserData.Variable} (for example /var/lib/pixelgamedev), or start PixelGameDev as an ordinary user.");
            }
        }

        return UnixUser.Find("postgres") ?? UnixUser.Find("nobody")
            ?? throw new HostException(
                "PostgreSQL does not run as root and there is no other user here: add one (useradd --system postgres).");
    }

    private async Task CreateAsync(string password, CancellationToken cancellationToken)
    {
        _log($"Making a new PostgreSQL {_programs.Major} cluster in {Directory}.");
        string unfinished = Directory + ".new";
        string passwordFile = Directory + ".password";
        if (System.IO.Directory.Exists(unfinished))
        {
            System.IO.Directory.Delete(unfinished, recursive: true);
        }

        try
        {
            System.IO.Directory.CreateDirectory(unfinished, OwnerOnly | UnixFileMode.UserExecute);
            File.Delete(passwordFile);
            await WriteAsync(passwordFile, password);
            if (_user is not null)
            {
                Posix.GiveTo(unfinished, _user);
                Posix.GiveTo(passwordFile, _user);
            }

            (int code, string output) = await Tool.RunAsync(
                [
                    .. Prefix, _programs.Initdb, "--pgdata", unfinished, "--username", User, "--pwfile", passwordFile,
                    "--auth-host=scram-sha-256", "--auth-local=scram-sha-256", "--encoding=UTF8", "--locale=C",
                ],
                cancellationToken);
            if (code != 0)
            {
                throw new HostException(
                    $"PostgreSQL could not make its cluster in {unfinished} ({_programs.Initdb} ended with {code}):\n{output}");
            }

            // An empty or incomplete directory without PG_VERSION may exist.
            if (System.IO.Directory.Exists(Directory))
            {
                System.IO.Directory.Delete(Directory, recursive: true);
            }

            // What an earlier cluster was told, which somebody has deleted, is not true of this one.
            File.Delete(ToldFile);
            System.IO.Directory.Move(unfinished, Directory);
        }
        finally
        {
            File.Delete(passwordFile);
        }
    }

    private async Task EndLeftoverServerAsync(CancellationToken cancellationToken)
    {
        // The first line is the process id. PostgreSQL itself trusts any running process with that id and would refuse to start.
        string pidFile = Path.Combine(Directory, "postmaster.pid");
        if (!File.Exists(pidFile))
        {
            return;
        }

        if (int.TryParse((await File.ReadAllLinesAsync(pidFile, cancellationToken)).FirstOrDefault(), out int id) && IsServer(id))
        {
            _log($"Stopping the PostgreSQL that an earlier run left behind (process {id}).");
            foreach (int signal in (int[])[Posix.SigInt, Posix.SigQuit, Posix.SigKill])
            {
                Posix.Signal(id, signal);
                long limit = Environment.TickCount64 + 15_000;
                while (Environment.TickCount64 < limit && IsServer(id))
                {
                    await Task.Delay(50, cancellationToken);
                }
            }
        }

        File.Delete(pidFile);
    }

    private bool IsServer(int id)
    {
        try
        {
            string command = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/cmdline"));
            return command.Contains(Directory, StringComparison.Ordinal) && command.Contains("postgres", StringComparison.Ordinal);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>
    /// Sets the password and creates the database, once for each pair of them. The server runs in single-user mode for this, without a
    /// network.
    /// </summary>
    private async Task SetUpAsync(string password, string? database, CancellationToken cancellationToken)
    {
        string told = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{database}\0{password}")));
        if (File.Exists(ToldFile) && await File.ReadAllTextAsync(ToldFile, cancellationToken) == told)
        {
            return;
        }

        string input = $"ALTER ROLE {User} PASSWORD '{password.Replace("'", "''", StringComparison.Ordinal)}'\n";
        if (database is not null)
        {
            // If the database exists, the server prints an error and continues.
            input += $"CREATE DATABASE \"{database.Replace("\"", "\"\"", StringComparison.Ordinal)}\"\n";
        }

        (int code, string output) = await Tool.RunAsync(
            [.. Prefix, _programs.Server, "--single", "-D", Directory, "-c", "password_encryption=scram-sha-256", "postgres"],
            cancellationToken, input: input);
        if (code != 0)
        {
            throw new HostException($"The database in {Directory} could not be given its password:\n{output}");
        }

        File.Delete(ToldFile);
        await WriteAsync(ToldFile, told);
    }

    private static async Task WriteAsync(string path, string text)
    {
        await using FileStream file =
            new(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly });
        await file.WriteAsync(Encoding.UTF8.GetBytes(text));
    }
}
