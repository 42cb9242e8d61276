using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Security;
using PixelGameDev.Api.Security.Authentication;
using PixelGameDev.Api.Sessions;
using PixelGameDev.Api.Sessions.Execution;
using PixelGameDev.Api.Sessions.Records;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Api.Watching;

/// <summary>
/// Maps the endpoints with which the owner of a running session invites people, and those with which they watch. Who watches needs no
/// account; the Executor passes nothing on that they send, except the controls of a seat that the owner has given.
/// </summary>
internal static class WatchApi
{
    public static IServiceCollection AddWatching(this IServiceCollection services) => services
        .AddSingleton<InvitationStore>()
        .AddSingleton<OpenWatchers>();

    public static IEndpointRouteBuilder MapWatchApi(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder invitation =
            routes.MapGroup("/api/sessions/{id:guid}/invitation").RequireAuthorization().WithNotFound().WithTags("Watching");
        invitation.MapGet("/", Read).WithSummary("The invitation to a session, and how many people watch by it.");
        invitation.MapPost("/", Make)
            .LimitRate(LimitedAction.Write)
            .WithProblems(StatusCodes.Status409Conflict, "session_ended")
            .WithSummary("Makes the invitation to a running session, or returns the one that it has.");
        invitation.MapDelete("/", TakeBack)
            .LimitRate(LimitedAction.Write)
            .WithProblems(StatusCodes.Status503ServiceUnavailable, "executor_away")
            .WithSummary("Takes the invitation back: whoever watches is disconnected, and it is as if it had never been.");

        RouteGroupBuilder watch = routes.MapGroup("/api/watch/{code}").WithTags("Watching")
            .WithNotFound()
            .WithProblems(StatusCodes.Status410Gone, "game_over");
        watch.MapGet("/", Show)
            .WithSummary("What an invitation shows, also for 10 minutes after the end of the game. Nobody needs an account for it.");
        watch.MapGet("/stream", Watch)
            .Produces(StatusCodes.Status101SwitchingProtocols)
            .WithProblems(StatusCodes.Status400BadRequest, "websocket_needed")
            .WithProblems(StatusCodes.Status403Forbidden, "cross_origin")
            .WithProblems(StatusCodes.Status429TooManyRequests, CloseReasons.TooManyStreams)
            .WithProblems(StatusCodes.Status503ServiceUnavailable, "executor_away")
            .WithSummary("WebSocket with the picture and the sound of the session. It takes the controls of a seat, and no other input.");
        return routes;
    }

    private static async Task<Ok<SessionInvitation>> Read(
        Guid id, ClaimsPrincipal user, InvitationStore store, ExecutorClient executor, CancellationToken cancellationToken)
    {
        StoredInvitation invitation =
            await store.FindAsync(user.AccountId(), id, cancellationToken) ?? throw Problem.NotFound("invitation");
        FoundSession now = await executor.FindAsync(id, invitation.Executor, cancellationToken);
        return TypedResults.Ok(new SessionInvitation(invitation.Code, invitation.CreatedAt, now.Session?.Watchers ?? 0));
    }

    private static async Task<Ok<SessionInvitation>> Make(
        Guid id, ClaimsPrincipal user, InvitationStore store, CancellationToken cancellationToken)
    {
        StoredInvitation invitation = await store.MakeAsync(user.AccountId(), id, cancellationToken);
        return TypedResults.Ok(new SessionInvitation(invitation.Code, invitation.CreatedAt, 0));
    }

    private static async Task<NoContent> TakeBack(
        Guid id, ClaimsPrincipal user, InvitationStore store, ExecutorClient executor, CancellationToken cancellationToken)
    {
        Guid owner = user.AccountId();
        StoredInvitation invitation = await store.FindAsync(owner, id, cancellationToken) ?? throw Problem.NotFound("invitation");
        HashSet<Guid> closed = [];
        // The Executor first: a person who opens the stream at this moment must not stay.
        await CloseAsync();
        await store.DeleteAsync(owner, id, invitation.Number, CancellationToken.None);
        // Nor one who has come to a Run that began meanwhile.
        await CloseAsync();
        return TypedResults.NoContent();

        async Task CloseAsync()
        {
            foreach (WatchedSession session in await store.ListSessionsAsync(owner, id, CancellationToken.None))
            {
                if (closed.Add(session.Id))
                {
                    await executor.CloseWatchersAsync(session.Id, session.Executor, invitation.Number, CancellationToken.None);
                }
            }
        }
    }

    private static async Task<Ok<WatchedGame>> Show(
        string code, ClaimsPrincipal user, InvitationStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok((await store.OpenAsync(code, user.TryAccount()?.Id, cancellationToken)).Game);

    private static async Task Watch(
        string code, HttpContext context, InvitationStore store, SessionStream stream, OpenWatchers open,
        CancellationToken cancellationToken)
    {
        OpenedInvitation invitation = await store.OpenAsync(code, context.User.TryAccount()?.Id, cancellationToken);
        if (invitation.Game.HasEnded)
        {
            throw InvitationStore.GameOver();
        }

        SessionsApi.RequireWebSocket(context);
        using StreamSlot? slot = open.Enter(RateLimits.KeyOf(context.Connection.RemoteIpAddress));
        if (slot is not { IsAllowed: true })
        {
            await SessionStream.RefuseAsync(context, tell: slot is not null, cancellationToken);
            return;
        }

        await stream.ForwardAsync(context, invitation.Session, new SessionPlace(invitation.Executor), invitation.Number);
    }
}
