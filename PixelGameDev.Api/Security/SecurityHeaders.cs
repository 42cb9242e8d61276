namespace PixelGameDev.Api.Security;

/// <summary>Adds the security headers to every answer. They allow the page only what it needs.</summary>
internal static class SecurityHeaders
{
    /// <summary>
    /// The content security policy of the page. Scripts, workers and style sheets come only from this server, and none of them is inline.
    /// Style attributes are necessary, because browsers create them when somebody overwrites coloured code; <c>data:</c> is for small
    /// pictures that the build embeds in style sheets.
    /// </summary>
    public const string PagePolicy = Sources + "form-action 'self'; frame-ancestors 'none'";

    /// <summary>
    /// The policy of the page of a shared game inside of another website, and of nothing else: every website may frame it. A person who is
    /// tricked into pressing something there can only play, as a guest without a cookie.
    /// </summary>
    public const string EmbedPolicy = Sources + "form-action 'none'; frame-ancestors *";

    private const string Sources =
        "default-src 'self'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; "
        + "media-src 'self'; font-src 'self'; connect-src 'self'; worker-src 'self'; object-src 'none'; base-uri 'none'; ";

    private const string DataPolicy = "default-src 'none'; frame-ancestors 'none'; sandbox";

    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        context.Response.OnStarting(static state =>
        {
            HttpContext context = (HttpContext)state;
            IHeaderDictionary headers = context.Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "same-origin";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
            if (headers.CacheControl.Count == 0 && context.Request.Path.StartsWithSegments("/api"))
            {
                // Most answers belong to one person, and others use the same computer.
                headers.CacheControl = "private, no-store";
            }

            string type = context.Response.ContentType ?? "";
            bool isDocument = type.StartsWith("text/html", StringComparison.OrdinalIgnoreCase);
            if (isDocument)
            {
                // Browsers read these two only from documents, and a page loads twenty other files.
                headers["Cross-Origin-Opener-Policy"] = "same-origin";
                headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
            }

            // "Not modified" has no content. Its policy would replace the page's policy in the browser's cache.
            if (headers.ContentSecurityPolicy.Count == 0 && context.Response.StatusCode != StatusCodes.Status304NotModified)
            {
                // A worker uses the policy of its own script. With the policy for data it could not connect to the stream.
                bool page = isDocument || type.StartsWith("text/javascript", StringComparison.OrdinalIgnoreCase);
                headers.ContentSecurityPolicy = page ? PagePolicy : DataPolicy;
            }

            if (context.Request.IsHttps)
            {
                headers.StrictTransportSecurity = "max-age=31536000";
            }

            return Task.CompletedTask;
        }, context);
        return next(context);
    });
}
