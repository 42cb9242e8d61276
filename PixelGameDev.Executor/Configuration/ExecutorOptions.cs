using PixelGameDev.Executor.Links;
using PixelGameDev.Executor.Sandboxes;

namespace PixelGameDev.Executor.Configuration;

/// <summary>How GameHost and the Executor are joined.</summary>
internal enum LinkMode
{
    /// <summary>The socket where it reaches, else the standard streams.</summary>
    Auto,
    /// <summary>A Unix socket in a directory of the sandbox's own.</summary>
    Socket,
    /// <summary>The sandbox's standard input and output.</summary>
    Stdio,
}

/// <summary>
/// Holds every setting of the Executor. <see cref="ExecutorSettings"/> reads and checks them once, at start; nothing else reads the
/// configuration.
/// </summary>
internal sealed record ExecutorOptions
{
    /// <summary><c>FORCE_DOCKER_EXECUTION</c>: sandboxes are Docker containers or nothing.</summary>
    public required bool ForceDocker { get; init; }

    /// <summary><c>SANDBOX_KIND</c>: the only kind allowed; null: the best there is.</summary>
    public string? SandboxKind { get; init; }

    /// <summary>Key of service tokens, UTF-8 bytes of <c>EXECUTOR_SECRET_KEY</c>; 32 or more.</summary>
    public required byte[] ServiceKey { get; init; }

    /// <summary>Sessions at the same time, 1 … 1000.</summary>
    public int MaxSessions { get; init; } = 5;

    /// <summary>Sessions of one person at the same time, 1 … 100.</summary>
    public int MaxSessionsPerOwner { get; init; } = 2;

    /// <summary>Longest life of a session.</summary>
    public TimeSpan MaxSessionTime { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>Time after which a session that nobody watches ends.</summary>
    public TimeSpan IdleTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Bytes of Python source in one project.</summary>
    public int MaxCodeBytes { get; init; } = 100_000;

    /// <summary>Bytes of all files of one project.</summary>
    public int MaxProjectBytes { get; init; } = 24 * 1024 * 1024;

    /// <summary>Files in one project.</summary>
    public int MaxProjectFiles { get; init; } = 500;

    /// <summary>Sandboxes kept ready at least, 0 … 100; more while people press Run in bursts. 0: none at all.</summary>
    public int Warm { get; init; } = 2;

    /// <summary>
    /// <c>SANDBOX_MEMORY_TOTAL</c>: memory that all sandboxes together may fill, bytes; null: what the machine has where they live.
    /// </summary>
    public long? SandboxMemoryTotal { get; init; }

    /// <summary>Gets how the sandbox is joined.</summary>
    public LinkMode Link { get; init; }

    /// <summary>Gets where link directories are made; the same path inside and outside of the Executor's own container.</summary>
    public required string LinkDirectory { get; init; }

    /// <summary>Gets what the sandbox may do and use.</summary>
    public SandboxPolicy Policy { get; init; } = new();

    /// <summary>Address of the Docker daemon.</summary>
    public Uri DockerEndpoint { get; init; } = new("unix:///var/run/docker.sock");

    /// <summary><c>GAME_IMAGE</c>: image to use as it is; null: built here under the hash of its contents.</summary>
    public string? GameImage { get; init; }

    /// <summary><c>GAME_BASE_IMAGE</c>: what the game image is built on.</summary>
    public string GameBaseImage { get; init; } = "debian:trixie-slim";

    /// <summary>
    /// <c>GAME_BUILD_NETWORK</c>: network of the containers that build the game image; null: the daemon's default. A daemon without
    /// a bridge (the private one of <c>./pixel</c>) needs <c>host</c>.
    /// </summary>
    public string? GameBuildNetwork { get; init; }

    /// <summary><c>GAMEHOST_PATH</c>: the gamehost binary; null: searched upwards from the content root.</summary>
    public string? GameHostPath { get; init; }

    /// <summary><c>PIXEL_RUNTIME_PATH</c>: directory of the Python package; null: searched.</summary>
    public string? RuntimePath { get; init; }

    /// <summary><c>PYTHON_PATH</c>: a Python with pygame for the subprocess sandbox; null: probed.</summary>
    public string? PythonPath { get; init; }

    /// <summary>Directory the searches start at.</summary>
    public required string ContentRoot { get; init; }

    /// <summary><c>EXECUTOR_ID</c>: name in the labels of containers; leftovers under the same name are removed.</summary>
    public required string Identity { get; init; }

    /// <summary>Shown in health.</summary>
    public string EnvironmentName { get; init; } = "Production";
}
