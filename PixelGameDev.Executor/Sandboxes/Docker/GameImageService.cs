namespace PixelGameDev.Executor.Sandboxes.Docker;

/// <summary>Sees to it that the game image is there, at start and whenever it went missing.</summary>
internal sealed partial class GameImageService(
    GameImage image, DockerConnection docker, TimeProvider time, ILogger<GameImageService> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Interval, time);
        string? told = null;
        do
        {
            if (docker.Unavailable is not null)
            {
                continue;
            }

            try
            {
                await image.CheckAsync(stoppingToken);
                if (image.Unavailable is not null)
                {
                    await image.EnsureAsync(step => Log.Step(logger, step), stoppingToken);
                    told = null;
                }
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                // Said once per reason, tried again every round.
                if (told != error.Message)
                {
                    told = error.Message;
                    Log.Missing(logger, told);
                }
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Step}")]
        public static partial void Step(ILogger logger, string step);

        [LoggerMessage(LogLevel.Error, "No game image: {Reason}")]
        public static partial void Missing(ILogger logger, string reason);
    }
}
