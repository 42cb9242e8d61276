using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PixelGameDev.Executor.Links;
using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Faults;
using PixelGameDev.Tests.Fixtures;
using Xunit.Abstractions;

namespace PixelGameDev.Tests.Publishing;

/// <summary>The published Compose files really run: on the real daemon, with the production overrides.</summary>
[Collection(SystemCollection.Name)]
public sealed partial class ComposeStackTests(ComposeStack stack, ITestOutputHelper output) : IClassFixture<ComposeStack>
{
    public static TheoryData<string, int, string> Containers => new()
    {
        { "postgres", 999, "1073741824" },
        { "api", 1000, "536870912" },
        { "executor", 1000, "536870912" },
        { "caddy", 1000, "268435456" },
    };

    [Fact]
    public void Services_started_in_order_each_after_the_one_before_was_healthy() =>
        // What the daemon reported of the first "up": none failed and was started again, none was ever unhealthy.
        Assert.Equal(
            [
                "start postgres", "health_status: healthy postgres",
                "start api", "health_status: healthy api",
                "start executor", "health_status: healthy executor",
            ],
            // Caddy waits for the Api alone, so it may come before or after the Executor.
            stack.FirstStart.Where(report => !report.EndsWith(" caddy", StringComparison.Ordinal)));

    [Theory]
    [MemberData(nameof(Containers))]
    public async Task Seen_from_inside_a_service_may_do_next_to_nothing(string service, int user, string memory)
    {
        await stack.HealthyAsync();
        int process = await stack.ProcessAsync(service);
        string status = await File.ReadAllTextAsync($"/proc/{process}/status");
        Assert.Equal($"{user} {user} {user} {user}", StatusLine(status, "Uid"));
        Assert.Equal($"{user} {user} {user} {user}", StatusLine(status, "Gid"));
        foreach (string set in new[] { "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb" })
        {
            Assert.Equal("0000000000000000", StatusLine(status, set));
        }

        Assert.Equal("1", StatusLine(status, "NoNewPrivs"));
        Assert.Equal("2", StatusLine(status, "Seccomp")); // filtered

        // 1234 1100 0:90 / / ro,relatime - overlay overlay …
        string[] mounts = await File.ReadAllLinesAsync($"/proc/{process}/mountinfo");
        string[] root = Assert.Single(mounts, line => line.Split(' ')[4] == "/").Split(' ');
        Assert.StartsWith("ro", root[5], StringComparison.Ordinal);
        Assert.Contains(mounts, line => line.Split(' ')[4] == "/tmp" && line.Contains(" - tmpfs ", StringComparison.Ordinal));
        Assert.Equal(service == "executor", mounts.Any(line => line.Contains("docker.sock", StringComparison.Ordinal)));

        Assert.Equal(memory, await stack.InspectAsync(service, "{{.HostConfig.Memory}}"));
        Assert.Equal("2000000000", await stack.InspectAsync(service, "{{.HostConfig.NanoCpus}}"));
        Assert.Equal("4096", await stack.InspectAsync(service, "{{.HostConfig.CpuShares}}"));
        Assert.Equal("256", await stack.InspectAsync(service, "{{.HostConfig.PidsLimit}}"));
        Assert.Equal("unless-stopped", await stack.InspectAsync(service, "{{.HostConfig.RestartPolicy.Name}}"));
        Assert.Equal("10m", await stack.InspectAsync(service, "{{index .HostConfig.LogConfig.Config \"max-size\"}}"));
    }

    [Fact]
    public async Task An_operator_drains_the_executor_warms_it_and_makes_demo_accounts_without_a_shell()
    {
        await stack.HealthyAsync();
        const string executor = "/app/PixelGameDev.Executor";
        // A game of another test may still be playing.
        (int code, string drained) = await OperateAsync("executor", executor, "drain");
        Assert.Equal(0, code);
        Assert.StartsWith("No new game is taken", drained, StringComparison.Ordinal);
        Assert.Equal((0, "Games are taken again."), await OperateAsync("executor", executor, "resume"));
        (code, string warm) = await OperateAsync("executor", executor, "prewarm", "1");
        Assert.Equal(0, code);
        Assert.Matches("^[1-9][0-9]* sandbox(es wait| waits)[.]$", warm);
        (code, string made) = await OperateAsync("api", "/app/PixelGameDev.Api", "--demo-data", "1");
        Assert.Equal(0, code);
        Assert.StartsWith("Demo 1: ", made, StringComparison.Ordinal);
    }

    /// <summary>Returns the exit code and the last line of what it printed.</summary>
    private async Task<(int Code, string Line)> OperateAsync(string service, params string[] command)
    {
        (int code, string text) = await stack.ExecAsync(service, command);
        return (code, text.TrimEnd().Split('\n')[^1].TrimEnd());
    }

    [Fact]
    public async Task Only_the_api_is_published_and_the_others_are_on_the_inner_network_alone()
    {
        await stack.HealthyAsync();
        Assert.Equal($"{stack.Project}_pixel-network", await NetworksAsync("postgres"));
        Assert.Equal($"{stack.Project}_pixel-network", await NetworksAsync("executor"));
        Assert.Equal($"{stack.Project}_pixel-edge {stack.Project}_pixel-network {stack.Project}_pixel-tls", await NetworksAsync("api"));
        Assert.Equal($"{stack.Project}_pixel-tls", await NetworksAsync("caddy"));
        Assert.Equal("", await PublishedAsync("postgres"));
        Assert.Equal("", await PublishedAsync("executor"));
        Assert.Equal($"5000/tcp=127.0.0.1:{stack.Address.Port}", await PublishedAsync("api"));

        async Task<string> NetworksAsync(string service) => string.Join(' ',
            (await stack.InspectAsync(service, "{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}"))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries).Order());
        Task<string> PublishedAsync(string service) => stack.InspectAsync(
            service, "{{range $port, $to := .NetworkSettings.Ports}}{{range $to}}{{$port}}={{.HostIp}}:{{.HostPort}}{{end}}{{end}}");
    }

    [Fact]
    public async Task A_game_is_played_through_the_published_port()
    {
        await stack.HealthyAsync();
        using HttpClient person = Person(out System.Net.CookieContainer cookies);
        Guid project = await FirstProjectAsync(person);
        int frames = await PlayAsync(person, cookies, project, wanted: 30);
        Assert.True(frames >= 30);
        await stack.HealthyAsync();
        // Health has its own opinion of a machine that is busy with other tests: asked until it is calm.
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
        // The page itself comes with the image.
        Assert.Contains("<script", await person.GetStringAsync("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Through_Caddy_a_game_is_played_over_TLS_and_the_Api_believes_Caddy_alone()
    {
        await stack.HealthyAsync();
        using HttpClient person = Person(stack.SecureAddress, out System.Net.CookieContainer cookies);
        Guid project = await FirstProjectAsync(person);
        // "secure": the Api has taken Caddy's word for how the person came.
        Assert.All(cookies.GetAllCookies(), cookie => Assert.True(cookie.Secure, cookie.Name));
        Assert.True(await PlayAsync(person, cookies, project, wanted: 10) >= 10);

        // The same word of anybody else is nothing.
        using HttpClient liar = Person(stack.Address, out System.Net.CookieContainer plain);
        liar.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        liar.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.7");
        await FirstProjectAsync(liar);
        Assert.All(plain.GetAllCookies(), cookie => Assert.False(cookie.Secure, cookie.Name));

        // Without TLS there is only the way to it.
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
        // Nobody but the Api may ask it; this machine reaches the inner network all the same.
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

    [Theory]
    [InlineData("postgres")]
    [InlineData("api")]
    [InlineData("executor")]
    public async Task A_service_that_dies_comes_back_and_the_projects_are_still_there(string service)
    {
        await stack.HealthyAsync();
        using HttpClient person = Person(out System.Net.CookieContainer cookies);
        Guid project = await FirstProjectAsync(person);
        int restarts = int.Parse(await stack.InspectAsync(service, "{{.RestartCount}}"), CultureInfo.InvariantCulture);
        // The process is killed: "docker kill" would count as an operator's wish.
        int killed = await stack.ProcessAsync(service);
        using (Process process = Process.GetProcessById(killed))
        {
            process.Kill();
        }

        await Eventually.TrueAsync(
            async () => int.Parse(await stack.InspectAsync(service, "{{.RestartCount}}"), CultureInfo.InvariantCulture) > restarts,
            $"{service} was restarted");
        // The daemon counts before it starts: until then it tells the health of the life before.
        await Eventually.TrueAsync(async () => await stack.ProcessAsync(service) is var next && next != 0
            && next != killed, $"{service} runs again");
        await stack.HealthyAsync();
        Assert.Equal(project, await FirstProjectAsync(person));
        await PlayAsync(person, cookies, project, wanted: 5);
    }

    [Fact]
    public async Task After_down_and_up_people_and_their_projects_are_still_there()
    {
        await stack.HealthyAsync();
        using HttpClient person = Person(out _);
        Guid project = await FirstProjectAsync(person);
        JsonNode before = (await person.GetFromJsonAsync<JsonNode>("/api/me"))!;
        (int code, string output) = await stack.DownAsync();
        Assert.True(code == 0, output);
        Assert.Equal("", await stack.ContainerAsync("api"));
        (code, output) = await stack.UpAsync();
        Assert.True(code == 0, output);
        await stack.HealthyAsync();
        Assert.Equal(before["id"]!.GetValue<Guid>(), (await person.GetFromJsonAsync<JsonNode>("/api/me"))!["id"]!.GetValue<Guid>());
        Assert.Equal(project, await FirstProjectAsync(person));
    }

    [Fact]
    public async Task Through_an_upgrade_of_the_Api_games_go_on_and_what_is_typed_meanwhile_is_saved()
    {
        await stack.HealthyAsync();
        using Person person = await Faults.Person.ArriveAsync(stack.Address);
        Guid session = await person.RunAsync();
        await using PlayingViewer viewer = new(person, session);
        await Eventually.TrueAsync(() => viewer.Frames > 10, "the game plays");
        string old = await stack.ContainerAsync("api");
        (string, string) others = (await stack.ContainerAsync("executor"), await stack.ContainerAsync("postgres"));

        Task saved = SaveWhileAwayAsync(person, "typed while the server was away");
        string image = await stack.UpgradeAsync("api");

        Assert.Equal(image, await stack.InspectAsync("api", "{{.Image}}"));
        Assert.NotEqual(old, await stack.ContainerAsync("api"));
        Assert.Equal(others, (await stack.ContainerAsync("executor"), await stack.ContainerAsync("postgres")));
        await saved;
        await Eventually.TrueAsync(() => viewer.Connections > 1 || viewer.Ended.IsCompleted, "the viewer has connected again");
        int frames = viewer.Frames;
        await Eventually.TrueAsync(() => viewer.Frames > frames + 10 || viewer.Ended.IsCompleted, "the same game plays on");
        Assert.False(viewer.Ended.IsCompleted, viewer.Ended.IsCompleted ? (await viewer.Ended).ToString() : null);
        Assert.Null(await person.EndOfAsync(session, CancellationToken.None));
        Assert.Equal("typed while the server was away",
            await person.Http.GetStringAsync($"/api/projects/{person.Project}/files/notes.txt"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"The picture stood still for {viewer.LongestPause.TotalSeconds:F1} s."));

        // The page does as much: what could not be saved is saved again.
        static async Task SaveWhileAwayAsync(Person person, string text)
        {
            await Eventually.TrueAsync(async () => !await person.TrySaveAsync("notes.txt", "typed before"), "a save is refused");
            await Eventually.TrueAsync(() => person.TrySaveAsync("notes.txt", text), "it is saved");
        }
    }

    [Fact]
    public async Task An_upgrade_of_the_Executor_ends_games_by_name_and_leaves_nothing_of_the_old_one()
    {
        await stack.HealthyAsync();
        using Person person = await Faults.Person.ArriveAsync(stack.Address);
        Guid account = (await person.Http.GetFromJsonAsync<JsonNode>("/api/me"))!["id"]!.GetValue<Guid>();
        Assert.True(await person.TrySaveAsync("notes.txt", "saved before"));
        Guid session = await person.RunAsync();
        await using PlayingViewer viewer = new(person, session);
        await Eventually.TrueAsync(() => viewer.Frames > 10, "the game plays");
        IReadOnlyList<string> sandboxes = await stack.SandboxesAsync();
        Assert.NotEmpty(sandboxes);

        long begun = Stopwatch.GetTimestamp();
        string image = await stack.UpgradeAsync("executor");

        Assert.Equal(image, await stack.InspectAsync("executor", "{{.Image}}"));
        SessionEnded end = await viewer.Ended.WaitAsync(Eventually.Limit);
        Assert.Equal((EndReasons.ShuttingDown, "The server is being restarted. Press Run again in a minute."), (end.Reason, end.Message));
        SessionEnded? record = null;
        await Eventually.TrueAsync(async () =>
            (record = await person.EndOfAsync(session, CancellationToken.None)) is not null, "the end is on record");
        Assert.Equal((end.Reason, end.Message), (record!.Reason, record.Message));

        await using PlayingViewer again = new(person, await person.RunAsync());
        await Eventually.TrueAsync(() => again.Frames > 10, "a new game plays");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"From \"up\" to the new game: {Stopwatch.GetElapsedTime(begun).TotalSeconds:F1} s."));
        Assert.Equal(account, (await person.Http.GetFromJsonAsync<JsonNode>("/api/me"))!["id"]!.GetValue<Guid>());
        Assert.Equal("saved before", await person.Http.GetStringAsync($"/api/projects/{person.Project}/files/notes.txt"));
        Assert.Empty((await stack.SandboxesAsync()).Intersect(sandboxes));
    }

    [Fact]
    public async Task The_guide_s_backup_brings_back_what_was_there_and_only_that()
    {
        await stack.HealthyAsync();
        using HttpClient person = Person(out _);
        Guid project = await FirstProjectAsync(person);
        await ShellAsync("backup");
        using (HttpResponseMessage later = await person.PostAsJsonAsync("/api/projects", new { name = "Made after the backup" }))
        {
            Assert.True(later.IsSuccessStatusCode, await later.Content.ReadAsStringAsync());
        }

        Assert.Equal(2, (await person.GetFromJsonAsync<JsonArray>("/api/projects"))!.Count);
        await ShellAsync("restore");
        await stack.HealthyAsync();
        Assert.Equal([project], (await person.GetFromJsonAsync<JsonArray>("/api/projects"))!.Select(left => left!["id"]!.GetValue<Guid>()));

        async Task ShellAsync(string block)
        {
            string guide = await File.ReadAllTextAsync(Path.Combine(AppHost.Repository.Find().Root, "docs/deploy.md"));
            string commands = Regex.Match(guide, $@"<!-- run: {block} -->\n```sh\n(.+?)```", RegexOptions.Singleline).Groups[1].Value;
            Assert.NotEmpty(commands);
            (int code, string output) = await stack.ShellAsync(commands);
            Assert.True(code == 0, output);
        }
    }

    [Theory]
    [InlineData("JWT_SECRET")]
    [InlineData("EXECUTOR_SECRET_KEY")]
    [InlineData("POSTGRES_PASSWORD")]
    public async Task Without_a_secret_nothing_starts_and_the_message_says_which(string secret)
    {
        (int code, string output) = await stack.ConfigAsync(new Dictionary<string, string> { [secret] = "" });
        Assert.NotEqual(0, code);
        Assert.Contains(secret, output, StringComparison.Ordinal);
        Assert.Contains("openssl rand", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_all_variables_both_files_are_valid()
    {
        (int code, string output) = await stack.ConfigAsync(new Dictionary<string, string>());
        Assert.True(code == 0, output);
    }

    [Theory]
    [InlineData("api", "JWT_SECRET")]
    [InlineData("executor", "EXECUTOR_SECRET_KEY")]
    public async Task With_weak_secrets_a_service_refuses_to_start_and_names_them(string service, string secret)
    {
        (int code, string output) = await stack.RunServiceAsync(service, new Dictionary<string, string>
        {
            [secret] = "short",
            ["EXECUTOR_SECRET_KEY"] = "changeme-changeme-changeme-changeme-changeme",
        });
        Assert.NotEqual(0, code);
        Assert.Contains(secret, output, StringComparison.Ordinal);
        Assert.Contains("EXECUTOR_SECRET_KEY", output, StringComparison.Ordinal);
        Assert.DoesNotContain("changeme-changeme", output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_link_directories_of_a_usual_server_are_short_enough_for_sockets()
    {
        // /var/lib/docker/volumes/pixel-sessions/_data, from the defaults of the file
        string path = Defaults().Replace(
            YamlPlace.Load(Path.Combine(AppHost.Repository.Find().Root,
                "deploy/compose/docker-compose.yml"))["services"]["executor"]["environment"]["SANDBOX_LINK_DIRECTORY"].Text!,
            "$1");
        Assert.True(path.Length <= LinkDirectory.MaxRootBytes, $"{path} is too long");
    }

    private HttpClient Person(out System.Net.CookieContainer cookies) => Person(stack.Address, out cookies);

    private static HttpClient Person(Uri address, out System.Net.CookieContainer cookies)
    {
        cookies = new System.Net.CookieContainer();
        SocketsHttpHandler handler = new() { CookieContainer = cookies, UseProxy = false };
        // Caddy's own authority is known to nobody.
        handler.SslOptions.RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null;
        HttpClient client = new(handler) { BaseAddress = address };
        client.DefaultRequestHeaders.Add("Origin", address.GetLeftPart(UriPartial.Authority));
        return client;
    }

    private static async Task<Guid> FirstProjectAsync(HttpClient person)
    {
        // Makes a guest; one who is known stays who they are.
        (await person.PostAsync("/api/guests", null)).EnsureSuccessStatusCode();
        return (await person.GetFromJsonAsync<JsonNode>("/api/projects"))![0]!["id"]!.GetValue<Guid>();
    }

    /// <summary>Starts the project, takes frames until there are enough, stops it.</summary>
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

    // Uid:	1000	1000	1000	1000
    private static string StatusLine(string status, string name) => string.Join(' ',
        status.Split('\n').Single(line => line.StartsWith(name + ":", StringComparison.Ordinal))[(name.Length + 1)..]
            .Split('\t', StringSplitOptions.RemoveEmptyEntries)).Trim();

    [GeneratedRegex(@"\$\{[A-Z_]+:-([^}]*)\}")]
    private static partial Regex Defaults();
}
