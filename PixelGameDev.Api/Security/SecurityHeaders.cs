namespace PixelGameDev.Api.Security;

/// <summary>Headers on every answer that tell browsers to allow this page nothing it does not need.</summary>
internal static class SecurityHeaders
{
    /// <summary>
    /// Holds the policy of the page. Scripts, workers and style sheets come from this server only, and none is inline. Style
    /// attributes are what browsers make themselves while somebody types over coloured code; <c>data:</c> is for small pictures that
    /// the build puts into style sheets.
    /// </summary>
    public const string PagePolicy =
        "default-src 'self'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; "
        + "media-src 'self'; font-src 'self'; connect-src 'self'; worker-src 'self'; object-src 'none'; "
        + "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private const string DataPolicy = "default-src 'none'; frame-ancestors 'none'; sandbox";

    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        context.Response.OnStarting(static state =>
        {
            HttpContext context = (HttpContext)state;
            IHeaderDictionary headers = context.Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "same-origin";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
            headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
            // "Not modified" has no content: what it said of itself would replace the policy of the page in the browser's cache.
            if (headers.ContentSecurityPolicy.Count == 0 && context.Response.StatusCode != StatusCodes.Status304NotModified)
            {
                // A worker lives by the policy of its own script: with that of data it could not connect to the stream.
                string type = context.Response.ContentType ?? "";
                bool page = type.StartsWith("text/html", StringComparison.OrdinalIgnoreCase)
                    || type.StartsWith("text/javascript", StringComparison.OrdinalIgnoreCase);
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
