namespace PixelGameDev.Api.Security.Authentication;

/// <summary>
/// Reads and writes cookies for this host only. Over TLS their names begin with <c>__Host-</c>: browsers accept such a cookie only from
/// this host, so another site of the same domain cannot plant one.
/// </summary>
internal static class HostCookie
{
    private const string Prefix = "__Host-";

    /// <summary>
    /// Reads the cookie. Over TLS it falls back to the name without the prefix: browsers that visited before the prefix existed have that
    /// cookie for at most <see cref="SignInCookie.Lifetime"/>.
    /// </summary>
    public static string? Read(HttpRequest request, string name) =>
        (request.IsHttps ? request.Cookies[Prefix + name] : null) ?? request.Cookies[name];

    /// <summary>Returns true when the browser lacks the cookie under its current name.</summary>
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
        // Lax, not Strict: a person who follows a link to a project must be signed in.
        SameSite = SameSiteMode.Lax,
        Secure = context.Request.IsHttps,
        Path = "/",
        MaxAge = maxAge,
        IsEssential = true,
    };
}
