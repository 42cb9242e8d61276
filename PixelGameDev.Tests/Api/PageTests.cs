using System.IO.Compression;
using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using PixelGameDev.Api.Pages;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Api;

public sealed class PageTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private static readonly string Script =
        string.Concat(Enumerable.Range(0, 500).Select(number => $"export const name{number} = {number};\n"));

    [Fact]
    public async Task The_page_is_compressed_cached_and_revalidated()
    {
        using TestDirectory root = new();
        Build(root);
        await using RunningApi api = await RunningApi.StartAsync(fixture.ConnectionString, null, $"--WEB_ROOT={root.Path}");
        using HttpClient client =
            new(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None }) { BaseAddress = api.Address };

        using HttpResponseMessage index = await client.GetAsync("/");
        Assert.Equal("text/html", index.Content.Headers.ContentType!.MediaType);
        Assert.True(index.Headers.CacheControl!.NoCache);
        string policy = Assert.Single(index.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("blob:", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(index.Headers.GetValues("X-Content-Type-Options")));

        using HttpRequestMessage request = new(HttpMethod.Get, "/assets/main-abc123.js");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip, deflate, br");
        using HttpResponseMessage script = await client.SendAsync(request);
        Assert.Equal("br", Assert.Single(script.Content.Headers.ContentEncoding));
        Assert.Equal("public, max-age=31536000, immutable", script.Headers.GetValues("Cache-Control").Single());
        Assert.Equal("Accept-Encoding", Assert.Single(script.Headers.Vary));
        byte[] body = await script.Content.ReadAsByteArrayAsync();
        Assert.True(body.Length < Script.Length / 3);
        using StreamReader reader = new(new BrotliStream(new MemoryStream(body), CompressionMode.Decompress));
        Assert.Equal(Script, await reader.ReadToEndAsync());

        using HttpRequestMessage again = new(HttpMethod.Get, "/assets/main-abc123.js");
        again.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip, deflate, br");
        again.Headers.TryAddWithoutValidation("If-None-Match", script.Headers.ETag!.Tag);
        using HttpResponseMessage unchanged = await client.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
    }

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("br;q=0, gzip;q=0.5", "gzip")]
    [InlineData("zstd, BR;q=0.1", "br")]
    [InlineData("identity", null)]
    [InlineData("xbr", null)]
    [InlineData("", null)]
    public async Task A_client_gets_an_encoding_that_it_accepts_with_a_tag_of_its_own(string accepted, string? expected)
    {
        using TestDirectory root = new();
        Build(root);
        await using RunningApi api = await RunningApi.StartAsync(fixture.ConnectionString, null, $"--WEB_ROOT={root.Path}");
        using HttpClient client =
            new(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None }) { BaseAddress = api.Address };
        using HttpResponseMessage plain = await client.GetAsync("/assets/main-abc123.js");
        using HttpRequestMessage request = new(HttpMethod.Get, "/assets/main-abc123.js");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
        using HttpResponseMessage response = await client.SendAsync(request);
        Assert.Equal(expected, response.Content.Headers.ContentEncoding.SingleOrDefault());
        Assert.Equal("text/javascript; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        Assert.Equal(expected is null, plain.Headers.ETag!.Tag == response.Headers.ETag!.Tag);
        Assert.False(response.Headers.ETag.IsWeak);
    }

    [Fact]
    public async Task A_rest_of_an_earlier_build_is_not_sent_and_no_compressed_file_has_an_address()
    {
        using TestDirectory root = new();
        Build(root);
        File.SetLastWriteTimeUtc(root.Sub("assets/main-abc123.js.br"), DateTime.UtcNow.AddDays(-1));
        await using RunningApi api = await RunningApi.StartAsync(fixture.ConnectionString, null, $"--WEB_ROOT={root.Path}");
        using HttpClient client =
            new(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None }) { BaseAddress = api.Address };
        using HttpRequestMessage request = new(HttpMethod.Get, "/assets/main-abc123.js");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "br");
        using HttpResponseMessage script = await client.SendAsync(request);
        Assert.Empty(script.Content.Headers.ContentEncoding);
        Assert.Equal(Script, await script.Content.ReadAsStringAsync());
        using HttpResponseMessage compressed = await client.GetAsync("/assets/main-abc123.js.gz");
        await Visitor.ProblemOf(compressed, HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Addresses_of_the_page_show_the_page_and_missing_files_do_not()
    {
        using TestDirectory root = new();
        Build(root);
        await using RunningApi api = await RunningApi.StartAsync(fixture.ConnectionString, null, $"--WEB_ROOT={root.Path}");
        using HttpClient client = new() { BaseAddress = api.Address };

        Assert.Contains("the page", await client.GetStringAsync($"/projects/{Guid.NewGuid()}"), StringComparison.Ordinal);
        Assert.Contains("the page", await client.GetStringAsync("/projects"), StringComparison.Ordinal);
        Assert.Contains("the page", await client.GetStringAsync("/gallery"), StringComparison.Ordinal);
        foreach (string nowhere in new[] { "/help", "/admin/more", "/projects/42", $"/projects/{Guid.NewGuid()}/more" })
        {
            // The page itself reports an unknown address, and must load to do so.
            using HttpResponseMessage unknown = await client.GetAsync(nowhere);
            Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
            Assert.Equal("text/html", unknown.Content.Headers.ContentType!.MediaType);
            Assert.Contains("the page", await unknown.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        using HttpResponseMessage missing = await client.GetAsync("/assets/old-hash.js");
        await Visitor.ProblemOf(missing, HttpStatusCode.NotFound, "not_found");
        foreach (string outside in new[] { "/..%2fsecret.txt", "/assets/..%2f..%2fsecret.txt", "/%2e%2e/secret.txt", "/..%5csecret.txt" })
        {
            using HttpResponseMessage response = await client.GetAsync(new Uri(api.Address, outside));
            Assert.DoesNotContain("secret", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    /// <summary>
    /// Tests many spellings of one address. Each would be another copy in memory if the cache used the spelling as its key.
    /// </summary>
    [Fact]
    public async Task A_file_is_kept_once_however_its_address_is_written()
    {
        using TestDirectory root = new();
        Build(root);
        await using RunningApi api = await RunningApi.StartAsync(fixture.ConnectionString, null, $"--WEB_ROOT={root.Path}");
        PageFileProvider files = api.Services.GetRequiredService<PageFileProvider>();
        using HttpClient client = new() { BaseAddress = api.Address };
        Assert.Equal(Script, await client.GetStringAsync("/assets/main-abc123.js"));
        for (int i = 2; i < 60; i++)
        {
            string slashes = new('/', i);
            foreach (string variant in new[]
            {
                $"/assets{slashes}main-abc123.js", $"{slashes}assets/main-abc123.js",
                $"/assets/{string.Concat(Enumerable.Repeat("./", i))}main-abc123.js",
                $"/assets/{string.Concat(Enumerable.Repeat("%2e/", i))}main-abc123.js", $"/assets/main-abc123.js?{i}",
                $"/{string.Concat(Enumerable.Repeat("assets/../", i))}assets/main-abc123.js",
            })
            {
                using HttpResponseMessage response =
                    await client.GetAsync(new Uri($"{api.Address.GetLeftPart(UriPartial.Authority)}{variant}"));
                Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.NotFound, $"{variant}: {response.StatusCode}");
            }
        }

        Assert.Equal(1, files.TagCount);
    }

    [Fact]
    public async Task An_address_that_holds_a_dot_shows_the_page_to_people_and_an_error_to_the_rest()
    {
        using TestDirectory root = new();
        Build(root);
        await using RunningApi api = await RunningApi.StartAsync(fixture.ConnectionString, null, $"--WEB_ROOT={root.Path}");
        using HttpClient client = new() { BaseAddress = api.Address };
        using HttpRequestMessage request = new(HttpMethod.Get, "/people/anna.b");
        request.Headers.TryAddWithoutValidation("Accept", "text/html,application/xhtml+xml");
        using HttpResponseMessage page = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
        Assert.Contains("the page", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using HttpResponseMessage missing = await client.GetAsync("/people/anna.b");
        await Visitor.ProblemOf(missing, HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task A_rebuilt_page_is_shown_without_a_restart_and_before_the_first_build_there_is_help()
    {
        using TestDirectory root = new();
        string folder = root.Sub("web");
        Directory.CreateDirectory(folder);
        await using RunningApi api = await RunningApi.StartAsync(fixture.ConnectionString, null, $"--WEB_ROOT={folder}");
        using HttpClient client = new() { BaseAddress = api.Address };

        using HttpResponseMessage unbuilt = await client.GetAsync("/");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, unbuilt.StatusCode);
        Assert.Contains("npm run build", await unbuilt.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        await File.WriteAllTextAsync(Path.Combine(folder, "index.html"), "first");
        Assert.Equal("first", await client.GetStringAsync("/"));
        await File.WriteAllTextAsync(Path.Combine(folder, "index.html"), "second build");
        Assert.Equal("second build", await client.GetStringAsync("/"));
    }

    /// <summary>Other websites may frame the page for frames, and no other one.</summary>
    [Fact]
    public async Task A_shared_game_has_a_page_of_its_own_and_only_one_address_can_be_framed()
    {
        using TestDirectory root = new();
        Build(root);
        await File.WriteAllTextAsync(root.Sub("play.html"), "<!doctype html><title>a game</title>", Encoding.UTF8);
        await using RunningApi api = await RunningApi.StartAsync(fixture.ConnectionString, null, $"--WEB_ROOT={root.Path}");
        using HttpClient client = new() { BaseAddress = api.Address };
        foreach ((string address, string title, string ancestors) in new[]
        {
            ("/play/k3mpx7qd9fhz", "a game", "'none'"), ("/embed/k3mpx7qd9fhz", "a game", "*"), ("/play.html", "a game", "'none'"),
            ("/watch/k3mpx7qd9fhz", "a game", "'none'"), ("/watch", "the page", "'none'"),
            ("/embed", "the page", "'none'"), ("/embed/a/b", "the page", "'none'"), ("/", "the page", "'none'"),
        })
        {
            using HttpResponseMessage answer = await client.GetAsync(address);
            Assert.Contains(title, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            string policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
            Assert.EndsWith($"frame-ancestors {ancestors}", policy, StringComparison.Ordinal);
            Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
            // There is no link with this code; the page says so to people, and the status to programs.
            bool isThere = address is "/play.html" or "/" or "/watch/k3mpx7qd9fhz";
            Assert.Equal(isThere ? HttpStatusCode.OK : HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    private static void Build(TestDirectory root)
    {
        Directory.CreateDirectory(root.Sub("assets"));
        File.WriteAllText(root.Sub("index.html"), "<!doctype html><title>the page</title>", Encoding.UTF8);
        File.WriteAllText(root.Sub("assets/main-abc123.js"), Script);
        // The build of the page does the same.
        Compress(root.Sub("assets/main-abc123.js.br"), static file => new BrotliStream(file, CompressionLevel.SmallestSize));
        Compress(root.Sub("assets/main-abc123.js.gz"), static file => new GZipStream(file, CompressionLevel.SmallestSize));
    }

    private static void Compress(string path, Func<Stream, Stream> wrap)
    {
        using Stream stream = wrap(File.Create(path));
        stream.Write(Encoding.UTF8.GetBytes(Script));
    }
}
