using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using PixelGameDev.Api.History;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Security;
using PixelGameDev.Api.Security.Authentication;
using PixelGameDev.Api.Sessions.Execution;
using PixelGameDev.Api.Sessions.Records;
using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Api.Sessions;

/// <summary>Maps the endpoints that run, watch and stop sessions.</summary>
internal static class SessionsApi
{
    public static IServiceCollection AddSessions(this IServiceCollection services)
    {
        services.AddHttpForwarder();
        return services
            .AddSingleton<ServiceTokens>()
            .AddSingleton<ExecutorClient>()
            .AddSingleton<SessionStore>()
            .AddSingleton<SessionStarter>()
            .AddSingleton<SessionRecorder>()
            .AddSingleton<PendingSessionRegistry>()
            .AddSingleton<OpenStreams>()
            .AddSingleton<SessionStream>()
            .AddSingleton<SessionWatcher>()
            .AddHostedService(provider => provider.GetRequiredService<SessionWatcher>())
            .AddSingleton<SessionRetention>()
            .AddHostedService(provider => provider.GetRequiredService<SessionRetention>());
    }

    public static IEndpointRouteBuilder MapSessionsApi(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder sessions = routes.MapGroup("/api/sessions").RequireAuthorization().WithTags("Sessions");
        sessions.MapGet("/", List).WithSummary("The person's last 50 sessions; with running=true only those that have not ended.");
        sessions.MapPost("/", Start)
            .WithStartProblems()
            .WithSummary("Runs a project; the id may be chosen, for a stream that is opened beside this request.");
        sessions.MapGet("/{id:guid}", Read).WithName("ReadSession").WithNotFound().WithSummary("How a session is doing, or how it ended.");
        sessions.MapPost("/{id:guid}/stop", Stop)
            .WithNotFound()
            .WithSummary("Ends a session, one that is being started as well; one that has ended stays so.");
        sessions.MapGet("/{id:guid}/stream", Stream)
            .Produces(StatusCodes.Status101SwitchingProtocols)
            .WithProblems(StatusCodes.Status400BadRequest, "websocket_needed")
            .WithProblems(StatusCodes.Status403Forbidden, "cross_origin")
            .WithNotFound()
            .WithProblems(StatusCodes.Status429TooManyRequests, CloseReasons.TooManyStreams)
            .WithProblems(StatusCodes.Status503ServiceUnavailable, "executor_away")
            .WithSummary("WebSocket with the session's picture, sound and console; takes input. Held while the session is being started.");
        return routes;
    }

    /// <summary>Limits how often an account starts sessions, and documents the problems of a start.</summary>
    internal static RouteHandlerBuilder WithStartProblems(this RouteHandlerBuilder endpoint) => endpoint
        .LimitRate(LimitedAction.Run)
        .WithProblems(StatusCodes.Status400BadRequest, ["bad_session_id", .. ExecutorRefusal.BadProject])
        .WithNotFound()
        .WithProblems(StatusCodes.Status409Conflict, "session_exists", "session_stopped", "no_such_entry")
        .WithProblems(StatusCodes.Status413PayloadTooLarge, ExecutorRefusal.TooLarge)
        .WithProblems(StatusCodes.Status429TooManyRequests, "too_many_own_sessions")
        .WithProblems(StatusCodes.Status503ServiceUnavailable, ExecutorRefusal.Unavailable);

    private static async Task<Ok<IReadOnlyList<SessionRecord>>> List(
        ClaimsPrincipal user, SessionStore store, CancellationToken cancellationToken, bool running = false) =>
        TypedResults.Ok(await store.ListAsync(user.AccountId(), running, cancellationToken));

    private static async Task<CreatedAtRoute<StartedSession>> Start(
        StartSessionBody body, ClaimsPrincipal user, SessionStarter starter, SessionStore store, RevisionRecorder history)
    {
        Guid account = user.AccountId();
        StartedSession started = await starter.StartAsync(account, body.Id, new SessionSource(
            body.ProjectId, null,
            (id, place) => store.BeginAsync(id, account, body.ProjectId, place, CancellationToken.None)));
        history.NoteRun(body.ProjectId, started.Id);
        return TypedResults.CreatedAtRoute(started, "ReadSession", new { id = started.Id });
    }

    private static async Task<Ok<SessionRecord>> Read(
        Guid id, ClaimsPrincipal user, SessionStore store, SessionRecorder recorder, ExecutorClient executor, SessionWatcher watcher,
        CancellationToken cancellationToken)
    {
        SessionRecord session = await store.ReadAsync(user.AccountId(), id, cancellationToken);
        if (session.EndedAt is not null)
        {
            return TypedResults.Ok(session);
        }

        // The record is up to one second old, so ask the Executor for the current state.
        FoundSession now = await executor.FindAsync(id, session.Executor, cancellationToken);
        if (now.Session is { } live)
        {
            await recorder.RecordAsync([live], now.Executor, now.Incarnation, cancellationToken);
        }
        else if (!now.Silent && session.Sandbox is not null)
        {
            await watcher.MarkLostAsync(id, cancellationToken);
        }
        else
        {
            // The Executor is unreachable, or the session is still starting: the record is the best available answer.
            return TypedResults.Ok(session);
        }

        session = await store.ReadAsync(user.AccountId(), id, cancellationToken);
        return TypedResults.Ok(session.EndedAt is null && now.Session is { } running
            ? session with
            {
                // The record stores the numbers of a running game only in steps.
                Frames = running.Frames,
                Bytes = running.Bytes,
                PeakViewers = Math.Max(session.PeakViewers, running.Viewers),
                ConsoleTail = RecordText.TailOf(running),
            }
            : session);
    }

    private static async Task<Accepted> Stop(
        Guid id, ClaimsPrincipal user, SessionStore store, PendingSessionRegistry pending, ExecutorClient executor,
        CancellationToken cancellationToken)
    {
        Guid account = user.AccountId();
        SessionRecord? session = await store.FindAsync(account, id, cancellationToken);
        // The start may be in progress here, or its request may arrive soon: a closing page sends both requests at once.
        bool remembered = session?.EndedAt is null && PendingSessionRegistry.IsChoosable(id) && pending.RequestStop(account, id);
        if (session is null && !remembered)
        {
            throw Problem.NotFound("session");
        }

        if (session is { EndedAt: null })
        {
            await StopNowAsync(id, session.Executor, store, executor, account);
        }

        return TypedResults.Accepted($"/api/sessions/{id}");
    }

    /// <summary>
    /// Stops a session and records the stop request. The record matters if the Executor gets the session later, answers again later, or
    /// ends before it reports the end of the game. Such a game counts as stopped, not as lost.
    /// </summary>
    internal static async Task StopNowAsync(Guid id, string? place, SessionStore store, ExecutorClient executor, Guid account)
    {
        Task asking = store.RequestStopAsync(account, id, CancellationToken.None);
        try
        {
            await executor.StopAsync(id, place, CancellationToken.None);
        }
        catch (ProblemException)
        {
            // The Executor is unreachable; the watcher tries again.
        }

        await asking;
    }

    /// <summary>Throws unless the request asks for a WebSocket.</summary>
    /// <exception cref="ProblemException">400</exception>
    internal static void RequireWebSocket(HttpContext context)
    {
        if (!IsWebSocket(context))
        {
            throw Problem.Invalid("websocket_needed", "This is a stream", "This address speaks WebSocket; open it with one.");
        }
    }

    private static bool IsWebSocket(HttpContext context) =>
        context.WebSockets.IsWebSocketRequest || context.Request.Headers.Upgrade.Count > 0;

    private static async Task Stream(
        Guid id, HttpContext context, ClaimsPrincipal user, SessionStore store, PendingSessionRegistry pending, SessionStream stream,
        OpenStreams open, CancellationToken cancellationToken)
    {
        if (!IsWebSocket(context))
        {
            await store.ReadAsync(user.AccountId(), id, cancellationToken);
        }

        RequireWebSocket(context);
        using StreamSlot? slot = open.Enter(user.AccountId());
        if (slot is not { IsAllowed: true })
        {
            await SessionStream.RefuseAsync(context, tell: slot is not null, cancellationToken);
            return;
        }

        string address = RateLimits.KeyOf(context.Connection.RemoteIpAddress);
        SessionPlace place = await pending.WaitUntilWatchableAsync(user.AccountId(), address, id, cancellationToken)
            ?? throw Problem.NotFound("session");
        await stream.ForwardAsync(context, id, place);
    }
}
