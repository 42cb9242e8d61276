using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using PixelGameDev.Api.Access;
using PixelGameDev.Api.Links;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Security;
using PixelGameDev.Api.Security.Authentication;

namespace PixelGameDev.Api.Moderation;

/// <summary>Maps the endpoints with which people report shared games, and admins decide about them.</summary>
internal static class ModerationApi
{
    public static IServiceCollection AddModeration(this IServiceCollection services) => services
        .AddSingleton<ReportStore>()
        .AddSingleton<ModerationStore>();

    public static IEndpointRouteBuilder MapModerationApi(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/play/{code}/report", Report)
            .LimitRate(LimitedAction.Write)
            .WithTags("Shared games")
            .WithNotFound()
            .WithProblems(StatusCodes.Status400BadRequest, "bad_report")
            .WithProblems(StatusCodes.Status410Gone, "link_ended")
            .WithSummary("Reports a shared game to the admins. Nobody needs an account for it, and nobody learns who it was.");
        RouteGroupBuilder admin = routes.MapGroup("/api/admin/reports").RequireAuthorization(AuthenticationSetup.AdminPolicy)
            .WithTags("Administration");
        admin.MapGet("/", List)
            .WithSummary("Up to 100 reported games, the longest open first; ?settled=true: those about which somebody has decided.");
        MapDecision("keep", Keep).WithSummary("Settles the reports of a game and leaves it as it is.");
        MapDecision("take-down", TakeDown)
            .WithSummary("Takes a game down: out of the gallery, and its links are as if they had never been. The owner learns why.");
        MapDecision("give-back", GiveBack).WithSummary("Gives a game back that was taken down: all is as it was before.");
        return routes;

        RouteHandlerBuilder MapDecision(string decision, Delegate handler) => admin.MapPost($"/{{id:guid}}/{decision}", handler)
            .LimitRate(LimitedAction.Write)
            .WithNotFound()
            .WithProblems(StatusCodes.Status400BadRequest, "bad_report")
            .WithProblems(StatusCodes.Status409Conflict, "already_decided");
    }

    private static async Task<NoContent> Report(
        string code, ReportRequest report, HttpContext context, LinkStore links, ReportStore reports, CancellationToken cancellationToken)
    {
        Guid? account = context.User.TryAccount()?.Id;
        OpenedLink link = await links.OpenAsync(code, account, AccessLevel.View, cancellationToken);
        await reports.ReportAsync(
            link, account, RateLimits.KeyOf(context.Connection.RemoteIpAddress), report, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<ReportQueue>> List(
        ModerationStore store, CancellationToken cancellationToken, bool settled = false) =>
        TypedResults.Ok(await store.ListAsync(settled, cancellationToken));

    private static async Task<NoContent> Keep(
        Guid id, DecisionRequest decision, ClaimsPrincipal user, ModerationStore store, CancellationToken cancellationToken)
    {
        await store.KeepAsync(user.AccountId(), id, ReportReasons.CheckText(decision.Note), cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> TakeDown(
        Guid id, TakeDownRequest decision, ClaimsPrincipal user, ModerationStore store, CancellationToken cancellationToken)
    {
        (string reason, string note) = ReportReasons.Check(decision.Reason, decision.Note);
        await store.TakeDownAsync(user.AccountId(), id, reason, note, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> GiveBack(
        Guid id, DecisionRequest decision, ClaimsPrincipal user, ModerationStore store, CancellationToken cancellationToken)
    {
        await store.GiveBackAsync(user.AccountId(), id, ReportReasons.CheckText(decision.Note), cancellationToken);
        return TypedResults.NoContent();
    }
}
