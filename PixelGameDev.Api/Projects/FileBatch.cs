using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Security;

namespace PixelGameDev.Api.Projects;

/// <summary>
/// Reads many files of one request, as a browser sends a form: each part has the path as its name and the file as its content. A folder
/// arrives as a whole, or not at all with a list of what was refused.
/// </summary>
internal static class FileBatch
{
    /// <summary>The maximum size of the request in bytes: a whole project and the heads of its parts.</summary>
    public const int MaxBytes = ProjectLimits.MaxProjectBytes + (ProjectLimits.MaxFiles * HeadBytes) + ProjectLimits.MaxFileBytes;

    private const int HeadBytes = 1000;

    // RFC 2046, 5.1.1.
    private const int MaxBoundary = 70;

    /// <summary>Reads every part. A part that breaks a rule of its own is not among the files but among the refusals.</summary>
    /// <exception cref="ProblemException">400: no form; 413: too many parts or bytes; 429.</exception>
    public static async Task<(List<NewFile> Files, List<RefusedFile> Refused)> ReadAsync(
        HttpRequest request, ProjectLimits limits, RequestBudgets budgets, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type)
            || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 and <= MaxBoundary } boundary)
        {
            throw NoForm();
        }

        budgets.ChargeBytes(request.HttpContext, request.ContentLength ?? MaxBytes);
        UploadPace pace = budgets.StartUpload(request.HttpContext);
        MultipartReader reader = new(boundary, request.Body) { HeadersLengthLimit = HeadBytes * 2 };
        try
        {
            return await ReadAsync(reader, pace, limits, cancellationToken);
        }
        catch (Exception error) when (
            error is InvalidDataException or IOException and not BadHttpRequestException && !cancellationToken.IsCancellationRequested)
        {
            // The form is broken or ends early. The server's own exception says what is wrong with the request itself.
            throw NoForm();
        }
    }

    private static async Task<(List<NewFile> Files, List<RefusedFile> Refused)> ReadAsync(
        MultipartReader reader, UploadPace pace, ProjectLimits limits, CancellationToken cancellationToken)
    {
        List<NewFile> files = [];
        List<RefusedFile> refused = [];
        HashSet<string> paths = new(StringComparer.Ordinal);
        long bytes = 0;
        ProblemException? tooMuch = null;
        while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
        {
            string name = ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out ContentDispositionHeaderValue? head)
                ? HeaderUtilities.RemoveQuotes(head.Name).ToString()
                : "";
            if (pace.IsTooSlow(bytes))
            {
                throw Problem.UploadTooSlow();
            }

            byte[]? content = await ReadPartAsync(section.Body, cancellationToken);
            bytes += content?.Length ?? 0;
            try
            {
                limits.CheckProject(files.Count + refused.Count + 1, bytes, 0);
            }
            catch (ProblemException problem)
            {
                // The rest is read and dropped: a client that still sends would not see an answer.
                tooMuch ??= problem;
                files.Clear();
                continue;
            }

            try
            {
                string path = FilePaths.Check(name);
                limits.CheckFile(path, content?.Length ?? ProjectLimits.MaxFileBytes + 1);
                if (!paths.Add(path))
                {
                    throw FileStore.NameTaken(path);
                }

                files.Add(new NewFile(path, content!, FileKinds.IsBinary(path, content)));
            }
            catch (ProblemException problem)
            {
                refused.Add(new RefusedFile(name, problem));
            }
        }

        return tooMuch is null ? (files, refused) : throw tooMuch;
    }

    /// <summary>Creates the problem of a request with refused files. Nothing of it was stored.</summary>
    public static ProblemException CreateProblem(IReadOnlyList<RefusedFile> refused) => new(
        StatusCodes.Status422UnprocessableEntity,
        "files_refused",
        "Some files cannot be added",
        string.Create(CultureInfo.InvariantCulture,
            $"{refused.Count} of the files cannot be added, so none was added. The first: {refused[0].Problem.Detail}"),
        ("count", refused.Count))
    {
        Extensions = new Dictionary<string, object?>
        {
            ["refused"] = refused.Select(static one => new
            {
                path = one.Path,
                code = one.Problem.Code,
                detail = one.Problem.Detail,
                parameters = one.Problem.Parameters,
            }).ToArray(),
        },
    };

    private static ProblemException NoForm() => Problem.Invalid(
        "bad_request", "Request not valid", "This address expects files in a form (multipart/form-data), and the form has to be complete.");

    /// <summary>Returns the content of a part; null if it is larger than a file may be. Then the rest is read and dropped.</summary>
    private static async Task<byte[]?> ReadPartAsync(Stream body, CancellationToken cancellationToken)
    {
        using MemoryStream content = new();
        byte[] buffer = new byte[81_920];
        bool tooLarge = false;
        int read;
        while ((read = await body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            tooLarge |= content.Length + read > ProjectLimits.MaxFileBytes;
            if (!tooLarge)
            {
                content.Write(buffer, 0, read);
            }
        }

        return tooLarge ? null : content.ToArray();
    }
}

/// <summary>A file of a batch that breaks a rule.</summary>
/// <param name="Path">The path as the client sent it.</param>
/// <param name="Problem">The rule, in words.</param>
internal sealed record RefusedFile(string Path, ProblemException Problem);
