using System.Globalization;
using PixelGameDev.Executor.Links;
using PixelGameDev.Executor.Sandboxes;

namespace PixelGameDev.Executor.Subprocess;

/// <summary>Creates the command lines of the two kinds of subprocess sandbox.</summary>
/// <param name="Policy">The policy of the sandbox.</param>
/// <param name="GameHost">The gamehost binary, readable by all users.</param>
/// <param name="Runtime">The Python package, readable by all users.</param>
/// <param name="Python">A Python with pygame.</param>
internal sealed record SubprocessCommand(SandboxPolicy Policy, string GameHost, string Runtime, PythonInstallation Python)
{
    private const string Prlimit = "/usr/bin/prlimit";
    private const string Setpriv = "/usr/bin/setpriv";
    private const string Bwrap = "bwrap";

    // Sandboxes have a lower priority than the developer's programs and our services, and equal priority among one another.
    private static readonly string[] GiveWay = ["/usr/bin/nice", "-n", "5"];

    private static readonly string[] SystemLinks = ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"];

    private static readonly string[] SystemFiles =
    [
        "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/fonts", "/etc/alternatives", "/etc/localtime",
        "/var/cache/fontconfig",
    ];

    /// <summary>
    /// Returns the command line with bubblewrap: separate namespaces, no network, and a read-only view of only the system's programs.
    /// </summary>
    /// <param name="linkDirectory">The directory with the listening socket.</param>
    /// <param name="user">
    /// The user id to switch to if the Executor is root; null: it is not root, and a user namespace maps the user.
    /// </param>
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

        // bubblewrap creates missing parent directories of a mount with access for their owner only.
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
            // Parent directories that bubblewrap creates itself are accessible only to root.
            "--perms", "0755", "--dir", "/opt", "--perms", "0755", "--dir", "/opt/pixel",
            "--ro-bind", GameHost, SandboxPolicy.GameHostPath,
            "--ro-bind", Runtime, SandboxPolicy.RuntimePath,
            "--ro-bind", linkDirectory, SandboxPolicy.LinkPath,
            "--remount-ro", "/",
            "--chdir", SandboxPolicy.WorkPath,
        ]);
        if (user is not null)
        {
            // Only the capabilities to switch to the other user, which then drops all of them.
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

    /// <summary>Returns the command line without namespaces: only resource limits, and another user if the Executor is root.</summary>
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

        // In this order each directory follows its parent.
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
