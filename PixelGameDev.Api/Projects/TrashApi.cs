using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Security;
using PixelGameDev.Api.Security.Authentication;

namespace PixelGameDev.Api.Projects;

/// <summary>Maps the endpoints for the trash: projects and files that were deleted or replaced in the last 30 days.</summary>
internal static class TrashApi
{
    public static IEndpointRouteBuilder MapTrashApi(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder api = routes.MapGroup("/api").RequireAuthorization().WithTags("Trash");
        api.MapGet("/trash", ListProjects).WithSummary("The account's deleted projects, the last one first.");
        api.MapPost("/projects/{id:guid}/restore", RestoreProject)
            .LimitRate(LimitedAction.Write)
            .WithNotFound()
            .WithProblems(StatusCodes.Status409Conflict, "too_many_projects")
            .WithSummary("Puts a deleted project back.");
        api.MapDelete("/trash/projects/{id:guid}", RemoveProject)
            .LimitRate(LimitedAction.Write)
            .WithNotFound()
            .WithSummary("Removes a deleted project for good.");
        api.MapGet("/projects/{id:guid}/trash", ListFiles)
            .WithNotFound()
            .WithSummary("Deleted and replaced files of a project, the last one first.");
        api.MapPost("/projects/{id:guid}/trash/{fileId:guid}/restore", RestoreFile)
            .LimitRate(LimitedAction.Write)
            .WithProblems(StatusCodes.Status400BadRequest, "bad_path")
            .WithNotFound()
            .WithProblems(StatusCodes.Status409Conflict, "file_exists", "file_and_folder")
            .WithProjectLimits()
            .WithProblems(StatusCodes.Status429TooManyRequests, "too_many_bytes")
            .WithSummary("Puts a file back, at the path of the body or the one it had; 409 when that is taken, unless replace is true.");
        api.MapDelete("/projects/{id:guid}/trash/{fileId:guid}", RemoveFile)
            .LimitRate(LimitedAction.Write)
            .WithNotFound()
            .WithSummary("Removes a file in the trash for good.");
        return routes;
    }

    private static async Task<Ok<IReadOnlyList<TrashedProject>>> ListProjects(
        ClaimsPrincipal user, TrashStore trash, CancellationToken cancellationToken) =>
        TypedResults.Ok(await trash.ListProjectsAsync(user.AccountId(), cancellationToken));

    private static async Task<Ok<Project>> RestoreProject(
        Guid id, ClaimsPrincipal user, TrashStore trash, ProjectStore projects, CancellationToken cancellationToken)
    {
        await trash.RestoreProjectAsync(user.AccountId(), id, cancellationToken);
        return TypedResults.Ok(await projects.ReadAsync(user.AccountId(), id, cancellationToken));
    }

    private static async Task<NoContent> RemoveProject(Guid id, ClaimsPrincipal user, TrashStore trash, CancellationToken cancellationToken)
    {
        await trash.RemoveProjectAsync(user.AccountId(), id, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<IReadOnlyList<TrashedFile>>> ListFiles(
        Guid id, ClaimsPrincipal user, TrashStore trash, CancellationToken cancellationToken) =>
        TypedResults.Ok(await trash.ListFilesAsync(user.AccountId(), id, cancellationToken));

    private static async Task<Ok<SavedFile>> RestoreFile(
        Guid id, Guid fileId, RestoreFileRequest? request, HttpContext context, TrashStore trash, RequestBudgets budgets,
        CancellationToken cancellationToken)
    {
        Guid person = context.User.AccountId();
        // A restore writes as many bytes as an upload of the file.
        budgets.ChargeBytes(context, await trash.SizeOfFileAsync(person, id, fileId, cancellationToken));
        string? path = request?.Path is null ? null : FilePaths.Check(request.Path);
        SavedFile restored = await trash.RestoreFileAsync(person, id, fileId, path, request?.Replace ?? false, cancellationToken);
        context.Response.Headers.ETag = SaveCondition.Tag(restored.Revision).ToString();
        return TypedResults.Ok(restored);
    }

    private static async Task<NoContent> RemoveFile(
        Guid id, Guid fileId, ClaimsPrincipal user, TrashStore trash, CancellationToken cancellationToken)
    {
        await trash.RemoveFileAsync(user.AccountId(), id, fileId, cancellationToken);
        return TypedResults.NoContent();
    }
}
