using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PixelGameDev.AppHost.Machine;

namespace PixelGameDev.AppHost;

/// <summary>
/// Directory of what must survive a restart: the database cluster and the generated secrets. It is never in the repository.
/// </summary>
internal sealed class UserData
{
    /// <summary>Variable that names the directory outright.</summary>
    public const string Variable = "PIXELGAMEDEV_DATA";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // Others may pass through but not list: the database runs as another user when root starts it.
    private const UnixFileMode PassThrough =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public UserData(string directory)
    {
        Root = Path.GetFullPath(directory);
        Directory.CreateDirectory(Root, PassThrough);
    }

    public string Root { get; }

    /// <summary>The database cluster.</summary>
    public string Cluster => Path.Combine(Root, "postgres");

    /// <summary>Copies of the database.</summary>
    public string Backups => Path.Combine(Root, "backups");

    /// <summary>A name for this directory of data, the same at each start: 8 hexadecimal digits.</summary>
    public string ShortName => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Root)))[..8];

    /// <summary>
    /// Directory in which the Executor puts the sockets of its sandboxes. Not under <see cref="Root"/>: a socket's path may
    /// have no more than 107 bytes.
    /// </summary>
    public string Links => Path.Combine(Path.GetTempPath(), "pixelgamedev-" + ShortName);

    /// <summary>
    /// Directory of database programs that were downloaded. All data directories share it. Asking for it does not create it.
    /// </summary>
    public static string Programs() => Path.Combine(DefaultDirectory(), "programs");

    /// <summary>
    /// <c>PIXELGAMEDEV_DATA</c>, else <c>$XDG_DATA_HOME/pixelgamedev</c>, else <c>~/.local/share/pixelgamedev</c>; for root, whose
    /// home nobody else may enter, <c>/var/lib/pixelgamedev</c>.
    /// </summary>
    public static string DefaultDirectory()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
        {
            return named;
        }

        if (Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { Length: > 0 } home)
        {
            return Path.Combine(home, "pixelgamedev");
        }

        return Posix.IsRoot
            ? "/var/lib/pixelgamedev"
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local/share/pixelgamedev");
    }

    /// <summary>
    /// A secret of this installation: taken from the environment where it is set, else generated once (256 bits) and kept.
    /// </summary>
    public string Secret(string name)
    {
        if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } given)
        {
            return given;
        }

        string path = Path.Combine(Root, "secrets.json");
        Dictionary<string, string> secrets = File.Exists(path)
            ? JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(path)) ?? []
            : [];
        if (!secrets.TryGetValue(name, out string? secret))
        {
            secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
            secrets[name] = secret;
            string next = path + ".new";
            using (FileStream file = new(next, new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                UnixCreateMode = OwnerOnly,
            }))
            {
                file.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(secrets)));
                file.Flush(flushToDisk: true);
            }

            File.Move(next, path, overwrite: true);
        }

        return secret;
    }
}

/// <summary>Something is not as it must be; the message is one sentence with what to do, fit to be the only line shown.</summary>
internal sealed class HostException(string message, Exception? inner = null) : Exception(message, inner);
