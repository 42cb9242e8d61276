using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using PixelGameDev.Api.Access;
using PixelGameDev.Api.Accounts;
using PixelGameDev.Api.Links;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Security;
using PixelGameDev.Api.Security.Authentication;

namespace PixelGameDev.Api.Gallery;

/// <summary>Maps what the page of a published game has beside the game: its likes, and its family of remixes.</summary>
internal static class SharedGameApi
{
    public static IEndpointRouteBuilder MapSharedGameApi(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder game = routes.MapGroup("/api/play/{code}").WithTags("Gallery")
            .WithNotFound()
            .WithProblems(StatusCodes.Status410Gone, "link_ended");
        game.MapGet("/family", ReadFamily).WithSummary("What the game is a remix of, up to the first game, and its own remixes.");
        MapLike(HttpMethods.Put, Like).WithSummary("The caller likes the published game. Again: nothing changes.");
        MapLike(HttpMethods.Delete, Unlike).WithSummary("The caller does not like the published game any more.");
        return routes;

        RouteHandlerBuilder MapLike(string method, Delegate handler) => game.MapMethods("/like", [method], handler)
            .RequireAuthorization()
            .LimitRate(LimitedAction.Write)
            .WithProblems(StatusCodes.Status403Forbidden, "guests_cannot_like");
    }

    private static async Task<Ok<GameFamily>> ReadFamily(
        string code, ClaimsPrincipal user, LinkStore links, FamilyStore families, GalleryOptions options,
        CancellationToken cancellationToken)
    {
        Account? caller = user.TryAccount();
        OpenedLink link = await links.OpenAsync(code, caller?.Id, AccessLevel.View, cancellationToken);
        return TypedResults.Ok(await families.ReadAsync(link.Project, options.IsVisibleTo(caller), cancellationToken));
    }

    private static Task<Ok<GameLikes>> Like(
        string code, ClaimsPrincipal user, LinkStore links, LikeStore likes, CancellationToken cancellationToken) =>
        ChangeAsync(code, user, likes: true, links, likes, cancellationToken);

    private static Task<Ok<GameLikes>> Unlike(
        string code, ClaimsPrincipal user, LinkStore links, LikeStore likes, CancellationToken cancellationToken) =>
        ChangeAsync(code, user, likes: false, links, likes, cancellationToken);

    private static async Task<Ok<GameLikes>> ChangeAsync(
        string code, ClaimsPrincipal user, bool likes, LinkStore links, LikeStore store, CancellationToken cancellationToken)
    {
        Guid account = user.AccountId();
        OpenedLink link = await links.OpenAsync(code, account, AccessLevel.View, cancellationToken);
        if (user.TryAccount() is not { Guest: false })
        {
            throw new ProblemException(
                StatusCodes.Status403Forbidden, "guests_cannot_like", "Guests cannot like games",
                "Make an account or sign in. Then you can say which games you like.");
        }

        return TypedResults.Ok(await store.ChangeAsync(account, link, likes, cancellationToken));
    }
}
