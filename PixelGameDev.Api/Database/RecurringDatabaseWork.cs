using PixelGameDev.Api.Problems;
using PixelGameDev.ServiceDefaults;

namespace PixelGameDev.Api.Database;

/// <summary>
/// Repeats work on the database when the schema is ready. If a round fails because the database or the Executor is unavailable, the next
/// round does its work. No other failure ends the rounds either. <see cref="BackgroundWork"/> stores the result of each round.
/// </summary>
internal abstract class RecurringDatabaseWork(
    string name, TimeSpan interval, DatabaseMigrator migrator, TimeProvider time, BackgroundWork work)
    : BackgroundService
{
    /// <summary>The time in addition to three rounds that the work may go without a success before health reports it.</summary>
    private static readonly TimeSpan GracePeriod = TimeSpan.FromMinutes(1);

    private readonly BackgroundPart _part = work.Register(name, (3 * interval) + GracePeriod);

    /// <summary>Returns the clock of the rounds.</summary>
    protected TimeProvider Time => time;

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (!migrator.IsFinished)
                {
                    _part.Failed(new InvalidOperationException("the database is not ready yet"), expected: true);
                    continue;
                }

                await _part.ExecuteAsync(ExecuteRoundAsync, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    protected abstract Task ExecuteOnceAsync(CancellationToken cancellationToken);

    private async Task ExecuteRoundAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ExecuteOnceAsync(cancellationToken);
        }
        catch (Exception error) when (error is ProblemException || DatabaseErrors.IsTransient(error))
        {
            // Temporarily unavailable; the next round handles what happened meanwhile.
            throw new BackgroundDependencyException(error);
        }
    }
}
