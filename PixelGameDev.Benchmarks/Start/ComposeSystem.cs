using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using PixelGameDev.AppHost.Machine;
using PixelGameDev.Benchmarks.Play;

namespace PixelGameDev.Benchmarks.Start;

/// <summary>
/// Runs the published Compose files with the production overrides, as an operator starts them: with images of our own Dockerfiles, both
/// files combined, and all limits. Only the request rates are off, because one visitor does the work of many.
/// </summary>
internal sealed class ComposeSystem : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(6);
    private static readonly string Root = Results.RepositoryRoot();

    private readonly string _directory = Directory.CreateTempSubdirectory("pixel-bench-compose-").FullName;

    // Short: the volume's name becomes part of a socket's path, which may have 107 bytes.
    private readonly string _mark = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(2));
    private readonly Dictionary<string, string> _variables = [];

    private ComposeSystem()
    {
    }

    /// <summary>The system behind the published port.</summary>
    public RunningSystem System { get; private set; } = null!;

    private string Project => "pgb" + _mark;

    /// <param name="settings">Additional variables of an operator's <c>.env</c>.</param>
    public static async Task<ComposeSystem> StartAsync(IReadOnlyDictionary<string, string> settings)
    {
        ComposeSystem system = new();
        try
        {
            await system.UpAsync(settings);
            return system;
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (System is not null)
        {
            await System.DisposeAsync();
        }

        if (_variables.Count > 0)
        {
            await RunAsync("docker-compose", ["down", "--volumes", "--timeout", "20"]);
        }

        Directory.Delete(_directory, recursive: true);
    }

    private async Task UpAsync(IReadOnlyDictionary<string, string> settings)
    {
        string bases = Path.Combine(Root, "PixelGameDev.Tests", "Publishing", "Bases", "make.sh");
        string sdk = await RunAsync("bash", [bases, "sdk"]), runtime = await RunAsync("bash", [bases, "runtime"]),
        postgres = await RunAsync("bash", [bases, "postgres"]);
        string api = await BuildAsync("api", $"SDK_IMAGE={sdk}", $"NODE_IMAGE={sdk}", $"RUNTIME_IMAGE={runtime}");
        string executor = await BuildAsync("executor", $"SDK_IMAGE={sdk}", $"RUNTIME_IMAGE={runtime}");

        // Overrides only the rates of the published files.
        string rates = Path.Combine(_directory, "rates.yml");
        await File.WriteAllTextAsync(rates, "services:\n  api:\n    environment:\n      RATE_LIMITS: \"off\"\n");
        string published = Path.Combine(Root, "deploy", "compose");
        string socket = Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 } host
            && host.StartsWith("unix://", StringComparison.Ordinal)
            ? host["unix://".Length..]
            : "/var/run/docker.sock";
        string port = Ports.Free().ToString(CultureInfo.InvariantCulture);
        foreach ((string name, string value) in new Dictionary<string, string>
        {
            ["COMPOSE_PROJECT_NAME"] = Project,
            ["COMPOSE_FILE"] = string.Join(':', Path.Combine(published, "docker-compose.yml"),
                Path.Combine(published, "docker-compose.production.yml"), rates),
            ["POSTGRES_IMAGE"] = postgres,
            ["API_IMAGE"] = api,
            ["EXECUTOR_IMAGE"] = executor,
            ["GAME_IMAGE"] = Docker.GameImage(),
            ["API_BIND"] = "127.0.0.1",
            ["API_PORT"] = port,
            ["DOCKER_SOCKET"] = socket,
            ["DOCKER_GID"] = await RunAsync("stat", ["-L", "-c", "%g", socket]),
            ["DOCKER_DATA_ROOT"] = await RunAsync("docker", ["info", "-f", "{{.DockerRootDir}}"]),
            ["SESSIONS_VOLUME"] = _mark,
            ["POSTGRES_PASSWORD"] = Secret(),
            ["JWT_SECRET"] = Secret(),
            ["EXECUTOR_SECRET_KEY"] = Secret(),
            ["LOG_LEVEL"] = "warning",
        }.Concat(settings))
        {
            _variables[name] = value;
        }

        await RunAsync("docker-compose", ["up", "-d", "--no-build"]);
        Uri address = new("http://127.0.0.1:" + port);
        await UntilHealthyAsync(address);
        // Only the Api may use the Executor, on the inner network. The host reaches this network.
        string container = await RunAsync(
            "docker", ["ps", "-q", "--filter", $"label=com.docker.compose.project={Project}", "--filter",
                "label=com.docker.compose.service=executor"]);
        string inner = await RunAsync("docker", ["inspect", "-f", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", container]);
        System = await RunningSystem.StartAsync(address.AbsoluteUri, executor: $"http://{inner}:5001");
    }

    private static async Task UntilHealthyAsync(Uri address)
    {
        using HttpClient http = new() { Timeout = TimeSpan.FromSeconds(5) };
        string last = "no answer";
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < StartLimit; await Task.Delay(200))
        {
            try
            {
                using HttpResponseMessage answer = await http.GetAsync(new Uri(address, "/api/health"));
                last = await answer.Content.ReadAsStringAsync();
                using global::System.Text.Json.JsonDocument health = global::System.Text.Json.JsonDocument.Parse(last);
                if (health.RootElement.GetProperty("checks").EnumerateObject()
                    .All(static check => check.Value.ValueKind == global::System.Text.Json.JsonValueKind.True))
                {
                    return;
                }
            }
            catch (Exception error) when (error is HttpRequestException or OperationCanceledException
                or global::System.Text.Json.JsonException)
            {
                // The system has not started yet.
            }
        }

        throw new TimeoutException($"The stack did not get healthy within {StartLimit.TotalMinutes:0} minutes: {last}");
    }

    // The daemon caches layers by their contents: a second build of the same sources takes a second.
    private async Task<string> BuildAsync(string name, params string[] arguments)
    {
        string tree = Convert.ToHexStringLower(SHA256.HashData(global::System.Text.Encoding.UTF8.GetBytes(Root)))[..12];
        string image = $"pixelgamedev-bench/{name}:{tree}";
        await RunAsync(
            "docker", ["build", "--network", "host", "-f", $"docker/Dockerfile.{name}", "-t", image,
                .. arguments.SelectMany(static argument => new[] { "--build-arg", argument }), "."]);
        return image;
    }

    private static string Secret() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(48));

    private async Task<string> RunAsync(string program, string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            WorkingDirectory = program == "docker-compose" ? _directory
            : Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true
        };
        foreach ((string name, string value) in _variables)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? output.Trim()
            : throw new InvalidOperationException(
                $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{output}\n{await errors}");
    }
}
