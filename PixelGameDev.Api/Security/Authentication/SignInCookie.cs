namespace PixelGameDev.Api.Security.Authentication;

/// <summary>Reads and writes the cookie that keeps a browser signed in, as a guest or a registered account.</summary>
internal static class SignInCookie
{
    /// <summary>The name of the cookie without TLS; see <see cref="HostCookie"/>.</summary>
    public const string Name = "pixel_visitor";

    /// <summary>How long a browser stays signed in after its last visit. Browsers keep no cookie longer than 400 days.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(390);

    public static string? Read(HttpRequest request) => HostCookie.Read(request, Name);

    /// <summary>Returns true when the browser should get the cookie again under its current name.</summary>
    public static bool IsOld(HttpRequest request) => HostCookie.IsOld(request, Name);

    public static void Append(HttpContext context, SignInToken token) => HostCookie.Append(context, Name, token.Text, Lifetime);

    public static void Delete(HttpContext context) => HostCookie.Delete(context, Name);
}
