using System.Threading.RateLimiting;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Security;

namespace PixelGameDev.Api.Accounts;

/// <summary>
/// Lets an account download everything once at a time, and a few accounts at the same time: each download reads everything of somebody.
/// </summary>
internal sealed class ExportPlaces(TimeSpan? maxWait = null, TimeProvider? time = null) : IDisposable
{
    /// <summary>The number of downloads at the same time.</summary>
    public const int AtOnce = 4;

    private const int MaxWaiting = 100;

    private readonly PartitionedRateLimiter<Guid> _ofAccount = PartitionedRateLimiter.Create<Guid, Guid>(static account =>
        RateLimitPartition.GetConcurrencyLimiter(account, _ => new ConcurrencyLimiterOptions { PermitLimit = 1, QueueLimit = 0 }));

    private readonly ConcurrencyLimiter _ofAll = new(new ConcurrencyLimiterOptions { PermitLimit = AtOnce, QueueLimit = MaxWaiting });

    /// <summary>Waits for a place. Dispose the result to release it.</summary>
    /// <exception cref="ProblemException">429: the account has a download already, or no place became free.</exception>
    public async Task<IDisposable> EnterAsync(Guid account, CancellationToken cancellationToken)
    {
        RateLimitLease own = _ofAccount.AttemptAcquire(account);
        if (!own.IsAcquired)
        {
            throw CreateProblem("export_running", "A download is running",
                "A download like this is running already. Wait until it is finished, then try again.");
        }

        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(maxWait ?? RequestBudgets.MaxWait);
        try
        {
            RateLimitLease place = await _ofAll.AcquireAsync(1, limit.Token);
            if (place.IsAcquired)
            {
                return new Places(own, place);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // No place became free in time.
        }
        catch
        {
            own.Dispose();
            throw;
        }

        own.Dispose();
        throw CreateProblem("exports_busy", "Others are downloading",
            "Others are downloading everything of theirs right now. Wait a minute, then try again.");
    }

    /// <summary>Starts to watch the pace of a download.</summary>
    public AnswerPace Watch(HttpContext context) =>
        new(context, () => _ofAll.GetStatistics()?.CurrentQueuedCount > 0, time ?? TimeProvider.System);

    public void Dispose()
    {
        _ofAccount.Dispose();
        _ofAll.Dispose();
    }

    private static ProblemException CreateProblem(string code, string title, string detail) =>
        new(StatusCodes.Status429TooManyRequests, code, title, detail) { RetryAfter = 10 };

    private sealed class Places(RateLimitLease own, RateLimitLease place) : IDisposable
    {
        public void Dispose()
        {
            place.Dispose();
            own.Dispose();
        }
    }
}
