namespace PixelGameDev.Api.Security.Oidc;

/// <summary>Holds the OpenID Connect provider that people may sign in with, for example their school's.</summary>
/// <param name="Authority"><c>OIDC_AUTHORITY</c>: the address of the provider.</param>
/// <param name="ClientId"><c>OIDC_CLIENT_ID</c>: the name of this installation there.</param>
/// <param name="ClientSecret"><c>OIDC_CLIENT_SECRET</c>: null for a public client, which PKCE protects.</param>
/// <param name="Name"><c>OIDC_NAME</c>: what the page calls the provider.</param>
internal sealed record OidcOptions(Uri Authority, string ClientId, string? ClientSecret, string Name)
{
    /// <summary>Reads the settings; null without <c>OIDC_AUTHORITY</c>.</summary>
    /// <param name="configuration">The operator's settings.</param>
    /// <param name="addError">Gets the name of a wrong setting, what is wrong, and what would be right.</param>
    public static OidcOptions? Read(IConfiguration configuration, Action<string, string, string> addError)
    {
        string? authority = configuration["OIDC_AUTHORITY"];
        if (string.IsNullOrWhiteSpace(authority))
        {
            return null;
        }

        // Without TLS anybody on the way could sign in as anybody; on one machine nobody is on the way.
        if (!Uri.TryCreate(authority.Trim(), UriKind.Absolute, out Uri? address)
            || !(address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback)))
        {
            addError("OIDC_AUTHORITY", "is no https address", "https://login.school.example/");
            return null;
        }

        string client = configuration["OIDC_CLIENT_ID"]?.Trim() ?? "";
        if (client.Length == 0)
        {
            addError("OIDC_CLIENT_ID", "is missing beside OIDC_AUTHORITY", "the name of this installation at the provider");
        }

        string? secret = configuration["OIDC_CLIENT_SECRET"];
        string? name = configuration["OIDC_NAME"];
        return new OidcOptions(
            address, client, string.IsNullOrWhiteSpace(secret) ? null : secret,
            string.IsNullOrWhiteSpace(name) ? address.Host : name.Trim());
    }
}
