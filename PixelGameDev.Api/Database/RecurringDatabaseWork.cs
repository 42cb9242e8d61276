using PixelGameDev.Api.Problems;
using PixelGameDev.ServiceDefaults;

namespace PixelGameDev.Api.Database;

/// <summary>
/// Repeats work on the database once the schema is ready. A round that fails because database or Executor are unavailable is repeated by
/// the next one; no other failure ends the rounds either. <see cref="BackgroundWork"/> keeps how each round ended.
/// </summary>
internal abstract class RecurringDatabaseWork(
    string name, TimeSpan interval, DatabaseMigrator migrator, TimeProvider time, BackgroundWork work)
    : BackgroundService
{
    /// <summary>On top of three rounds: how long the work may go without a success before health reports it.</summary>
    private static readonly TimeSpan GracePeriod = TimeSpan.FromMinutes(1);

    private readonly BackgroundPart _part = work.Register(name, (3 * interval) + GracePeriod);

    /// <summary>The clock of the rounds.</summary>
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
            // Unavailable for a moment: the next round finds out what happened meanwhile.
            throw new BackgroundDependencyException(error);
        }
    }
}
