using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using PixelGameDev.Api.Access;
using PixelGameDev.Api.History.Pictures;
using PixelGameDev.Api.Pages;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Security;
using PixelGameDev.Api.Security.Authentication;

namespace PixelGameDev.Api.Links;

/// <summary>
/// Writes the document of the page behind a link. It shows the game's title and picture before any script has been loaded, and chats show
/// both beside the link (Open Graph, https://ogp.me).
/// </summary>
internal sealed class LinkDocument(PageFileProvider files, LinkStore links, PictureStore pictures)
{
    /// <summary>
    /// The largest picture that is part of the document, in bytes. A larger one would make everybody wait for it; it has an address.
    /// </summary>
    private const int MaxInline = 16_000;

    /// <summary>
    /// Puts the picture where the page will draw it, on the colours of <c>--stage</c> in tokens.css. The style sheets come later.
    /// </summary>
    private const string Style =
        "position:fixed;inset:60px 0 0;width:100%;height:calc(100% - 60px);object-fit:contain;image-rendering:pixelated;"
        + "background:light-dark(#2b2440,#13101c)";

    private static readonly HtmlEncoder Html = HtmlEncoder.Default;

    /// <summary>
    /// Returns the document, with status 404 or 410 if the link shows nothing; the page then says so in the person's language.
    /// </summary>
    public async Task<IResult> CreateAsync(HttpContext context, string code, CancellationToken cancellationToken)
    {
        if (await files.ReadPlayAsync(cancellationToken) is not { } document)
        {
            await PageServing.SendNotBuiltAsync(context);
            return TypedResults.Empty;
        }

        // The game changes, and a link is revoked.
        context.Response.Headers.CacheControl = "private, no-cache";
        try
        {
            OpenedLink link = await links.OpenAsync(code, context.User.TryAccount()?.Id, AccessLevel.View, cancellationToken);
            return Send(await FillAsync(document, context.Request, code, link, cancellationToken), StatusCodes.Status200OK);
        }
        catch (ProblemException problem) when (problem.Status is StatusCodes.Status404NotFound or StatusCodes.Status410Gone)
        {
            return Send(document, problem.Status);
        }
        catch (NpgsqlException)
        {
            // The page asks again, and says what is wrong.
            return Send(document, StatusCodes.Status200OK);
        }
    }

    private static ContentHttpResult Send(string document, int status) =>
        TypedResults.Content(document, "text/html; charset=utf-8", statusCode: status);

    private async Task<string> FillAsync(
        string document, HttpRequest request, string code, OpenedLink link, CancellationToken cancellationToken)
    {
        string title = Html.Encode(link.Title);
        string head =
            $"""
            <title>{title}</title>
            <meta property="og:title" content="{title}">
            <meta property="og:description" content="A game by {Html.Encode(link.Maker)}. Press Play, no account needed.">
            <meta property="og:type" content="website">
            """;
        string picture = "";
        if (link.Picture is { } hash && await pictures.FindSharedAsync(link.Project, hash, cancellationToken) is { } png)
        {
            string path = $"/api/play/{Uri.EscapeDataString(code)}/pictures/{Convert.ToHexStringLower(hash)}";
            string source = png.Length <= MaxInline ? $"data:image/png;base64,{Convert.ToBase64String(png)}" : path;
            picture = $"""<img style="{Style}" alt="" src="{source}">""";
            head += $"""<meta property="og:image" content="{Html.Encode($"{request.Scheme}://{request.Host}{path}")}">""";
        }

        return document
            .Replace("<title>PixelGameDev</title>", head, StringComparison.Ordinal)
            .Replace("""<div id="still"></div>""", $"""<div id="still">{picture}</div>""", StringComparison.Ordinal);
    }
}

/// <summary>Maps the page behind a link.</summary>
internal static class LinkPages
{
    public static IEndpointRouteBuilder MapLinkPages(this IEndpointRouteBuilder routes)
    {
        string[] methods = [HttpMethods.Get, HttpMethods.Head];
        routes.MapMethods("/play/{code}", methods, Show).LimitRate(LimitedAction.Read).ExcludeFromDescription();
        routes.MapMethods("/embed/{code}", methods, ShowEmbedded).LimitRate(LimitedAction.Read).ExcludeFromDescription();
        return routes;
    }

    private static Task<IResult> Show(string code, HttpContext context, LinkDocument document, CancellationToken cancellationToken) =>
        document.CreateAsync(context, code, cancellationToken);

    private static Task<IResult> ShowEmbedded(string code, HttpContext context, LinkDocument document, CancellationToken cancellationToken)
    {
        context.Response.Headers.ContentSecurityPolicy = SecurityHeaders.EmbedPolicy;
        return document.CreateAsync(context, code, cancellationToken);
    }
}
