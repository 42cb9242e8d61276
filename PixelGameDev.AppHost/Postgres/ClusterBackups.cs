using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using Npgsql;
using PixelGameDev.AppHost.Machine;

namespace PixelGameDev.AppHost.Postgres;

/// <summary>
/// Creates and restores backups. Each one is a compressed tar file of the whole cluster. The server continues to run during a backup
/// (PostgreSQL's documentation: "Making a Base Backup Using the Low Level API").
/// </summary>
/// <remarks>Not every PostgreSQL distribution that we use contains <c>pg_basebackup</c> or <c>pg_dump</c>.</remarks>
/// <param name="cluster">The cluster.</param>
/// <param name="directory">The directory of the backups.</param>
internal sealed partial class ClusterBackups(PostgresCluster cluster, string directory)
{
    private const string Suffix = ".tar.gz";

    /// <summary>The directories whose content is useless without the running server.</summary>
    private static readonly string[] Emptied =
        ["pg_wal", "pg_replslot", "pg_dynshmem", "pg_notify", "pg_serial", "pg_snapshots", "pg_stat_tmp", "pg_subtrans"];

    /// <summary>Returns the names of the backups, newest first.</summary>
    public IReadOnlyList<string> List() => Directory.Exists(directory)
        ? [.. new DirectoryInfo(directory).GetFiles("*" + Suffix).OrderByDescending(static file => file.LastWriteTimeUtc)
            .Select(static file => file.Name[..^Suffix.Length])]
        : [];

    /// <summary>Backs up the running server.</summary>
    /// <param name="connectionString">The connection string of the cluster's user.</param>
    /// <param name="name">The name of the backup; null: the current time.</param>
    /// <param name="cancellationToken">Cancels the backup and removes its partial files.</param>
    /// <returns>The path of the file.</returns>
    /// <exception cref="HostException">The backup failed; the message gives the reason.</exception>
    public async Task<string> SaveAsync(string connectionString, string? name, CancellationToken cancellationToken)
    {
        name = string.IsNullOrWhiteSpace(name) ? DateTime.Now.ToString("yyyy-MM-dd-HHmmss", CultureInfo.InvariantCulture) : name.Trim();
        string file = PathOf(name);
        if (File.Exists(file))
        {
            throw new HostException($"There is a backup \"{name}\" already: choose another name.");
        }

        Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        string unfinished = file + ".new";
        DirectoryInfo label = Directory.CreateTempSubdirectory("px-backup-");
        try
        {
            string tar = Path.Combine(label.FullName, "cluster.tar");
            await CopyAsync(connectionString, tar, label.FullName, cancellationToken);
            await using (FileStream from = File.OpenRead(tar))
            await using (FileStream to =
                new(unfinished, new FileStreamOptions
                {
                    Mode = FileMode.Create,
                    Access = FileAccess.Write,
                    UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite
                }))
            {
                await using (GZipStream packed = new(to, CompressionLevel.Fastest, leaveOpen: true))
                {
                    await from.CopyToAsync(packed, cancellationToken);
                }

                to.Flush(flushToDisk: true);
            }

            File.Move(unfinished, file);
            return file;
        }
        finally
        {
            File.Delete(unfinished);
            label.Delete(recursive: true);
        }
    }

    /// <summary>
    /// Replaces the cluster by a backup. The server must have ended. The replaced cluster is kept in a directory next to it until the next
    /// restore.
    /// </summary>
    /// <exception cref="HostException">There is no such backup, or it is not usable; the cluster is unchanged.</exception>
    public async Task RestoreAsync(string name, CancellationToken cancellationToken)
    {
        string file = PathOf(name);
        if (!File.Exists(file))
        {
            throw new HostException(
                $"There is no backup \"{name}\"; there are: {(List() is { Count: > 0 } names ? string.Join(", ", names) : "none")}.");
        }

        string unpacked = cluster.Directory + ".restoring";
        Delete(unpacked);
        Directory.CreateDirectory(unpacked);
        try
        {
            await TarAsync(["-xzf", file, "-C", unpacked], cancellationToken);
            cluster.Adopt(unpacked);
            string before = cluster.Directory + ".before-restore";
            Delete(before);
            Directory.Move(cluster.Directory, before);
            Directory.Move(unpacked, cluster.Directory);
        }
        finally
        {
            Delete(unpacked);
        }
    }

    private async Task CopyAsync(string connectionString, string tar, string labels, CancellationToken cancellationToken)
    {
        // The server ends the backup when the connection ends for any reason.
        await using NpgsqlConnection server = new(connectionString + ";Pooling=false;Command Timeout=60");
        await server.OpenAsync(cancellationToken);
        // The slot keeps all log files from this point until they are copied.
        await using NpgsqlCommand slot = new("select pg_create_physical_replication_slot('pixelgamedev_backup', true, true)", server);
        await slot.ExecuteNonQueryAsync(cancellationToken);
        await using NpgsqlCommand start = new("select pg_backup_start('pixelgamedev', fast => true)", server);
        await start.ExecuteNonQueryAsync(cancellationToken);
        // Files may change or disappear during the copy; the log corrects that.
        await TarAsync(
            [
                "-cf", tar, "-C", cluster.Directory, "--warning=no-file-changed", "--warning=no-file-removed", "--exclude=./postmaster.pid",
                "--exclude=./postmaster.opts",
                .. Emptied.Select(static name => $"--exclude=./{name}/*"), "--exclude=pgsql_tmp*", ".",
            ],
            cancellationToken);
        await using NpgsqlCommand stop = new("select labelfile, spcmapfile from pg_backup_stop(wait_for_archive => false)", server);
        await using (NpgsqlDataReader labelFiles = await stop.ExecuteReaderAsync(cancellationToken))
        {
            await labelFiles.ReadAsync(cancellationToken);
            await File.WriteAllTextAsync(Path.Combine(labels, "backup_label"), labelFiles.GetString(0), cancellationToken);
        }

        await TarAsync(["-rf", tar, "-C", cluster.Directory, "./pg_wal", "-C", labels, "./backup_label"], cancellationToken);
    }

    private static async Task TarAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        (int code, string output) = await Tool.RunAsync(["tar", .. arguments], cancellationToken);
        // 1: a file changed while it was read.
        if (code is not (0 or 1))
        {
            throw new HostException($"The backup could not be read or written (tar ended with {code}): {output}");
        }
    }

    private static void Delete(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }

    private string PathOf(string name) => NamePattern().IsMatch(name)
        ? Path.Combine(directory, name + Suffix)
        : throw new HostException(
            "A backup's name has 1 to 60 letters, digits, dots, dashes and underscores, and begins with a letter or digit.");

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$")]
    private static partial Regex NamePattern();
}
