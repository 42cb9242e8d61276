using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using PixelGameDev.Api.Problems;

namespace PixelGameDev.Api.Pages;

/// <summary>Serves the page. Addresses of the API and of health never fall back to it.</summary>
internal static class PageServing
{
    private const string Index = "index.html";

    private const string NotBuilt =
        """
        <!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
        <title>PixelGameDev</title>
        <body style="font:18px/1.6 system-ui,sans-serif;background:#fff8ef;color:#2b2440;max-width:34em;margin:12vh auto;padding:0 1em">
        <h1>Almost there!</h1>
        <p>The server runs, but its page has not been built yet. <code>./pixel run</code> does that by itself; by hand it is:</p>
        <pre>cd PixelGameDev.Api/Web
        npm ci
        npm run build</pre>
        <p>Then load this page again.</p></body></html>
        """;

    private static readonly string[] Reserved = ["/api", "/health", "/alive", "/openapi"];

    public static IServiceCollection AddPages(this IServiceCollection services) => services.AddSingleton<PageFiles>();

    /// <summary>
    /// After routing: takes what no endpoint has. Not an endpoint itself, since one for every address would turn "wrong method" of
    /// the others into "not found".
    /// </summary>
    public static IApplicationBuilder UsePages(this IApplicationBuilder app)
    {
        PageFiles files = app.ApplicationServices.GetRequiredService<PageFiles>();
        return app.Use((context, next) =>
            context.GetEndpoint() is null
            && (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
            && !Reserved.Any(reserved => context.Request.Path.StartsWithSegments(reserved, StringComparison.OrdinalIgnoreCase))
                ? SendAsync(context, files, context.Request.Path.Value is { Length: > 1 } path ? path[1..] : Index)
                : next(context));
    }

    private static async Task SendAsync(HttpContext context, PageFiles files, string path)
    {
        HttpResponse response = context.Response;
        PageFile? file = files.Find(path);
        bool fallback = file is null && path != Index;
        if (fallback)
        {
            // A script or picture that is not there is an error. Names in addresses may hold dots, too: then it counts who asks.
            if (Path.HasExtension(path)
                && !context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase))
            {
                throw Problem.NotFound("page");
            }

            file = files.Find(Index);
        }

        if (file is null)
        {
            response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            response.ContentType = "text/html; charset=utf-8";
            response.Headers.CacheControl = "no-store";
            await response.WriteAsync(NotBuilt, context.RequestAborted);
            return;
        }

        response.Headers.Vary = HeaderNames.AcceptEncoding;
        (byte[] body, string? encoding) = Choose(file, context.Request.Headers.AcceptEncoding.ToString());
        if (fallback && !IsAddressOfPage(path))
        {
            // The page says so to people; the status says it to programs.
            response.StatusCode = StatusCodes.Status404NotFound;
            response.Headers.CacheControl = "no-store";
            await WriteAsync(context, file, body, encoding);
            return;
        }

        response.Headers.CacheControl = file.Hashed ? "public, max-age=31536000, immutable" : "no-cache";
        // Each encoding is a representation of its own and needs a tag of its own.
        string tag = encoding is null ? file.ETag : $"{file.ETag[..^1]}-{encoding}\"";
        response.Headers.ETag = tag;
        if (context.Request.Headers.IfNoneMatch.ToString().Contains(tag, StringComparison.Ordinal))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        await WriteAsync(context, file, body, encoding);
    }

    /// <summary>
    /// Whether the page has something to show there. Whose project it is only the Api knows. Keep in step with address.ts.
    /// </summary>
    private static bool IsAddressOfPage(string path) =>
        path.TrimEnd('/').Split('/') is ["projects", var project] && Guid.TryParseExact(project, "D", out _);

    private static async Task WriteAsync(HttpContext context, PageFile file, byte[] body, string? encoding)
    {
        HttpResponse response = context.Response;
        response.ContentType = file.ContentType;
        response.ContentLength = body.Length;
        if (encoding is not null)
        {
            response.Headers.ContentEncoding = encoding;
        }

        if (!HttpMethods.IsHead(context.Request.Method))
        {
            context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            await response.Body.WriteAsync(body, context.RequestAborted);
        }
    }

    private static (byte[] Body, string? Encoding) Choose(PageFile file, string accepted)
    {
        // Sample: gzip, deflate, br;q=1.0, zstd
        bool Accepts(string encoding) => accepted.Split(',').Any(part =>
            part.AsSpan().Trim() is var trimmed
            && trimmed.StartsWith(encoding, StringComparison.OrdinalIgnoreCase)
            && (trimmed.Length == encoding.Length || trimmed[encoding.Length] == ';')
            && !trimmed.EndsWith("q=0", StringComparison.Ordinal));
        return file switch
        {
            { Brotli: { } brotli } when Accepts("br") => (brotli, "br"),
            { Gzip: { } gzip } when Accepts("gzip") => (gzip, "gzip"),
            _ => (file.Plain, null),
        };
    }
}
