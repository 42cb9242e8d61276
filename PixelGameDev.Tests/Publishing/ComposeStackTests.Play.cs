using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Publishing;

/// <content>A game in the stack: through the published port, through Caddy, out of the pool.</content>
public sealed partial class ComposeStackTests
{
    [Fact]
    public async Task A_game_is_played_through_the_published_port()
    {
        await stack.HealthyAsync();
        using HttpClient person = Person(out System.Net.CookieContainer cookies);
        Guid project = await FirstProjectAsync(person);
        int frames = await PlayAsync(person, cookies, project, wanted: 30);
        Assert.True(frames >= 30);
        await stack.HealthyAsync();
        // A busy machine delays the health checks, so this asks until they have succeeded.
        await Eventually.TrueAsync(
            async () =>
            {
                using HttpResponseMessage answer = await person.GetAsync("/api/health");
                JsonNode health = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
                Assert.Equal("Production", health["environment"]!.GetValue<string>());
                return health["checks"]!["docker"]!.GetValue<bool>()
                    && (await person.GetFromJsonAsync<JsonNode>("/api/info"))!["sandbox"]?.GetValue<string>() == "docker";
            },
            "the Api knows that games run in Docker");
        // The image contains the page.
        Assert.Contains("<script", await person.GetStringAsync("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Through_Caddy_a_game_is_played_over_TLS_and_the_Api_believes_Caddy_alone()
    {
        await stack.HealthyAsync();
        using HttpClient person = Person(stack.SecureAddress, out System.Net.CookieContainer cookies);
        Guid project = await FirstProjectAsync(person);
        // "secure": the Api believes Caddy that the person came over TLS.
        Assert.All(cookies.GetAllCookies(), cookie => Assert.True(cookie.Secure, cookie.Name));
        Assert.True(await PlayAsync(person, cookies, project, wanted: 10) >= 10);

        // The Api does not believe the same header from anybody else.
        using HttpClient liar = Person(stack.Address, out System.Net.CookieContainer plain);
        liar.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        liar.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.7");
        await FirstProjectAsync(liar);
        Assert.All(plain.GetAllCookies(), cookie => Assert.False(cookie.Secure, cookie.Name));

        // Without TLS Caddy only redirects.
        using HttpClient stray =
            new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = stack.PlainAddress };
        using HttpResponseMessage answer = await stray.GetAsync("/some/page");
        Assert.Equal(System.Net.HttpStatusCode.PermanentRedirect, answer.StatusCode);
        Assert.Equal("https://localhost/some/page", answer.Headers.Location!.ToString());
    }

    [Fact]
    public async Task Under_the_published_limits_sandboxes_wait_for_the_next_Run()
    {
        await stack.HealthyAsync();
        // Only the Api may use it. This machine reaches the inner network all the same.
        string address = await stack.InspectAsync("executor", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}");
        using HttpClient client = new() { BaseAddress = new Uri($"http://{address}:5001"), Timeout = TimeSpan.FromSeconds(5) };
        JsonNode? games = null;
        await Eventually.TrueAsync(
            async () =>
            {
                using HttpResponseMessage answer = await client.GetAsync("/api/health");
                games = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["game_sessions"];
                return games!["warm"]!.GetValue<int>() >= 2;
            },
            "as many sandboxes wait as the setting says");
        Assert.True(games!["warm_wanted"]!.GetValue<int>() >= 2);
    }

    private HttpClient Person(out System.Net.CookieContainer cookies) => Person(stack.Address, out cookies);

    private static HttpClient Person(Uri address, out System.Net.CookieContainer cookies)
    {
        cookies = new System.Net.CookieContainer();
        SocketsHttpHandler handler = new() { CookieContainer = cookies, UseProxy = false };
        // Nobody trusts Caddy's own certificate authority.
        handler.SslOptions.RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null;
        HttpClient client = new(handler) { BaseAddress = address };
        client.DefaultRequestHeaders.Add("Origin", address.GetLeftPart(UriPartial.Authority));
        return client;
    }

    private static async Task<Guid> FirstProjectAsync(HttpClient person)
    {
        // Creates a guest, unless the person has an account already.
        (await person.PostAsync("/api/guests", null)).EnsureSuccessStatusCode();
        return (await person.GetFromJsonAsync<JsonNode>("/api/projects"))![0]!["id"]!.GetValue<Guid>();
    }

    /// <summary>Starts the project, reads frames until there are enough, and stops it.</summary>
    private static async Task<int> PlayAsync(HttpClient person, System.Net.CookieContainer cookies, Guid project, int wanted)
    {
        using HttpResponseMessage started = await person.PostAsJsonAsync("/api/sessions", new { projectId = project });
        string text = await started.Content.ReadAsStringAsync();
        Assert.True(started.IsSuccessStatusCode, text);
        Guid id = JsonNode.Parse(text)!["id"]!.GetValue<Guid>();
        using CancellationTokenSource limit = new(Eventually.Limit);
        using ClientWebSocket stream = new();
        stream.Options.Cookies = cookies;
        Uri address = person.BaseAddress!;
        stream.Options.SetRequestHeader("Origin", address.GetLeftPart(UriPartial.Authority));
        stream.Options.RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null;
        await stream.ConnectAsync(new UriBuilder(address)
        {
            Scheme = address.Scheme == "https" ? "wss"
            : "ws",
            Path = $"/api/sessions/{id}/stream"
        }.Uri, limit.Token);
        byte[] buffer = new byte[1 << 20];
        int frames = 0;
        bool begins = true;
        while (frames < wanted)
        {
            ValueWebSocketReceiveResult received = await stream.ReceiveAsync(buffer.AsMemory(), limit.Token);
            Assert.NotEqual(WebSocketMessageType.Close, received.MessageType);
            Assert.False(begins && buffer[0] == (byte)MessageType.Ended, "The game ended by itself.");
            frames += begins && buffer[0] == (byte)MessageType.Frame ? 1 : 0;
            begins = received.EndOfMessage;
        }

        (await person.PostAsync($"/api/sessions/{id}/stop", null, limit.Token)).Dispose();
        return frames;
    }
}
