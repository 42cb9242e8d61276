using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using PixelGameDev.Api.Accounts;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Security;
using PixelGameDev.Api.Security.Authentication;

namespace PixelGameDev.Api.Gallery;

/// <summary>Maps the endpoints of the gallery: owners publish games, and people find them. A game is opened by its link.</summary>
internal static class GalleryApi
{
    public static IServiceCollection AddGallery(this IServiceCollection services) => services
        .AddSingleton<PublicationStore>()
        .AddSingleton<GalleryStore>()
        .AddSingleton<LikeStore>()
        .AddSingleton<FamilyStore>();

    public static IEndpointRouteBuilder MapGalleryApi(this IEndpointRouteBuilder routes)
    {
        routes.MapSharedGameApi();
        routes.MapGet("/api/gallery", List)
            .WithTags("Gallery")
            .WithNotFound()
            .WithProblems(StatusCodes.Status401Unauthorized, "not_signed_in")
            .WithProblems(StatusCodes.Status400BadRequest, "bad_order")
            .WithProblems(StatusCodes.Status403Forbidden, "members_only")
            .WithSummary(
                "Published games, 24 at a time: ?search=<words>&order=<newest or liked>&after=<next>. 404: there is no gallery here.");
        RouteGroupBuilder publication =
            routes.MapGroup("/api/projects/{id:guid}/publication").RequireAuthorization().WithTags("Gallery").WithNotFound();
        publication.MapGet("/", Read).WithSummary("Whether the project is in the gallery, and what the gallery shows of it.");
        publication.MapPut("/", Publish)
            .LimitRate(LimitedAction.Write)
            .WithProblems(StatusCodes.Status400BadRequest, "bad_how_to_play", "bad_tags")
            .WithProblems(StatusCodes.Status403Forbidden, "gallery_off", "guests_cannot_publish", "taken_down")
            .WithProblems(StatusCodes.Status409Conflict, "too_many_links")
            .WithSummary("Shows the project in the gallery, or changes what the gallery shows of it. Its address stays.");
        publication.MapDelete("/", Unpublish)
            .LimitRate(LimitedAction.Write)
            .WithSummary("Takes the project out of the gallery at once. Its address is as if it had never been.");
        return routes;
    }

    /// <summary>Throws unless this caller sees the gallery.</summary>
    /// <exception cref="ProblemException">401, 403, 404</exception>
    internal static void CheckVisible(GalleryOptions options, Account? caller)
    {
        if (options.Mode == GalleryModes.Off)
        {
            throw Problem.NotFound("gallery");
        }

        if (!options.IsVisibleTo(caller))
        {
            throw caller is null
                ? Problem.NotSignedIn()
                : new ProblemException(
                    StatusCodes.Status403Forbidden, "members_only", "Only for people with an account",
                    "Sign in to see the gallery of this server.");
        }
    }

    private static async Task<Ok<GalleryPage>> List(
        string? search, string? order, string? after, ClaimsPrincipal user, GalleryOptions options, GalleryStore gallery,
        CancellationToken cancellationToken)
    {
        Account? caller = user.TryAccount();
        CheckVisible(options, caller);
        if (order is not (null or GalleryOrders.Newest or GalleryOrders.Liked))
        {
            throw Problem.Invalid("bad_order", "No such order", $"Choose {GalleryOrders.Newest} or {GalleryOrders.Liked}.");
        }

        return TypedResults.Ok(await gallery.ListAsync(caller?.Id, search, order ?? GalleryOrders.Newest, after, cancellationToken));
    }

    private static async Task<Ok<PublicationState>> Read(
        Guid id, ClaimsPrincipal user, PublicationStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok(await store.ReadAsync(user.AccountId(), id, cancellationToken));

    private static async Task<Ok<Publication>> Publish(
        Guid id, PublishRequest request, ClaimsPrincipal user, PublicationStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok(await store.PublishAsync(user.AccountId(), id, request, cancellationToken));

    private static async Task<NoContent> Unpublish(
        Guid id, ClaimsPrincipal user, PublicationStore store, CancellationToken cancellationToken)
    {
        await store.UnpublishAsync(user.AccountId(), id, cancellationToken);
        return TypedResults.NoContent();
    }
}
