using Microsoft.AspNetCore.Http.Headers;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using PixelGameDev.Api.Problems;

namespace PixelGameDev.Api.Pages;

/// <summary>
/// Serves the page from disk with the framework's static files. Addresses of the API and of the health checks never return the page.
/// </summary>
/// <remarks>
/// <list type="number">
/// <item>The address is mapped to a file: the file with that path, or the document for an address of the page.</item>
/// <item>If the build has compressed that file and the client accepts the encoding, the compressed file is sent instead.</item>
/// <item>A client that has the file already gets "not modified". Each compressed file has a separate entity tag.</item>
/// <item>Otherwise the framework sends the file: type, length, ranges, HEAD.</item>
/// </list>
/// <para>MapStaticAssets cannot do this: its list of files is created when the Api is built, but the page is built separately,
/// also while the Api runs.</para>
/// </remarks>
internal static class PageServing
{
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

    private const string Index = $"/{PageFileProvider.Index}";

    /// <summary>The document of the page behind a link or an invitation.</summary>
    private const string Play = "/play.html";

    private static readonly string[] Reserved = ["/api", "/health", "/alive", "/openapi"];

    // Vite adds a hash to the name of every file in this folder, so such a file never changes.
    private static readonly PathString HashedFolder = "/assets";

    /// <summary>The encodings of the build in order of preference; see Web/vite.config.ts.</summary>
    private static readonly (string Encoding, string Extension)[] Encodings = [("br", ".br"), ("gzip", ".gz")];

    // Keys of the values that one step leaves for the next.
    private static readonly object IsUnknownAddress = new();
    private static readonly object EntityTag = new();

    private static readonly FileExtensionContentTypeProvider Types = new()
    {
        Mappings = { [".webmanifest"] = "application/manifest+json", [".mjs"] = "text/javascript", [".map"] = "application/json" },
    };

    public static IServiceCollection AddPages(this IServiceCollection services) => services.AddSingleton<PageFileProvider>();

    /// <summary>
    /// Handles requests that match no endpoint; call it after routing. It is not an endpoint, because an endpoint for every address would
    /// turn "wrong method" of other endpoints into "not found".
    /// </summary>
    public static IApplicationBuilder UsePages(this IApplicationBuilder app)
    {
        PageFileProvider files = app.ApplicationServices.GetRequiredService<PageFileProvider>();
        return app.UseWhen(IsForPage, page => page
            .Use((context, next) => ChooseFile(context, files) is { } file
                ? IsNotModified(context, files.TagOf(file)) ? Task.CompletedTask : next(context)
                : SendNotBuiltAsync(context))
            .UseStaticFiles(new StaticFileOptions
            {
                FileProvider = files,
                ContentTypeProvider = new PageContentTypes(),
                OnPrepareResponse = static prepared => SetHeaders(prepared.Context),
            }));
    }

    private static bool IsForPage(HttpContext context) =>
        context.GetEndpoint() is null
        && (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
        && !Reserved.Any(reserved => context.Request.Path.StartsWithSegments(reserved, StringComparison.OrdinalIgnoreCase));

    /// <summary>Turns the request's path into the path of the file to send.</summary>
    /// <returns>The file; null while the page has not been built.</returns>
    /// <exception cref="ProblemException">404: there is no such file.</exception>
    private static IFileInfo? ChooseFile(HttpContext context, PageFileProvider files)
    {
        HttpRequest request = context.Request;
        string path = request.Path.Value is { Length: > 1 } given ? given : Index;
        IFileInfo file = files.GetFileInfo(path);
        if (!file.Exists || IsCompressed(path))
        {
            // A missing script or picture is an error. Addresses may contain a dot, too, so the Accept header decides.
            bool wantsPage = request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
            if (path != Index && Path.HasExtension(path) && !wantsPage)
            {
                throw Problem.NotFound("page");
            }

            bool isInvitation = IsAddressOfInvitation(path);
            if (path != Index && !isInvitation && !IsAddressOfPage(path))
            {
                // The page informs people; the status informs programs.
                context.Items[IsUnknownAddress] = true;
            }

            path = isInvitation ? Play : Index;
            file = files.GetFileInfo(path);
            if (!file.Exists)
            {
                return null;
            }
        }

        (file, string extension) = ChooseEncoding(request, files, path, file);
        request.Path = path + extension;
        return file;
    }

    /// <summary>Chooses the file itself, with an empty extension, or a compressed copy from the build.</summary>
    private static (IFileInfo File, string Extension) ChooseEncoding(
        HttpRequest request, PageFileProvider files, string path, IFileInfo file)
    {
        IList<StringWithQualityHeaderValue> accepted = request.GetTypedHeaders().AcceptEncoding;
        foreach ((string encoding, string extension) in Encodings)
        {
            // An older compressed file is left over from an earlier build.
            if (accepted.Any(one => one.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase) && one.Quality is not 0)
                && files.GetFileInfo(path + extension) is { Exists: true } compressed && compressed.LastModified >= file.LastModified)
            {
                return (compressed, extension);
            }
        }

        return (file, "");
    }

    /// <summary>Sets the headers, and answers "not modified" if the client has the file with this tag.</summary>
    private static bool IsNotModified(HttpContext context, string tag)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.Vary = HeaderNames.AcceptEncoding;
        RequestHeaders request = context.Request.GetTypedHeaders();
        IList<EntityTagHeaderValue> known = request.IfNoneMatch;
        // Only our tag counts; the framework would compare its own.
        request.IfNoneMatch = [];
        request.IfModifiedSince = null;
        if (context.Items.ContainsKey(IsUnknownAddress))
        {
            headers.CacheControl = "no-store";
            return false;
        }

        headers.CacheControl = context.Request.Path.StartsWithSegments(HashedFolder, StringComparison.Ordinal)
            ? "public, max-age=31536000, immutable" : "no-cache";
        context.Items[EntityTag] = tag;
        EntityTagHeaderValue own = new(tag);
        if (!known.Any(one => one.Equals(EntityTagHeaderValue.Any) || one.Compare(own, useStrongComparison: false)))
        {
            return false;
        }

        headers.ETag = tag;
        context.Response.StatusCode = StatusCodes.Status304NotModified;
        return true;
    }

    /// <summary>Replaces the framework's headers by those of this page.</summary>
    private static void SetHeaders(HttpContext context)
    {
        IHeaderDictionary headers = context.Response.Headers;
        string path = context.Request.Path.Value!;
        headers.ContentEncoding = Encodings.FirstOrDefault(one => path.EndsWith(one.Extension, StringComparison.Ordinal)).Encoding;
        headers.LastModified = StringValues.Empty;
        headers.ETag = context.Items[EntityTag] as string;
        if (context.Items.ContainsKey(IsUnknownAddress))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
    }

    private static bool IsCompressed(string path) => Encodings.Any(one => path.EndsWith(one.Extension, StringComparison.Ordinal));

    /// <summary>Tells whether the page has content at this address. Keep it in step with address.ts.</summary>
    private static bool IsAddressOfPage(string path) => path.Trim('/').Split('/') switch
    {
        ["projects"] or ["account"] or ["admin"] or ["set-up"] or ["gallery"] => true,
        ["projects", var project] => Guid.TryParseExact(project, "D", out _),
        _ => false,
    };

    /// <summary>
    /// Tells whether this is the address of an invitation to watch a game. The page itself asks whether there is one with this code.
    /// </summary>
    private static bool IsAddressOfInvitation(string path) => path.Trim('/').Split('/') is ["watch", { Length: > 0 }];

    /// <summary>Answers that the page has not been built.</summary>
    internal static async Task SendNotBuiltAsync(HttpContext context)
    {
        HttpResponse response = context.Response;
        response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        await response.WriteAsync(NotBuilt, context.RequestAborted);
    }

    /// <summary>Returns the type of a file; for a compressed file the type of its content.</summary>
    private sealed class PageContentTypes : IContentTypeProvider
    {
        public bool TryGetContentType(string subpath, out string contentType)
        {
            string path = IsCompressed(subpath) ? Path.ChangeExtension(subpath, null) : subpath;
            contentType = Types.TryGetContentType(path, out string? known) ? known : "application/octet-stream";
            contentType = contentType.StartsWith("text/", StringComparison.Ordinal) ? $"{contentType}; charset=utf-8" : contentType;
            return true;
        }
    }
}
