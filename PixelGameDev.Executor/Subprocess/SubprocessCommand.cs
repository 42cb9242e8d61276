using System.Globalization;
using PixelGameDev.Executor.Links;
using PixelGameDev.Executor.Sandboxes;

namespace PixelGameDev.Executor.Subprocess;

/// <summary>The command lines of the two kinds of subprocess sandbox.</summary>
/// <param name="Policy">What the sandbox may use.</param>
/// <param name="GameHost">The gamehost binary, readable by everybody.</param>
/// <param name="Runtime">The Python package, readable by everybody.</param>
/// <param name="Python">A Python with pygame.</param>
internal sealed record SubprocessCommand(SandboxPolicy Policy, string GameHost, string Runtime, PythonInstallation Python)
{
    private const string Prlimit = "/usr/bin/prlimit";
    private const string Setpriv = "/usr/bin/setpriv";
    private const string Bwrap = "bwrap";

    // Behind the developer's own programs and our services; among one another, sandboxes are equal.
    private static readonly string[] GiveWay = ["/usr/bin/nice", "-n", "5"];

    private static readonly string[] SystemLinks = ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"];

    private static readonly string[] SystemFiles =
    [
        "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/fonts", "/etc/alternatives", "/etc/localtime",
        "/var/cache/fontconfig",
    ];

    /// <summary>Bubblewrap: namespaces of its own, no network, a read-only view of the system's programs and of nothing else.</summary>
    /// <param name="linkDirectory">Directory with the listening socket.</param>
    /// <param name="user">Number to become when we are root; null: we are not, and a user namespace maps us.</param>
    public List<string> Bubblewrap(string linkDirectory, int? user)
    {
        List<string> command =
        [
            .. GiveWay, Bwrap, "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try",
            "--new-session", "--die-with-parent", "--as-pid-1", "--hostname", "game", "--clearenv",
        ];
        if (user is null)
        {
            command.AddRange(["--unshare-user", "--uid", Number(Policy.User), "--gid", Number(Policy.User)]);
        }

        foreach (string variable in SandboxPolicy.Environment)
        {
            string[] parts = variable.Split('=', 2);
            command.AddRange(["--setenv", parts[0], parts[1]]);
        }

        command.AddRange(["--setenv", "PATH", "/usr/bin:/bin", "--ro-bind", "/usr", "/usr"]);
        foreach (string link in SystemLinks)
        {
            if (new DirectoryInfo(link) is { LinkTarget: { } target })
            {
                command.AddRange(["--symlink", target, link]);
            }
            else if (Directory.Exists(link))
            {
                command.AddRange(["--ro-bind", link, link]);
            }
        }

        // Directories on the way to a mount would be made for their owner alone.
        foreach (string parent in Parents([.. SystemFiles, .. Python.Directories, SandboxPolicy.GameHostPath]))
        {
            command.AddRange(["--perms", "0755", "--dir", parent]);
        }

        foreach (string path in SystemFiles.Concat(Python.Directories))
        {
            command.AddRange(["--ro-bind-try", path, path]);
        }

        command.AddRange(
        [
            "--proc", "/proc", "--dev", "/dev",
            "--perms", "1777", "--size", Number(Policy.SharedMemoryBytes), "--tmpfs", "/dev/shm",
            "--perms", "1777", "--size", Number(Policy.TmpBytes), "--tmpfs", "/tmp",
            "--perms", "1777", "--size", Number(Policy.WorkBytes), "--tmpfs", SandboxPolicy.WorkPath,
            // Directories that bubblewrap makes on the way are closed to everybody but their maker, root.
            "--perms", "0755", "--dir", "/opt", "--perms", "0755", "--dir", "/opt/pixel",
            "--ro-bind", GameHost, SandboxPolicy.GameHostPath,
            "--ro-bind", Runtime, SandboxPolicy.RuntimePath,
            "--ro-bind", linkDirectory, SandboxPolicy.LinkPath,
            "--remount-ro", "/",
            "--chdir", SandboxPolicy.WorkPath,
        ]);
        if (user is not null)
        {
            // Just enough to become the other user, which then gives all of it up.
            command.AddRange(["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--cap-add", "CAP_SETPCAP"]);
        }

        command.Add("--");
        command.AddRange(Become(user));
        command.Add(Prlimit);
        command.AddRange(SubprocessLimits.Prlimit(Policy, ownUser: true));
        command.AddRange(
        [
            SandboxPolicy.GameHostPath, "--link", SandboxPolicy.LinkPath + "/" + LinkDirectory.SocketName,
            "--runtime", SandboxPolicy.RuntimePath, "--work", SandboxPolicy.WorkPath, "--python", Python.Program,
        ]);
        return command;
    }

    /// <summary>No namespaces: resource limits only, and another user where we are root.</summary>
    public List<string> Plain(string linkDirectory, string work, int? user)
    {
        List<string> command = [.. GiveWay, .. Become(user)];
        if (File.Exists(Prlimit))
        {
            command.Add(Prlimit);
            command.AddRange(SubprocessLimits.Prlimit(Policy, ownUser: user is not null));
        }

        command.AddRange(
        [
            GameHost, "--link", Path.Combine(linkDirectory, LinkDirectory.SocketName),
            "--runtime", Runtime, "--work", work, "--python", Python.Program,
        ]);
        return command;
    }

    private static SortedSet<string> Parents(IEnumerable<string> paths)
    {
        SortedSet<string> parents = new(StringComparer.Ordinal);
        foreach (string path in paths)
        {
            for (string? parent = Path.GetDirectoryName(path); parent is { Length: > 1 }; parent = Path.GetDirectoryName(parent))
            {
                parents.Add(parent);
            }
        }

        // In this order each comes after what it lies in.
        return parents;
    }

    private static string[] Become(int? user) => user is { } number
        ?
        [
            Setpriv, "--reuid", Number(number), "--regid", Number(number), "--clear-groups",
            "--inh-caps=-all", "--bounding-set=-all", "--no-new-privs",
        ]
        : [];

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
