namespace PixelGameDev.Api.Accounts;

/// <summary>Holds who may have an account here.</summary>
/// <param name="SignUp"><c>SIGN_UP</c>: one of <see cref="SignUpModes"/>.</param>
/// <param name="Guests"><c>GUEST_ACCOUNTS</c>: whether a first visit makes a guest.</param>
/// <param name="SetupCode"><c>SETUP_CODE</c>: the secret that makes the first admin; null: no set-up in the page.</param>
internal sealed record AccountOptions(string SignUp, bool Guests, string? SetupCode);

/// <summary>Lists the values of <c>SIGN_UP</c>.</summary>
internal static class SignUpModes
{
    /// <summary>Everybody may make an account.</summary>
    public const string Open = "open";

    /// <summary>Whoever has the code of an <see cref="Invitation"/> may.</summary>
    public const string Invitation = "invitation";

    /// <summary>Nobody may.</summary>
    public const string Closed = "closed";
}
