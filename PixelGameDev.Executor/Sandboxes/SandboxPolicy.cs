using PixelGameDev.Executor.Processors;

namespace PixelGameDev.Executor.Sandboxes;

/// <summary>
/// Says what a sandbox is and may use. This is the one audited place: <c>DockerPolicy</c> turns it into a container,
/// <c>SubprocessLimits</c> into the weaker limits of development; neither has a number of its own.
/// </summary>
internal sealed record SandboxPolicy
{
    /// <summary>User and group inside, never root.</summary>
    public int User { get; init; } = 1000;

    /// <summary>Memory, bytes, files in tmpfs included; swap is not given on top.</summary>
    public long MemoryBytes { get; init; } = 256L << 20;

    /// <summary>Processors' worth of time.</summary>
    public double Cpus { get; init; } = 1;

    /// <summary>
    /// CPU weight of a sandbox that uses no more than its share, against the others' of this machine. Only ratios count, and only
    /// where processors are short.
    /// </summary>
    public int FullWeight { get; init; } = 2048;

    /// <summary>
    /// CPU weight of a sandbox that is being warmed, is new, or uses more than its share: it must not take a frame from running games.
    /// An equal share would be too much (docs/threat-model.md).
    /// </summary>
    public int LowWeight { get; init; } = 64;

    /// <summary>
    /// Processors' worth of time for a sandbox whose threads do nothing but wake each other: no weight is low enough for those.
    /// </summary>
    public double StormCpus { get; init; } = 0.1;

    /// <summary>Returns what a rank is given.</summary>
    public CpuGrant CpuOf(CpuRank rank) => rank switch
    {
        CpuRank.Full => new CpuGrant(FullWeight, Cpus),
        CpuRank.Storm => new CpuGrant(LowWeight, Math.Min(StormCpus, Cpus)),
        _ => new CpuGrant(LowWeight, Cpus),
    };

    /// <summary>Processes and threads.</summary>
    public int Pids { get; init; } = 64;

    /// <summary>The working directory (a tmpfs), bytes: the project's files and what the game writes.</summary>
    public long WorkBytes { get; init; } = 64L << 20;

    /// <summary>Files and directories in the working directory.</summary>
    public int WorkInodes { get; init; } = 8192;

    /// <summary><c>/tmp</c> (a tmpfs), bytes.</summary>
    public long TmpBytes { get; init; } = 16L << 20;

    /// <summary>Files and directories in <c>/tmp</c>.</summary>
    public int TmpInodes { get; init; } = 1024;

    /// <summary><c>/dev/shm</c>, bytes: for the game's own; its pictures are in a memory file of GameHost's.</summary>
    public long SharedMemoryBytes { get; init; } = 48L << 20;

    /// <summary>Open files of one process.</summary>
    public long OpenFiles { get; init; } = 512;

    /// <summary>Largest file, bytes.</summary>
    public long FileBytes { get; init; } = 64L << 20;

    /// <summary>
    /// Largest core file, bytes. Not 0: where the host pipes core files into a program, 0 still starts that program, as root and
    /// outside of every sandbox, for each crash. At exactly 1 the kernel starts nothing (core(5), <c>do_coredump</c>).
    /// </summary>
    public long CoreBytes { get; init; } = 1;

    /// <summary>Queued signals and POSIX timers of the user; the kernel counts those of all sandboxes together.</summary>
    public long PendingSignals { get; init; } = 256;

    /// <summary>OCI runtime, e.g. <c>runsc</c>; null: the daemon's own.</summary>
    public string? Runtime { get; init; }

    /// <summary>
    /// The runtime is gVisor, by the names its own installation gives it: runsc, runsc-kvm, io.containerd.runsc.v1.
    /// </summary>
    public bool IsGVisor =>
        Runtime is not null
            && (Runtime.Contains("runsc", StringComparison.Ordinal) || Runtime.Contains("gvisor", StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// Processes and threads that the runtime itself needs in the control group. gVisor's kernel is a program of the host: with a warm
    /// sandbox some fifty were counted. Room for the game alone would be shared with them.
    /// </summary>
    public int RuntimePids => IsGVisor ? 192 : 0;

    /// <summary>Longest time from start to a connected link that has said Hello.</summary>
    public TimeSpan StartTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Where things are inside a container.</summary>
    public const string GameHostPath = "/opt/pixel/gamehost";
    public const string RuntimePath = "/opt/pixel/runtime";
    public const string PythonPath = "/usr/bin/python3";
    public const string WorkPath = "/work";
    public const string LinkPath = "/link";

    /// <summary>
    /// Environment of everything inside. Numeric libraries start a thread for each processor of the host, which on a large
    /// machine alone would meet the limit of processes.
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
