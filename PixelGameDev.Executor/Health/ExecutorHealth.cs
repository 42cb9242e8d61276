using System.Globalization;
using System.Reflection;
using PixelGameDev.Executor.Configuration;
using PixelGameDev.Executor.Docker;
using PixelGameDev.Executor.Pool;
using PixelGameDev.Executor.Sandboxes;
using PixelGameDev.Executor.Sessions;
using PixelGameDev.ServiceDefaults;
using PixelGameDev.Streaming.Contracts;

namespace PixelGameDev.Executor.Health;

/// <summary>
/// Creates the health document from memory. The monitor queries the daemon, and the system's numbers are read in the background, so the
/// answer is immediate even if the daemon or a disk hangs.
/// </summary>
internal sealed class ExecutorHealth(
    ExecutorOptions options, ISandboxFactory factory, DockerConnection docker, GameImage image,
    SessionRegistry sessions, WarmPool pool, SystemNumbers system, BackgroundWork work, TimeProvider time)
{
    private const long MinMemory = 100L * 1000 * 1000;
    private const double MaxDiskUsage = 95;

    private static readonly string Version =
        typeof(ExecutorHealth).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
            ?? "0.0.0";

    private volatile HealthSystem? _system;

    /// <summary>Reads the numbers of the system again.</summary>
    public HealthSystem ReadSystem() =>
        _system = new(system.CpuCount(), system.MemoryTotal(), system.MemoryAvailable(), system.DiskUsage());

    public HealthDocument Describe()
    {
        bool daemon = docker.UnavailableReason is null;
        bool imageThere = daemon && image.UnavailableReason is null;
        HealthSystem numbers = _system ?? ReadSystem();

        List<string> reasons = [];
        if (factory.Kind == SandboxKinds.Docker && options.ForceDocker)
        {
            if (!daemon)
            {
                reasons.Add($"Docker is required (FORCE_DOCKER_EXECUTION) but unavailable: {docker.UnavailableReason}");
            }
            else if (!imageThere)
            {
                reasons.Add($"The game image is required (FORCE_DOCKER_EXECUTION) but missing: {image.UnavailableReason}");
            }
        }

        if (numbers.MemoryAvailable < MinMemory)
        {
            reasons.Add($"Only {numbers.MemoryAvailable / 1_000_000} MB of memory are available; 100 are needed.");
        }

        if (numbers.DiskUsage > MaxDiskUsage)
        {
            reasons.Add(string.Create(CultureInfo.InvariantCulture,
                $"The disk is {numbers.DiskUsage:0.0} % full; at most {MaxDiskUsage} % is allowed."));
        }

        bool healthy = reasons.Count == 0;
        // These problems are reported but do not make the Executor unhealthy, because the other parts still work.
        reasons.AddRange(work.Problems());
        return new HealthDocument(
            healthy ? "healthy" : "unhealthy",
            "pygame-execution-backend",
            Version,
            time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture),
            options.EnvironmentName,
            numbers,
            new HealthSessions(sessions.Active, options.MaxSessions, pool.Ready, pool.TargetSize, sessions.Draining, sessions.ActiveIds),
            new HealthChecks(daemon, daemon, imageThere, options.ForceDocker),
            new HealthSandbox(factory.Kind, factory.UnavailableReason is null, factory.UnavailableReason, docker.Gaps.Count == 0 ? null
                : docker.Gaps),
            new HealthMemory(Environment.WorkingSet, GC.GetTotalMemory(forceFullCollection: false)),
            reasons.Count == 0 ? null : reasons);
    }
}
