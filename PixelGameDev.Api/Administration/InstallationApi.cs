using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using PixelGameDev.Api.Accounts;
using PixelGameDev.Api.Moderation;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Projects;
using PixelGameDev.Api.Security;
using PixelGameDev.Api.Security.Authentication;
using PixelGameDev.Api.Sessions.Execution;
using PixelGameDev.Api.Storage;

namespace PixelGameDev.Api.Administration;

/// <summary>Maps what an admin sees and does about the installation as a whole: figures and limits, invitations, the audit log.</summary>
internal static class InstallationApi
{
    public static RouteGroupBuilder MapInstallation(this RouteGroupBuilder admin)
    {
        admin.MapGet("/overview", GetOverview).WithSummary("How many people there are, the storage they use, and the host's limits.");
        admin.MapGet("/invitations", ListInvitations).WithSummary("The newest 200 invitations, without their codes.");
        admin.MapPost("/invitations", Invite)
            .LimitRate(LimitedAction.Write)
            .WithProblems(StatusCodes.Status400BadRequest, "bad_invitation_terms")
            .WithSummary("A new invitation; the answer is the only one that has its code.");
        admin.MapDelete("/invitations/{id:guid}", Revoke)
            .LimitRate(LimitedAction.Write)
            .WithNotFound()
            .WithSummary("Ends an invitation. Who has registered with it stays.");
        admin.MapGet("/audit", ListAudit).WithSummary("What staff did, newest first, 100 at a time: ?before=<last id>.");
        return admin;
    }

    private static async Task<Ok<Overview>> GetOverview(
        AdministrationStore store, InstallationStorage storage, StorageOptions quotas, AccountOptions accounts, RateLimitOptions rates,
        ExecutorOptions executors, ModerationStore moderation, CancellationToken cancellationToken)
    {
        PeopleCounts counts = await store.CountAsync(cancellationToken);
        return TypedResults.Ok(new Overview(
            counts.Accounts, counts.Guests, counts.Running, await moderation.CountOpenAsync(cancellationToken), storage.Used,
            quotas.InstallationBytes,
            new HostLimits(
                accounts.SignUp, accounts.Guests, quotas.GuestBytes, quotas.AccountBytes, executors.MaxSessionSeconds, rates.Enabled,
                rates.Runs, rates.Writes, rates.SignIns, rates.Guests, rates.Reads, rates.PeoplePerAddress)));
    }

    private static async Task<Ok<IReadOnlyList<Invitation>>> ListInvitations(
        Invitations invitations, CancellationToken cancellationToken) =>
        TypedResults.Ok(await invitations.ListAsync(cancellationToken));

    private static async Task<Created<NewInvitation>> Invite(
        InvitationTerms body, HttpContext context, ClaimsPrincipal user, Invitations invitations, CancellationToken cancellationToken)
    {
        string note = (body.Note ?? "").Trim();
        if (body.Uses is < 1 or > Invitations.MaxUses || body.Days is < 1 or > Invitations.MaxDays
            || note.Length > Invitations.MaxNote || note.Any(char.IsControl)
            || !FilePaths.IsWellFormed(note) || NameText.ChangesDirection(note))
        {
            throw Problem.Invalid(
                "bad_invitation_terms", "That cannot be an invitation",
                $"An invitation is for 1 to {Invitations.MaxUses} people and 1 to {Invitations.MaxDays} days; its note has at most " +
                    $"{Invitations.MaxNote} letters.",
                ("people", Invitations.MaxUses), ("days", Invitations.MaxDays), ("letters", Invitations.MaxNote));
        }

        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Created(
            "/api/admin/invitations", await invitations.CreateAsync(user.AccountId(), note, body.Uses, body.Days, cancellationToken));
    }

    private static async Task<NoContent> Revoke(
        Guid id, ClaimsPrincipal user, Invitations invitations, CancellationToken cancellationToken)
    {
        await invitations.RevokeAsync(user.AccountId(), id, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<IReadOnlyList<AuditEntry>>> ListAudit(
        AuditLog audit, CancellationToken cancellationToken, long? before = null) =>
        TypedResults.Ok(await audit.ListAsync(before, cancellationToken));

    /// <summary>Body of <c>POST /api/admin/invitations</c>: for how many people and days, and a note for the admins.</summary>
    internal sealed record InvitationTerms(int Uses, int Days, string? Note = null);

    /// <summary>
    /// The figures of the installation. Sizes are in bytes. <paramref name="OpenReports"/> are reported games that wait for a decision.
    /// </summary>
    internal sealed record Overview(
        int Accounts, int Guests, int Running, int OpenReports, long StorageUsed, long StorageLimit, HostLimits Limits);

    /// <summary>The host's limits: sizes in bytes, rates per minute and account, <paramref name="SessionSeconds"/> for a game.</summary>
    internal sealed record HostLimits(
        string SignUp, bool GuestAccounts, long GuestBytes, long AccountBytes, int SessionSeconds, bool RateLimits, int Runs, int Writes,
        int SignIns, int NewGuests, int Reads, int PeoplePerAddress);
}
