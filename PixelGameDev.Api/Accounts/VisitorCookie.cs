namespace PixelGameDev.Api.Accounts;

/// <summary>The cookie that keeps a person signed in, as a guest or with a password.</summary>
internal static class VisitorCookie
{
    public const string Name = "pixel_visitor";

    /// <summary>How long a browser that stays away is remembered; browsers keep no cookie longer than 400 days.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(390);

    public static void Append(HttpContext context, VisitorToken token) =>
        context.Response.Cookies.Append(Name, token.Text, Options(context, Lifetime));

    public static void Delete(HttpContext context) => context.Response.Cookies.Delete(Name, Options(context, null));

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
