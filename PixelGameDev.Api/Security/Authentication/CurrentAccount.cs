using System.Security.Claims;
using PixelGameDev.Api.Accounts;

namespace PixelGameDev.Api.Security.Authentication;

/// <summary>Between an <see cref="Account"/> and the principal of a request.</summary>
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

    /// <summary>Id of the person of this request, who must be known: the endpoint requires authorization.</summary>
    public static Guid AccountId(this ClaimsPrincipal principal) =>
        Guid.Parse(principal.FindFirstValue(ClaimTypes.NameIdentifier)
            ?? throw new InvalidOperationException("The endpoint does not require authorization."));

    /// <summary>The account of this request, null for nobody.</summary>
    public static Account? TryAccount(this ClaimsPrincipal principal) =>
        principal.FindFirstValue(ClaimTypes.NameIdentifier) is { } id
            ? new Account(
                Guid.Parse(id),
                principal.FindFirstValue(ClaimTypes.Name)!,
                principal.FindFirstValue(GuestClaim) == "true",
                principal.FindFirstValue(ClaimTypes.Role)!)
            : null;
}
