using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Security;
using PixelGameDev.Api.Security.Authentication;

namespace PixelGameDev.Api.Projects;

/// <summary>Maps the endpoints for the projects of an account and their files.</summary>
internal static class ProjectsApi
{
    public static IServiceCollection AddProjects(this IServiceCollection services) => services
        .AddSingleton<ProjectLimits>()
        .AddSingleton<ProjectStore>()
        .AddSingleton<FileStore>()
        .AddSingleton<FileBatchStore>()
        .AddSingleton<TrashStore>()
        .AddSingleton(provider => new TemplateCatalog(provider.GetRequiredService<ProjectLimits>()));

    public static IEndpointRouteBuilder MapProjectsApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/templates", ListTemplates)
            .WithTags("Projects")
            .WithSummary("Games to start from, in a language of Accept-Language.");

        RouteGroupBuilder projects = routes.MapGroup("/api/projects").RequireAuthorization().WithTags("Projects");
        projects.MapGet("/", List).WithSummary("The person's projects, last changed first.");
        projects.MapPost("/", Create)
            .LimitRate(LimitedAction.Write)
            .WithProblems(StatusCodes.Status400BadRequest, "no_such_template", "bad_name")
            .WithProblems(StatusCodes.Status409Conflict, "too_many_projects")
            .WithStorageProblems()
            .WithSummary("A new project from a template, with comments in a language of Accept-Language.");
        projects.MapGet("/{id:guid}", Read).WithName("ReadProject").WithNotFound().WithSummary("A project with the list of its files.");
        projects.MapPatch("/{id:guid}", Change)
            .LimitRate(LimitedAction.Write)
            .WithProblems(StatusCodes.Status400BadRequest, "bad_name", "bad_path", "bad_controls", "bad_seats")
            .WithNotFound()
            .WithProblems(StatusCodes.Status409Conflict, "no_such_entry")
            .WithSummary("Another name, file to start with, or folder; other touch controls, or controls of the players 2 to 4.");
        projects.MapDelete("/{id:guid}", Delete)
            .LimitRate(LimitedAction.Write)
            .WithNotFound()
            .WithSummary("Moves a project with all its files to the trash.");
        projects.MapPost("/{id:guid}/files", SaveFiles)
            .LimitRate(LimitedAction.Write)
            .Accepts<byte[]>("multipart/form-data")
            .WithMetadata(new RequestSizeLimitAttribute(FileBatch.MaxBytes))
            .WithProblems(StatusCodes.Status400BadRequest, "bad_request")
            .WithNotFound()
            .WithProblems(StatusCodes.Status408RequestTimeout, "upload_too_slow")
            .WithProjectLimits()
            .WithStorageProblems()
            .WithProblems(StatusCodes.Status413PayloadTooLarge, "too_large")
            .WithProblems(StatusCodes.Status422UnprocessableEntity, "files_refused")
            .WithProblems(StatusCodes.Status429TooManyRequests, "too_many_uploads")
            .WithSummary(
                "Adds new files from a form, each part named by its path: all of them, or none. The problem files_refused has the list " +
                "`refused` of path, code, detail and parameters.");
        projects.MapGet("/{id:guid}/files/{**path}", ReadFile)
            .Produces<byte[]>(StatusCodes.Status200OK, "text/plain", "application/octet-stream")
            .WithProblems(StatusCodes.Status400BadRequest, "bad_path")
            .WithNotFound()
            .WithProblems(StatusCodes.Status412PreconditionFailed, "changed_elsewhere")
            .WithProblems(StatusCodes.Status416RangeNotSatisfiable, "bad_range")
            .WithProblems(StatusCodes.Status429TooManyRequests, "too_many_downloads")
            .WithSummary("Content of a file; ETag is its revision.");
        projects.MapPut("/{id:guid}/files/{**path}", SaveFile)
            .LimitRate(LimitedAction.Write)
            .Accepts<byte[]>("*/*")
            .WithMetadata(new RequestSizeLimitAttribute(RequestBody.MaxBytes))
            .WithProblems(StatusCodes.Status400BadRequest, "bad_path", "bad_condition")
            .WithNotFound()
            .WithProblems(StatusCodes.Status408RequestTimeout, "upload_too_slow")
            .WithProblems(StatusCodes.Status409Conflict, "file_and_folder")
            .WithProblems(StatusCodes.Status412PreconditionFailed, "changed_elsewhere")
            .WithProjectLimits()
            .WithStorageProblems()
            .WithProblems(StatusCodes.Status413PayloadTooLarge, "too_large")
            .WithProblems(StatusCodes.Status429TooManyRequests, "too_many_uploads")
            .WithSummary(
                "Saves a file from the raw body; If-Match guards against overwriting another window's save. ?keepReplaced=true moves " +
                "what was there to the trash.");
        projects.MapPost("/{id:guid}/files/{**path}", RenameFile)
            .LimitRate(LimitedAction.Write)
            .WithProblems(StatusCodes.Status400BadRequest, "bad_path", "bad_condition")
            .WithNotFound()
            .WithProblems(StatusCodes.Status409Conflict, "entry_must_be_python", "file_exists", "file_and_folder")
            .WithProblems(StatusCodes.Status412PreconditionFailed, "changed_elsewhere")
            .WithProjectLimits()
            .WithSummary("Renames or moves a file: ?rename=new/path.");
        projects.MapDelete("/{id:guid}/files/{**path}", DeleteFile)
            .LimitRate(LimitedAction.Write)
            .WithProblems(StatusCodes.Status400BadRequest, "bad_path", "bad_condition")
            .WithNotFound()
            .WithProblems(StatusCodes.Status409Conflict, "entry_stays")
            .WithProblems(StatusCodes.Status412PreconditionFailed, "changed_elsewhere")
            .WithSummary("Moves a file to the trash; Location is its address there.");
        return routes;
    }

    /// <summary>Documents the problems of exceeded project limits.</summary>
    internal static RouteHandlerBuilder WithProjectLimits(this RouteHandlerBuilder endpoint) => endpoint
        .WithProblems(
            StatusCodes.Status413PayloadTooLarge, "file_too_large", "code_too_large", "too_many_files", "project_too_large")
        .WithProblems(StatusCodes.Status415UnsupportedMediaType, "not_text");

    /// <summary>Documents the problems of a full storage and of too many bytes in the last minute.</summary>
    internal static RouteHandlerBuilder WithStorageProblems(this RouteHandlerBuilder endpoint) => endpoint
        .WithProblems(StatusCodes.Status413PayloadTooLarge, "storage_full")
        .WithProblems(StatusCodes.Status429TooManyRequests, "too_many_bytes")
        .WithProblems(StatusCodes.Status507InsufficientStorage, "installation_full");

    private static Ok<TemplateSummary[]> ListTemplates(HttpContext context, TemplateCatalog templates)
    {
        context.Response.Headers.Append(HeaderNames.Vary, HeaderNames.AcceptLanguage);
        return TypedResults.Ok(templates.AllFor(context.Request)
            .Select(static template => new TemplateSummary(template.Name, template.Title, template.Description)).ToArray());
    }

    private static async Task<Ok<IReadOnlyList<ProjectSummary>>> List(
        ClaimsPrincipal user, ProjectStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok(await store.ListAsync(user.AccountId(), cancellationToken));

    private static async Task<CreatedAtRoute<Project>> Create(
        CreateProjectRequest? request, HttpContext context, ProjectStore store, TemplateCatalog templates, RequestBudgets budgets,
        CancellationToken cancellationToken)
    {
        ClaimsPrincipal user = context.User;
        string templateName = request?.Template ?? TemplateCatalog.Starter;
        Template template = templates.Find(templateName, context.Request)
            ?? throw Problem.Invalid("no_such_template", "No such template", "Choose one of the games that GET /api/templates lists.");
        string? name = request?.Name is null ? null : ProjectLimits.CheckName(request.Name);
        budgets.ChargeBytes(context, template.Bytes);
        Guid id = await store.CreateAsync(user.AccountId(), name, template, cancellationToken);
        return TypedResults.CreatedAtRoute(await store.ReadAsync(user.AccountId(), id, cancellationToken), "ReadProject", new { id });
    }

    private static async Task<Ok<Project>> Read(Guid id, ClaimsPrincipal user, ProjectStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok(await store.ReadAsync(user.AccountId(), id, cancellationToken));

    private static async Task<Ok<Project>> Change(
        Guid id, ChangeProjectRequest request, ClaimsPrincipal user, ProjectStore store, CancellationToken cancellationToken)
    {
        string? name = request.Name is null ? null : ProjectLimits.CheckName(request.Name);
        string? entry = request.Entry is null ? null : FilePaths.Check(request.Entry);
        string? controls = request.Controls is null ? null : TouchControls.Check(request.Controls);
        string? folder = string.IsNullOrWhiteSpace(request.Folder) ? request.Folder?.Trim() : ProjectLimits.CheckName(request.Folder);
        string? seats = request.Seats is null ? null : SeatControls.Check(request.Seats);
        await store.ChangeAsync(user.AccountId(), id, name, entry, controls, folder, seats, cancellationToken);
        return TypedResults.Ok(await store.ReadAsync(user.AccountId(), id, cancellationToken));
    }

    private static async Task<NoContent> Delete(Guid id, ClaimsPrincipal user, TrashStore trash, CancellationToken cancellationToken)
    {
        await trash.DeleteProjectAsync(user.AccountId(), id, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<FileStreamHttpResult> ReadFile(
        Guid id, string? path, HttpContext context, FileStore store, LargeAnswers answers, CancellationToken cancellationToken)
    {
        Guid person = context.User.AccountId();
        string checkedPath = PathOf(path);
        await answers.ReserveAsync(context, await store.SizeAsync(person, id, checkedPath, cancellationToken), cancellationToken);
        FileContent file = await store.ReadAsync(person, id, checkedPath, cancellationToken);
        GuardContent(context.Response.Headers);
        return TypedResults.Stream(
            answers.Open(context, file.Content),
            FileKinds.MediaType(file.Path, file.Binary),
            lastModified: null,
            // Safari plays sounds only from servers that support range requests.
            enableRangeProcessing: true,
            entityTag: SaveCondition.Tag(file.Revision));
    }

    private static async Task<Ok<SavedFile>> SaveFile(
        Guid id, string? path, bool? keepReplaced, HttpContext context, FileStore store, ProjectLimits limits, RequestBudgets budgets,
        CancellationToken cancellationToken)
    {
        string checkedPath = PathOf(path);
        SaveCondition condition = SaveCondition.From(context.Request);
        using IDisposable place = await budgets.EnterSaveAsync(context, cancellationToken);
        byte[] content = await RequestBody.ReadAsync(context.Request, checkedPath, limits, budgets, cancellationToken);
        bool binary = FileKinds.IsBinary(checkedPath, content);
        SavedFile saved = await store.SaveAsync(
            context.User.AccountId(), id, new NewFile(checkedPath, content, binary), condition, keepReplaced ?? false, cancellationToken);
        context.Response.Headers.ETag = SaveCondition.Tag(saved.Revision).ToString();
        return TypedResults.Ok(saved);
    }

    private static async Task<Ok<IReadOnlyList<SavedFile>>> SaveFiles(
        Guid id, HttpContext context, FileBatchStore store, ProjectLimits limits, RequestBudgets budgets,
        CancellationToken cancellationToken)
    {
        using IDisposable place = await budgets.EnterBatchAsync(context, cancellationToken);
        (List<NewFile> files, List<RefusedFile> refused) =
            await FileBatch.ReadAsync(context.Request, limits, budgets, cancellationToken);
        if (refused.Count > 0)
        {
            throw FileBatch.CreateProblem(refused);
        }

        return TypedResults.Ok(await store.SaveAsync(context.User.AccountId(), id, files, cancellationToken));
    }

    private static async Task<Ok<SavedFile>> RenameFile(
        Guid id, string? path, string? rename, HttpContext context, ClaimsPrincipal user, FileStore store,
        CancellationToken cancellationToken)
    {
        SavedFile renamed = await store.RenameAsync(
            user.AccountId(), id, PathOf(path), FilePaths.Check(rename), SaveCondition.From(context.Request), cancellationToken);
        return TypedResults.Ok(renamed);
    }

    private static async Task<NoContent> DeleteFile(
        Guid id, string? path, HttpContext context, ClaimsPrincipal user, FileStore store, CancellationToken cancellationToken)
    {
        Guid trashed = await store.DeleteAsync(user.AccountId(), id, PathOf(path), SaveCondition.From(context.Request), cancellationToken);
        context.Response.Headers.Location = $"/api/projects/{id}/trash/{trashed}";
        return TypedResults.NoContent();
    }

    /// <summary>
    /// Returns the path of a file. The server decodes every escape except <c>%2F</c>, which clients send for a slash when they escape a
    /// whole path.
    /// </summary>
    internal static string PathOf(string? path) => FilePaths.Check(path is null ? null : Unescape(path));

    /// <summary>Decodes the slashes of an escaped path, the only escapes that the server leaves.</summary>
    internal static string Unescape(string path) => path.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Sets the headers for bytes that come from a person but share the origin of the page: the browser must not treat them as a page or a
    /// script.
    /// </summary>
    internal static void GuardContent(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "private, no-cache";
    }

    internal sealed record TemplateSummary(string Name, string Title, string Description);
}
