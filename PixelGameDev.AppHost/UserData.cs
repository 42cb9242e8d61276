using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PixelGameDev.AppHost.Machine;

namespace PixelGameDev.AppHost;

/// <summary>
/// Manages the directory of the data that must survive a restart: the database cluster and the generated secrets. It is never in the
/// repository.
/// </summary>
internal sealed class UserData
{
    /// <summary>The variable that sets the directory.</summary>
    public const string Variable = "PIXELGAMEDEV_DATA";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // Other users may pass through but not list: the database runs as another user if root starts it.
    private const UnixFileMode PassThrough =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public UserData(string directory)
    {
        Root = Path.GetFullPath(directory);
        Directory.CreateDirectory(Root, PassThrough);
    }

    public string Root { get; }

    /// <summary>Returns the directory of the database cluster.</summary>
    public string Cluster => Path.Combine(Root, "postgres");

    /// <summary>Returns the directory of the backups.</summary>
    public string Backups => Path.Combine(Root, "backups");

    /// <summary>Returns a stable name for this data directory: 8 hexadecimal digits.</summary>
    public string ShortName => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Root)))[..8];

    /// <summary>
    /// Returns the directory for the sockets of the Executor's sandboxes. It is not under <see cref="Root"/>, because a socket path has at
    /// most 107 bytes.
    /// </summary>
    public string Links => Path.Combine(Path.GetTempPath(), "pixelgamedev-" + ShortName);

    /// <summary>Returns the directory of downloaded database programs, which all data directories share. Does not create it.</summary>
    public static string Programs() => Path.Combine(DefaultDirectory(), "programs");

    /// <summary>
    /// Returns <c>PIXELGAMEDEV_DATA</c>, otherwise <c>$XDG_DATA_HOME/pixelgamedev</c>, otherwise <c>~/.local/share/pixelgamedev</c>. For
    /// root, whose home is closed to other users, it is <c>/var/lib/pixelgamedev</c>.
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
    /// Returns a secret of this installation: from the environment if it is set there, otherwise generated once (256 bits) and stored.
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

/// <summary>Reports a problem that prevents the run. The message is one sentence that says what to do and can be shown alone.</summary>
internal sealed class HostException(string message, Exception? inner = null) : Exception(message, inner);
