using PixelGameDev.Api.Accounts;

namespace PixelGameDev.Api.Security.Authentication;

/// <summary>
/// Remembers a guest in a browser while somebody with an account uses it: a pupil who signs in at a shared computer does not take along
/// what another one has made there, and whoever made it finds it again after the sign-in has ended, in whichever way it ends.
/// </summary>
internal static class ParkedGuest
{
    /// <summary>The name of the cookie without TLS; see <see cref="HostCookie"/>. Its value is the guest's sign-in token.</summary>
    public const string Name = "pixel_guest";

    /// <summary>
    /// Keeps the guest that is signed in now, whose token must stay valid. A browser keeps one guest: if another one waits already, its
    /// games move to this one.
    /// </summary>
    /// <remarks>The other direction would give this guest's games away to a cookie that somebody else has planted.</remarks>
    public static async Task KeepAsync(
        HttpContext context, Account guest, AccountStore accounts, SignInStore signIns, CancellationToken cancellationToken)
    {
        if (await FindAsync(context, accounts, cancellationToken) is { } waiting && waiting.Account.Id != guest.Id)
        {
            await signIns.JoinGuestsAsync(waiting.Account.Id, guest.Id, cancellationToken);
        }

        if (SignInCookie.Read(context.Request) is { } token)
        {
            HostCookie.Append(context, Name, token, SignInCookie.Lifetime);
        }
    }

    /// <summary>Signs the guest that waits in this browser in again; its cookie goes.</summary>
    /// <returns>The guest; null if none waits.</returns>
    public static async Task<Account?> ReturnAsync(HttpContext context, AccountStore accounts, CancellationToken cancellationToken)
    {
        (SignInToken Token, Account Account)? waiting = await FindAsync(context, accounts, cancellationToken);
        if (waiting is { } guest)
        {
            SignInCookie.Append(context, guest.Token);
        }

        Forget(context);
        return waiting?.Account;
    }

    /// <summary>Ends the sign-in of this browser: the guest that waits in it is back; without one it is nobody's.</summary>
    public static async Task EndSignInAsync(HttpContext context, AccountStore accounts, CancellationToken cancellationToken)
    {
        if (await ReturnAsync(context, accounts, cancellationToken) is null)
        {
            SignInCookie.Delete(context);
        }
    }

    /// <summary>Finds the guest that waits in this browser, with its token; null if there is none, or it is gone.</summary>
    public static async Task<(SignInToken Token, Account Account)?> FindAsync(
        HttpContext context, AccountStore accounts, CancellationToken cancellationToken)
    {
        string? text = HostCookie.Read(context.Request, Name);
        return SignInToken.TryHash(text, out byte[] hash)
            && await accounts.FindByTokenAsync(hash, cancellationToken) is { Guest: true } guest
            ? (new SignInToken(text!, hash), guest) : null;
    }

    /// <summary>Removes the cookie.</summary>
    public static void Forget(HttpContext context)
    {
        if (HostCookie.Read(context.Request, Name) is not null)
        {
            HostCookie.Delete(context, Name);
        }
    }
}
