using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace PixelGameDev.ServiceDefaults;

/// <summary>JSON is UTF-8 (RFC 8259, section 8.1): another charset is 415, not an exception on the way into a handler.</summary>
public static class JsonCharset
{
    /// <summary>Refuses bodies that claim another charset or a malformed one. After what turns empty statuses into words.</summary>
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
