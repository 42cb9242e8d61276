using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Security;

namespace PixelGameDev.Api.Projects;

/// <summary>Reads the raw body of a save, within the size limit of a file and the byte budget of the account.</summary>
internal static class RequestBody
{
    /// <summary>
    /// The maximum size of the request body in bytes. It exceeds the size limit of a file, so that a client with a somewhat larger file
    /// gets an explanation and not a broken connection.
    /// </summary>
    public const int MaxBytes = 6 * ProjectLimits.MaxFileBytes;

    // A phone with a poor mobile connection reaches this rate.
    private static readonly MinDataRate MinRate = new(bytesPerSecond: 16_000, gracePeriod: TimeSpan.FromSeconds(10));

    // Bytes per second since the upload began. A slower upload fails when other uploads wait for a place.
    private const int RateWhenOthersWait = 50_000;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(15);

    /// <exception cref="ProblemException">408, 413, 429</exception>
    public static async Task<byte[]> ReadAsync(
        HttpRequest request, string path, ProjectLimits limits, RequestBudgets budgets, CancellationToken cancellationToken)
    {
        // The announced length may exceed a limit; then no byte is read.
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
                // Advance before an exception can be thrown: the server drains the rest of a body only after the reader has advanced.
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

            // Consume nothing and mark everything as examined, so that the pipe keeps buffering.
            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>Returns true when an upload is too slow to keep its place while others wait.</summary>
    internal static bool IsTooSlow(long bytes, TimeSpan lasted) => lasted > Grace && bytes < RateWhenOthersWait * lasted.TotalSeconds;
}
