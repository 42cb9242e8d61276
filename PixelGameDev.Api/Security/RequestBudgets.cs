using System.Threading.RateLimiting;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Security.Authentication;

namespace PixelGameDev.Api.Security;

/// <summary>
/// Limits what requests cost besides their number: bytes written, and large uploads that are held in memory at the same time.
/// </summary>
/// <remarks>
/// A person's budget times <see cref="AccountsPerAddress"/> is an address's: a class shares one, but does not upload all at once.
/// </remarks>
internal sealed class RequestBudgets : IDisposable
{
    /// <summary>A body up to this size, bytes, is no upload: what the editor saves.</summary>
    public const int SmallBody = 64 * 1024;

    /// <summary>Small saves of a person at the same time. They wait for each other anyway, but each with a connection.</summary>
    public const int SavesPerAccount = 4;

    /// <summary>Uploads of a person at the same time.</summary>
    public const int UploadsPerAccount = 4;

    /// <summary>The same, of an address.</summary>
    public const int UploadsPerAddress = 16;

    /// <summary>The same, of everybody; with the largest file, this is the memory that uploads take.</summary>
    public const int UploadsTotal = 32;

    /// <summary>How long a save waits for its place.</summary>
    internal static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(30);

    private const int AccountsPerAddress = 10;
    private const int BytesPerUnit = 1000;
    // A project holds 200 files: all of them may come at once.
    private const int QueuePerSlot = 100;

    private readonly PartitionedRateLimiter<HttpContext> _bytesPerAccount;
    private readonly PartitionedRateLimiter<HttpContext> _bytesPerAddress;
    private readonly PartitionedRateLimiter<HttpContext> _saves;
    private readonly PartitionedRateLimiter<HttpContext> _uploads;
    private readonly PartitionedRateLimiter<HttpContext> _uploadsOfAddress;
    private readonly PartitionedRateLimiter<HttpContext> _uploadsOfAll;
    private readonly bool _enabled;

    private readonly TimeSpan _maxWait;

    public RequestBudgets(RateLimitOptions options, TimeSpan? maxWait = null)
    {
        _maxWait = maxWait ?? MaxWait;
        _enabled = options.Enabled;
        int unitsPerMinute = options.WriteMegabytes * 1000;
        _bytesPerAccount = PartitionedRateLimiter.Create<HttpContext, string>(context => ByteBucket(AccountKeyOf(context), unitsPerMinute));
        _bytesPerAddress = PartitionedRateLimiter.Create<HttpContext, string>(context =>
            ByteBucket(AddressKeyOf(context), unitsPerMinute * AccountsPerAddress));
        _saves = PartitionedRateLimiter.Create<HttpContext, string>(context => SlotLimiter(AccountKeyOf(context), SavesPerAccount));
        _uploadsOfAddress = PartitionedRateLimiter.Create<HttpContext, string>(context =>
            SlotLimiter(AddressKeyOf(context), UploadsPerAddress));
        _uploadsOfAll = PartitionedRateLimiter.Create<HttpContext, string>(_ => SlotLimiter("", UploadsTotal));
        _uploads = PartitionedRateLimiter.CreateChained(
            PartitionedRateLimiter.Create<HttpContext, string>(context => SlotLimiter(AccountKeyOf(context), UploadsPerAccount)),
            _uploadsOfAddress,
            _uploadsOfAll);
    }

    /// <summary>Charges the person and the address of a request for bytes that it writes.</summary>
    /// <exception cref="ProblemException">429: too many bytes in the last minute.</exception>
    public void ChargeBytes(HttpContext context, long bytes)
    {
        int units = (int)((bytes + BytesPerUnit - 1) / BytesPerUnit);
        if (!_enabled || units == 0)
        {
            return;
        }

        using RateLimitLease person = _bytesPerAccount.AttemptAcquire(context, units);
        using RateLimitLease address = person.IsAcquired ? _bytesPerAddress.AttemptAcquire(context, units) : person;
        if (!address.IsAcquired)
        {
            throw CreateProblem("too_many_bytes", "Too much data at once",
                "You saved a lot of data in the last minute. Nothing you saved is lost. Wait a minute, then try again.", 60);
        }
    }

    /// <summary>True for a body that is larger than what the editor saves, or of a length that nobody has said.</summary>
    public static bool IsUpload(HttpRequest request) => request.ContentLength is not <= SmallBody;

    /// <summary>
    /// Waits until the person may save: among the uploads for a large body. The place is given back by disposing of it, after the
    /// save: it also bounds how many connections to the database one person has.
    /// </summary>
    /// <exception cref="ProblemException">429: too many are waiting already, or none was finished for <see cref="MaxWait"/>.</exception>
    public async ValueTask<IDisposable> EnterSaveAsync(HttpContext context, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_maxWait);
        try
        {
            RateLimitLease lease = await (IsUpload(context.Request) ? _uploads : _saves).AcquireAsync(context, 1, limit.Token);
            if (lease.IsAcquired)
            {
                return lease;
            }

            lease.Dispose();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Nothing was finished for too long.
        }

        throw CreateProblem("too_many_uploads", "Too many uploads at once",
            "Many files are being uploaded. Wait until some are finished, then try again.", 5);
    }

    /// <summary>True while uploads of other people wait for a place, of this address or of the whole installation.</summary>
    public bool OthersWait(HttpContext context) =>
        _uploadsOfAddress.GetStatistics(context)?.CurrentQueuedCount > 0 || _uploadsOfAll.GetStatistics(context)?.CurrentQueuedCount > 0;

    public void Dispose()
    {
        _uploadsOfAddress.Dispose();
        _uploadsOfAll.Dispose();
        _bytesPerAccount.Dispose();
        _bytesPerAddress.Dispose();
        _saves.Dispose();
        _uploads.Dispose();
    }

    private static ProblemException CreateProblem(string code, string title, string detail, int seconds) =>
        new(StatusCodes.Status429TooManyRequests, code, title, detail) { RetryAfter = seconds };

    private static string AccountKeyOf(HttpContext context) => context.User.TryAccount()?.Id.ToString("N") ?? "";

    private static string AddressKeyOf(HttpContext context) => RateLimits.KeyOf(context.Connection.RemoteIpAddress);

    private static RateLimitPartition<string> ByteBucket(string key, int unitsPerMinute) =>
        RateLimitPartition.GetTokenBucketLimiter(key, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = unitsPerMinute,
            TokensPerPeriod = Math.Max(1, unitsPerMinute / 60),
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
        });

    private static RateLimitPartition<string> SlotLimiter(string key, int permits) =>
        RateLimitPartition.GetConcurrencyLimiter(key, _ => new ConcurrencyLimiterOptions
        {
            PermitLimit = permits,
            QueueLimit = permits * QueuePerSlot,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        });
}
