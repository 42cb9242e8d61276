using PixelGameDev.ServiceDefaults;

namespace PixelGameDev.Executor.Docker;

/// <summary>Finds, pulls or builds the game image at start and whenever it is missing.</summary>
internal sealed partial class GameImageService(
    GameImage image, DockerConnection docker, BackgroundWork work, TimeProvider time, ILogger<GameImageService> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    // The first round may have to download and build the image.
    private readonly BackgroundPart _part = work.Register("game-image", TimeSpan.FromMinutes(15));
    private string? _reportedReason;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Interval, time);
        do
        {
            await _part.ExecuteAsync(EnsureAsync, stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task EnsureAsync(CancellationToken cancellationToken)
    {
        if (docker.UnavailableReason is not null)
        {
            return;
        }

        try
        {
            await image.CheckAsync(cancellationToken);
            if (image.UnavailableReason is not null)
            {
                await image.EnsureAsync(step => Log.Step(logger, step), cancellationToken);
                _reportedReason = null;
            }
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            // The reason is logged once, and each round tries again. Health reports the missing image itself.
            if (_reportedReason != error.Message)
            {
                _reportedReason = error.Message;
                Log.Missing(logger, _reportedReason);
            }

            throw new BackgroundDependencyException(error);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Step}")]
        public static partial void Step(ILogger logger, string step);

        [LoggerMessage(LogLevel.Error, "No game image: {Reason}")]
        public static partial void Missing(ILogger logger, string reason);
    }
}
