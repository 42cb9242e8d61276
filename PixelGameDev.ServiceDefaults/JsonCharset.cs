using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace PixelGameDev.ServiceDefaults;

/// <summary>
/// Requires UTF-8 for JSON (RFC 8259, section 8.1): another charset gives status 415 instead of an exception before the handler.
/// </summary>
public static class JsonCharset
{
    /// <summary>
    /// Refuses bodies with another or a malformed charset. Call it after the middleware that adds bodies to empty statuses.
    /// </summary>
    public static IApplicationBuilder UseUtf8Json(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        if (MediaTypeHeaderValue.TryParse(context.Request.ContentType, out MediaTypeHeaderValue? type)
            && type.Charset.HasValue
            && !HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return Task.CompletedTask;
        }

        return next(context);
    });
}
