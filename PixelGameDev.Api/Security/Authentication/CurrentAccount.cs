using System.Security.Claims;
using PixelGameDev.Api.Accounts;

namespace PixelGameDev.Api.Security.Authentication;

/// <summary>Converts between an <see cref="Account"/> and the principal of a request.</summary>
internal static class CurrentAccount
{
    private const string GuestClaim = "guest";

    public static ClaimsPrincipal ToPrincipal(this Account account, string scheme) => new(new ClaimsIdentity(
        [
            new Claim(ClaimTypes.NameIdentifier, account.Id.ToString()),
            new Claim(ClaimTypes.Name, account.Name),
            new Claim(ClaimTypes.Role, account.Role),
            new Claim(GuestClaim, account.Guest ? "true" : "false"),
        ],
        scheme));

    /// <summary>Returns the account's id. The endpoint must require authorization.</summary>
    public static Guid AccountId(this ClaimsPrincipal principal) =>
        Guid.Parse(principal.FindFirstValue(ClaimTypes.NameIdentifier)
            ?? throw new InvalidOperationException("The endpoint does not require authorization."));

    /// <summary>Returns the account of this request; null if there is none.</summary>
    public static Account? TryAccount(this ClaimsPrincipal principal) =>
        principal.FindFirstValue(ClaimTypes.NameIdentifier) is { } id
            ? new Account(
                Guid.Parse(id),
                principal.FindFirstValue(ClaimTypes.Name)!,
                principal.FindFirstValue(GuestClaim) == "true",
                principal.FindFirstValue(ClaimTypes.Role)!)
            : null;
}
