using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using PixelGameDev.AppHost;
using PixelGameDev.AppHost.Machine;
using PixelGameDev.Benchmarks.Processes;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Publishing;

/// <summary>
/// Runs the published Compose files as an operator would: it builds our Dockerfiles, combines both files, and starts them on the real
/// daemon with separate names, ports and a separate subnet. One stack serves all tests of a class. Each test leaves it running.
/// </summary>
public sealed class ComposeStack : IAsyncLifetime
{
    private static readonly string Root = Repository.Find().Root;
    private static readonly string Files = Path.Combine(Root, "deploy/compose");

    private readonly TestDirectory _directory = new();
    private readonly Dictionary<string, string> _settings = [];
    private readonly Dictionary<string, string> _secrets = [];
    private readonly ConcurrentQueue<string> _events = new();
    private readonly HashSet<string> _upgrades = [];

    // Short: the volume's name becomes part of a socket's path, which may have 107 bytes.
    private readonly string _mark = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(2));

    /// <summary>The address of the published port.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>The address that Caddy serves over TLS.</summary>
    public Uri SecureAddress { get; private set; } = null!;

    /// <summary>The address where Caddy only redirects to the secure one.</summary>
    public Uri PlainAddress { get; private set; } = null!;

    /// <summary>The name of the stack, part of the names of its containers.</summary>
    public string Project => $"pgd{_mark}";

    /// <summary>Returns what the daemon reported during the first start: "start api", "health_status: healthy api" …</summary>
    internal IReadOnlyList<string> FirstStart => [.. _events];

    public async Task InitializeAsync()
    {
        // After "./pixel test" everything is there. A plain "dotnet test" prepares it here.
        await Preparation.EnsureAsync(Repository.Find(), Console.WriteLine, CancellationToken.None);
        // One build waits for the network while another compiles.
        Task<string[]> debianBases = Task.WhenAll(ComposeImages.BaseAsync("postgres"), ComposeImages.BaseAsync("caddy"));
        string[] bases = await Task.WhenAll(ComposeImages.BaseAsync("sdk"), ComposeImages.BaseAsync("runtime"));
        (string sdk, string runtime) = (bases[0], bases[1]);
        await Task.WhenAll(
            ComposeImages.BuildAsync("api", $"SDK_IMAGE={sdk}", $"NODE_IMAGE={sdk}", $"RUNTIME_IMAGE={runtime}"),
            ComposeImages.BuildAsync("executor", $"SDK_IMAGE={sdk}", $"RUNTIME_IMAGE={runtime}"));
        string[] debian = await debianBases;
        string postgres = debian[0];
        await ComposeImages.BuildAsync("caddy", $"CADDY_IMAGE={debian[1]}");

        int port = Ports.Free();
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        string socket = Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 } host
            && host.StartsWith("unix://", StringComparison.Ordinal)
            ? host["unix://".Length..]
            : "/var/run/docker.sock";
        _settings["COMPOSE_PROJECT_NAME"] = Project;
        _settings["COMPOSE_FILE"] =
            string.Join(':', new[] { "docker-compose.yml", "docker-compose.production.yml", "docker-compose.tls.yml" }.Select(file =>
                Path.Combine(Files, file)));
        _settings["POSTGRES_IMAGE"] = postgres;
        _settings["API_IMAGE"] = ComposeImages.NameOf("api");
        _settings["EXECUTOR_IMAGE"] = ComposeImages.NameOf("executor");
        _settings["GAME_IMAGE"] = await ComposeImages.GameImageAsync();
        _settings["API_PORT"] = port.ToString(CultureInfo.InvariantCulture);
        _settings["DOCKER_SOCKET"] = socket;
        _settings["DOCKER_GID"] = (await ComposeImages.RunAsync("stat", "-L", "-c", "%g", socket)).Trim();
        _settings["DOCKER_DATA_ROOT"] = (await ComposeImages.RunAsync("docker", "info", "-f", "{{.DockerRootDir}}")).Trim();
        _settings["SESSIONS_VOLUME"] = _mark;
        _settings["HEALTH_INTERVAL"] = "1s";
        // Caddy uses its own certificate authority, because no public one certifies a name of this machine.
        SecureAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"https://localhost:{Ports.Free()}"));
        PlainAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{Ports.Free()}"));
        _settings["CADDY_IMAGE"] = ComposeImages.NameOf("caddy");
        _settings["SITE_ADDRESS"] = "localhost";
        _settings["SITE_TLS"] = "internal";
        _settings["TLS_BIND"] = "127.0.0.1";
        _settings["TLS_PORT"] = SecureAddress.Port.ToString(CultureInfo.InvariantCulture);
        _settings["TLS_HTTP_PORT"] = PlainAddress.Port.ToString(CultureInfo.InvariantCulture);
        _settings["TLS_NETWORK"] = string.Create(CultureInfo.InvariantCulture, $"10.213.{RandomNumberGenerator.GetInt32(256)}");
        foreach (string secret in new[] { "POSTGRES_PASSWORD", "JWT_SECRET", "EXECUTOR_SECRET_KEY" })
        {
            _secrets[secret] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(48));
        }

        using ManagedProcess watching = await WatchAsync();
        (int code, string output) = await UpAsync();
        if (code != 0)
        {
            string logs = await LogsAsync();
            await DisposeAsync();
            throw new InvalidOperationException($"The stack did not come up:\n{output}\n{logs}");
        }

        await HealthyAsync();
        await Eventually.TrueAsync(() => _events.Contains("health_status: healthy executor"), "the daemon reported the last part's health");
    }

    public async Task DisposeAsync()
    {
        await ComposeAsync("down", "--volumes", "--timeout", "5");
        // If a test killed the Executor, its sandboxes remain, because only that Executor knew them.
        foreach (string id in await SandboxesAsync())
        {
            await ManagedProcess.RunAsync(new ProcessSpec("docker", ["rm", "-f", id]), CancellationToken.None);
        }

        foreach (string image in _upgrades)
        {
            await ManagedProcess.RunAsync(new ProcessSpec("docker", ["rmi", image]), CancellationToken.None);
        }

        _directory.Dispose();
    }

    /// <summary>Returns the id of a service's container.</summary>
    public async Task<string> ContainerAsync(string service) =>
        (await ComposeImages.RunAsync("docker", "ps", "-aq", "--no-trunc", "--filter",
            $"label=com.docker.compose.project={Project}", "--filter",
            $"label=com.docker.compose.service={service}")).Trim();

    /// <summary>Returns what the daemon says about a service's container, through a Go template.</summary>
    public async Task<string> InspectAsync(string service, string template) =>
        (await ComposeImages.RunAsync("docker", "inspect", "-f", template, await ContainerAsync(service))).Trim();

    /// <summary>Returns the process id of the container's first process on the host.</summary>
    public async Task<int> ProcessAsync(string service) =>
        int.Parse(await InspectAsync(service, "{{.State.Pid}}"), CultureInfo.InvariantCulture);

    /// <summary>Waits until every service is healthy and the Api reaches the Executor.</summary>
    public async Task HealthyAsync()
    {
        using HttpClient client = new() { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(5) };
        await Eventually.TrueAsync(
            async () =>
            {
                foreach (string service in new[] { "postgres", "api", "executor", "caddy" })
                {
                    if (await InspectAsync(service, "{{.State.Health.Status}}") != "healthy")
                    {
                        return false;
                    }
                }

                try
                {
                    return (await client.GetStringAsync("/api/health")).Contains("\"executor\":true", StringComparison.Ordinal);
                }
                catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
                {
                    return false;
                }
            },
            $"all of {Project} is healthy",
            TimeSpan.FromMinutes(3));
    }

    /// <summary>Runs <c>up -d</c>.</summary>
    public Task<(int Code, string Output)> UpAsync() => ComposeAsync("up", "-d", "--no-build");

    /// <summary>
    /// Upgrades one service as the guide does: the same program in an image with another id, then <c>up -d</c> with the service's name.
    /// Returns the id of the image.
    /// </summary>
    public async Task<string> UpgradeAsync(string service)
    {
        string next = $"{ComposeImages.NameOf(service)}-{_mark}";
        string files = _directory.Sub("next");
        Directory.CreateDirectory(files);
        await File.WriteAllTextAsync(Path.Combine(files, "Dockerfile"),
            $"FROM {ComposeImages.NameOf(service)}\nLABEL pixelgamedev.upgrade={_mark}\n");
        await ComposeImages.RunAsync("docker", "build", "-t", next, files);
        _upgrades.Add(next);
        _settings[service.ToUpperInvariant() + "_IMAGE"] = next;
        (int code, string output) = await ComposeAsync("up", "-d", "--no-build", service);
        Assert.True(code == 0, output);
        return (await ComposeImages.RunAsync("docker", "image", "inspect", "-f", "{{.Id}}", next)).Trim();
    }

    /// <summary>Returns the ids of the stack's sandboxes: those whose link is in its volume.</summary>
    public async Task<IReadOnlyList<string>> SandboxesAsync()
    {
        List<string> ids = [];
        foreach (
            string id in (await ComposeImages.RunAsync("docker", "ps", "-aq", "--no-trunc", "--filter", "label=pixelgamedev.role=sandbox"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            (int code, string mounts) = await ManagedProcess.RunAsync(
                new ProcessSpec("docker", ["inspect", "-f", "{{range .Mounts}}{{.Source}} {{end}}", id]), CancellationToken.None);
            // A container that has just ended does not count.
            if (code == 0 && mounts.Contains($"/volumes/{_mark}/", StringComparison.Ordinal))
            {
                ids.Add(id);
            }
        }

        return ids;
    }

    /// <summary>Runs <c>down</c> and keeps the volumes.</summary>
    public Task<(int Code, string Output)> DownAsync() => ComposeAsync("down", "--timeout", "30");

    /// <summary>Runs shell commands of the operators' guide in a directory of the stack.</summary>
    public async Task<(int Code, string Output)> ShellAsync(string commands)
    {
        // The test machine may have either name of the program.
        string script =
            $"set -eu\ndocker() {{ if [ \"$1\" = compose ]; then shift; docker-compose \"$@\"; else command docker \"$@\"; fi; " +
            $"}}\n{commands}";
        return await ManagedProcess.RunAsync(
            new ProcessSpec("bash", ["-c", script])
            {
                WorkingDirectory = _directory.Path,
                Environment = Variables(new Dictionary<string, string>())
            },
            CancellationToken.None);
    }

    /// <summary>Runs a program in the running container of a service.</summary>
    public Task<(int Code, string Output)> ExecAsync(string service, params string[] command) =>
        ComposeAsync(["exec", "-T", service, .. command]);

    /// <summary>Runs one service alone to its end, with some other variables. An empty variable is absent.</summary>
    public Task<(int Code, string Output)> RunServiceAsync(string service, IReadOnlyDictionary<string, string> different) =>
        ComposeAsync(different, "run", "--rm", "--no-deps", service);

    /// <summary>Runs <c>config</c> with some other variables.</summary>
    public Task<(int Code, string Output)> ConfigAsync(IReadOnlyDictionary<string, string> different) =>
        ComposeAsync(different, "config", "--quiet");

    /// <summary>Returns what the services wrote.</summary>
    public async Task<string> LogsAsync() => (await ComposeAsync("logs", "--no-color", "--tail", "40")).Output;

    /// <summary>Follows the daemon's reports about this stack. It begins a moment in the past, so that it misses nothing.</summary>
    private Task<ManagedProcess> WatchAsync() => ManagedProcess.StartAsync(
        new ProcessSpec("docker",
        [
            "events",
            "--since", TimeProvider.System.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            "--filter", $"label=com.docker.compose.project={Project}",
            "--filter", "event=start",
            "--filter", "event=health_status",
            "--format", "{{.Action}} {{index .Actor.Attributes \"com.docker.compose.service\"}}",
        ]),
        _events.Enqueue);

    private Task<(int Code, string Output)> ComposeAsync(params string[] arguments) =>
        ComposeAsync(new Dictionary<string, string>(), arguments);

    private async Task<(int Code, string Output)> ComposeAsync(IReadOnlyDictionary<string, string> different, params string[] arguments)
    {
        List<string> lines = [];
        (int code, _) = await ManagedProcess.RunAsync(
            new ProcessSpec("docker-compose", arguments)
            {
                // Not the directory of the files, so that Compose does not read a developer's .env.
                WorkingDirectory = _directory.Path,
                Environment = Variables(different),
            },
            CancellationToken.None,
            line =>
            {
                lock (lines)
                {
                    lines.Add(line);
                }
            });
        return (code, string.Join('\n', lines));
    }

    /// <summary>Returns the contents of an operator's .env, with some other variables. An empty variable is absent.</summary>
    private Dictionary<string, string?> Variables(IReadOnlyDictionary<string, string> different)
    {
        Dictionary<string, string?> variables = _settings.Concat(_secrets).ToDictionary(pair => pair.Key, pair => (string?)pair.Value);
        foreach ((string name, string value) in different)
        {
            variables[name] = value.Length == 0 ? null : value;
        }

        return variables;
    }
}
