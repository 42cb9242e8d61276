using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using PixelGameDev.Api.Accounts;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Projects;
using PixelGameDev.Api.Security;
using PixelGameDev.Streaming.Contracts;

namespace PixelGameDev.Api.Sessions;

/// <summary>Run, watch, stop.</summary>
internal static class SessionsApi
{
    public static IServiceCollection AddSessions(this IServiceCollection services)
    {
        services.AddHttpForwarder();
        return services
            .AddSingleton<ServiceTokens>()
            .AddSingleton<ExecutorClient>()
            .AddSingleton<SessionStore>()
            .AddSingleton<SessionStream>()
            .AddSingleton<SessionWatcher>()
            .AddHostedService(provider => provider.GetRequiredService<SessionWatcher>());
    }

    public static IEndpointRouteBuilder MapSessionsApi(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder sessions = routes.MapGroup("/api/sessions").RequireAuthorization().WithTags("Sessions");
        sessions.MapGet("/", List).WithSummary("The person's last 50 sessions.");
        sessions.MapPost("/", Start).LimitRate(LimitedAction.Run).WithSummary("Runs a project.");
        sessions.MapGet("/{id:guid}", Read).WithName("ReadSession").WithSummary("How a session is doing, or how it ended.");
        sessions.MapPost("/{id:guid}/stop", Stop).WithSummary("Ends a session; one that has ended stays so.");
        sessions.MapGet("/{id:guid}/stream", Stream)
            .Produces(StatusCodes.Status101SwitchingProtocols)
            .WithSummary("WebSocket with the session's picture, sound and console; takes input.");
        return routes;
    }

    private static async Task<Ok<IReadOnlyList<Session>>> List(ClaimsPrincipal user, SessionStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok(await store.ListAsync(user.AccountId(), cancellationToken));

    private static async Task<CreatedAtRoute<StartedSession>> Start(
        StartSessionBody body,
        ClaimsPrincipal user,
        ProjectStore projects,
        SessionStore store,
        ExecutorClient executor,
        SessionWatcher watcher,
        CancellationToken cancellationToken)
    {
        Guid account = user.AccountId();
        RunnableProject project = await projects.ReadForRunAsync(account, body.ProjectId, cancellationToken);
        if (!project.Files.Any(file => file.Path == project.Entry))
        {
            throw Problem.Conflict("no_such_entry", "The game has no beginning", $"The game starts with \"{project.Entry}\", but there is no such file. Create it, or choose another file to start with.");
        }

        Guid id = Guid.CreateVersion7();
        StartSessionRequest request = new(
            id, account.ToString("N"), project.Entry, [.. project.Files.Select(file => new SessionFile(file.Path, file.Content))]);

        // The record and the sandbox are made side by side: the person waits for the slower of the two, not for both.
        // A start is not given up when the person closes the page: half-made sandboxes cost more than one that ends idle.
        Task record = store.InsertAsync(id, account, project.Id, project.Name, CancellationToken.None);
        Task<SessionInfo> start = executor.StartAsync(request, CancellationToken.None);
        try
        {
            await record;
        }
        catch
        {
            // Without a record nobody could watch or stop it.
            await start.ContinueWith(
                async started =>
                {
                    if (started.IsCompletedSuccessfully)
                    {
                        await executor.StopAsync(id, CancellationToken.None);
                    }
                },
                CancellationToken.None,
                TaskContinuationOptions.None,
                TaskScheduler.Default).Unwrap();
            throw;
        }

        try
        {
            // What it says goes on record with the watcher's next look: no write to wait for here.
            SessionInfo session = await start;
            watcher.Taken(id);
            return TypedResults.CreatedAtRoute(
                new StartedSession(id, session.State, session.Sandbox, session.Warm, $"/api/sessions/{id}/stream"), "ReadSession", new { id });
        }
        catch (ProblemException problem)
        {
            await store.EndAsync([id], SessionStates.NotStarted, problem.Detail, problem.Code, CancellationToken.None);
            throw;
        }
    }

    private static async Task<Ok<Session>> Read(
        Guid id, ClaimsPrincipal user, SessionStore store, ExecutorClient executor, SessionWatcher watcher, CancellationToken cancellationToken)
    {
        Session session = await store.ReadAsync(user.AccountId(), id, cancellationToken);
        if (session.EndedAt is not null)
        {
            return TypedResults.Ok(session);
        }

        try
        {
            // The record lags by a second; who asks wants to know now.
            if (await executor.FindAsync(id, cancellationToken) is { } now)
            {
                await store.UpdateAsync([now], cancellationToken);
            }
            else if (session.Sandbox is not null)
            {
                await watcher.ForgottenAsync(id, cancellationToken);
            }

            session = await store.ReadAsync(user.AccountId(), id, cancellationToken);
        }
        catch (ProblemException)
        {
            // The Executor is away: what is on record is the best answer there is.
        }

        return TypedResults.Ok(session);
    }

    private static async Task<Accepted> Stop(
        Guid id, ClaimsPrincipal user, SessionStore store, ExecutorClient executor, CancellationToken cancellationToken)
    {
        Session session = await store.ReadAsync(user.AccountId(), id, cancellationToken);
        if (session.EndedAt is null)
        {
            await executor.StopAsync(id, cancellationToken);
        }

        return TypedResults.Accepted($"/api/sessions/{id}");
    }

    private static async Task Stream(
        Guid id, HttpContext context, ClaimsPrincipal user, SessionStore store, SessionStream stream, CancellationToken cancellationToken)
    {
        await store.ReadAsync(user.AccountId(), id, cancellationToken);
        if (!context.WebSockets.IsWebSocketRequest && context.Request.Headers.Upgrade.Count == 0)
        {
            throw Problem.Invalid("websocket_needed", "This is a stream", "This address speaks WebSocket; open it with one.");
        }

        await stream.ForwardAsync(context, id);
    }
}
