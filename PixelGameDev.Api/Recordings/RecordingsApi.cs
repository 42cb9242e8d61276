using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Projects;
using PixelGameDev.Api.Security;
using PixelGameDev.Api.Security.Authentication;
using PixelGameDev.Api.Sessions.Execution;
using PixelGameDev.Api.Sessions.Records;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Api.Recordings;

/// <summary>Maps the endpoints for the recordings of a project.</summary>
internal static class RecordingsApi
{
    public static IServiceCollection AddRecordings(this IServiceCollection services) => services
        .AddSingleton<RecordingStore>()
        .AddSingleton<RecordingExport>();

    public static IEndpointRouteBuilder MapRecordingsApi(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder recordings =
            routes.MapGroup("/api/projects/{id:guid}/recordings").RequireAuthorization().WithTags("Recordings");
        recordings.MapGet("/", List).WithNotFound().WithSummary("The recordings of a project, newest first.");
        recordings.MapPost("/", Keep)
            .LimitRate(LimitedAction.Write)
            .WithNotFound()
            .WithProblems(StatusCodes.Status409Conflict, "no_recording", "too_many_recordings")
            .WithStorageProblems()
            .WithProblems(StatusCodes.Status429TooManyRequests, "too_many_downloads")
            .WithProblems(StatusCodes.Status503ServiceUnavailable, "executor_away")
            .WithSummary("Keeps what is recorded of a session of this project, at most ten minutes after its end.");
        recordings.MapGet("/{hash}", Read)
            .SendsRecording()
            .WithSummary("The file of a recording, which never changes.");
        recordings.MapPatch("/{hash}", Show)
            .LimitRate(LimitedAction.Write)
            .WithNotFound()
            .WithSummary("Whether this recording shows the game.");
        recordings.MapDelete("/{hash}", Delete).LimitRate(LimitedAction.Write).WithNotFound().WithSummary("Deletes a recording.");
        routes.MapPost("/api/sessions/{id:guid}/recording", Restart)
            .RequireAuthorization()
            .LimitRate(LimitedAction.Write)
            .WithTags("Recordings")
            .WithNotFound()
            .WithProblems(StatusCodes.Status409Conflict, "not_recorded")
            .WithProblems(StatusCodes.Status503ServiceUnavailable, "executor_away")
            .WithSummary("Records the next seconds of a session that runs, in place of its first ones.");
        return routes;
    }

    /// <summary>Documents an endpoint that answers with <see cref="SendAsync"/>.</summary>
    internal static RouteHandlerBuilder SendsRecording(this RouteHandlerBuilder endpoint) => endpoint
        .Produces<byte[]>(StatusCodes.Status200OK, "application/octet-stream")
        .WithNotFound()
        .WithProblems(StatusCodes.Status416RangeNotSatisfiable, "bad_range")
        .WithProblems(StatusCodes.Status429TooManyRequests, "too_many_downloads")
        .WithProblems(StatusCodes.Status503ServiceUnavailable, "history_away");

    private static async Task<Ok<RecordingList>> List(
        Guid id, ClaimsPrincipal user, RecordingStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok(new RecordingList(await store.ListAsync(user.AccountId(), id, cancellationToken), RecordingStore.Most));

    private static async Task<Created<Recording>> Keep(
        Guid id, KeepRecordingRequest body, HttpContext context, RecordingStore store, SessionStore sessions, ExecutorClient executors,
        RequestBudgets budgets, LargeAnswers answers, CancellationToken cancellationToken)
    {
        Guid account = context.User.AccountId();
        SessionRecord session = await sessions.ReadAsync(account, body.Session, cancellationToken);
        if (session.ProjectId != id)
        {
            throw Problem.NotFound("session");
        }

        // The Executor, this server and the request to the database hold a copy each.
        await answers.ReserveAsync(context, 3 * RecordingFile.MaxBytes, cancellationToken);
        byte[] file = await executors.ReadRecordingAsync(session.Id, session.Executor, cancellationToken) ?? throw None();
        RecordingInfo info;
        try
        {
            info = RecordingFile.Read(file);
        }
        catch (InvalidDataException)
        {
            // An Executor of another version.
            throw None();
        }

        budgets.ChargeBytes(context, file.Length);
        Recording kept = await store.KeepAsync(account, id, file, info, cancellationToken);
        return TypedResults.Created($"/api/projects/{id}/recordings/{kept.Name}", kept);
    }

    private static async Task<FileStreamHttpResult> Read(
        Guid id, string hash, HttpContext context, RecordingStore store, LargeAnswers answers, CancellationToken cancellationToken)
    {
        RecordingBlob recording = await store.FindAsync(context.User.AccountId(), id, hash, cancellationToken);
        return await SendAsync(recording, context, store, answers, cancellationToken);
    }

    /// <summary>Answers with the file of a recording.</summary>
    /// <exception cref="ProblemException">404; 429; 503</exception>
    internal static async Task<FileStreamHttpResult> SendAsync(
        RecordingBlob recording, HttpContext context, RecordingStore store, LargeAnswers answers, CancellationToken cancellationToken)
    {
        await answers.ReserveAsync(context, recording.Size, cancellationToken);
        byte[] content = await store.ReadAsync(recording, cancellationToken);
        ProjectsApi.GuardContent(context.Response.Headers);
        // Its name is its hash, so the browser never asks again. Nobody can guess the address.
        context.Response.Headers.CacheControl = "private, max-age=31536000, immutable";
        return TypedResults.Stream(
            answers.Open(context, content), "application/octet-stream", entityTag: new EntityTagHeaderValue($"\"{recording.Name}\""),
            enableRangeProcessing: true);
    }

    private static async Task<NoContent> Show(
        Guid id, string hash, ShowRecordingRequest body, ClaimsPrincipal user, RecordingStore store, CancellationToken cancellationToken)
    {
        await store.ShowAsync(user.AccountId(), id, hash, body.Shown, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> Delete(
        Guid id, string hash, ClaimsPrincipal user, RecordingStore store, CancellationToken cancellationToken)
    {
        await store.DeleteAsync(user.AccountId(), id, hash, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Accepted> Restart(
        Guid id, ClaimsPrincipal user, SessionStore sessions, ExecutorClient executors, CancellationToken cancellationToken)
    {
        SessionRecord session = await sessions.ReadAsync(user.AccountId(), id, cancellationToken);
        return await executors.RestartRecordingAsync(id, session.Executor, cancellationToken)
            ? TypedResults.Accepted($"/api/sessions/{id}")
            : throw Problem.Conflict(
                "not_recorded", "This game is not recorded", "Only a game that runs can be recorded. Press Run, then try again.");
    }

    private static ProblemException None() => Problem.Conflict(
        "no_recording", "Nothing is recorded",
        "There is no recording of this run. It must have shown a picture, and must have ended less than ten minutes ago. Press Run, then " +
            "try again.");
}
