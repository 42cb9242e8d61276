using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Benchmarks.People;

/// <summary>Sends one guest's HTTP requests: the requests of the page, without a page.</summary>
internal sealed class GuestClient : IDisposable
{
    private readonly Uri _address;

    /// <param name="address">The address of the Api.</param>
    /// <param name="timeout">The longest wait for an answer; null: 40 s.</param>
    public GuestClient(Uri address, TimeSpan? timeout = null)
    {
        _address = address;
        Http = new HttpClient(new SocketsHttpHandler { CookieContainer = Cookies, UseProxy = false })
        {
            BaseAddress = address,
            Timeout = timeout ?? TimeSpan.FromSeconds(40)
        };
        Http.DefaultRequestHeaders.Add("Origin", Origin);
    }

    /// <summary>The origin that a browser sends with the page's requests.</summary>
    public string Origin => _address.GetLeftPart(UriPartial.Authority);

    public CookieContainer Cookies { get; } = new();

    public HttpClient Http { get; }

    /// <summary>The id of the first project, empty before <see cref="ArriveAsync()"/>.</summary>
    public string Project { get; private set; } = "";

    /// <summary>Opens the page. Afterwards the person is a guest with a project.</summary>
    /// <exception cref="HttpRequestException">The server does not answer, or refuses.</exception>
    public async Task ArriveAsync()
    {
        (await Http.PostAsync("/api/guests", null)).Dispose();
        JsonNode? project = (await Http.GetFromJsonAsync<JsonArray>("/api/projects"))?.FirstOrDefault()
            ?? await (await Http.PostAsJsonAsync("/api/projects", new { })).Content.ReadFromJsonAsync<JsonNode>();
        Project = (string?)project?["id"] ?? throw new HttpRequestException("The guest has no project.");
    }

    /// <summary>Saves a file of the project and returns the answer's status.</summary>
    public async Task<HttpStatusCode> SaveAsync(string path, byte[] content)
    {
        using ByteArrayContent body = new(content);
        using HttpResponseMessage answer = await Http.PutAsync($"/api/projects/{Project}/files/{path}", body);
        return answer.StatusCode;
    }

    /// <summary>Presses Run and returns the session.</summary>
    /// <exception cref="HttpRequestException">The server refuses; the message gives its reason.</exception>
    public async Task<JsonNode> RunAsync()
    {
        using HttpResponseMessage answer = await Http.PostAsJsonAsync("/api/sessions", new { projectId = Project });
        return answer.IsSuccessStatusCode
            ? (await answer.Content.ReadFromJsonAsync<JsonNode>())!
            : throw new HttpRequestException($"No session: {await answer.Content.ReadAsStringAsync()}", null, answer.StatusCode);
    }

    public async Task StopAsync(Guid session) => (await Http.PostAsync($"/api/sessions/{session}/stop", null)).Dispose();

    /// <summary>Reads the record of a session.</summary>
    public async Task<JsonNode> ReadAsync(Guid session, CancellationToken cancellationToken = default) =>
        (await Http.GetFromJsonAsync<JsonNode>($"/api/sessions/{session}", cancellationToken))!;

    /// <summary>Returns the recorded end of a session; null while none is recorded.</summary>
    public async Task<SessionEnded?> EndOfAsync(Guid session, CancellationToken cancellationToken)
    {
        JsonNode record = await ReadAsync(session, cancellationToken);
        return (string?)record["endReason"] is { } reason
            ? new SessionEnded(reason, (string?)record["endMessage"] ?? "", null, null) : null;
    }

    /// <summary>Returns the address of a session's WebSocket.</summary>
    public Uri StreamOf(Guid session) => new UriBuilder(_address) { Scheme = "ws", Path = $"/api/sessions/{session}/stream" }.Uri;

    public void Dispose() => Http.Dispose();
}
