using Docker.DotNet;
using Docker.DotNet.Models;
using PixelGameDev.Executor.Sandboxes;
using PixelGameDev.ServiceDefaults;

namespace PixelGameDev.Executor.Docker;

/// <summary>
/// Removes containers without an owner: those of an earlier Executor with our name, and those of this process that were lost (because a
/// removal failed or an answer of the daemon never arrived).
/// </summary>
internal sealed partial class DockerReaper(
    DockerConnection docker, SandboxLabels labels, SandboxRegistry registry, BackgroundWork work, TimeProvider time,
    ILogger<DockerReaper> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan ShutdownReapTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The minimum age of a lost container: a younger one may not be in the registry yet.</summary>
    private static readonly TimeSpan RegistrationGrace = TimeSpan.FromMinutes(2);

    /// <summary>The longest wait for the daemon's list of containers.</summary>
    private static readonly TimeSpan ListTimeout = TimeSpan.FromSeconds(30);

    private readonly BackgroundPart _part = work.Register("docker-reaper", TimeSpan.FromMinutes(5));

    /// <summary>Removes every container of this Executor, whether it is registered or not.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ShutdownReapTimeout);
        try
        {
            await ReapAsync(everything: true, limit.Token);
        }
        catch (Exception error) when (error is DockerApiException or HttpRequestException or IOException or TimeoutException
            or OperationCanceledException)
        {
            // The daemon is unavailable; the next start removes them.
        }
    }

    /// <summary>Removes lost containers once. Returns their number.</summary>
    public Task<int> ReapAsync(CancellationToken cancellationToken) => ReapAsync(everything: false, cancellationToken);

    private async Task<int> ReapAsync(bool everything, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ListTimeout);
        IList<ContainerListResponse> containers = await docker.Client.Containers.ListContainersAsync(
            new ContainersListParameters
            {
                All = true,
                Filters = new Dictionary<string, IDictionary<string, bool>>
                {
                    ["label"] = new Dictionary<string, bool>
                    {
                        [$"{SandboxLabels.Role}={SandboxLabels.RoleSandbox}"] = true,
                        [$"{SandboxLabels.Executor}={labels.Identity}"] = true,
                    },
                },
            },
            limit.Token);

        int removed = 0;
        foreach (ContainerListResponse container in containers)
        {
            bool lost = labels.IsOurs(container.Labels)
                && (everything || !registry.Contains(container.ID))
                && (everything
                    || time.GetUtcNow() - new DateTimeOffset(
                        DateTime.SpecifyKind(container.Created, DateTimeKind.Utc)) > RegistrationGrace);
            if (lost || labels.IsLeftover(container.Labels))
            {
                await DockerSandbox.RemoveAsync(docker, container.ID, logger);
                removed++;
            }
        }

        if (removed > 0)
        {
            Log.Removed(logger, removed);
        }

        return removed;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Interval, time);
        do
        {
            await _part.ExecuteAsync(ReapOnceAsync, stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task ReapOnceAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ReapAsync(cancellationToken);
        }
        catch (Exception error) when (docker.UnavailableReason is not null && !cancellationToken.IsCancellationRequested)
        {
            // The daemon is unavailable. The monitor reports that, and the next round tries again.
            throw new BackgroundDependencyException(error);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Removed {Count} sandboxes that nobody owned any more")]
        public static partial void Removed(ILogger logger, int count);
    }
}
