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
    /// <summary>The role of a viewer whose input is ignored.</summary>
    private const string WatcherRole = "watcher";

    public static void MapSessions(this IEndpointRouteBuilder routes)
    {
        ExecutorOptions options = routes.ServiceProvider.GetRequiredService<ExecutorOptions>();
        RouteGroupBuilder sessions = routes.MapGroup("/sessions").RequireAuthorization();
        sessions.MapPost("", StartAsync).WithMetadata(new BodyLimit(options));
        sessions.MapGet("", List);
        sessions.MapGet("{id:guid}", Get);
        sessions.MapPost("{id:guid}/stop", StopAsync);
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

    private static async Task<IResult> StreamAsync(
        Guid id, SessionRegistry sessions, TimeProvider time, HttpContext context, string? role = null)
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
        Viewer viewer = new(socket, session.Relay, session.Pings, mayPlay: role != WatcherRole, time);
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
            ((long)options.MaxProjectBytes * 4 / 3) + ((long)options.MaxProjectFiles * AroundEachFile) + (2 << 20);
    }
}
