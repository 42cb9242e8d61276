using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using PixelGameDev.Api.Accounts;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Security;
using PixelGameDev.Api.Security.Authentication;

namespace PixelGameDev.Api.Administration;

/// <summary>Maps the endpoints for admins: accounts, their roles, and the running sessions.</summary>
internal static partial class AdministrationApi
{
    public static IServiceCollection AddAdministration(this IServiceCollection services) => services.AddSingleton<AdministrationStore>();

    public static IEndpointRouteBuilder MapAdministrationApi(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder admin = routes.MapGroup("/api/admin").RequireAuthorization(AuthenticationSetup.AdminPolicy)
            .WithTags("Administration");
        admin.MapGet("/accounts", ListAccounts).WithSummary("People with an account, 100 at a time: ?after=<last id>.");
        admin.MapPut("/accounts/{id:guid}/role", SetRole)
            .LimitRate(LimitedAction.Write)
            .WithProblems(StatusCodes.Status400BadRequest, "no_such_role")
            .WithNotFound()
            .WithProblems(StatusCodes.Status409Conflict, "own_role")
            .WithSummary("Makes an account a creator, a teacher or an admin.");
        admin.MapGet("/sessions", ListSessions).WithSummary("The sessions that run now.");
        return routes;
    }

    private static async Task<Ok<IReadOnlyList<AccountSummary>>> ListAccounts(
        Guid? after, AdministrationStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok(await store.ListAccountsAsync(after, cancellationToken));

    private static async Task<Ok<IReadOnlyList<RunningSession>>> ListSessions(
        AdministrationStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok(await store.ListRunningAsync(cancellationToken));

    private static async Task<NoContent> SetRole(
        Guid id, RoleChange body, ClaimsPrincipal user, AdministrationStore store, ILogger<AdministrationStore> logger,
        CancellationToken cancellationToken)
    {
        if (body.Role is not (Roles.Creator or Roles.Teacher or Roles.Admin))
        {
            throw Problem.Invalid("no_such_role", "No such role", $"A role is one of {Roles.Creator}, {Roles.Teacher}, {Roles.Admin}.");
        }

        if (id == user.AccountId())
        {
            // Admins cannot change their own role, so at least one admin always remains.
            throw Problem.Conflict("own_role", "That is yourself", "Your own role can only be changed by another admin.");
        }

        await store.SetRoleAsync(id, body.Role, cancellationToken);
        LogRole(logger, user.AccountId(), id, body.Role);
        return TypedResults.NoContent();
    }

    [LoggerMessage(LogLevel.Warning, "Admin {Admin} gave account {Account} the role {Role}")]
    private static partial void LogRole(ILogger logger, Guid admin, Guid account, string role);

    internal sealed record RoleChange(string? Role);
}
