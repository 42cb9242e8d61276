using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Api;

/// <summary>Acts as a person with a browser: a client with its own cookie jar.</summary>
internal sealed class Visitor : IDisposable
{
    private Visitor(Uri address)
    {
        Cookies = new CookieContainer();
        Http = new HttpClient(new SocketsHttpHandler { CookieContainer = Cookies, UseProxy = false, AllowAutoRedirect = false })
        {
            BaseAddress = address,
        };
    }

    public HttpClient Http { get; }

    public CookieContainer Cookies { get; }

    public Guid Id { get; private set; }

    public static Visitor Stranger(Uri address) => new(address);

    public static async Task<Visitor> ArriveAsync(Uri address)
    {
        Visitor visitor = new(address);
        // A newly started server prepares its database first.
        await Eventually.TrueAsync(async () => (await visitor.Http.GetAsync("/api/health")).IsSuccessStatusCode, "the Api is healthy");
        using HttpResponseMessage arrived = await visitor.Http.PostAsync("/api/guests", null);
        visitor.Id = (await JsonOf(arrived, HttpStatusCode.Created))["id"]!.GetValue<Guid>();
        return visitor;
    }

    public async Task<JsonNode> GetAsync(string url)
    {
        using HttpResponseMessage response = await Http.GetAsync(url);
        return await JsonOf(response, HttpStatusCode.OK);
    }

    /// <summary>Returns the id of the project that every guest has from the start.</summary>
    public async Task<Guid> FirstProjectAsync() => (await GetAsync("/api/projects"))[0]!["id"]!.GetValue<Guid>();

    public async Task<Guid> NewProjectAsync(string? template = null)
    {
        using HttpResponseMessage response = await Http.PostAsJsonAsync("/api/projects", new { template });
        return (await JsonOf(response, HttpStatusCode.Created))["id"]!.GetValue<Guid>();
    }

    public Task<HttpResponseMessage> SaveAsync(Guid project, string path, string text, string? ifMatch = null) =>
        SaveAsync(project, path, Encoding.UTF8.GetBytes(text), ifMatch);

    public async Task<HttpResponseMessage> SaveAsync(Guid project, string path, byte[] content, string? ifMatch = null)
    {
        using HttpRequestMessage request = new(HttpMethod.Put, FileUrl(project, path)) { Content = new ByteArrayContent(content) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        return await Http.SendAsync(request);
    }

    /// <summary>Adds files in one request, as the page's form does.</summary>
    public async Task<HttpResponseMessage> SaveAllAsync(Guid project, IEnumerable<(string Path, byte[] Content)> files)
    {
        using MultipartFormDataContent form = new() { HeaderEncodingSelector = static (_, _) => Encoding.UTF8 };
        foreach ((string path, byte[] content) in files)
        {
            ByteArrayContent part = new(content);
            // A browser sends names as they are, in UTF-8.
            part.Headers.TryAddWithoutValidation("Content-Disposition", $"form-data; name=\"{path}\"; filename=\"file\"");
            form.Add(part);
        }

        return await Http.PostAsync($"/api/projects/{project}/files", form);
    }

    public static string FileUrl(Guid project, string path) =>
        $"/api/projects/{project}/files/{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}";

    public void Dispose() => Http.Dispose();

    public static async Task<JsonNode> JsonOf(HttpResponseMessage response, HttpStatusCode expected)
    {
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == expected, $"Expected {expected}, got {response.StatusCode}: {text}");
        return JsonNode.Parse(text)!;
    }

    /// <summary>Asserts a problem document with this status and code, and returns it.</summary>
    public static async Task<JsonNode> ProblemOf(HttpResponseMessage response, HttpStatusCode status, string code)
    {
        JsonNode problem = await JsonOf(response, status);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(code, problem["code"]!.GetValue<string>());
        Assert.Equal((int)status, problem["status"]!.GetValue<int>());
        Assert.False(string.IsNullOrWhiteSpace(problem["detail"]!.GetValue<string>()));
        await DocumentedProblem.AssertAsync(response.RequestMessage!, (int)status, code);
        return problem;
    }
}
