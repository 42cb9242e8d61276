namespace PixelGameDev.Api.Security.Authentication;

/// <summary>
/// Cookies of this server alone. Over TLS their name begins with <c>__Host-</c>: a browser takes such a cookie only from this very host,
/// so that another site below the same domain cannot plant one.
/// </summary>
internal static class HostCookie
{
    private const string Prefix = "__Host-";

    /// <summary>
    /// Reads the cookie. Over TLS the name without the prefix counts when the other is missing: browsers that were here before the
    /// prefix came hold that one, for <see cref="SignInCookie.Lifetime"/> at most.
    /// </summary>
    public static string? Read(HttpRequest request, string name) =>
        (request.IsHttps ? request.Cookies[Prefix + name] : null) ?? request.Cookies[name];

    /// <summary>True when the browser does not hold the cookie under the name it should have.</summary>
    public static bool IsOld(HttpRequest request, string name) => request.IsHttps && request.Cookies[Prefix + name] is null;

    public static void Append(HttpContext context, string name, string value, TimeSpan lifetime) =>
        context.Response.Cookies.Append(NameFor(context.Request, name), value, Options(context, lifetime));

    public static void Delete(HttpContext context, string name)
    {
        context.Response.Cookies.Delete(name, Options(context, null));
        if (context.Request.IsHttps)
        {
            context.Response.Cookies.Delete(Prefix + name, Options(context, null));
        }
    }

    private static string NameFor(HttpRequest request, string name) => request.IsHttps ? Prefix + name : name;

    private static CookieOptions Options(HttpContext context, TimeSpan? maxAge) => new()
    {
        HttpOnly = true,
        // Lax, not Strict: a link to a project in a class chat must find its person signed in.
        SameSite = SameSiteMode.Lax,
        Secure = context.Request.IsHttps,
        Path = "/",
        MaxAge = maxAge,
        IsEssential = true,
    };
}
