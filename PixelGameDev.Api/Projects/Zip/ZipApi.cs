using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Security;
using PixelGameDev.Api.Security.Authentication;

namespace PixelGameDev.Api.Projects.Zip;

/// <summary>Maps the endpoints that copy a project, give it as a zip, and make one from a zip.</summary>
internal static class ZipApi
{
    /// <summary>The maximum size of a zip in bytes: that of a project, and what the zip itself needs.</summary>
    public const int MaxZipBytes = ProjectLimits.MaxProjectBytes + 2_000_000;

    public static IEndpointRouteBuilder MapZipApi(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder projects = routes.MapGroup("/api/projects").RequireAuthorization().WithTags("Projects");
        projects.MapPost("/{id:guid}/duplicate", Duplicate)
            .LimitRate(LimitedAction.Write)
            .WithProblems(StatusCodes.Status400BadRequest, "bad_name")
            .WithNotFound()
            .WithProblems(StatusCodes.Status409Conflict, "too_many_projects")
            .WithStorageProblems()
            .WithSummary("A copy of a project, with the name of the body.");
        projects.MapGet("/{id:guid}/zip", Download)
            .LimitRate(LimitedAction.Write)
            .Produces<byte[]>(StatusCodes.Status200OK, "application/zip")
            .WithNotFound()
            .WithProblems(StatusCodes.Status429TooManyRequests, "too_many_downloads")
            .WithSummary("The project as a zip that runs on a desktop with `python main.py`.");
        projects.MapGet("/{id:guid}/zip/pygbag", DownloadForPygbag)
            .LimitRate(LimitedAction.Write)
            .Produces<byte[]>(StatusCodes.Status200OK, "application/zip")
            .WithNotFound()
            .WithProblems(StatusCodes.Status429TooManyRequests, "too_many_downloads")
            .WithSummary("Experimental: the project as a zip in the shape that pygbag wants. A text in it says what to change.");
        projects.MapPost("/import", Import)
            .LimitRate(LimitedAction.Write)
            .Accepts<byte[]>("application/zip")
            .WithMetadata(new RequestSizeLimitAttribute(MaxZipBytes))
            .WithProblems(StatusCodes.Status400BadRequest, "bad_zip", "file_damaged", "no_python", "bad_name")
            .WithProblems(StatusCodes.Status408RequestTimeout, "upload_too_slow")
            .WithProblems(StatusCodes.Status409Conflict, "too_many_projects")
            .WithProblems(StatusCodes.Status413PayloadTooLarge, "too_many_files", "too_large")
            .WithStorageProblems()
            .WithProblems(StatusCodes.Status429TooManyRequests, "too_many_uploads")
            .WithSummary("A new project from a zip; the answer lists what was left out, each with its reason. ?name= is its name.");
        return routes;
    }

    private static async Task<CreatedAtRoute<Project>> Duplicate(
        Guid id, DuplicateProjectRequest? request, HttpContext context, ProjectStore store, RequestBudgets budgets,
        CancellationToken cancellationToken)
    {
        Guid person = context.User.AccountId();
        string? name = request?.Name is null ? null : ProjectLimits.CheckName(request.Name);
        budgets.ChargeBytes(context, await store.SizeAsync(person, id, cancellationToken));
        Guid copy = await store.DuplicateAsync(person, id, name, cancellationToken);
        return TypedResults.CreatedAtRoute(await store.ReadAsync(person, copy, cancellationToken), "ReadProject", new { id = copy });
    }

    private static async Task<PushStreamHttpResult> Download(
        Guid id, HttpContext context, ProjectStore store, LargeAnswers answers, CancellationToken cancellationToken)
    {
        (string name, string entry, IReadOnlyList<NewFile> files) = await ReadAsync(id, context, store, answers, cancellationToken);
        return Send(ProjectZip.Create(name, entry, files), $"{FolderNames.Clean(name)}.zip", context, answers);
    }

    private static async Task<PushStreamHttpResult> DownloadForPygbag(
        Guid id, HttpContext context, ProjectStore store, LargeAnswers answers, CancellationToken cancellationToken)
    {
        (string name, string entry, IReadOnlyList<NewFile> files) = await ReadAsync(id, context, store, answers, cancellationToken);
        return Send(PygbagZip.Create(name, entry, files), $"{FolderNames.Clean(name)} (pygbag).zip", context, answers);
    }

    private static async Task<(string Name, string Entry, IReadOnlyList<NewFile> Files)> ReadAsync(
        Guid id, HttpContext context, ProjectStore store, LargeAnswers answers, CancellationToken cancellationToken)
    {
        Guid person = context.User.AccountId();
        await answers.ReserveAsync(context, await store.SizeAsync(person, id, cancellationToken), cancellationToken);
        return await store.ReadFilesAsync(person, id, cancellationToken);
    }

    private static PushStreamHttpResult Send(ZipFolder content, string name, HttpContext context, LargeAnswers answers) =>
        TypedResults.Stream(
            async output =>
            {
                try
                {
                    await using PacedOutput paced = new(output, answers.Watch(context));
                    await ProjectZip.WriteAsync(content, paced, context.RequestAborted);
                }
                catch (OperationCanceledException)
                {
                    // The client has left, or it was too slow.
                    context.Abort();
                }
            },
            "application/zip",
            name);

    private static async Task<CreatedAtRoute<ImportedProject>> Import(
        string? name, HttpContext context, ProjectStore store, ProjectLimits limits, RequestBudgets budgets,
        CancellationToken cancellationToken)
    {
        string checkedName = ProjectLimits.CheckName(name ?? "My game");
        Guid person = context.User.AccountId();
        using IDisposable place = await budgets.EnterBatchAsync(context, cancellationToken);
        ZipContent zip = new ZipReader(limits).Read(await ReadBodyAsync(context, budgets, cancellationToken), cancellationToken);
        Template template = new("import", checkedName, "", zip.Entry, 0, zip.Files);
        Guid id = await store.CreateAsync(person, checkedName, template, cancellationToken);
        return TypedResults.CreatedAtRoute(
            new ImportedProject(
                await store.ReadAsync(person, id, cancellationToken),
                [.. zip.LeftOut.Select(static file => new LeftOutFile(
                    file.Path, file.Problem.Code, file.Problem.Detail, file.Problem.Parameters))]),
            "ReadProject", new { id });
    }

    /// <exception cref="ProblemException">408, 429</exception>
    internal static async Task<byte[]> ReadBodyAsync(HttpContext context, RequestBudgets budgets, CancellationToken cancellationToken)
    {
        budgets.ChargeBytes(context, context.Request.ContentLength ?? MaxZipBytes);
        UploadPace pace = budgets.StartUpload(context);
        using MemoryStream bytes = new();
        byte[] buffer = new byte[81_920];
        int read;
        while ((read = await context.Request.Body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            bytes.Write(buffer, 0, read);
            if (pace.IsTooSlow(bytes.Length))
            {
                throw Problem.UploadTooSlow();
            }
        }

        return bytes.ToArray();
    }
}

/// <summary>Body of a request to copy a project. The default name is that of the project, with "(copy)" behind it.</summary>
internal sealed record DuplicateProjectRequest(string? Name = null);

/// <summary>The answer to an import.</summary>
internal sealed record ImportedProject(Project Project, IReadOnlyList<LeftOutFile> LeftOut);

/// <summary>A file of a zip that was not taken, and the reason as a problem document names it.</summary>
internal sealed record LeftOutFile(string Path, string Code, string Detail, IReadOnlyDictionary<string, object> Parameters);
