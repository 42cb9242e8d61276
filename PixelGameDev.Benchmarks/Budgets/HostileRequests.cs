using System.Buffers.Text;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace PixelGameDev.Benchmarks.Budgets;

/// <summary>Makes the requests of a flood. Each kind uses up something that has a budget. Each request of a kind is different.</summary>
internal sealed partial class HostileRequests(Uri address) : IDisposable
{
    /// <summary>Lists the kinds in the order in which they are sent.</summary>
    public static readonly string[] Kinds = ["cache", "bodies", "guests", "reads", "uploads", "sign-ins", "streams"];

    private const int Addresses = 200;

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseCookies = false, MaxConnectionsPerServer = 64 })
    {
        BaseAddress =
        address,
        Timeout = TimeSpan.FromSeconds(100)
    };
    private readonly byte[] _upload = new byte[256 * 1024];
    private readonly string _large = new('x', 200_000);
    private readonly List<(string Cookie, string Project)> _guests = [];
    private string _asset = "/index.html";

    /// <summary>Finds a file of the page and creates some guests.</summary>
    public async Task PrepareAsync()
    {
        _asset = AssetPath().Match(await _http.GetStringAsync("/")).Value;
        for (int i = 0; i < 20; i++)
        {
            _guests.Add(await NewGuestAsync(i));
        }
    }

    /// <summary>Fills the storage of a new guest and returns the server's answer to the save that no longer fits.</summary>
    public async Task<(long Bytes, int Status, string Sentence)> FillAsync()
    {
        (string cookie, string project) = await NewGuestAsync(999);
        long saved = 0;
        for (int file = 0; file < 60; file++)
        {
            if (file % 3 == 0 && file > 0)
            {
                using HttpRequestMessage create = Request(HttpMethod.Post, "/api/projects", 999, cookie);
                create.Content = JsonContent.Create(new { });
                using HttpResponseMessage created = await _http.SendAsync(create);
                created.EnsureSuccessStatusCode();
                project = (await created.Content.ReadFromJsonAsync<JsonNode>())!["id"]!.GetValue<string>();
            }

            using HttpRequestMessage save = Request(HttpMethod.Put, $"/api/projects/{project}/files/{file}.bin", 999, cookie);
            save.Content = new ByteArrayContent(new byte[5_000_000]);
            using HttpResponseMessage answer = await _http.SendAsync(save);
            if (!answer.IsSuccessStatusCode)
            {
                JsonNode problem = (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
                return (saved, (int)answer.StatusCode, problem["detail"]!.GetValue<string>());
            }

            saved += 5_000_000;
        }

        throw new InvalidOperationException("A guest could save 300 MB.");
    }

    /// <summary>Sends request number <paramref name="i"/> of a kind and returns the status; 0 for a closed connection.</summary>
    public async Task<int> SendAsync(string kind, int i)
    {
        using HttpRequestMessage request = Make(kind, i);
        try
        {
            using HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            if (response.StatusCode != HttpStatusCode.SwitchingProtocols)
            {
                await response.Content.CopyToAsync(Stream.Null);
            }

            return (int)response.StatusCode;
        }
        catch (Exception error) when (error is HttpRequestException or IOException or TaskCanceledException)
        {
            return 0;
        }
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Make(string kind, int i)
    {
        (string cookie, string project) = _guests[i % _guests.Count];
        switch (kind)
        {
            case "cache":
                // More slashes and spellings of an address than a server should keep copies for.
                string name = _asset[(_asset.LastIndexOf('/') + 1)..];
                string middle = string.Concat(Enumerable.Range(0, 14).Select(bit => ((i >> bit) & 1) == 0 ? "/" : "/./"));
                return Request(HttpMethod.Get, $"/assets{middle}/{name}", i);
            case "bodies":
                HttpRequestMessage create = Request(HttpMethod.Post, i % 2 == 0 ? "/api/projects" : "/api/sessions", i, cookie);
                create.Content = JsonContent.Create(new { name = _large });
                return create;
            case "guests":
                return Request(HttpMethod.Post, "/api/guests", i);
            case "reads":
                // A cookie in the right form without an account, and a valid one.
                return Request(
                    HttpMethod.Get,
                    (i % 3) switch { 0 => "/api/projects", 1 => $"/api/sessions/{Guid.NewGuid()}", _ => $"/api/projects/{project}" },
                    i,
                    i % 2 == 0 ? cookie
                        : $"pixel_visitor={Base64Url.EncodeToString(Guid.NewGuid().ToByteArray())}AAAAAAAAAAAAAAAAAAAAA");
            case "uploads":
                HttpRequestMessage save = Request(HttpMethod.Put, $"/api/projects/{project}/files/{i}.bin?keepReplaced=true", i, cookie);
                save.Content = new ByteArrayContent(_upload);
                return save;
            case "sign-ins":
                // Few addresses: this measures whether attempts are limited, not how fast the server hashes passwords.
                HttpRequestMessage signIn = Request(HttpMethod.Post, "/api/account/sign-in", i % 20);
                signIn.Content = JsonContent.Create(new { name = i % 2 == 0 ? "teacher" : $"name{i}", password = $"wrong {i}" });
                return signIn;
            default:
                HttpRequestMessage stream = Request(HttpMethod.Get, $"/api/sessions/{Guid.NewGuid()}/stream", i, _guests[0].Cookie);
                stream.Headers.Connection.Add("Upgrade");
                stream.Headers.Upgrade.Add(new("websocket"));
                stream.Headers.TryAddWithoutValidation("Sec-WebSocket-Version", "13");
                stream.Headers.TryAddWithoutValidation("Sec-WebSocket-Key", Convert.ToBase64String(Guid.NewGuid().ToByteArray()));
                return stream;
        }
    }

    private async Task<(string Cookie, string Project)> NewGuestAsync(int number)
    {
        using HttpRequestMessage arrive = Request(HttpMethod.Post, "/api/guests", number);
        using HttpResponseMessage arrived = await _http.SendAsync(arrive);
        arrived.EnsureSuccessStatusCode();
        string cookie = arrived.Headers.GetValues("Set-Cookie").First().Split(';')[0];
        using HttpRequestMessage list = Request(HttpMethod.Get, "/api/projects", number, cookie);
        using HttpResponseMessage projects = await _http.SendAsync(list);
        return (cookie, (await projects.Content.ReadFromJsonAsync<JsonArray>())![0]!["id"]!.GetValue<string>());
    }

    /// <summary>Makes a request. This machine counts as a proxy, so it may state the address that a request comes from.</summary>
    private HttpRequestMessage Request(HttpMethod method, string path, int number, string? cookie = null)
    {
        HttpRequestMessage request =
            new(method, new Uri(address.GetLeftPart(UriPartial.Authority) + path,
                new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", $"198.51.100.{number % Addresses}");
        if (cookie is not null)
        {
            request.Headers.TryAddWithoutValidation("Cookie", cookie);
        }

        return request;
    }

    [GeneratedRegex("/assets/[^\"]+\\.js")]
    private static partial Regex AssetPath();
}
