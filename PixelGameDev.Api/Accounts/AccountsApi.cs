using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Projects;
using PixelGameDev.Api.Security;
using PixelGameDev.Api.Security.Authentication;
using PixelGameDev.Api.Security.Oidc;

namespace PixelGameDev.Api.Accounts;

/// <summary>Maps the endpoints for accounts: the current account, guests, sign-up, sign-in, passwords and access tokens.</summary>
internal static class AccountsApi
{
    // Fits a name and two passwords, even if JSON escapes every character.
    private const long MaxBodyBytes = 16_384;

    public static IServiceCollection AddAccounts(this IServiceCollection services)
    {
        services.AddSingleton<AccountStore>();
        services.AddSingleton<SignInStore>();
        services.AddSingleton<SignInAttempts>();
        services.AddSingleton<PasswordCheck>();
        services.AddSingleton<Passwords>();
        services.AddSingleton<NewAccounts>();
        services.AddSingleton<OneTimePasswords>();
        services.AddSingleton<AccountDeletions>();
        services.AddSingleton<AccountExport>();
        services.AddSingleton<HistoryExport>();
        services.AddSingleton<ExpiredDataCleanup>();
        services.AddHostedService(provider => provider.GetRequiredService<ExpiredDataCleanup>());
        return services;
    }

    public static IEndpointRouteBuilder MapAccountsApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/me", GetMe)
            .WithProblems(StatusCodes.Status401Unauthorized, "not_signed_in", "bad_token")
            .WithTags("Accounts")
            .WithSummary("The account of this browser and the storage it uses; 401 when there is none yet, with optional=true 204.");
        routes.MapPost("/api/guests", CreateGuest)
            .LimitRate(LimitedAction.NewGuest)
            .WithProblems(StatusCodes.Status401Unauthorized, "bad_token")
            .WithProblems(StatusCodes.Status403Forbidden, "guests_off")
            .WithProblems(StatusCodes.Status507InsufficientStorage, "installation_full")
            .WithTags("Accounts")
            .WithSummary(
                "Makes a guest with a first project and signs this browser in; 200 with its account when it is signed in, or when a " +
                "guest waited in it.");

        RouteGroupBuilder account =
            routes.MapGroup("/api/account").WithTags("Accounts").WithMetadata(new RequestSizeLimitAttribute(MaxBodyBytes));
        account.MapPost("/sign-in", SignIn)
            .LimitRate(LimitedAction.SignIn)
            .WithPasswordProblems()
            .WithProblems(StatusCodes.Status400BadRequest, "password_length", "password_simple")
            .WithProblems(StatusCodes.Status409Conflict, "password_changed")
            .WithSummary(
                "Signs this browser in; what its guest has made moves to the account, unless bringGames is false. A one-time password " +
                "needs newPassword beside it.");
        account.MapPost("/token", GetToken)
            .LimitRate(LimitedAction.SignIn)
            .WithPasswordProblems()
            .WithSummary("An access token (Authorization: Bearer …) for programs, valid for an hour.");
        account.MapPost("/sign-out", SignOut)
            .RequireAuthorization()
            .WithProblems(StatusCodes.Status409Conflict, "guest_keeps_games")
            .WithSummary("Signs this browser out.");
        account.MapPost("/password", ChangePassword)
            .RequireAuthorization()
            .LimitRate(LimitedAction.SignIn)
            .WithProblems(StatusCodes.Status400BadRequest, "password_length", "password_simple")
            .WithProblems(StatusCodes.Status403Forbidden, "wrong_password")
            .WithProblems(StatusCodes.Status409Conflict, "no_password", "password_changed")
            .WithProblems(StatusCodes.Status429TooManyRequests, "too_many_attempts")
            .WithProblems(StatusCodes.Status503ServiceUnavailable, "busy")
            .WithSummary("A new password; every other browser and token of the account ends.");
        account.MapSignUp();
        account.MapOidc();
        account.MapAccountSettings();
        return routes;
    }

    /// <summary>Documents the problems of checking a name and a password.</summary>
    private static RouteHandlerBuilder WithPasswordProblems(this RouteHandlerBuilder endpoint) => endpoint
        .WithProblems(StatusCodes.Status400BadRequest, "name_and_password")
        .WithProblems(StatusCodes.Status401Unauthorized, "wrong_name_or_password")
        .WithProblems(StatusCodes.Status403Forbidden, "new_password_needed", "one_time_password_expired")
        .WithProblems(StatusCodes.Status429TooManyRequests, "too_many_attempts")
        .WithProblems(StatusCodes.Status503ServiceUnavailable, "busy");

    private static async Task<Results<Ok<Me>, NoContent>> GetMe(
        HttpContext context, AccountStore accounts, CancellationToken cancellationToken, bool optional = false)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (context.User.TryAccount() is not { } account)
        {
            // The first request of a page must not fail, because browsers log an error to their console for each 401.
            return AccessTokens.IsUsedBy(context.Request) ? throw AccessTokens.InvalidToken()
                : optional ? TypedResults.NoContent()
                : throw Problem.NotSignedIn();
        }

        string? text = SignInCookie.Read(context.Request);
        if (!AccessTokens.IsUsedBy(context.Request)
            && SignInToken.TryHash(text, out byte[] hash)
            && (await accounts.RenewAsync(hash, cancellationToken) || SignInCookie.IsOld(context.Request)))
        {
            SignInCookie.Append(context, new SignInToken(text!, hash));
        }

        return TypedResults.Ok(await accounts.DescribeAsync(account, cancellationToken));
    }

    /// <summary>Creates a guest. A browser that already has an account, for example from a faster tab, keeps that account.</summary>
    private static async Task<Results<Created<Me>, Ok<Me>>> CreateGuest(
        HttpContext context, AccountStore accounts, TemplateCatalog templates, AccountOptions options, CancellationToken cancellationToken)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (context.User.TryAccount() is { } known)
        {
            return TypedResults.Ok(await accounts.DescribeAsync(known, cancellationToken));
        }

        if (AccessTokens.IsUsedBy(context.Request))
        {
            // A program with an invalid token needs an error, not a new account.
            throw AccessTokens.InvalidToken();
        }

        // The sign-in of an account has ended without this browser, for example because its password was changed elsewhere.
        if (await ParkedGuest.ReturnAsync(context, accounts, cancellationToken) is { } parked)
        {
            return TypedResults.Ok(await accounts.DescribeAsync(parked, cancellationToken));
        }

        CheckGuestsAllowed(options);
        SignInToken token = SignInToken.Create();
        Account guest = await accounts.CreateGuestAsync(token, templates.Find(TemplateCatalog.Starter, context.Request), cancellationToken);
        SignInCookie.Append(context, token);
        return TypedResults.Created("/api/me", await accounts.DescribeAsync(guest, cancellationToken));
    }

    /// <summary>Throws where everybody needs an account.</summary>
    /// <exception cref="ProblemException">403</exception>
    internal static void CheckGuestsAllowed(AccountOptions options)
    {
        if (!options.Guests)
        {
            throw new ProblemException(
                StatusCodes.Status403Forbidden, "guests_off", "Sign in first", "This server is for people with an account. Sign in first.");
        }
    }

    private static async Task<Ok<Me>> SignIn(
        Credentials body, HttpContext context, SignInStore store, AccountStore accounts, PasswordCheck check, OneTimePasswords oneTime,
        DeviceCookie devices, CancellationToken cancellationToken)
    {
        (StoredPassword stored, string hash) = await check.CheckAsync(body, context, cancellationToken);
        if (stored.OneTimeUntil is not null)
        {
            hash = await oneTime.ExchangeAsync(stored, body, cancellationToken);
        }

        // A browser always gets a new token, so a token that somebody else planted has no use.
        SignInToken token = SignInToken.Create();
        Account? before = context.User.TryAccount();
        bool stays = before is { Guest: true } && body.BringGames == false;
        byte[] old = before is null || stays || AccessTokens.IsUsedBy(context.Request) ? [] : ReadCookieHash(context);
        Account account = await store.SignInAsync(
            stored, hash, token, old, before is { Guest: true } && !stays ? before.Id : null, cancellationToken) ?? throw WrongPassword();
        if (stays && !AccessTokens.IsUsedBy(context.Request))
        {
            await ParkedGuest.KeepAsync(context, before!, accounts, store, cancellationToken);
        }

        devices.Remember(context, AccountNames.KeyOf(account.Name));
        IssueCookie(context, token);
        return TypedResults.Ok(await accounts.DescribeAsync(account, cancellationToken));
    }

    private static async Task<Ok<AccessToken>> GetToken(
        Credentials body, HttpContext context, PasswordCheck check, AccessTokens tokens, CancellationToken cancellationToken)
    {
        (StoredPassword stored, _) = await check.CheckAsync(body, context, cancellationToken);
        if (stored.OneTimeUntil is not null)
        {
            throw OneTimePasswords.NewPasswordNeeded();
        }

        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(tokens.Mint(stored.Account, stored.TokenGeneration));
    }

    private static async Task<NoContent> SignOut(
        HttpContext context, SignInStore store, AccountStore accounts, CancellationToken cancellationToken)
    {
        if (context.User.TryAccount() is { Guest: true })
        {
            throw GuestKeepsGames();
        }

        if (!AccessTokens.IsUsedBy(context.Request))
        {
            await store.SignOutAsync(ReadCookieHash(context), cancellationToken);
            await ParkedGuest.EndSignInAsync(context, accounts, cancellationToken);
        }

        return TypedResults.NoContent();
    }

    private static async Task<NoContent> ChangePassword(
        PasswordChange body, HttpContext context, SignInStore store, SignInAttempts attempts, Passwords passwords,
        CancellationToken cancellationToken)
    {
        Account account = context.User.TryAccount()!;
        StoredPassword stored = await store.FindAsync(account.Id, cancellationToken)
            ?? throw Problem.Conflict("no_password", "You have no password yet", "Make an account first.");
        string wanted = Passwords.Check(body.NewPassword, account.Name);
        await attempts.CountAsync(account.Id, cancellationToken);
        if (await passwords.VerifyAsync(stored.Hash, body.CurrentPassword, cancellationToken) == PasswordVerificationResult.Failed)
        {
            throw WrongOwnPassword();
        }

        SignInToken token = SignInToken.Create();
        if (!await store.ChangePasswordAsync(stored, await passwords.HashAsync(wanted, cancellationToken), token, cancellationToken))
        {
            throw Problem.Conflict(
                "password_changed", "Changed in another window", "The password has just been changed in another window.");
        }

        await attempts.ForgetAsync(account.Id, cancellationToken);
        if (!AccessTokens.IsUsedBy(context.Request))
        {
            SignInCookie.Append(context, token);
        }

        return TypedResults.NoContent();
    }

    internal static ProblemException GuestKeepsGames() => Problem.Conflict(
        "guest_keeps_games", "Your games would be lost",
        "You have no account yet, so nobody could find your games again. Make an account first.");

    internal static ProblemException WrongPassword() => new(
        StatusCodes.Status401Unauthorized, "wrong_name_or_password", "Name or password is wrong",
        "This name and this password do not belong together. Check both and try again.");

    internal static ProblemException WrongOwnPassword() => new(
        StatusCodes.Status403Forbidden, "wrong_password", "That is not your password",
        "The password is not right. Check it and try again.");

    internal static byte[] ReadCookieHash(HttpContext context) =>
        SignInToken.TryHash(SignInCookie.Read(context.Request), out byte[] hash) ? hash : [];

    internal static void IssueCookie(HttpContext context, SignInToken token)
    {
        context.Response.Headers.CacheControl = "no-store";
        SignInCookie.Append(context, token);
    }
}
