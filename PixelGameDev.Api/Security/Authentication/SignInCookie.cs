namespace PixelGameDev.Api.Security.Authentication;

/// <summary>The cookie that keeps a person signed in, as a guest or with a password.</summary>
internal static class SignInCookie
{
    /// <summary>The name without TLS; see <see cref="HostCookie"/>.</summary>
    public const string Name = "pixel_visitor";

    /// <summary>How long a browser that stays away is remembered; browsers keep no cookie longer than 400 days.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(390);

    public static string? Read(HttpRequest request) => HostCookie.Read(request, Name);

    /// <summary>True when the browser should get the cookie again under its present name.</summary>
    public static bool IsOld(HttpRequest request) => HostCookie.IsOld(request, Name);

    public static void Append(HttpContext context, SignInToken token) => HostCookie.Append(context, Name, token.Text, Lifetime);

    public static void Delete(HttpContext context) => HostCookie.Delete(context, Name);
}
