using Docker.DotNet;
using Docker.DotNet.Models;
using PixelGameDev.Executor.Configuration;
using PixelGameDev.Executor.Sandboxes;
using PixelGameDev.ServiceDefaults;

namespace PixelGameDev.Executor.Docker;

/// <summary>
/// Holds the client of the daemon and the daemon's state. <see cref="DockerMonitor"/> polls the daemon continuously, so that health checks
/// and starts of sessions read the state from memory.
/// </summary>
internal sealed class DockerConnection : IDisposable
{
    /// <summary>How long the daemon may be silent before it counts as unavailable. A slow answer is still an answer.</summary>
    private static readonly TimeSpan MaxSilence = TimeSpan.FromSeconds(3);

    /// <summary>The timeout of one request. The next request uses another connection.</summary>
    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(15);

    private volatile string? _unavailable = "the Docker daemon has not been asked yet";
    private volatile VersionResponse? _version;
    private volatile IReadOnlyList<string> _gaps = [];

    private readonly SandboxPolicy _policy;
    private readonly Lock _gate = new();
    private Task? _asking;

    public DockerConnection(ExecutorOptions options)
    {
        _policy = options.Policy;
        Endpoint = options.DockerEndpoint;
        Client = new DockerClientBuilder().WithEndpoint(options.DockerEndpoint).WithTimeout(Timeout.InfiniteTimeSpan).Build();
    }

    public Uri Endpoint { get; }

    public IDockerClient Client { get; }

    /// <summary>Gets whether the daemon is on this machine, so that it can mount directories of this process.</summary>
    public bool IsLocal => Endpoint.Scheme == "unix";

    /// <summary>Gets why the daemon is unavailable; null while it answers.</summary>
    public string? UnavailableReason => _unavailable;

    /// <summary>Gets the version that the daemon reported; null before its first answer.</summary>
    public VersionResponse? Version => _version;

    /// <summary>Gets the daemon's own directory; null before its first answer.</summary>
    public string? RootDirectory { get; private set; }

    /// <summary>Gets the number of processors of the daemon's machine; that of this machine before the first answer.</summary>
    public int Processors { get; private set; } = Environment.ProcessorCount;

    /// <summary>Gets the memory of the daemon's machine in bytes; 0 before the first answer.</summary>
    public long MemoryTotal { get; private set; }

    /// <summary>Gets the parts of the sandbox policy that this daemon or kernel does not support; normally empty.</summary>
    public IReadOnlyList<string> Gaps => _gaps;

    /// <summary>
    /// Queries the daemon and waits up to <see cref="MaxSilence"/> for its answer. If a request is in progress, it waits for that one.
    /// </summary>
    /// <returns>Whether the daemon answers.</returns>
    public async Task<bool> AskAsync(CancellationToken cancellationToken)
    {
        Task asking;
        lock (_gate)
        {
            asking = _asking ??= Task.Run(AskDaemonAsync, CancellationToken.None);
        }

        if (!await StepwiseTimeout.WaitAsync(asking, MaxSilence, TimeProvider.System, cancellationToken))
        {
            _unavailable = $"the Docker daemon at {Endpoint} does not answer within {MaxSilence.TotalSeconds:0} s";
        }

        return _unavailable is null;
    }

    /// <summary>Queries the daemon once and stores the answer; never throws.</summary>
    private async Task AskDaemonAsync()
    {
        using CancellationTokenSource limit = new(AskTimeout);
        try
        {
            if (_version is null)
            {
                Task<VersionResponse> asked = Client.System.GetVersionAsync(limit.Token);
                SystemInfoResponse info = await Client.System.GetSystemInfoAsync(limit.Token);
                VersionResponse version = await asked;
                _gaps = [.. FindGaps(version, info, _policy), .. IsLocal ? HostGaps.Find() : []];
                RootDirectory = info.DockerRootDir;
                Processors = Math.Max(1, (int)info.NCPU);
                MemoryTotal = info.MemTotal;
                _version = version;
            }
            else
            {
                await Client.System.PingAsync(limit.Token);
            }

            _unavailable = null;
        }
        catch (Exception error)
        {
            _version = null;
            _unavailable = Explain(error);
        }
        finally
        {
            lock (_gate)
            {
                _asking = null;
            }
        }
    }

    /// <summary>Returns the parts of <see cref="SandboxPolicy"/> that a daemon does not support, in words for an operator.</summary>
    /// <param name="version">The version of the daemon.</param>
    /// <param name="info">The daemon's description of itself.</param>
    /// <param name="policy">The required policy.</param>
    internal static List<string> FindGaps(VersionResponse version, SystemInfoResponse info, SandboxPolicy policy)
    {
        List<string> gaps = [];
        // API 1.41 is from Docker 20.10. It has private cgroup namespaces and all other features that DockerPolicy uses.
        Need(System.Version.TryParse(version.APIVersion, out System.Version? api)
            && api >= new System.Version(1, 41), $"Docker {version.Version} is older than 20.10: no private cgroup namespaces");
        Need(info.CgroupDriver != "none",
            "no limit of memory, processor time or processes is kept (a rootless daemon on cgroup 1, or without delegated controllers)");
        Need(info.MemoryLimit, "memory is not limited (no memory cgroup)");
        Need(info.SwapLimit, "swap is not limited (kernel without swap accounting)");
        Need(info.PidsLimit, "processes are not limited (no pids cgroup)");
        Need(info.CPUCfsQuota, "processor time is not limited (no CFS quota)");
        Need(info.CPUShares, "games cannot be weighed against each other (no CPU weight)");
        Need(info.SecurityOptions?.Any(static option => option.Contains("seccomp", StringComparison.Ordinal)) == true,
            "system calls are not filtered (daemon without seccomp)");
        Need(info.OSType == "linux", $"containers are {info.OSType}, not Linux");
        // containerd finds a name such as io.containerd.runsc.v1 without an entry in the daemon's configuration.
        Need(
            policy.Runtime is not { } runtime || info.Runtimes?.ContainsKey(runtime) == true
                || runtime.StartsWith("io.containerd.", StringComparison.Ordinal),
            $"no game can start: this daemon has no runtime called {policy.Runtime} (SANDBOX_RUNTIME)");
        Need(
            !policy.IsGVisor,
            "gVisor keeps some limits in its own way: the number of files is not limited, our list of system calls is not applied, " +
                "processes that only wake each other are not seen, and its own threads count as the game's");
        return gaps;

        void Need(bool given, string gap)
        {
            if (!given)
            {
                gaps.Add(gap);
            }
        }
    }

    public void Dispose() => Client.Dispose();

    private string Explain(Exception error)
    {
        if (error is OperationCanceledException)
        {
            return $"the Docker daemon at {Endpoint} does not answer within {AskTimeout.TotalSeconds:0} s";
        }

        string reason = (error.GetBaseException().Message is { Length: > 0 } text ? text : error.GetType().Name).ReplaceLineEndings(" ");
        return $"the Docker daemon at {Endpoint} cannot be reached: {reason}";
    }
}
