using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;
using PixelGameDev.Api.Problems;

namespace PixelGameDev.Api.Projects;

/// <summary>Reads the raw body of a save and never more of it than a file may hold.</summary>
internal static class RequestBody
{
    /// <exception cref="ProblemException">413</exception>
    public static async Task<byte[]> ReadAsync(HttpRequest request, string path, ProjectLimits limits, CancellationToken cancellationToken)
    {
        // The announced length alone can settle it, without reading a byte.
        limits.CheckFile(path, request.ContentLength ?? 0);
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = ProjectLimits.MaxFileBytes + 1;
        }

        while (true)
        {
            ReadResult read = await request.BodyReader.ReadAsync(cancellationToken);
            limits.CheckFile(path, read.Buffer.Length);
            if (read.IsCompleted)
            {
                byte[] content = read.Buffer.ToArray();
                request.BodyReader.AdvanceTo(read.Buffer.End);
                return content;
            }

            // Nothing consumed, everything examined: the pipe keeps collecting.
            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
