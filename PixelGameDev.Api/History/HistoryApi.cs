using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using PixelGameDev.Api.History.Pictures;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Projects;
using PixelGameDev.Api.Security;
using PixelGameDev.Api.Security.Authentication;

namespace PixelGameDev.Api.History;

/// <summary>Maps the endpoints for the history of a project.</summary>
internal static class HistoryApi
{
    public static IServiceCollection AddHistory(this IServiceCollection services) => services
        .AddSingleton<HistoryStore>()
        .AddSingleton<RestoreStore>()
        .AddSingleton<PictureStore>()
        .AddSingleton<PictureCollector>()
        .AddSingleton<RevisionRecorder>()
        .AddHostedService(provider => provider.GetRequiredService<RevisionRecorder>())
        .AddSingleton<PauseRecorder>()
        .AddHostedService(provider => provider.GetRequiredService<PauseRecorder>());

    public static IEndpointRouteBuilder MapHistoryApi(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder history =
            routes.MapGroup("/api/projects/{id:guid}/history").RequireAuthorization().WithTags("History");
        history.MapGet("/", List)
            .WithNotFound()
            .WithSummary($"The last {HistoryStore.PageSize} revisions of a project, newest first; ?before=number continues.");
        history.MapGet("/{number:long}", Read)
            .WithNotFound()
            .WithSummary("The files of a revision, each compared with the project as it is now.");
        history.MapGet("/{number:long}/files/{**path}", ReadFile)
            .Produces<byte[]>(StatusCodes.Status200OK, "text/plain", "application/octet-stream")
            .WithProblems(StatusCodes.Status400BadRequest, "bad_path")
            .WithNotFound()
            .WithProblems(StatusCodes.Status416RangeNotSatisfiable, "bad_range")
            .WithProblems(StatusCodes.Status429TooManyRequests, "too_many_downloads")
            .WithProblems(StatusCodes.Status503ServiceUnavailable, "history_away")
            .WithSummary("Content of a file of a revision.");
        history.MapPost("/{number:long}/restore", Restore)
            .LimitRate(LimitedAction.Write)
            .WithProblems(StatusCodes.Status400BadRequest, "bad_path")
            .WithNotFound()
            .WithProblems(StatusCodes.Status409Conflict, "file_and_folder")
            .WithProjectLimits()
            .WithStorageProblems()
            .WithProblems(StatusCodes.Status503ServiceUnavailable, "history_away")
            .WithSummary(
                "Brings all files of a revision back, or the one that the body names. The state before is recorded first; the answer has " +
                "its number, to take the restore back.");
        routes.MapGet("/api/projects/{id:guid}/pictures/{hash}", ReadPicture)
            .RequireAuthorization()
            .WithTags("History")
            .Produces<byte[]>(StatusCodes.Status200OK, "image/png")
            .WithNotFound()
            .WithSummary("A small picture of how the game looked at the end of a run.");
        return routes;
    }

    private static async Task<FileContentHttpResult> ReadPicture(
        Guid id, string hash, HttpContext context, PictureStore pictures, CancellationToken cancellationToken)
    {
        byte[] png = await pictures.ReadAsync(context.User.AccountId(), id, hash, cancellationToken);
        ProjectsApi.GuardContent(context.Response.Headers);
        // The browser asks each time, so the next person at the same computer sees nothing of it.
        return TypedResults.Bytes(png, "image/png", entityTag: new EntityTagHeaderValue($"\"{hash}\""));
    }

    private static async Task<Ok<RevisionList>> List(
        Guid id, long? before, ClaimsPrincipal user, HistoryStore history, CancellationToken cancellationToken) =>
        TypedResults.Ok(await history.ListAsync(user.AccountId(), id, before, cancellationToken));

    private static async Task<Ok<RevisionDetails>> Read(
        Guid id, long number, ClaimsPrincipal user, HistoryStore history, CancellationToken cancellationToken) =>
        TypedResults.Ok(await history.ReadAsync(user.AccountId(), id, number, cancellationToken));

    private static async Task<FileStreamHttpResult> ReadFile(
        Guid id, long number, string? path, HttpContext context, HistoryStore history, LargeAnswers answers,
        CancellationToken cancellationToken)
    {
        Guid person = context.User.AccountId();
        string checkedPath = ProjectsApi.PathOf(path);
        await answers.ReserveAsync(
            context, await history.FileSizeAsync(person, id, number, checkedPath, cancellationToken), cancellationToken);
        (byte[] content, bool binary) = await history.ReadFileAsync(person, id, number, checkedPath, cancellationToken);
        ProjectsApi.GuardContent(context.Response.Headers);
        return TypedResults.Stream(answers.Open(context, content), FileKinds.MediaType(checkedPath, binary), enableRangeProcessing: true);
    }

    private static async Task<Ok<RestoredProject>> Restore(
        Guid id, long number, RestoreRevisionRequest? request, HttpContext context, RestoreStore restores, ProjectStore projects,
        RequestBudgets budgets, CancellationToken cancellationToken)
    {
        Guid person = context.User.AccountId();
        string? path = request?.Path is null ? null : FilePaths.Check(request.Path);
        // A restore writes as many bytes as an upload of the files.
        budgets.ChargeBytes(context, await restores.SizeAsync(person, id, number, cancellationToken));
        long before = await restores.RestoreAsync(person, id, number, path, cancellationToken);
        return TypedResults.Ok(new RestoredProject(await projects.ReadAsync(person, id, cancellationToken), before));
    }
}
