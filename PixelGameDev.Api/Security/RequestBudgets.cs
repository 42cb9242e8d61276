using System.Threading.RateLimiting;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Security.Authentication;

namespace PixelGameDev.Api.Security;

/// <summary>
/// Limits the cost of requests in addition to their number: written bytes, and large uploads that are in memory at the same time.
/// </summary>
/// <remarks>
/// The budget of an address is <see cref="AccountsPerAddress"/> times that of an account: a class shares an address, but not all of its
/// people upload at once.
/// </remarks>
internal sealed class RequestBudgets : IDisposable
{
    /// <summary>The maximum size in bytes of a body that is no upload. Saves of the editor are smaller.</summary>
    public const int SmallBody = 64 * 1024;

    /// <summary>
    /// The maximum number of concurrent small saves of an account. They wait for each other anyway, but each one uses a connection.
    /// </summary>
    public const int SavesPerAccount = 4;

    /// <summary>The maximum number of concurrent uploads of an account.</summary>
    public const int UploadsPerAccount = 4;

    /// <summary>The places among the uploads that a batch of files takes: a project is as large as four of the largest files.</summary>
    public const int UploadsPerBatch = 4;

    /// <summary>The maximum number of concurrent uploads of an address.</summary>
    public const int UploadsPerAddress = 16;

    /// <summary>
    /// The maximum number of concurrent uploads in total. Multiplied by the largest file it gives the memory that uploads use.
    /// </summary>
    public const int UploadsTotal = 32;

    /// <summary>The maximum time that a save waits for its place.</summary>
    internal static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(30);

    private const int AccountsPerAddress = 10;
    private const int BytesPerUnit = 1000;
    // A project has up to 1,000 files, which may all arrive at once.
    private const int QueuePerSlot = 250;

    private readonly PartitionedRateLimiter<HttpContext> _bytesPerAccount;
    private readonly PartitionedRateLimiter<HttpContext> _bytesPerAddress;
    private readonly PartitionedRateLimiter<HttpContext> _saves;
    private readonly PartitionedRateLimiter<HttpContext> _uploads;
    private readonly PartitionedRateLimiter<HttpContext> _uploadsOfAddress;
    private readonly PartitionedRateLimiter<HttpContext> _uploadsOfAll;
    private readonly int _unitsPerMinute;
    private readonly bool _enabled;

    private readonly TimeSpan _maxWait;
    private readonly TimeProvider _time;

    public RequestBudgets(RateLimitOptions options, TimeSpan? maxWait = null, TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        _maxWait = maxWait ?? MaxWait;
        _enabled = options.Enabled;
        int unitsPerMinute = _unitsPerMinute = options.WriteMegabytes * 1000;
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

    /// <summary>Charges the account and the address of a request for the bytes that it writes.</summary>
    /// <exception cref="ProblemException">429: too many bytes in the last minute.</exception>
    public void ChargeBytes(HttpContext context, long bytes)
    {
        // A batch of files may be larger than the whole budget of a minute; then it costs all of it.
        int units = (int)Math.Min((bytes + BytesPerUnit - 1) / BytesPerUnit, _unitsPerMinute);
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

    /// <summary>Returns true for a body that is larger than the editor's saves, or of unknown length.</summary>
    public static bool IsUpload(HttpRequest request) => request.ContentLength is not <= SmallBody;

    /// <summary>
    /// Waits until the account may save; a large body waits among the uploads. Dispose the result after the save to release the place. So
    /// it also limits the number of database connections of one account.
    /// </summary>
    /// <exception cref="ProblemException">
    /// 429: too many requests wait already, or no place became free within <see cref="MaxWait"/>.
    /// </exception>
    public ValueTask<IDisposable> EnterSaveAsync(HttpContext context, CancellationToken cancellationToken) =>
        EnterAsync(IsUpload(context.Request) ? _uploads : _saves, context, 1, cancellationToken);

    /// <summary>Waits like <see cref="EnterSaveAsync"/> for a batch of files, which takes the memory of several uploads.</summary>
    /// <exception cref="ProblemException">429</exception>
    public ValueTask<IDisposable> EnterBatchAsync(HttpContext context, CancellationToken cancellationToken) =>
        EnterAsync(_uploads, context, UploadsPerBatch, cancellationToken);

    /// <summary>Starts to watch the pace of an upload. Call it before the body is read.</summary>
    public UploadPace StartUpload(HttpContext context) => new(context, this, _time);

    /// <summary>Returns true while other uploads wait for a place of this address or of the installation.</summary>
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

    private async ValueTask<IDisposable> EnterAsync(
        PartitionedRateLimiter<HttpContext> limiter, HttpContext context, int places, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_maxWait);
        try
        {
            RateLimitLease lease = await limiter.AcquireAsync(context, places, limit.Token);
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

        throw CreateProblem("too_many_uploads", "Too many uploads at once",
            "Many files are being uploaded. Wait until some are finished, then try again.", 5);
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
