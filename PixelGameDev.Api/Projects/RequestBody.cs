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
        using MemoryStream content = new();
        while (true)
        {
            // The read ends by itself when the client disconnects. After a cancelled read, or one whose bytes were not consumed, the server
            // takes the reading for unfinished and warns.
            ReadResult read = await request.BodyReader.ReadAsync(CancellationToken.None);
            foreach (ReadOnlyMemory<byte> piece in read.Buffer)
            {
                content.Write(piece.Span);
            }

            // Advance before an exception can be thrown: the server drains the rest of a body only after the reader has advanced.
            request.BodyReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted || content.Length > ProjectLimits.MaxFileBytes)
            {
                limits.CheckFile(path, content.Length);
                budgets.ChargeBytes(request.HttpContext, content.Length - announced);
                return content.ToArray();
            }

            if (pace.IsTooSlow(content.Length))
            {
                throw Problem.UploadTooSlow();
            }
        }
    }
}
