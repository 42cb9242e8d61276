using PixelGameDev.ServiceDefaults;

namespace PixelGameDev.Executor.Docker;

/// <summary>
/// Polls the daemon continuously and logs when it becomes unavailable or available. It detects an unavailable daemon within four seconds.
/// </summary>
internal sealed partial class DockerMonitor(
    DockerConnection docker, BackgroundWork work, TimeProvider time, ILogger<DockerMonitor> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(750);

    private readonly BackgroundPart _part = work.Register("docker-monitor", TimeSpan.FromMinutes(1));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Interval, time);
        bool was = docker.UnavailableReason is null;
        do
        {
            await _part.ExecuteAsync(async stopping => was = await AskAsync(was, stopping), stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<bool> AskAsync(bool was, CancellationToken cancellationToken)
    {
        bool available = await docker.AskAsync(cancellationToken);
        if (available && !was)
        {
            Log.Available(logger, docker.Version?.Version);
        }
        else if (was && !available)
        {
            Log.Unavailable(logger, docker.UnavailableReason);
        }

        return available;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Docker {Version} answers")]
        public static partial void Available(ILogger logger, string? version);

        [LoggerMessage(LogLevel.Error, "Docker is away: {Reason}")]
        public static partial void Unavailable(ILogger logger, string? reason);
    }
}
