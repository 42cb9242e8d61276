using PixelGameDev.Executor.Processors;

namespace PixelGameDev.Executor.Sandboxes;

/// <summary>
/// Defines what a sandbox is and may use. This is the only place to audit: <c>DockerPolicy</c> converts it into a container, and
/// <c>SubprocessLimits</c> into the weaker limits of development. Neither of them defines numbers of its own.
/// </summary>
internal sealed record SandboxPolicy
{
    /// <summary>The user and group inside; never root.</summary>
    public int User { get; init; } = 1000;

    /// <summary>The memory in bytes, including files in tmpfs. There is no additional swap.</summary>
    public long MemoryBytes { get; init; } = 256L << 20;

    /// <summary>The time limit in processors.</summary>
    public double Cpus { get; init; } = 1;

    /// <summary>
    /// The CPU weight of a sandbox that uses no more than its share, relative to the others on this machine. Only ratios count, and only
    /// when processors are short.
    /// </summary>
    public int FullWeight { get; init; } = 2048;

    /// <summary>
    /// The CPU weight of a sandbox that is being warmed up, is new, or uses more than its share. It must not take frames from running
    /// games; an equal share would be too much (docs/threat-model.md).
    /// </summary>
    public int LowWeight { get; init; } = 64;

    /// <summary>The time limit in processors for a sandbox whose threads only wake each other: no weight is low enough for them.</summary>
    public double StormCpus { get; init; } = 0.1;

    /// <summary>Returns the grant of a rank.</summary>
    public CpuGrant CpuOf(CpuRank rank) => rank switch
    {
        CpuRank.Full => new CpuGrant(FullWeight, Cpus),
        CpuRank.Storm => new CpuGrant(LowWeight, Math.Min(StormCpus, Cpus)),
        _ => new CpuGrant(LowWeight, Cpus),
    };

    /// <summary>The maximum number of processes and threads.</summary>
    public int Pids { get; init; } = 64;

    /// <summary>The size of the working directory (a tmpfs) in bytes, for the project's files and files that the game writes.</summary>
    public long WorkBytes { get; init; } = 64L << 20;

    /// <summary>The maximum number of files and directories in the working directory.</summary>
    public int WorkInodes { get; init; } = 8192;

    /// <summary>The size of <c>/tmp</c> (a tmpfs) in bytes.</summary>
    public long TmpBytes { get; init; } = 16L << 20;

    /// <summary>The maximum number of files and directories in <c>/tmp</c>.</summary>
    public int TmpInodes { get; init; } = 1024;

    /// <summary>The size of <c>/dev/shm</c> in bytes, for the game's own use. The pictures are in a memory file of GameHost.</summary>
    public long SharedMemoryBytes { get; init; } = 48L << 20;

    /// <summary>The maximum number of open files of one process.</summary>
    public long OpenFiles { get; init; } = 512;

    /// <summary>The size limit of a file in bytes.</summary>
    public long FileBytes { get; init; } = 64L << 20;

    /// <summary>
    /// The size limit of a core file in bytes. It is not 0: if the host pipes core files into a program, 0 still starts that program for
    /// each crash, as root and outside every sandbox. With exactly 1 the kernel starts nothing (core(5), <c>do_coredump</c>).
    /// </summary>
    public long CoreBytes { get; init; } = 1;

    /// <summary>
    /// The maximum number of queued signals and POSIX timers of the user. The kernel counts those of all sandboxes together.
    /// </summary>
    public long PendingSignals { get; init; } = 256;

    /// <summary>The OCI runtime, e.g. <c>runsc</c>; null: the daemon's default.</summary>
    public string? Runtime { get; init; }

    /// <summary>
    /// Tells whether the runtime is gVisor, by the names of gVisor's own installation: runsc, runsc-kvm, io.containerd.runsc.v1.
    /// </summary>
    public bool IsGVisor =>
        Runtime is not null
            && (Runtime.Contains("runsc", StringComparison.Ordinal) || Runtime.Contains("gvisor", StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// The number of processes and threads that the runtime itself needs in the control group. gVisor's kernel is a program of the host; a
    /// warm sandbox has about fifty. Without this reserve they would use the game's limit.
    /// </summary>
    public int RuntimePids => IsGVisor ? 192 : 0;

    /// <summary>The longest time from the start to a connected link with a Hello.</summary>
    public TimeSpan StartTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The paths inside a container.</summary>
    public const string GameHostPath = "/opt/pixel/gamehost";
    public const string RuntimePath = "/opt/pixel/runtime";
    public const string PythonPath = "/usr/bin/python3";
    public const string WorkPath = "/work";
    public const string LinkPath = "/link";

    /// <summary>
    /// The environment variables of all programs inside. Numeric libraries start one thread for each processor of the host, which could
    /// reach the limit of processes on a large machine.
    /// </summary>
    public static IReadOnlyList<string> Environment { get; } =
    [
        "HOME=/work",
        "TMPDIR=/tmp",
        "LANG=C.UTF-8",
        "OPENBLAS_NUM_THREADS=1",
        "OMP_NUM_THREADS=1",
        "PYTHONDONTWRITEBYTECODE=1",
    ];
}
