using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using PixelGameDev.Executor.Configuration;
using PixelGameDev.Executor.Viewers;
using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Sessions;

/// <summary>Maps <c>/sessions</c> for the Api, which authenticates with a service token.</summary>
internal static class SessionsApi
{
    /// <summary>The role of a viewer that an invitation has let in. Only the controls of a seat count of its input.</summary>
    private const string WatcherRole = "watcher";

    /// <summary>Longest wait for the end of a session, ms.</summary>
    private const int MaxWaitMillis = 5000;

    public static void MapSessions(this IEndpointRouteBuilder routes)
    {
        ExecutorOptions options = routes.ServiceProvider.GetRequiredService<ExecutorOptions>();
        RouteGroupBuilder sessions = routes.MapGroup("/sessions").RequireAuthorization();
        sessions.MapPost("", StartAsync).WithMetadata(new BodyLimit(options));
        sessions.MapGet("", List);
        sessions.MapGet("{id:guid}", Get);
        sessions.MapPost("{id:guid}/stop", StopAsync);
        sessions.MapGet("{id:guid}/saved", ReadSavedAsync);
        sessions.MapDelete("{id:guid}/saved", ReleaseSaved);
        sessions.MapDelete("{id:guid}/picture", TakePicture);
        sessions.MapGet("{id:guid}/recording", ReadRecording);
        sessions.MapPost("{id:guid}/recording", RestartRecording);
        sessions.MapDelete("{id:guid}/watchers", CloseWatchers);
        sessions.MapGet("{id:guid}/stream", StreamAsync);
    }

    private static async Task<Results<Created<SessionInfo>, ProblemHttpResult>> StartAsync(
        StartSessionRequest request, SessionManager sessions, HttpContext context, CancellationToken cancellationToken)
    {
        try
        {
            Session session = await sessions.StartAsync(request, cancellationToken);
            return TypedResults.Created($"/sessions/{session.Id}", session.Describe());
        }
        catch (SessionRefusedException refused)
        {
            SessionRefusal refusal = refused.Refusal;
            if (refusal.RetryAfter is { } wait)
            {
                context.Response.Headers.RetryAfter = ((int)wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            }

            return TypedResults.Problem(
                refusal.Detail, statusCode: refusal.Status, title: refusal.Title,
                extensions: new Dictionary<string, object?> { ["code"] = refusal.Code });
        }
    }

    private static Ok<IReadOnlyList<SessionInfo>> List(SessionRegistry sessions, HttpContext context, string? since = null)
    {
        (IReadOnlyList<SessionInfo> told, string cursor) = sessions.ListForApi(since);
        context.Response.Headers[ExecutorHeaders.Cursor] = cursor;
        return TypedResults.Ok(told);
    }

    private static Results<Ok<SessionInfo>, ProblemHttpResult> Get(Guid id, SessionRegistry sessions) =>
        sessions.Find(id) is { } session ? TypedResults.Ok(session.DescribeForApi()) : Unknown(id);

    private static Results<Accepted<SessionInfo>, ProblemHttpResult> StopAsync(Guid id, SessionRegistry sessions)
    {
        if (sessions.Find(id) is not { } session)
        {
            return Unknown(id);
        }

        session.Stop(EndReasons.Stopped, "asked to stop");
        return TypedResults.Accepted($"/sessions/{id}", session.Describe());
    }

    /// <summary>
    /// Returns the files that the game has changed after a change; with a wait, at the end of the session if it ends soon.
    /// </summary>
    private static async Task<Results<Ok<SavedGameFiles>, ProblemHttpResult>> ReadSavedAsync(
        Guid id, SessionRegistry sessions, TimeProvider time, CancellationToken cancellationToken, long after = 0, int waitMillis = 0)
    {
        if (sessions.Find(id) is not { } session)
        {
            return Unknown(id);
        }

        if (waitMillis > 0)
        {
            await Task.WhenAny(
                session.Ended, Task.Delay(TimeSpan.FromMilliseconds(Math.Min(waitMillis, MaxWaitMillis)), time, cancellationToken));
        }

        bool hasEnded = session.EndedAt is not null;
        (long last, IReadOnlyList<SavedGameFile> files) = session.SavedFiles.Read(after);
        return TypedResults.Ok(new SavedGameFiles(last, hasEnded, files));
    }

    private static Results<NoContent, ProblemHttpResult> ReleaseSaved(Guid id, SessionRegistry sessions, long through)
    {
        if (sessions.Find(id) is not { } session)
        {
            return Unknown(id);
        }

        session.SavedFiles.Release(through);
        return TypedResults.NoContent();
    }

    private static Results<Ok<SmallPicture>, ProblemHttpResult> TakePicture(Guid id, SessionRegistry sessions) =>
        sessions.Find(id)?.Picture.Take() is { } picture
            ? TypedResults.Ok(picture)
            : TypedResults.Problem(
                $"There is no picture of session {id}, or no longer.", statusCode: StatusCodes.Status404NotFound,
                title: "There is no picture.", extensions: new Dictionary<string, object?> { ["code"] = "no_picture" });

    private static Results<FileContentHttpResult, ProblemHttpResult> ReadRecording(Guid id, SessionRegistry sessions) =>
        sessions.Find(id)?.Relay.ReadRecording() is { } file
            ? TypedResults.Bytes(file, "application/octet-stream")
            : TypedResults.Problem(
                $"There is no recording of session {id}, or no longer.", statusCode: StatusCodes.Status404NotFound,
                title: "There is no recording.", extensions: new Dictionary<string, object?> { ["code"] = "no_recording" });

    /// <summary>Begins a new recording of a session that runs, in place of the one so far.</summary>
    private static Results<Accepted, ProblemHttpResult> RestartRecording(Guid id, SessionRegistry sessions)
    {
        if (sessions.Find(id) is not { } session)
        {
            return Unknown(id);
        }

        return session.Relay.TryRestartRecording()
            ? TypedResults.Accepted($"/sessions/{id}/recording")
            : TypedResults.Problem(
                $"Session {id} has ended, or is not recorded.", statusCode: StatusCodes.Status409Conflict,
                title: "Nothing is recorded.", extensions: new Dictionary<string, object?> { ["code"] = "not_recorded" });
    }

    /// <summary>Disconnects those who watch by an invitation that was taken back. It and earlier ones let nobody in any more.</summary>
    private static Results<NoContent, ProblemHttpResult> CloseWatchers(Guid id, SessionRegistry sessions, long through)
    {
        if (sessions.Find(id) is not { } session)
        {
            return Unknown(id);
        }

        session.Relay.CloseWatchers(through);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> StreamAsync(
        Guid id, SessionRegistry sessions, TimeProvider time, HttpContext context, string? role = null, long invitation = 0)
    {
        if (sessions.Find(id) is not { } session)
        {
            return Unknown(id);
        }

        if (!context.WebSockets.IsWebSocketRequest)
        {
            return TypedResults.Problem("This address is for WebSockets.", statusCode: StatusCodes.Status400BadRequest,
                title: "Not a WebSocket request.");
        }

        using System.Net.WebSockets.WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
        Viewer viewer = role == WatcherRole
            ? new Viewer(socket, session.Relay, session.Pings, time, StreamBudget.Watchers, invitation)
            : new Viewer(socket, session.Relay, session.Pings, time);
        await viewer.RunAsync(context.RequestAborted);
        return Results.Empty;
    }

    private static ProblemHttpResult Unknown(Guid id) => TypedResults.Problem(
        $"There is no session {id}.", statusCode: StatusCodes.Status404NotFound, title: "This session does not exist.",
        extensions: new Dictionary<string, object?> { ["code"] = "no_session" });

    /// <summary>Limits the body to a project in base64 and its JSON, with a small reserve.</summary>
    private sealed class BodyLimit(ExecutorOptions options) : IRequestSizeLimitMetadata
    {
        private const int AroundEachFile = 1024;

        public long? MaxRequestBodySize { get; } =
            ((long)(options.MaxProjectBytes + SavedFileRules.MaxBytes) * 4 / 3)
            + ((long)(options.MaxProjectFiles + SavedFileRules.MaxFiles) * AroundEachFile) + (2 << 20);
    }
}
