using System.Buffers;
using System.IO.Pipelines;
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

    /// <exception cref="ProblemException">408, 413, 429</exception>
    public static async Task<byte[]> ReadAsync(
        HttpRequest request, string path, ProjectLimits limits, RequestBudgets budgets, CancellationToken cancellationToken)
    {
        // The announced length may exceed a limit; then no byte is read.
        long announced = request.ContentLength ?? 0;
        limits.CheckFile(path, announced);
        budgets.ChargeBytes(request.HttpContext, announced);
        UploadPace pace = budgets.StartUpload(request.HttpContext);
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

            if (pace.IsTooSlow(read.Buffer.Length))
            {
                request.BodyReader.AdvanceTo(read.Buffer.End);
                throw Problem.UploadTooSlow();
            }

            // Consume nothing and mark everything as examined, so that the pipe keeps buffering.
            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
