namespace PixelGameDev.Executor.Sandboxes.Docker;

/// <summary>Asks the daemon every few seconds and tells when it goes away and comes back.</summary>
internal sealed partial class DockerMonitor(DockerConnection docker, TimeProvider time, ILogger<DockerMonitor> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Interval, time);
        bool was = docker.Unavailable is null;
        do
        {
            bool available = await docker.AskAsync(stoppingToken);
            if (available != was)
            {
                if (available)
                {
                    Log.Back(logger, docker.Version?.Version);
                }
                else
                {
                    Log.Away(logger, docker.Unavailable);
                }
            }

            was = available;
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Docker {Version} answers")]
        public static partial void Back(ILogger logger, string? version);

        [LoggerMessage(LogLevel.Error, "Docker is away: {Reason}")]
        public static partial void Away(ILogger logger, string? reason);
    }
}
