using Microsoft.AspNetCore.Http.HttpResults;
using PixelGameDev.Api.Accounts;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Security.Authentication;

namespace PixelGameDev.Api.Security.Oidc;

/// <summary>Maps the address that leads to the provider. The framework's handler answers <see cref="OidcSetup.CallbackPath"/>.</summary>
internal static class OidcApi
{
    public static RouteGroupBuilder MapOidc(this RouteGroupBuilder account)
    {
        account.MapGet("/oidc", Begin)
            .LimitRate(LimitedAction.SignIn)
            .Produces(StatusCodes.Status302Found)
            .WithProblems(StatusCodes.Status401Unauthorized, "not_signed_in")
            .WithProblems(StatusCodes.Status403Forbidden, "cross_origin")
            .WithNotFound()
            .WithProblems(StatusCodes.Status409Conflict, "guest_keeps_games")
            .WithSummary(
                "Leads the browser to the host's OpenID Connect provider, to sign in (?bringGames=), or with ?link=true to link it to " +
                "the account that is signed in. 404 where the host has none.");
        return account;
    }

    private static async Task<EmptyHttpResult> Begin(
        HttpContext context, OidcProvider provider, OidcSignIn signIn, bool link = false, bool bringGames = true)
    {
        if (provider.Options is null)
        {
            throw Problem.NotFound("address");
        }

        // A link of another site must not sign anybody in: neither as somebody, nor with their games.
        if (!OriginCheck.IsSameOrigin(context.Request))
        {
            throw OriginCheck.Refusal();
        }

        Account? account = AccessTokens.IsUsedBy(context.Request) ? null : context.User.TryAccount();
        if (link && account is not { Guest: false })
        {
            throw account is null ? Problem.NotSignedIn() : AccountsApi.GuestKeepsGames();
        }

        await signIn.BeginAsync(context, link ? account!.Id : null, bringGames);
        return TypedResults.Empty;
    }
}
