using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Security;

namespace PixelGameDev.Api.Projects;

/// <summary>Reads the raw body of a save, and never more of it than a file may hold and the person may write.</summary>
internal static class RequestBody
{
    /// <summary>
    /// Bytes that a save may bring. More than a file may hold, so that who sends too much hears why, instead of a broken connection.
    /// </summary>
    public const int MaxBytes = 6 * ProjectLimits.MaxFileBytes;

    // A phone in the country sends this fast.
    private static readonly MinDataRate MinRate = new(bytesPerSecond: 16_000, gracePeriod: TimeSpan.FromSeconds(10));

    // An upload that is slower than this, bytes a second since it began, gives up its place when other people wait for one.
    private const int RateWhenOthersWait = 50_000;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(15);

    /// <exception cref="ProblemException">408, 413, 429</exception>
    public static async Task<byte[]> ReadAsync(
        HttpRequest request, string path, ProjectLimits limits, RequestBudgets budgets, CancellationToken cancellationToken)
    {
        // The announced length alone can settle it, without reading a byte.
        long announced = request.ContentLength ?? 0;
        limits.CheckFile(path, announced);
        budgets.ChargeBytes(request.HttpContext, announced);
        if (RequestBudgets.IsUpload(request) && request.HttpContext.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = MinRate;
        }

        long began = Stopwatch.GetTimestamp();
        while (true)
        {
            ReadResult read = await request.BodyReader.ReadAsync(cancellationToken);
            if (read.IsCompleted || read.Buffer.Length > ProjectLimits.MaxFileBytes)
            {
                byte[] content = read.Buffer.Length > ProjectLimits.MaxFileBytes ? [] : read.Buffer.ToArray();
                long length = read.Buffer.Length;
                // Before anything is thrown: the server takes the rest of a body only from a reader that has gone on.
                request.BodyReader.AdvanceTo(read.Buffer.End);
                limits.CheckFile(path, length);
                budgets.ChargeBytes(request.HttpContext, length - announced);
                return content;
            }

            TimeSpan lasted = Stopwatch.GetElapsedTime(began);
            if (IsTooSlow(read.Buffer.Length, lasted) && budgets.OthersWait(request.HttpContext))
            {
                request.BodyReader.AdvanceTo(read.Buffer.End);
                throw Problem.UploadTooSlow();
            }

            // Nothing consumed, everything examined: the pipe keeps collecting.
            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>True for an upload that holds its place for too long while others wait.</summary>
    internal static bool IsTooSlow(long bytes, TimeSpan lasted) => lasted > Grace && bytes < RateWhenOthersWait * lasted.TotalSeconds;
}
