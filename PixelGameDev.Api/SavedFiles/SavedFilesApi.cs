using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Projects;
using PixelGameDev.Api.Security;
using PixelGameDev.Api.Security.Authentication;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Api.SavedFiles;

/// <summary>Maps the endpoints for the files that a game has saved for its player.</summary>
internal static class SavedFilesApi
{
    public static IServiceCollection AddSavedFiles(this IServiceCollection services) => services
        .AddSingleton<SavedFileStore>()
        .AddSingleton<SavedFileCollector>();

    public static IEndpointRouteBuilder MapSavedFilesApi(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder saved = routes.MapGroup("/api/projects/{id:guid}/saved").RequireAuthorization().WithTags("Saved files");
        saved.MapGet("/", List).WithNotFound().WithSummary("The files that the game has saved for this player.");
        saved.MapDelete("/", ResetAll)
            .LimitRate(LimitedAction.Write)
            .WithNotFound()
            .WithSummary("Deletes all saved files: the next run begins like the first.");
        saved.MapGet("/{**path}", Read)
            .WithNotFound()
            .WithProblems(StatusCodes.Status429TooManyRequests, "too_many_downloads")
            .WithSummary("A saved file as bytes.");
        saved.MapDelete("/{**path}", Reset)
            .LimitRate(LimitedAction.Write)
            .WithNotFound()
            .WithSummary("Deletes a saved file: the next run gets the project's own file, if there is one.");
        return routes;
    }

    private static async Task<Ok<SavedFileList>> List(
        Guid id, ClaimsPrincipal user, SavedFileStore store, CancellationToken cancellationToken) => TypedResults.Ok(
        new SavedFileList(
            await store.ListAsync(user.AccountId(), id, cancellationToken), SavedFileRules.MaxBytes, SavedFileRules.MaxFiles));

    private static async Task<FileStreamHttpResult> Read(
        Guid id, string path, HttpContext context, SavedFileStore store, LargeAnswers answers, CancellationToken cancellationToken)
    {
        (Guid person, string file) = (context.User.AccountId(), ProjectsApi.Unescape(path));
        await answers.ReserveAsync(context, await store.SizeAsync(person, id, file, cancellationToken), cancellationToken);
        byte[] content = await store.ReadAsync(person, id, file, cancellationToken);
        IHeaderDictionary headers = context.Response.Headers;
        // A game has made these bytes. The browser must not treat them as a page or a script.
        headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "private, no-store";
        return TypedResults.Stream(answers.Open(context, content), "application/octet-stream");
    }

    private static async Task<NoContent> Reset(
        Guid id, string path, ClaimsPrincipal user, SavedFileStore store, CancellationToken cancellationToken)
    {
        await store.ResetAsync(user.AccountId(), id, ProjectsApi.Unescape(path), isOwner: true, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> ResetAll(
        Guid id, ClaimsPrincipal user, SavedFileStore store, CancellationToken cancellationToken)
    {
        await store.ResetAsync(user.AccountId(), id, null, isOwner: true, cancellationToken);
        return TypedResults.NoContent();
    }
}
