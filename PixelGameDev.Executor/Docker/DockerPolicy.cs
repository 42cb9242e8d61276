using System.Globalization;
using Docker.DotNet.Models;
using PixelGameDev.Executor.Links;
using PixelGameDev.Executor.Processors;
using PixelGameDev.Executor.Sandboxes;

namespace PixelGameDev.Executor.Docker;

/// <summary>
/// Turns <see cref="SandboxPolicy"/> into the parameters of a container. This is the only place that sets a flag of a sandbox.
/// </summary>
internal static class DockerPolicy
{
    /// <param name="policy">What the sandbox may do.</param>
    /// <param name="image">The game image.</param>
    /// <param name="labels">Whose it is, for the reaper.</param>
    /// <param name="linkDirectory">Directory with the listening socket; null: the link is standard input and output.</param>
    /// <param name="daemonRoot">The daemon's own directory, null when it is not known.</param>
    public static CreateContainerParameters Container(
        SandboxPolicy policy, string image, IDictionary<string, string> labels, string? linkDirectory, string? daemonRoot = null)
    {
        bool stdio = linkDirectory is null;
        string user = string.Create(CultureInfo.InvariantCulture, $"{policy.User}:{policy.User}");
        return new CreateContainerParameters
        {
            Image = image,
            User = user,
            Hostname = "game",
            WorkingDir = SandboxPolicy.WorkPath,
            Env = [.. SandboxPolicy.Environment],
            Labels = labels,
            NetworkDisabled = true,
            // GameHost is PID 1: signals from inside cannot kill it, and its end is the end of everything inside.
            Entrypoint = [SandboxPolicy.GameHostPath],
            Cmd =
            [
                "--link", stdio ? "stdio" : SandboxPolicy.LinkPath + "/" + LinkDirectory.SocketName,
                "--runtime", SandboxPolicy.RuntimePath,
                "--work", SandboxPolicy.WorkPath,
                "--python", SandboxPolicy.PythonPath,
            ],
            OpenStdin = stdio,
            StdinOnce = stdio,
            AttachStdin = stdio,
            AttachStdout = stdio,
            AttachStderr = false,
            Tty = false,
            HostConfig = Host(policy, linkDirectory, daemonRoot),
        };
    }

    /// <summary>
    /// Gets what a game does not see of <c>/proc</c> and <c>/sys</c>: what Docker hides by itself (a list of our own replaces that one, in
    /// all
    /// its versions), and what tells of the whole machine, its other programs and their habits. Reading <c>/proc/locks</c> even
    /// makes everybody wait who locks a file.
    /// </summary>
    internal static IReadOnlyList<string> MaskedPaths { get; } =
    [
        "/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kcore", "/proc/keys", "/proc/latency_stats",
        "/proc/sched_debug", "/proc/scsi",
        "/proc/timer_list", "/proc/timer_stats", "/sys/devices/virtual/powercap", "/sys/firmware",
        "/proc/buddyinfo", "/proc/diskstats", "/proc/locks", "/proc/modules", "/proc/pagetypeinfo", "/proc/partitions", "/proc/pressure",
        "/proc/slabinfo", "/proc/softirqs", "/proc/swaps", "/proc/vmallocinfo", "/proc/vmstat", "/proc/zoneinfo",
    ];

    /// <summary>A grant's time as Docker counts it.</summary>
    public static long NanoCpus(CpuGrant grant) => (long)(grant.Cpus * 1e9);

    private static HostConfig Host(SandboxPolicy policy, string? linkDirectory, string? daemonRoot) => new()
    {
        NetworkMode = "none",
        ReadonlyRootfs = true,
        Privileged = false,
        CapDrop = ["ALL"],
        SecurityOpt = ["no-new-privileges:true", "seccomp=" + SeccompProfile.Json],
        MaskedPaths = [.. MaskedPaths],
        IpcMode = "private",
        CgroupnsMode = "private",
        PublishAllPorts = false,
        AutoRemove = false,
        RestartPolicy = new RestartPolicy { Name = RestartPolicyKind.No },
        Init = false,
        Runtime = policy.Runtime,
        LogConfig = new LogConfig { Type = "none", Config = new Dictionary<string, string>() },
        Devices = [],
        Memory = policy.MemoryBytes,
        // The same as memory: no swap on top of it.
        MemorySwap = policy.MemoryBytes,
        MemorySwappiness = 0,
        OomKillDisable = false,
        // If the host itself runs out of memory, games go before services.
        OomScoreAdj = 500,
        // A sandbox begins with the low weight; CpuFairness raises it for one that leaves time to others.
        NanoCPUs = NanoCpus(policy.CpuOf(CpuRank.Low)),
        CPUShares = policy.CpuOf(CpuRank.Low).Weight,
        PidsLimit = policy.Pids + policy.RuntimePids,
        ShmSize = policy.SharedMemoryBytes,
        Tmpfs = new Dictionary<string, string>
        {
            [SandboxPolicy.WorkPath] = Tmpfs(policy.WorkBytes, policy.WorkInodes, policy.User, "0700"),
            ["/tmp"] = Tmpfs(policy.TmpBytes, policy.TmpInodes, policy.User, "0700"),
            // No terminals: the host has 3,072 for all containers, and their buffers are not the sandbox's memory.
            ["/dev/pts"] = "ro,nosuid,nodev,noexec,size=4096,nr_inodes=2,mode=0555",
        },
        Ulimits =
        [
            Limit("nofile", policy.OpenFiles),
            Limit("fsize", policy.FileBytes),
            Limit("core", policy.CoreBytes),
            Limit("memlock", 64 * 1024),
            Limit("msgqueue", 0),
            Limit("sigpending", policy.PendingSignals),
        ],
        Mounts = linkDirectory is null
            ? []
            :
            [
                // The only thing of the host inside: read-only, and empty once the link is connected.
                new Mount
                {
                    Type = "bind",
                    Source = linkDirectory,
                    Target = SandboxPolicy.LinkPath,
                    ReadOnly = true,
                    // From below the daemon's own root (a volume, when the Executor is a container itself) it allows no
                    // private mount; nothing is ever mounted there that could propagate.
                    BindOptions = new BindOptions { Propagation = IsBelow(linkDirectory, daemonRoot) ? "rslave" : "rprivate" },
                },
            ],
    };

    private static bool IsBelow(string directory, string? root) =>
        root is not null && directory.StartsWith(root.TrimEnd('/') + "/", StringComparison.Ordinal);

    private static string Tmpfs(long bytes, int inodes, int user, string mode) =>
        string.Create(CultureInfo.InvariantCulture,
            $"rw,nosuid,nodev,noexec,size={bytes},nr_inodes={inodes},mode={mode},uid={user},gid={user}");

    private static Ulimit Limit(string name, long value) => new() { Name = name, Soft = value, Hard = value };
}
