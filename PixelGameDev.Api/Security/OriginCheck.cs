using Microsoft.AspNetCore.Http.Features;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Security.Authentication;

namespace PixelGameDev.Api.Security;

/// <summary>
/// Refuses requests that another website makes a person's browser send: all requests that change something, and WebSockets, which browsers
/// open across sites with cookies and without a preflight.
/// </summary>
/// <remarks>
/// The rules are those of Go's <c>net/http.CrossOriginProtection</c>: (1) reads are allowed; (2) if the browser sends
/// <c>Sec-Fetch-Site</c>, it must be <c>same-origin</c> or <c>none</c>; (3) otherwise the host of <c>Origin</c> must be the host of the
/// request; (4) a request with neither header does not come from a browser, so it does not carry cookies unintentionally. A request with an
/// access token is not checked: browsers never add one by themselves, and with a token the cookie is ignored.
/// </remarks>
internal static class OriginCheck
{
    public static IApplicationBuilder UseOriginCheck(this IApplicationBuilder app) => app.Use((context, next) =>
        IsSafe(context) || AccessTokens.IsUsedBy(context.Request) || IsSameOrigin(context.Request)
            ? next(context)
            : ProblemHandling.WriteAsync(context, Refusal()));

    /// <summary>Creates the problem of a request that another website made.</summary>
    internal static ProblemException Refusal() => new(
        StatusCodes.Status403Forbidden, "cross_origin", "Not from this page",
        "This request came from another website. Open PixelGameDev itself and try again.");

    private static bool IsSafe(HttpContext context)
    {
        HttpRequest request = context.Request;
        bool reads = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method);
        bool upgrades = request.Headers.Upgrade.Count > 0
            || context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true };
        return reads && !upgrades;
    }

    internal static bool IsSameOrigin(HttpRequest request)
    {
        string site = request.Headers["Sec-Fetch-Site"].ToString();
        string origin = request.Headers.Origin.ToString();
        if (site.Length > 0)
        {
            return site is "same-origin" or "none";
        }

        return origin.Length == 0
            || (Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri)
                && uri.Scheme is "http" or "https"
                && string.Equals(uri.Authority, WithoutDefaultPort(request.Host, uri), StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>
    /// Returns the host without the scheme's default port. Browsers omit that port in both headers; other clients may include it.
    /// </summary>
    private static string WithoutDefaultPort(HostString host, Uri origin) =>
        host.Port is int port && origin.IsDefaultPort && port == origin.Port ? host.Host : host.Value ?? "";
}
