using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using PixelGameDev.Api.Administration;
using PixelGameDev.Api.Database;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Projects;
using PixelGameDev.Api.Security;
using PixelGameDev.Api.Security.Authentication;
using PixelGameDev.Api.Security.Oidc;

namespace PixelGameDev.Api.Accounts;

/// <summary>Maps how new accounts come to be: the sign-up, and the set-up that makes the first admin.</summary>
internal static class SignUpApi
{
    public static RouteGroupBuilder MapSignUp(this RouteGroupBuilder account)
    {
        account.MapGet("/options", GetOptions).WithSummary("Who may have an account here, and whether the first admin is still missing.");
        account.MapPost("/sign-up", SignUp)
            .LimitRate(LimitedAction.SignIn)
            .WithProblems(StatusCodes.Status401Unauthorized, "not_signed_in", "bad_token")
            .WithProblems(StatusCodes.Status403Forbidden, "sign_up_closed", "bad_invitation")
            .WithNewAccountProblems()
            .WithSummary("Makes an account of this browser's guest, which keeps all projects. Some servers need an invitation.");
        account.MapPost("/set-up", SetUp)
            .LimitRate(LimitedAction.SignIn)
            .WithProblems(StatusCodes.Status401Unauthorized, "bad_token")
            .WithProblems(StatusCodes.Status403Forbidden, "wrong_setup_code")
            .WithNotFound()
            .WithProblems(StatusCodes.Status429TooManyRequests, "too_many_attempts")
            .WithNewAccountProblems()
            .WithSummary("Makes the first admin, with the operator's SETUP_CODE. Afterwards this address is gone.");
        return account;
    }

    private static RouteHandlerBuilder WithNewAccountProblems(this RouteHandlerBuilder endpoint) => endpoint
        .WithProblems(StatusCodes.Status400BadRequest, "name_length", "name_characters", "password_length", "password_simple")
        .WithProblems(StatusCodes.Status409Conflict, "already_signed_up", "name_taken")
        .WithProblems(StatusCodes.Status503ServiceUnavailable, "busy")
        .WithProblems(StatusCodes.Status507InsufficientStorage, "installation_full");

    private static async Task<Ok<AccountChoices>> GetOptions(
        HttpContext context, AccountOptions options, OidcProvider provider, AdministrationStore administration,
        CancellationToken cancellationToken)
    {
        context.Response.Headers.CacheControl = "no-store";
        bool setUp = options.SetupCode is not null && !await administration.HasAdminAsync(cancellationToken);
        return TypedResults.Ok(new AccountChoices(options.SignUp, options.Guests, setUp, provider.Options?.Name));
    }

    private static async Task<Ok<Me>> SignUp(
        Credentials body, HttpContext context, NewAccounts newAccounts, AccountStore accounts, AccountOptions options,
        CancellationToken cancellationToken)
    {
        if (context.User.TryAccount() is null && (options.Guests || AccessTokens.IsUsedBy(context.Request)))
        {
            throw AccessTokens.IsUsedBy(context.Request) ? AccessTokens.InvalidToken() : Problem.NotSignedIn();
        }

        if (options.SignUp == SignUpModes.Closed)
        {
            throw new ProblemException(
                StatusCodes.Status403Forbidden, "sign_up_closed", "No new accounts here",
                "On this server you cannot make an account yourself. Ask the person who runs it, or your teacher.");
        }

        Account account = await newAccounts.RegisterAsync(
            body, context,
            options.SignUp == SignUpModes.Open ? null
                : connection => Invitations.UseAsync(connection, body.Invitation, cancellationToken),
            cancellationToken);
        return TypedResults.Ok(await accounts.DescribeAsync(account, cancellationToken));
    }

    private static async Task<Ok<Me>> SetUp(
        SetUpBody body, HttpContext context, NewAccounts newAccounts, AccountStore accounts, AccountOptions options,
        AdministrationStore administration, SignInAttempts attempts, CancellationToken cancellationToken)
    {
        if (options.SetupCode is not { } code || await administration.HasAdminAsync(cancellationToken))
        {
            throw Problem.NotFound("address");
        }

        if (AccessTokens.IsUsedBy(context.Request) && context.User.TryAccount() is null)
        {
            throw AccessTokens.InvalidToken();
        }

        await attempts.CountAsync("\nset-up", context, device: null, cancellationToken);
        if (!CryptographicOperations.FixedTimeEquals(HashOf(code), HashOf(body.Code?.Trim() ?? "")))
        {
            throw new ProblemException(
                StatusCodes.Status403Forbidden, "wrong_setup_code", "That is not the code",
                "The set-up code is not right. Check it and try again.");
        }

        Account account = context.User.TryAccount() is { Guest: false } registered
            ? registered
            : await newAccounts.RegisterAsync(new Credentials { Name = body.Name, Password = body.Password }, context, before: null,
                cancellationToken);
        if (!await administration.MakeFirstAdminAsync(account.Id, cancellationToken))
        {
            throw Problem.NotFound("address");
        }

        return TypedResults.Ok(await accounts.DescribeAsync(account with { Role = Roles.Admin }, cancellationToken));
    }

    private static byte[] HashOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    /// <summary>Body of <c>POST /api/account/set-up</c>. It is a class, because a record would print its secrets into logs.</summary>
    internal sealed class SetUpBody
    {
        /// <summary>The operator's <c>SETUP_CODE</c>.</summary>
        public string? Code { get; init; }

        /// <summary>The name of the new admin. Somebody who is signed in becomes the admin, and needs neither name nor password.</summary>
        public string? Name { get; init; }

        public string? Password { get; init; }
    }
}

/// <summary>
/// Answer of <c>GET /api/account/options</c>. <paramref name="SignUp"/> is <c>open</c>, <c>invitation</c> or <c>closed</c>;
/// <paramref name="SetUp"/> is true while the first admin is missing and can be made in the page; <paramref name="Provider"/> is the name
/// of the OpenID Connect provider, null where there is none.
/// </summary>
internal sealed record AccountChoices(string SignUp, bool Guests, bool SetUp, string? Provider);

/// <summary>Registers new accounts.</summary>
internal sealed class NewAccounts(
    SignInStore store, AccountStore accounts, TemplateCatalog templates, Passwords passwords, DeviceCookie devices)
{
    /// <summary>
    /// Registers this browser's guest, or a new account if there is none, and signs the browser in.
    /// </summary>
    /// <param name="body">The name and the password.</param>
    /// <param name="context">The request.</param>
    /// <param name="before">See <see cref="SignInStore.SignUpAsync"/>.</param>
    /// <param name="cancellationToken">Cancels the sign-up.</param>
    /// <exception cref="ProblemException">400, 409, 503, 507.</exception>
    public async Task<Account> RegisterAsync(
        Credentials body, HttpContext context, Func<NpgsqlConnection, Task>? before, CancellationToken cancellationToken)
    {
        Account? person = context.User.TryAccount();
        if (person is { Guest: false })
        {
            throw SignInStore.AlreadySignedUp();
        }

        string name = AccountNames.Check(body.Name);
        string hash = await passwords.HashAsync(Passwords.Check(body.Password, name), cancellationToken);
        // If the sign-up fails, nobody has the new guest's token, and housekeeping removes it.
        Guid guest = person?.Id
            ?? (await accounts.CreateGuestAsync(
                SignInToken.Create(), templates.Find(TemplateCatalog.Starter, context.Request), cancellationToken)).Id;
        SignInToken token = SignInToken.Create();
        Account account = await store.SignUpAsync(guest, name, hash, token, before, cancellationToken);
        devices.Remember(context, AccountNames.KeyOf(name));
        AccountsApi.IssueCookie(context, token);
        return account;
    }
}
