using System.Runtime.InteropServices;

namespace PixelGameDev.AppHost.Machine;

/// <summary>Provides the system calls that .NET lacks.</summary>
internal static partial class Posix
{
    public const int SigInt = 2;
    public const int SigQuit = 3;
    public const int SigKill = 9;
    public const int SigTerm = 15;

    /// <summary>Returns true when this process runs as root; Postgres refuses to run as root.</summary>
    public static bool IsRoot => !OperatingSystem.IsWindows() && EffectiveUserId() == 0;

    /// <summary>Sends a signal; false when the process has ended. A negative id addresses a process group.</summary>
    public static bool Signal(int process, int signal) => Kill(process, signal) == 0;

    /// <summary>Changes the owner of a file or directory, but not of a directory's contents.</summary>
    /// <exception cref="IOException">The system refused the change.</exception>
    public static void GiveTo(string path, UnixUser user)
    {
        if (ChangeOwner(path, user.Id, user.Group) != 0)
        {
            throw new IOException($"{path} cannot be given to the user {user.Name} (error {Marshal.GetLastPInvokeError()}).");
        }
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUserId();

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwner(string path, uint user, uint group);
}

/// <summary>A user from <c>/etc/passwd</c>.</summary>
internal sealed record UnixUser(string Name, uint Id, uint Group)
{
    /// <summary>Returns the options of <c>setpriv</c> that run a command as this user; they require root.</summary>
    public string[] Options => [$"--reuid={Id}", $"--regid={Group}", "--clear-groups"];

    /// <summary>Finds a user by name; null when there is none.</summary>
    public static UnixUser? Find(string name)
    {
        // Sample: postgres:x:101:104:PostgreSQL administrator,,,:/var/lib/postgresql:/bin/bash
        foreach (string line in File.Exists("/etc/passwd") ? File.ReadLines("/etc/passwd") : [])
        {
            string[] fields = line.Split(':');
            if (fields.Length >= 4 && fields[0] == name
                && uint.TryParse(fields[2], out uint id) && uint.TryParse(fields[3], out uint group))
            {
                return new UnixUser(name, id, group);
            }
        }

        return null;
    }
}
