using PixelGameDev.Executor.Links;
using PixelGameDev.Executor.Sandboxes;

namespace PixelGameDev.Executor.Configuration;

/// <summary>Lists the ways to connect GameHost and the Executor.</summary>
internal enum LinkMode
{
    /// <summary>The socket if it works; otherwise the standard streams.</summary>
    Auto,
    /// <summary>A Unix socket in a separate directory of the sandbox.</summary>
    Socket,
    /// <summary>The standard input and output of the sandbox.</summary>
    Stdio,
}

/// <summary>
/// Holds all settings of the Executor. <see cref="ExecutorSettings"/> reads and checks them once at start; no other code reads the
/// configuration.
/// </summary>
internal sealed record ExecutorOptions
{
    /// <summary><c>FORCE_DOCKER_EXECUTION</c>: only Docker containers are allowed as sandboxes.</summary>
    public required bool ForceDocker { get; init; }

    /// <summary><c>SANDBOX_KIND</c>: the only allowed kind; null: the safest available kind.</summary>
    public string? SandboxKind { get; init; }

    /// <summary>The key of service tokens: the UTF-8 bytes of <c>EXECUTOR_SECRET_KEY</c>; at least 32.</summary>
    public required byte[] ServiceKey { get; init; }

    /// <summary>The maximum number of concurrent sessions, 1 … 1000.</summary>
    public int MaxSessions { get; init; } = 5;

    /// <summary>The maximum number of concurrent sessions of one account, 1 … 100.</summary>
    public int MaxSessionsPerOwner { get; init; } = 2;

    /// <summary>The maximum number of people who watch one session by its invitation, 1 … 1000.</summary>
    public int MaxWatchers { get; init; } = 100;

    /// <summary>The longest duration of a session.</summary>
    public TimeSpan MaxSessionTime { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>The time after which a session without viewers ends.</summary>
    public TimeSpan IdleTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The maximum size of the Python source of one project in bytes.</summary>
    public int MaxCodeBytes { get; init; } = 1_000_000;

    /// <summary>The maximum size of all files of one project in bytes.</summary>
    public int MaxProjectBytes { get; init; } = 24 * 1024 * 1024;

    /// <summary>The maximum number of files in one project.</summary>
    public int MaxProjectFiles { get; init; } = 1000;

    /// <summary>
    /// The minimum number of ready sandboxes, 0 … 100; the pool keeps more during bursts of starts. 0: it keeps none at all.
    /// </summary>
    public int Warm { get; init; } = 2;

    /// <summary>
    /// <c>SANDBOX_MEMORY_TOTAL</c>: the memory for all sandboxes together in bytes; null: the memory of the machine where they run.
    /// </summary>
    public long? SandboxMemoryTotal { get; init; }

    /// <summary>The kind of the link to a sandbox.</summary>
    public LinkMode Link { get; init; }

    /// <summary>The directory for link directories. Its path is the same inside and outside the Executor's own container.</summary>
    public required string LinkDirectory { get; init; }

    /// <summary>What a sandbox may do and use.</summary>
    public SandboxPolicy Policy { get; init; } = new();

    /// <summary>The address of the Docker daemon.</summary>
    public Uri DockerEndpoint { get; init; } = new("unix:///var/run/docker.sock");

    /// <summary>
    /// <c>GAME_IMAGE</c>: the game image, used unchanged; null: the image is built here and tagged with the hash of its contents.
    /// </summary>
    public string? GameImage { get; init; }

    /// <summary><c>GAME_BASE_IMAGE</c>: the base image of the game image.</summary>
    public string GameBaseImage { get; init; } = "debian:trixie-slim";

    /// <summary><c>GAME_PYGAME</c>: <c>pygame</c>, the one of Debian, or what pip installs in its place, such as pygame-ce.</summary>
    public string GamePygame { get; init; } = "pygame";

    /// <summary>
    /// <c>GAME_BUILD_NETWORK</c>: the network of the containers that build the game image; null: the daemon's default. A daemon without a
    /// bridge (the private one of <c>./pixel</c>) needs <c>host</c>.
    /// </summary>
    public string? GameBuildNetwork { get; init; }

    /// <summary><c>GAMEHOST_PATH</c>: the gamehost binary; null: the Executor searches upwards from the content root.</summary>
    public string? GameHostPath { get; init; }

    /// <summary><c>PIXEL_RUNTIME_PATH</c>: the directory of the Python package; null: the Executor searches for it.</summary>
    public string? RuntimePath { get; init; }

    /// <summary><c>PYTHON_PATH</c>: a Python with pygame for the subprocess sandbox; null: the Executor searches for it.</summary>
    public string? PythonPath { get; init; }

    /// <summary>The start directory of the searches.</summary>
    public required string ContentRoot { get; init; }

    /// <summary><c>EXECUTOR_ID</c>: the name in the labels of containers. Leftovers with the same name are removed.</summary>
    public required string Identity { get; init; }

    /// <summary>The name of the environment; shown in the health document.</summary>
    public string EnvironmentName { get; init; } = "Production";
}
