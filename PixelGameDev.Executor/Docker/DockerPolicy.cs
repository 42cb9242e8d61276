using System.Globalization;
using Docker.DotNet.Models;
using PixelGameDev.Executor.Links;
using PixelGameDev.Executor.Processors;
using PixelGameDev.Executor.Sandboxes;

namespace PixelGameDev.Executor.Docker;

/// <summary>Converts <see cref="SandboxPolicy"/> into the parameters of a container. No other code sets a flag of a sandbox.</summary>
internal static class DockerPolicy
{
    /// <param name="policy">What the sandbox may do.</param>
    /// <param name="image">The game image.</param>
    /// <param name="labels">The owner labels for the reaper.</param>
    /// <param name="linkDirectory">The directory with the listening socket; null: the link uses standard input and output.</param>
    /// <param name="daemonRoot">The daemon's own directory; null: unknown.</param>
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
            // GameHost is PID 1: signals from inside cannot kill it, and its end ends all other processes of the container.
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
    /// Gets the hidden paths of <c>/proc</c> and <c>/sys</c>: those that Docker hides by default in any of its versions (this list replaces
    /// Docker's), and those with information about the whole machine and its other programs. A read of <c>/proc/locks</c> even delays all
    /// processes that lock files.
    /// </summary>
    internal static IReadOnlyList<string> MaskedPaths { get; } =
    [
        "/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kcore", "/proc/keys", "/proc/latency_stats",
        "/proc/sched_debug", "/proc/scsi",
        "/proc/timer_list", "/proc/timer_stats", "/sys/devices/virtual/powercap", "/sys/firmware",
        "/proc/buddyinfo", "/proc/diskstats", "/proc/locks", "/proc/modules", "/proc/pagetypeinfo", "/proc/partitions", "/proc/pressure",
        "/proc/slabinfo", "/proc/softirqs", "/proc/swaps", "/proc/vmallocinfo", "/proc/vmstat", "/proc/zoneinfo",
    ];

    /// <summary>Returns the processor time of a grant in Docker's unit.</summary>
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
        // The same value as memory means no additional swap.
        MemorySwap = policy.MemoryBytes,
        MemorySwappiness = 0,
        OomKillDisable = false,
        // If the host runs out of memory, the kernel kills games before services.
        OomScoreAdj = 500,
        // A sandbox starts with the low weight. CpuFairness raises it if the sandbox leaves time to others.
        NanoCPUs = NanoCpus(policy.CpuOf(CpuRank.Low)),
        CPUShares = policy.CpuOf(CpuRank.Low).Weight,
        PidsLimit = policy.Pids + policy.RuntimePids,
        ShmSize = policy.SharedMemoryBytes,
        Tmpfs = new Dictionary<string, string>
        {
            [SandboxPolicy.WorkPath] = Tmpfs(policy.WorkBytes, policy.WorkInodes, policy.User, "0700"),
            ["/tmp"] = Tmpfs(policy.TmpBytes, policy.TmpInodes, policy.User, "0700"),
            // No terminals: the host has only 3,072 for all containers, and their buffers do not count as memory of the sandbox.
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
                // The only mount from the host: read-only, and empty after the link is connected.
                new Mount
                {
                    Type = "bind",
                    Source = linkDirectory,
                    Target = SandboxPolicy.LinkPath,
                    ReadOnly = true,
                    // A path below the daemon's own root (a volume, if the Executor is a container itself) does not allow a private mount.
                    // No mount is ever made there that could propagate.
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
