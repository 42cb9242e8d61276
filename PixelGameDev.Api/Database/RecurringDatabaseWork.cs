using PixelGameDev.Api.Problems;

namespace PixelGameDev.Api.Database;

/// <summary>
/// Work on the database that is done again and again, from when the schema is ready. What fails because database or Executor are away
/// is done by the next round; nothing else ends the rounds either.
/// </summary>
internal abstract partial class RecurringDatabaseWork(TimeSpan interval, DatabaseMigrator migrator, TimeProvider time, ILogger logger)
    : BackgroundService
{
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (!migrator.IsFinished)
                {
                    continue;
                }

                try
                {
                    await DoRoundAsync(stoppingToken);
                }
                catch (Exception error) when (error is ProblemException || DatabaseErrors.IsAway(error))
                {
                    // Away for a moment: the next round finds out what happened meanwhile.
                }
                catch (Exception error) when (error is not OperationCanceledException)
                {
                    LogFailed(logger, GetType().Name, error);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    protected abstract Task DoRoundAsync(CancellationToken cancellationToken);

    [LoggerMessage(LogLevel.Error, "A round of {Work} failed; the next one tries again")]
    private static partial void LogFailed(ILogger logger, string work, Exception error);
}
