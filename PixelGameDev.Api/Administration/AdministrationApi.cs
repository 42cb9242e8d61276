using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using PixelGameDev.Api.Accounts;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Projects;
using PixelGameDev.Api.Security;
using PixelGameDev.Api.Security.Authentication;
using PixelGameDev.Api.Sessions;
using PixelGameDev.Api.Sessions.Execution;
using PixelGameDev.Api.Sessions.Records;

namespace PixelGameDev.Api.Administration;

/// <summary>
/// Maps the endpoints for admins: accounts and their roles, running sessions. Teachers may find pupils and reset their passwords.
/// </summary>
internal static partial class AdministrationApi
{
    public static IServiceCollection AddAdministration(this IServiceCollection services) => services
        .AddSingleton<AdministrationStore>()
        .AddSingleton<AuditLog>()
        .AddSingleton<Invitations>();

    public static IEndpointRouteBuilder MapAdministrationApi(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder staff = routes.MapGroup("/api/admin").RequireAuthorization(AuthenticationSetup.StaffPolicy)
            .WithTags("Administration");
        staff.MapGet("/people", ListPeople)
            .WithProblems(StatusCodes.Status400BadRequest, "no_such_role")
            .WithSummary("People with an account by name, 100 at a time: ?search=<first letters>&after=<next>. Teachers see creators.");
        staff.MapPost("/accounts/{id:guid}/reset-password", ResetPassword)
            .LimitRate(LimitedAction.SignIn)
            .WithNotFound()
            .WithProblems(StatusCodes.Status409Conflict, "own_account")
            .WithProblems(StatusCodes.Status503ServiceUnavailable, "busy")
            .WithSummary("A one-time password for somebody who forgot theirs. A teacher may do this for creators only.");

        RouteGroupBuilder admin = routes.MapGroup("/api/admin").RequireAuthorization(AuthenticationSetup.AdminPolicy)
            .WithTags("Administration");
        admin.MapGet("/accounts", ListAccounts).WithSummary("People with an account, 100 at a time: ?after=<last id>.");
        admin.MapPut("/accounts/{id:guid}/role", SetRole)
            .LimitRate(LimitedAction.Write)
            .WithProblems(StatusCodes.Status400BadRequest, "no_such_role")
            .WithNotFound()
            .WithProblems(StatusCodes.Status409Conflict, "own_role")
            .WithSummary("Makes an account a creator, a teacher or an admin.");
        admin.MapPut("/accounts/{id:guid}/quota", SetQuota)
            .LimitRate(LimitedAction.Write)
            .WithProblems(StatusCodes.Status400BadRequest, "bad_quota")
            .WithNotFound()
            .WithSummary("Sets how many megabytes the files of an account may use; null: the installation's quota.");
        admin.MapDelete("/accounts/{id:guid}", RemoveAccount)
            .LimitRate(LimitedAction.Write)
            .WithNotFound()
            .WithProblems(StatusCodes.Status409Conflict, "own_account", "last_admin")
            .WithSummary("Deletes an account with everything of it.");
        admin.MapGet("/sessions", ListSessions).WithSummary("The sessions that run now.");
        admin.MapPost("/sessions/{id:guid}/stop", StopSession)
            .LimitRate(LimitedAction.Write)
            .WithNotFound()
            .WithSummary("Ends somebody's running session.");
        admin.MapInstallation();
        return routes;
    }

    private static async Task<Ok<PeoplePage>> ListPeople(
        ClaimsPrincipal user, AdministrationStore store, CancellationToken cancellationToken, string? search = null, string? after = null,
        string? role = null)
    {
        if (role is not null && !Roles.IsRole(role))
        {
            throw NoSuchRole();
        }

        bool isAdmin = user.IsInRole(Roles.Admin);
        bool canMatch = IsText(search) && IsText(after) && (isAdmin || role is null or Roles.Creator);
        return TypedResults.Ok(!canMatch
            ? new PeoplePage([], null)
            : await store.ListPeopleAsync(
                AccountNames.KeyOf(search ?? ""), after, isAdmin ? role : Roles.Creator, cancellationToken));
    }

    private static async Task<Ok<ResetPasswordAnswer>> ResetPassword(
        Guid id, HttpContext context, ClaimsPrincipal user, AdministrationStore store, Passwords passwords, TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (id == user.AccountId())
        {
            throw OwnAccount();
        }

        context.Response.Headers.CacheControl = "no-store";
        string password = OneTimePasswords.Create();
        DateTimeOffset until = time.GetUtcNow() + OneTimePasswords.Lifetime;
        string name = await store.ResetPasswordAsync(
            user.AccountId(), user.IsInRole(Roles.Admin), id, await passwords.HashAsync(password, cancellationToken), until,
            cancellationToken);
        return TypedResults.Ok(new ResetPasswordAnswer(name, password, until));
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
        if (!Roles.IsRole(body.Role))
        {
            throw NoSuchRole();
        }

        if (id == user.AccountId())
        {
            // Admins cannot change their own role, so at least one admin always remains.
            throw Problem.Conflict("own_role", "That is yourself", "Your own role can only be changed by another admin.");
        }

        await store.SetRoleAsync(user.AccountId(), id, body.Role!, cancellationToken);
        LogRole(logger, user.AccountId(), id, body.Role!);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> SetQuota(
        Guid id, QuotaChange body, ClaimsPrincipal user, AdministrationStore store, CancellationToken cancellationToken)
    {
        if (body.Megabytes is < 1 or > QuotaChange.Most)
        {
            throw Problem.Invalid(
                "bad_quota", "That cannot be a limit", $"Choose 1 to {QuotaChange.Most} megabytes.", ("most", QuotaChange.Most));
        }

        await store.SetQuotaAsync(user.AccountId(), id, body.Megabytes * 1_000_000L, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> RemoveAccount(
        Guid id, ClaimsPrincipal user, AccountDeletions deletions, AuditLog audit, CancellationToken cancellationToken)
    {
        if (id == user.AccountId())
        {
            throw OwnAccount();
        }

        await deletions.DeleteAsync(id, cancellationToken);
        await audit.AddAsync(user.AccountId(), AuditActions.RemoveAccount, id, CancellationToken.None);
        return TypedResults.NoContent();
    }

    private static async Task<Accepted> StopSession(
        Guid id, ClaimsPrincipal user, AdministrationStore store, SessionStore sessions, ExecutorClient executor, AuditLog audit,
        CancellationToken cancellationToken)
    {
        RunningPlace place = await store.FindRunningAsync(id, cancellationToken);
        await SessionsApi.StopNowAsync(id, place.Executor, sessions, executor, place.AccountId);
        await audit.AddAsync(user.AccountId(), AuditActions.StopSession, place.AccountId, CancellationToken.None);
        return TypedResults.Accepted("/api/admin/sessions");
    }

    /// <summary>Returns false for characters that no name has and the database cannot compare.</summary>
    private static bool IsText(string? text) => text is null || (FilePaths.IsWellFormed(text) && !text.Any(char.IsControl));

    private static ProblemException NoSuchRole() => Problem.Invalid(
        "no_such_role", "No such role", $"A role is one of {Roles.Creator}, {Roles.Teacher}, {Roles.Admin}.");

    private static ProblemException OwnAccount() => Problem.Conflict(
        "own_account", "That is yourself", "For your own account, use the page of your account.");

    [LoggerMessage(LogLevel.Warning, "Admin {Admin} gave account {Account} the role {Role}")]
    private static partial void LogRole(ILogger logger, Guid admin, Guid account, string role);

    internal sealed record RoleChange(string? Role);

    /// <summary>Body of <c>PUT /api/admin/accounts/{id}/quota</c>; null: the installation's quota.</summary>
    internal sealed record QuotaChange(int? Megabytes)
    {
        /// <summary>The largest quota, the same as that of <c>ACCOUNT_STORAGE_MB</c>.</summary>
        internal const int Most = 1_000_000;
    }

    /// <summary>The answer to a reset, for a card. It is a class, because a record would print the password into logs.</summary>
    internal sealed class ResetPasswordAnswer(string name, string password, DateTimeOffset until)
    {
        public string Name => name;

        /// <summary>The one-time password. It is not stored and cannot be shown again.</summary>
        public string Password => password;

        /// <summary>Until when it can be exchanged for a password of the person's own.</summary>
        public DateTimeOffset Until => until;
    }
}
