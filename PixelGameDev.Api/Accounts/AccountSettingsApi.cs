using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.Net.Http.Headers;
using PixelGameDev.Api.History;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Security;
using PixelGameDev.Api.Security.Authentication;

namespace PixelGameDev.Api.Accounts;

/// <summary>Maps what people do with their account as a whole: leave it, take everything along, delete it.</summary>
internal static class AccountSettingsApi
{
    /// <summary>The word that an account without a password sends to be deleted. The page asks for one of its language.</summary>
    internal const string DeleteWord = "delete";

    public static RouteGroupBuilder MapAccountSettings(this RouteGroupBuilder account)
    {
        account.MapPost("/sign-out-everywhere", SignOutEverywhere)
            .RequireAuthorization()
            .LimitRate(LimitedAction.Write)
            .WithProblems(StatusCodes.Status409Conflict, "guest_keeps_games")
            .WithSummary("Signs every browser of the account out, this one too, and ends its tokens.");
        account.MapPost("/start-fresh", StartFresh)
            .LimitRate(LimitedAction.Write)
            .WithSummary("Makes this browser one that nobody has used: it forgets its account, and a guest cannot come back.");
        account.MapGet("/export", Export)
            .RequireAuthorization()
            .LimitRate(LimitedAction.Write)
            .Produces<byte[]>(StatusCodes.Status200OK, "application/zip")
            .WithProblems(StatusCodes.Status429TooManyRequests, "export_running", "exports_busy")
            .WithProblems(StatusCodes.Status503ServiceUnavailable, "history_away")
            .WithSummary("Everything of the account as a zip: games, trash, and what the server remembers.");
        account.MapPost("/delete", Delete)
            .RequireAuthorization()
            .LimitRate(LimitedAction.SignIn)
            .WithProblems(StatusCodes.Status400BadRequest, "not_confirmed")
            .WithProblems(StatusCodes.Status403Forbidden, "wrong_password")
            .WithProblems(StatusCodes.Status404NotFound, "not_found")
            .WithProblems(StatusCodes.Status409Conflict, "last_admin")
            .WithProblems(StatusCodes.Status429TooManyRequests, "too_many_attempts")
            .WithProblems(StatusCodes.Status503ServiceUnavailable, "busy")
            .WithSummary("Deletes the account and everything of it at once: with its password, or the word \"delete\" if it has none.");
        return account;
    }

    private static async Task<NoContent> SignOutEverywhere(
        HttpContext context, SignInStore store, AccountStore accounts, CancellationToken cancellationToken)
    {
        Account account = context.User.TryAccount()!;
        if (account.Guest)
        {
            throw AccountsApi.GuestKeepsGames();
        }

        await store.SignOutEverywhereAsync(account.Id, cancellationToken);
        if (!AccessTokens.IsUsedBy(context.Request))
        {
            await ParkedGuest.EndSignInAsync(context, accounts, cancellationToken);
        }

        return TypedResults.NoContent();
    }

    private static async Task<NoContent> StartFresh(
        HttpContext context, SignInStore store, AccountStore accounts, CancellationToken cancellationToken)
    {
        if (AccessTokens.IsUsedBy(context.Request))
        {
            return TypedResults.NoContent();
        }

        // Without its sign-in nobody can come back to a guest, so housekeeping deletes it.
        await store.SignOutAsync(AccountsApi.ReadCookieHash(context), cancellationToken);
        if (await ParkedGuest.FindAsync(context, accounts, cancellationToken) is { } parked)
        {
            await store.SignOutAsync(parked.Token.Hash, cancellationToken);
        }

        SignInCookie.Delete(context);
        ParkedGuest.Forget(context);
        DeviceCookie.Forget(context);
        return TypedResults.NoContent();
    }

    private static async Task Export(
        HttpContext context, AccountExport export, ExportPlaces places, IBlobStore blobs, TimeProvider time,
        CancellationToken cancellationToken)
    {
        Guid account = context.User.AccountId();
        using IDisposable place = await places.EnterAsync(account, cancellationToken);
        // A zip that has begun cannot say that a part of it is missing.
        await blobs.CheckAsync(cancellationToken);
        HttpResponse response = context.Response;
        response.ContentType = "application/zip";
        response.Headers.CacheControl = "no-store";
        response.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment")
        {
            FileName = string.Create(CultureInfo.InvariantCulture, $"pixelgamedev-{time.GetUtcNow():yyyy-MM-dd}.zip"),
        }.ToString();
        try
        {
            await using PacedOutput paced = new(response.Body, places.Watch(context));
            await export.WriteAsync(account, paced, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The client has left, or it was too slow.
            context.Abort();
        }
    }

    private static async Task<NoContent> Delete(
        AccountDeletion body, HttpContext context, SignInStore store, SignInAttempts attempts, Passwords passwords,
        AccountDeletions deletions, AccountStore accounts, CancellationToken cancellationToken)
    {
        Account account = context.User.TryAccount()!;
        if (await store.FindAsync(account.Id, cancellationToken) is { } stored)
        {
            await attempts.CountAsync(account.Id, cancellationToken);
            if (await passwords.VerifyAsync(stored.Hash, body.Password, cancellationToken) == PasswordVerificationResult.Failed)
            {
                throw AccountsApi.WrongOwnPassword();
            }
        }
        else if (body.Confirm != DeleteWord)
        {
            throw Problem.Invalid("not_confirmed", "Not confirmed", $"Send {{\"confirm\": \"{DeleteWord}\"}} to delete everything.");
        }

        await deletions.DeleteAsync(account.Id, cancellationToken);
        if (!AccessTokens.IsUsedBy(context.Request))
        {
            await ParkedGuest.EndSignInAsync(context, accounts, CancellationToken.None);
        }

        return TypedResults.NoContent();
    }
}
