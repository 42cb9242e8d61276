using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using PixelGameDev.Api.History.Pictures;
using PixelGameDev.Benchmarks;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Api;

/// <summary>Tests the document of the page behind a link: it shows the game before any script is there, and to chats.</summary>
public sealed class LinkDocumentTests(ApiFixture fixture) : LinkTestBase(fixture)
{
    private const string Document =
        """<!doctype html><head><title>PixelGameDev</title></head><body><div id="still"></div><div id="app"></div></body>""";

    [Fact]
    public async Task The_document_shows_title_and_picture_and_nothing_of_a_revoked_link()
    {
        using TestDirectory root = new();
        await File.WriteAllTextAsync(root.Sub("index.html"), "<!doctype html><title>the page</title>");
        await File.WriteAllTextAsync(root.Sub("play.html"), Document);
        await using RunningApi api =
            await RunningApi.StartAsync(Fixture.ConnectionString, Fixture.Executor.Address, $"--WEB_ROOT={root.Path}");
        using Visitor owner = await Visitor.ArriveAsync(api.Address);
        using HttpClient anybody = new() { BaseAddress = api.Address };
        Guid project = await owner.NewProjectAsync();
        using HttpResponseMessage renamed =
            await owner.Http.PatchAsJsonAsync($"/api/projects/{project}", new { name = "<b>Cat & \"mouse\"</b>" });
        Assert.Equal(HttpStatusCode.OK, renamed.StatusCode);
        System.Text.Json.Nodes.JsonNode link = await ShareAsync(owner, project);
        string code = link["code"]!.GetValue<string>();

        string without = await anybody.GetStringAsync($"/play/{code}");
        Assert.Contains("<title>&lt;b&gt;Cat &amp; &quot;mouse&quot;&lt;/b&gt;</title>", without, StringComparison.Ordinal);
        Assert.Contains("""<meta property="og:title" content="&lt;b&gt;Cat """, without, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", without, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", without, StringComparison.Ordinal);

        byte[] small = await StorePictureAsync(project, 3_000);
        string page = await anybody.GetStringAsync($"/play/{code}");
        Assert.Contains($"src=\"data:image/png;base64,{Convert.ToBase64String(small)}\"", page, StringComparison.Ordinal);
        Assert.Equal(small, await anybody.GetByteArrayAsync(PictureIn(page, "og:image\" content=\"")));

        // On the colours that the page's own style sheet has for light and for dark.
        string[] stage = [.. File.ReadLines(Path.Combine(Results.RepositoryRoot(), "PixelGameDev.Api/Web/src/styles/tokens.css"))
            .Where(static line => line.Contains("--stage:", StringComparison.Ordinal)).Select(static line => line.Trim(' ', ';')[9..])];
        Assert.Contains($"background:light-dark({string.Join(',', stage)})", page, StringComparison.Ordinal);

        byte[] large = await StorePictureAsync(project, 200_000);
        string embedded = await anybody.GetStringAsync($"/embed/{code}");
        Assert.Equal(large, await anybody.GetByteArrayAsync(PictureIn(embedded, "alt=\"\" src=\"")));
        // The picture before is not the one that the link shows.
        using (HttpResponseMessage old = await anybody.GetAsync(PictureIn(page, "og:image\" content=\"")))
        {
            await Visitor.ProblemOf(old, HttpStatusCode.NotFound, "not_found");
        }

        using HttpResponseMessage head = await anybody.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"/play/{code}"));
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        using HttpResponseMessage revoked = await owner.Http.DeleteAsync($"/api/projects/{project}/links/{link["id"]}");
        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        foreach (string address in new[] { $"/play/{code}", "/play/never-was-one", $"/embed/{code}" })
        {
            using HttpResponseMessage gone = await anybody.GetAsync(address);
            Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
            Assert.Equal(Document, await gone.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task A_pinned_link_shows_no_picture_of_a_later_version()
    {
        using Visitor owner = await Fixture.NewVisitorAsync();
        using HttpClient anybody = new() { BaseAddress = owner.Http.BaseAddress };
        Guid project = await owner.NewProjectAsync();
        string pinned = await CodeAsync(owner, project, new { pinned = true });
        string newest = await CodeAsync(owner, project);
        string name = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(await StorePictureAsync(project, 3_000)));
        using HttpResponseMessage shown = await anybody.GetAsync($"/api/play/{newest}/pictures/{name}");
        Assert.Equal(HttpStatusCode.OK, shown.StatusCode);
        using HttpResponseMessage later = await anybody.GetAsync($"/api/play/{pinned}/pictures/{name}");
        await Visitor.ProblemOf(later, HttpStatusCode.NotFound, "not_found");
    }

    /// <summary>Returns the address that follows a text of the document.</summary>
    private static string PictureIn(string page, string after)
    {
        int start = page.IndexOf(after, StringComparison.Ordinal) + after.Length;
        return page[start..page.IndexOf('"', start)];
    }

    /// <summary>Stores what the Executor's pictures are for this purpose: bytes under their hash.</summary>
    private async Task<byte[]> StorePictureAsync(Guid project, int size)
    {
        byte[] png = new byte[size];
        new Random(size).NextBytes(png);
        await Fixture.Api.Services.GetRequiredService<PictureStore>().StoreAsync(project, null, png, CancellationToken.None);
        return png;
    }
}
