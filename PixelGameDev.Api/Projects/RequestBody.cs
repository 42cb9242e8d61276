using System.Buffers;
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

    // Slow enough for a phone in the country; who sends an upload more slowly holds its place for too long.
    private static readonly MinDataRate MinRate = new(bytesPerSecond: 16_000, gracePeriod: TimeSpan.FromSeconds(10));

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

            // Nothing consumed, everything examined: the pipe keeps collecting.
            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
