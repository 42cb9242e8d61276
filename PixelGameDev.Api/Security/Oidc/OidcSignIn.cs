using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Npgsql;
using PixelGameDev.Api.Accounts;
using PixelGameDev.Api.Database;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Projects;
using PixelGameDev.Api.Security.Authentication;

namespace PixelGameDev.Api.Security.Oidc;

/// <summary>Signs people in when a provider has told who they are, makes their account at the first time, and links accounts.</summary>
internal sealed partial class OidcSignIn(
    NpgsqlDataSource database, AccountStore accounts, SignInStore signIns, TemplateCatalog templates, ILogger<OidcSignIn> logger)
{
    /// <summary>Where people arrive when the sign-in did not work; the page says so.</summary>
    public const string Failed = "/account?sign-in=failed";

    private const string Linked = "/account?sign-in=linked";
    private const string Taken = "/account?sign-in=taken";
    private const string LinkItem = "link";
    private const string BringItem = "bring";
    private const int MostOfName = 50;
    private const int MaxName = AccountNames.MaxLength;

    // Leaves room for a number.
    private const int MaxWish = MaxName - 4;

    /// <summary>Leads the browser to the provider, or back to the page if the provider does not answer.</summary>
    /// <param name="context">The request of the browser.</param>
    /// <param name="link">The account that the person at the provider is linked to; null: sign in.</param>
    /// <param name="bring">Whether the games of this browser's guest come along.</param>
    public async Task BeginAsync(HttpContext context, Guid? link, bool bring)
    {
        // The way to the provider and back carries these along, encrypted.
        AuthenticationProperties properties = new() { RedirectUri = "/" };
        properties.Items[BringItem] = bring ? "true" : "false";
        if (link is { } account)
        {
            properties.Items[LinkItem] = account.ToString();
        }

        try
        {
            await context.ChallengeAsync(OidcSetup.SchemeName, properties);
        }
        catch (InvalidOperationException error) when (error.InnerException is not null)
        {
            // The framework could not read the provider's settings.
            LogFailed(error.InnerException.GetType().Name);
            context.Response.Redirect(Failed);
        }
    }

    /// <summary>Finishes a sign-in whose token the framework has validated.</summary>
    public async Task FinishAsync(TicketReceivedContext ticket)
    {
        HttpContext context = ticket.HttpContext;
        CancellationToken cancellationToken = context.RequestAborted;
        ticket.HandleResponse();
        context.Response.Headers.CacheControl = "no-store";
        ClaimsPrincipal who = ticket.Principal!;
        string? issuer = who.FindFirstValue("iss");
        string? subject = who.FindFirstValue("sub");
        if (string.IsNullOrEmpty(issuer) || string.IsNullOrEmpty(subject) || !IsStorable(issuer) || !IsStorable(subject))
        {
            LogIncomplete();
            context.Response.Redirect(Failed);
            return;
        }

        Account? here = (await context.AuthenticateAsync()).Principal?.TryAccount();
        Guid? known = await FindAsync(issuer, subject, cancellationToken);
        if (ticket.Properties!.Items.TryGetValue(LinkItem, out string? text) && Guid.TryParse(text, out Guid wanted))
        {
            context.Response.Redirect(await LinkAsync(issuer, subject, known, here, wanted, cancellationToken));
            return;
        }

        bool brings = here is { Guest: true } && ticket.Properties.Items[BringItem] == "true";
        SignInToken token = SignInToken.Create();
        if (known is { } account)
        {
            byte[] old = here is null || (here.Guest && !brings) ? [] : AccountsApi.ReadCookieHash(context);
            if (await signIns.SignInExternalAsync(account, token, old, brings ? here!.Id : null, cancellationToken) is null)
            {
                context.Response.Redirect(Failed);
                return;
            }
        }
        else
        {
            Template? starter = templates.Find(TemplateCatalog.Starter, context.Request);
            await RegisterAsync(issuer, subject, NameOf(who), brings ? here!.Id : null, starter, token, cancellationToken);
        }

        if (here is { Guest: true } && !brings)
        {
            await ParkedGuest.KeepAsync(context, here, accounts, signIns, cancellationToken);
        }

        SignInCookie.Append(context, token);
        context.Response.Redirect("/");
    }

    /// <summary>Sends the person back to the page when the provider or the state on the way was wrong.</summary>
    public Task FailAsync(RemoteFailureContext failure)
    {
        // Only the kind of error: its text may quote what the provider sent.
        LogFailed(failure.Failure?.GetType().Name ?? "unknown");
        failure.HandleResponse();
        failure.Response.Redirect(Failed);
        return Task.CompletedTask;
    }

    private Task<Guid?> FindAsync(string issuer, string subject, CancellationToken cancellationToken) => database.FindAsync<Guid?>(
        "select account_id from external_sign_ins where issuer = $1 and subject = $2", [issuer, subject], cancellationToken);

    /// <summary>Links the person at the provider to the account that asked for it and is still the one of this browser.</summary>
    private async Task<string> LinkAsync(
        string issuer, string subject, Guid? known, Account? here, Guid wanted, CancellationToken cancellationToken)
    {
        if (here is not { Guest: false } || here.Id != wanted)
        {
            return Failed;
        }

        if (known is null)
        {
            await database.ExecuteAsync(
                "insert into external_sign_ins (issuer, subject, account_id) values ($1, $2, $3) on conflict do nothing",
                [issuer, subject, wanted],
                cancellationToken);
            known = await FindAsync(issuer, subject, cancellationToken);
        }

        return known == wanted ? Linked : Taken;
    }

    /// <summary>Makes an account without a password, from this browser's guest or a new one.</summary>
    private async Task RegisterAsync(
        string issuer, string subject, string wish, Guid? guest, Template? starter, SignInToken token, CancellationToken cancellationToken)
    {
        Guid id = guest ?? (await accounts.CreateGuestAsync(SignInToken.Create(), starter, cancellationToken)).Id;
        for (int i = 0; ; i++)
        {
            // Two people of one name may arrive at the same time.
            string name = await FreeNameAsync(wish, cancellationToken);
            try
            {
                await signIns.SignUpAsync(id, name, Passwords.CreateDummyHash(), token, AddAsync, cancellationToken);
                return;
            }
            catch (ProblemException taken) when (taken.Code == "name_taken" && i < 5)
            {
                // Another try finds another name.
            }
        }

        Task AddAsync(NpgsqlConnection connection) => connection.ExecuteAsync(
            """
            with person as (insert into external_sign_ins (issuer, subject, account_id) values ($1, $2, $3))
            update accounts set has_password = false where id = $3
            """,
            [issuer, subject, id],
            cancellationToken);
    }

    /// <summary>Returns the name, or the name with the first number that nobody has.</summary>
    private async Task<string> FreeNameAsync(string wish, CancellationToken cancellationToken)
    {
        string[] wishes =
            [wish, .. Enumerable.Range(2, MostOfName).Select(number => $"{wish} {number}"), $"{wish} {Guid.NewGuid():N}"[..MaxName]];
        HashSet<string> taken = [.. await database.ListAsync<string>(
            "select name_key from accounts where name_key = any($1)", [wishes.Select(AccountNames.KeyOf).ToArray()], cancellationToken)];
        return wishes.First(one => !taken.Contains(AccountNames.KeyOf(one)));
    }

    /// <summary>Returns a name that follows our rules, from what the provider tells.</summary>
    private static string NameOf(ClaimsPrincipal who)
    {
        foreach (string claim in new[] { "preferred_username", "nickname", "given_name", "name" })
        {
            string told = (who.FindFirstValue(claim) ?? "").Split('@')[0];
            string clean = AccountNames.Clean(NameText.CutTo(told, MaxWish));
            if (AccountNames.IsPossible(clean))
            {
                return clean;
            }
        }

        return GuestNames.Next();
    }

    private static bool IsStorable(string text) => text.Length <= 255 && !text.Any(char.IsControl) && FilePaths.IsWellFormed(text);

    [LoggerMessage(LogLevel.Warning, "The OpenID Connect provider sent no usable issuer or subject")]
    private partial void LogIncomplete();

    [LoggerMessage(LogLevel.Warning, "A sign-in at the OpenID Connect provider failed: {Kind}")]
    private partial void LogFailed(string kind);
}
