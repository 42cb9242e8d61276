using System.Threading.RateLimiting;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Security.Authentication;

namespace PixelGameDev.Api.Security;

/// <summary>
/// Limits the memory of answers whose content is in memory until the client has taken it. An answer has a place for each megabyte; one
/// without places waits.
/// </summary>
internal sealed class LargeAnswers : IDisposable
{
    /// <summary>The maximum size in bytes of an answer that needs no place.</summary>
    public const int SmallAnswer = 64 * 1024;

    /// <summary>The places of an account: a whole project.</summary>
    public const int PlacesPerAccount = 20;

    /// <summary>The places of an address. A class shares an address: its answers wait for each other.</summary>
    public const int PlacesPerAddress = 40;

    /// <summary>The places of all: 100 MB.</summary>
    public const int PlacesTotal = 100;

    private const int BytesPerPlace = 1_000_000;
    // A project has up to 1,000 files, which may all be asked for at once.
    private const int QueuePerPlace = 250;

    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(2);

    private readonly PartitionedRateLimiter<HttpContext> _ofAccount;
    private readonly PartitionedRateLimiter<HttpContext> _ofAddress;
    private readonly PartitionedRateLimiter<HttpContext> _ofAll;
    private readonly PartitionedRateLimiter<HttpContext> _places;
    private readonly TimeSpan _maxWait;
    private readonly TimeProvider _time;

    public LargeAnswers(TimeSpan? maxWait = null, TimeProvider? time = null)
    {
        (_maxWait, _time) = (maxWait ?? MaxWait, time ?? TimeProvider.System);
        _ofAccount = Create(static context => context.User.TryAccount()?.Id.ToString("N") ?? "", PlacesPerAccount);
        _ofAddress = Create(static context => RateLimits.KeyOf(context.Connection.RemoteIpAddress), PlacesPerAddress);
        _ofAll = Create(static _ => "", PlacesTotal);
        _places = PartitionedRateLimiter.CreateChained(_ofAccount, _ofAddress, _ofAll);
    }

    /// <summary>
    /// Waits until there is room for an answer, and keeps its places until the request ends. Call it before the content is read.
    /// </summary>
    /// <exception cref="ProblemException">429: no room became free.</exception>
    public async ValueTask ReserveAsync(HttpContext context, long bytes, CancellationToken cancellationToken)
    {
        if (bytes > SmallAnswer)
        {
            context.Response.RegisterForDispose(await EnterAsync(context, bytes, cancellationToken));
        }
    }

    /// <summary>Waits until there is room for an answer of this size. Dispose the result to release its places.</summary>
    /// <exception cref="ProblemException">429: no room became free.</exception>
    internal async ValueTask<IDisposable> EnterAsync(HttpContext context, long bytes, CancellationToken cancellationToken)
    {
        int places = (int)Math.Clamp((bytes + BytesPerPlace - 1) / BytesPerPlace, 1, PlacesPerAccount);
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_maxWait);
        try
        {
            RateLimitLease lease = await _places.AcquireAsync(context, places, limit.Token);
            if (lease.IsAcquired)
            {
                return lease;
            }

            lease.Dispose();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // No place became free in time.
        }

        throw new ProblemException(
            StatusCodes.Status429TooManyRequests, "too_many_downloads", "Too many downloads at once",
            "Many large files are being loaded. Wait until some have arrived, then try again.")
        {
            RetryAfter = 10,
        };
    }

    /// <summary>Returns the content as a stream for an answer, whose pace is watched if it is large.</summary>
    public Stream Open(HttpContext context, byte[] content) =>
        content.Length > SmallAnswer ? new PacedContent(content, Watch(context)) : new MemoryStream(content, writable: false);

    /// <summary>Starts to watch the pace of an answer.</summary>
    public AnswerPace Watch(HttpContext context) => new(context, () => OthersWait(context), _time);

    /// <summary>Returns the number of places that answers of this account wait for.</summary>
    internal long WaitingOf(HttpContext context) => _ofAccount.GetStatistics(context)?.CurrentQueuedCount ?? 0;

    /// <summary>Returns the number of free places of an account.</summary>
    internal long FreeOf(HttpContext context) => _ofAccount.GetStatistics(context)?.CurrentAvailablePermits ?? PlacesPerAccount;

    public void Dispose()
    {
        _places.Dispose();
        _ofAccount.Dispose();
        _ofAddress.Dispose();
        _ofAll.Dispose();
    }

    // An account whose answers wait for each other is only slow.
    private bool OthersWait(HttpContext context) =>
        _ofAddress.GetStatistics(context)?.CurrentQueuedCount > 0 || _ofAll.GetStatistics(context)?.CurrentQueuedCount > 0;

    private static PartitionedRateLimiter<HttpContext> Create(Func<HttpContext, string> keyOf, int places) =>
        PartitionedRateLimiter.Create<HttpContext, string>(context => RateLimitPartition.GetConcurrencyLimiter(
            keyOf(context), _ => new ConcurrencyLimiterOptions
            {
                PermitLimit = places,
                QueueLimit = places * QueuePerPlace,
                QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
            }));
}
