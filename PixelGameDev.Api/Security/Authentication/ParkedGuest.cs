using PixelGameDev.Api.Accounts;

namespace PixelGameDev.Api.Security.Authentication;

/// <summary>
/// Remembers a guest in a browser while somebody with an account uses it: a pupil who signs in at a shared computer does not take along
/// what another one has made there, and whoever made it finds it again after the sign-out.
/// </summary>
internal static class ParkedGuest
{
    /// <summary>The name of the cookie without TLS; see <see cref="HostCookie"/>. Its value is the guest's sign-in token.</summary>
    public const string Name = "pixel_guest";

    /// <summary>Keeps the guest that is signed in now, whose token must stay valid.</summary>
    public static void Keep(HttpContext context)
    {
        if (SignInCookie.Read(context.Request) is { } token)
        {
            HostCookie.Append(context, Name, token, SignInCookie.Lifetime);
        }
    }

    /// <summary>Returns the token of the guest that waits in this browser; null if there is none, or it is gone.</summary>
    public static async Task<SignInToken?> FindAsync(HttpContext context, AccountStore accounts, CancellationToken cancellationToken)
    {
        string? text = HostCookie.Read(context.Request, Name);
        return SignInToken.TryHash(text, out byte[] hash)
            && await accounts.FindByTokenAsync(hash, cancellationToken) is { Guest: true }
            ? new SignInToken(text!, hash) : null;
    }

    /// <summary>Removes the cookie.</summary>
    public static void Forget(HttpContext context) => HostCookie.Delete(context, Name);
}
