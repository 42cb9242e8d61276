using Docker.DotNet;
using Docker.DotNet.Models;
using PixelGameDev.Executor.Sandboxes;
using PixelGameDev.ServiceDefaults;

namespace PixelGameDev.Executor.Docker;

/// <summary>
/// Removes containers that nobody owns any more: those of an earlier Executor of our name, and those of our own that were
/// lost on the way (a removal that failed, an answer of the daemon that never came).
/// </summary>
internal sealed partial class DockerReaper(
    DockerConnection docker, SandboxLabels labels, SandboxRegistry registry, BackgroundWork work, TimeProvider time,
    ILogger<DockerReaper> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan ShutdownReapTimeout = TimeSpan.FromSeconds(5);

    /// <summary>A container this young may be on its way into the registry.</summary>
    private static readonly TimeSpan RegistrationGrace = TimeSpan.FromMinutes(2);

    /// <summary>Longest wait for the daemon's list of containers.</summary>
    private static readonly TimeSpan ListTimeout = TimeSpan.FromSeconds(30);

    private readonly BackgroundPart _part = work.Register("docker-reaper", TimeSpan.FromMinutes(5));

    /// <summary>Removes every container of this Executor, known or not.</summary>
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
            // The daemon is away: the next start removes them.
        }
    }

    /// <summary>Removes lost containers once; returns how many there were.</summary>
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
            // The daemon is away; the monitor says so, and the next round comes.
            throw new BackgroundDependencyException(error);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Removed {Count} sandboxes that nobody owned any more")]
        public static partial void Removed(ILogger logger, int count);
    }
}
