using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using PixelGameDev.Api.Accounts;
using PixelGameDev.Api.Problems;

namespace PixelGameDev.Api.Security.Authentication;

/// <summary>Finds the account of the sign-in cookie; answers 401 and 403 with problem documents.</summary>
internal sealed class SignInCookieHandler(
    AccountStore accounts,
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "visitor";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!SignInToken.TryHash(SignInCookie.Read(Request), out byte[] hash))
        {
            return AuthenticateResult.NoResult();
        }

        Account? account = await accounts.FindByTokenAsync(hash, Context.RequestAborted);
        return account is null
            ? AuthenticateResult.NoResult()
            : AuthenticateResult.Success(new AuthenticationTicket(account.ToPrincipal(SchemeName), SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) =>
        ProblemHandling.WriteAsync(Context, Problem.NotSignedIn());

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => ProblemHandling.WriteAsync(Context, Forbidden());

    public static ProblemException Forbidden() =>
        new(StatusCodes.Status403Forbidden, "forbidden", "Not allowed", "Your account may not do this.");
}
