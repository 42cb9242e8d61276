using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace PixelGameDev.Api.Security;

/// <summary>Knows when an upload is too slow to keep its place while others wait.</summary>
internal sealed class UploadPace
{
    // A phone with a poor mobile connection reaches this rate. The server ends a slower upload.
    private static readonly MinDataRate MinRate = new(bytesPerSecond: 16_000, gracePeriod: TimeSpan.FromSeconds(10));

    // Bytes per second since the upload began.
    private const int RateWhenOthersWait = 50_000;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(15);

    private readonly HttpContext _context;
    private readonly RequestBudgets _budgets;
    private readonly TimeProvider _time;
    private readonly long _began;

    public UploadPace(HttpContext context, RequestBudgets budgets, TimeProvider time)
    {
        (_context, _budgets, _time, _began) = (context, budgets, time, time.GetTimestamp());
        if (RequestBudgets.IsUpload(context.Request) && context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = MinRate;
        }
    }

    /// <summary>Returns true when the upload must give its place to one that waits.</summary>
    /// <param name="bytes">The bytes that have arrived.</param>
    public bool IsTooSlow(long bytes) => IsTooSlow(bytes, _time.GetElapsedTime(_began)) && _budgets.OthersWait(_context);

    /// <summary>Returns true when an upload is too slow to keep its place while others wait.</summary>
    internal static bool IsTooSlow(long bytes, TimeSpan lasted) => lasted > Grace && bytes < RateWhenOthersWait * lasted.TotalSeconds;
}
