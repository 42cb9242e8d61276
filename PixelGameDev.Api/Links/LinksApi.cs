using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Security;
using PixelGameDev.Api.Security.Authentication;

namespace PixelGameDev.Api.Links;

/// <summary>Maps the endpoints with which an owner makes, changes and revokes the links of a project.</summary>
internal static class LinksApi
{
    public static IServiceCollection AddLinks(this IServiceCollection services) => services
        .AddSingleton<LinkStore>()
        .AddSingleton<LinkDocument>()
        .AddSingleton<SharedCopies>();

    public static IEndpointRouteBuilder MapLinksApi(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder links = routes.MapGroup("/api/projects/{id:guid}/links").RequireAuthorization().WithTags("Links");
        links.MapGet("/", List).WithNotFound().WithSummary("The links with which the owner shows the project.");
        links.MapPost("/", Make)
            .LimitRate(LimitedAction.Write)
            .WithProblems(StatusCodes.Status400BadRequest, "bad_days")
            .WithNotFound()
            .WithProblems(StatusCodes.Status403Forbidden, "taken_down")
            .WithProblems(StatusCodes.Status409Conflict, "too_many_links")
            .WithSummary("A new link, to play or with code, to this version or to the newest one.");
        links.MapPatch("/{link:guid}", Change)
            .LimitRate(LimitedAction.Write)
            .WithProblems(StatusCodes.Status400BadRequest, "bad_days")
            .WithNotFound()
            .WithSummary("Changes what a link shows, and when it ends. Its code stays.");
        links.MapDelete("/{link:guid}", Revoke)
            .LimitRate(LimitedAction.Write)
            .WithNotFound()
            .WithSummary("Revokes a link: from now on it is as if it had never been.");
        return routes;
    }

    private static async Task<Ok<IReadOnlyList<Link>>> List(
        Guid id, ClaimsPrincipal user, LinkStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok(await store.ListAsync(user.AccountId(), id, cancellationToken));

    private static async Task<Created<Link>> Make(
        Guid id, MakeLinkRequest? request, ClaimsPrincipal user, LinkStore store, CancellationToken cancellationToken)
    {
        Link made = await store.MakeAsync(user.AccountId(), id, request ?? new MakeLinkRequest(), cancellationToken);
        return TypedResults.Created($"/api/play/{made.Code}", made);
    }

    private static async Task<Ok<Link>> Change(
        Guid id, Guid link, ChangeLinkRequest request, ClaimsPrincipal user, LinkStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok(await store.ChangeAsync(user.AccountId(), id, link, request, cancellationToken));

    private static async Task<NoContent> Revoke(
        Guid id, Guid link, ClaimsPrincipal user, LinkStore store, CancellationToken cancellationToken)
    {
        await store.RevokeAsync(user.AccountId(), id, link, cancellationToken);
        return TypedResults.NoContent();
    }
}
