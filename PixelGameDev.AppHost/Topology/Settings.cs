using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace PixelGameDev.AppHost.Topology;

/// <summary>
/// What can be chosen about the system, from the command line (<c>--port 8000</c>), the environment or user secrets. The names of
/// the environment are the ones every deployment uses.
/// </summary>
internal sealed class Settings
{
    /// <summary>Text of <c>--help</c>.</summary>
    public const string Usage = """
        Runs PixelGameDev with Aspire: Postgres, then the Api, then the Executor, and the dashboard that watches them.

        Usage: PixelGameDev.AppHost [options]
          --port N             port of the web page (5000)
          --executor-port N    port of the first Executor (5001)
          --executors N        how many Executors (1)
          --postgres KIND      container or embedded (container, where a container runtime answers)
          --data DIRECTORY     secrets and embedded database (PIXELGAMEDEV_DATA, else the user's data directory)
          --processes ...      without Aspire: plain processes, with options of their own (--processes --help)

        Publishing (./pixel publish does all three):
          --publisher manifest --output-path FILE
          --operation publish --step publish --target compose|kubernetes --output-path DIRECTORY

        ConnectionStrings__pixel-gamedev names a database of your own; then none is started.
        """;

    private const string MetricsPort = "METRICS_PORT";

    /// <summary>Limits that Api and Executor must agree about, and what a machine without further wishes gets.</summary>
    private static readonly (string Variable, string Default)[] SharedLimits =
    [
        ("MAX_SESSION_TIME", "300"),
        ("MAX_CODE_SIZE", "100000"),
        (MetricsPort, ""),
    ];

    /// <summary>Limits of one Executor.</summary>
    private static readonly (string Variable, string Default)[] ExecutorLimits =
    [
        ("MAX_CONCURRENT_SESSIONS", "5"),
        ("MAX_SESSIONS_PER_OWNER", "2"),
        ("SESSION_IDLE_TIME", "60"),
        ("SANDBOX_WARM", "2"),
        ("SANDBOX_MEMORY", "256m"),
        ("SANDBOX_CPUS", "1"),
        ("SANDBOX_PIDS", "64"),
        ("SANDBOX_RUNTIME", ""),
    ];

    /// <summary>
    /// What one person may do in a minute, how many people share an address (a school has one), how many bytes people's files may take,
    /// and which names the page has.
    /// </summary>
    private static readonly (string Variable, string Default)[] ApiLimits =
    [
        ("RUNS_PER_MINUTE", "30"),
        ("WRITES_PER_MINUTE", "600"),
        ("SIGN_INS_PER_MINUTE", "3"),
        ("GUESTS_PER_MINUTE", "3"),
        ("PEOPLE_PER_ADDRESS", "50"),
        ("READS_PER_MINUTE", "1200"),
        ("WRITE_MB_PER_MINUTE", "60"),
        ("GUEST_STORAGE_MB", "50"),
        ("ACCOUNT_STORAGE_MB", "500"),
        ("STORAGE_LIMIT_GB", "50"),
        ("ALLOWED_HOSTS", ""),
    ];

    private readonly IDistributedApplicationBuilder builder;
    private readonly ConfigurationManager configuration;
    private readonly Dictionary<string, IResourceBuilder<ParameterResource>> limits = [];
    private readonly Dictionary<string, string> publishedDefaults = [];
    private readonly IResourceBuilder<ParameterResource> gameImage;
    private UserData? data;

    public Settings(IDistributedApplicationBuilder builder)
    {
        this.builder = builder;
        configuration = builder.Configuration;
        LogLevel = Published("LOG_LEVEL", "info");
        KnownProxies = Published("KNOWN_PROXIES", "");
        gameImage = Published("GAME_IMAGE", "pixelgamedev/game:1.0.0");
        foreach ((string variable, string fallback) in SharedLimits.Concat(ExecutorLimits).Concat(ApiLimits))
        {
            limits.Add(variable, Published(variable, fallback));
        }
    }

    public bool Publishing => builder.ExecutionContext.IsPublishMode;

    /// <summary>Port of the page and of everything people reach.</summary>
    public int Port => Publishing ? HostOptions.DefaultPort : Whole("port", HostOptions.DefaultPort, 1, 65535);

    /// <summary>Port of the first Executor; the next ones follow.</summary>
    public int ExecutorPort => Publishing ? HostOptions.DefaultExecutorPort : Whole("executor-port", HostOptions.DefaultExecutorPort, 1, 65535);

    /// <summary><c>--executors N</c>: how many, 1 … 20.</summary>
    public int Executors => Whole("executors", 1, 1, 20);

    /// <summary><c>--target compose</c> (the default) or <c>--target kubernetes</c>: what <c>publish</c> writes.</summary>
    public string Target => configuration["target"] ?? "compose";

    /// <summary><c>--postgres embedded</c> or <c>--postgres container</c>; unless said, a container where one can run.</summary>
    public bool EmbeddedPostgres => configuration["postgres"] is { } wish ? wish == "embedded" : !HasContainerRuntime();

    /// <summary>A database of the user's own; null starts one.</summary>
    public string? ConnectionString => configuration.GetConnectionString(Database.Name) is { Length: > 0 } given ? given : null;

    public IResourceBuilder<ParameterResource> LogLevel { get; }

    /// <summary>Proxies whose word the Api takes for who asks; none.</summary>
    public IResourceBuilder<ParameterResource> KnownProxies { get; }

    /// <summary>Defaults of the variables that are published, by variable.</summary>
    public IReadOnlyDictionary<string, string> PublishedDefaults => publishedDefaults;

    /// <summary>Directory of this person's data, shared with <see cref="ProcessHost"/>.</summary>
    public UserData Data => data ??= new UserData(configuration["data"] ?? UserData.DefaultDirectory());

    /// <summary>A secret, as a parameter named like its variable: <c>JWT_SECRET</c> is <c>jwt-secret</c>.</summary>
    public IResourceBuilder<ParameterResource> Secret(string variable) =>
        builder.AddParameter(ParameterName(variable), () => Publishing ? "" : Data.Secret(variable), secret: true);

    /// <summary>What the Api tells people about sessions, and how often they may do what.</summary>
    public void GiveToApi(IResourceBuilder<ProjectResource> api) => Limit(api, SharedLimits.Concat(ApiLimits));

    /// <summary>Limits of sessions, and what they run in.</summary>
    public void GiveToExecutor(IResourceBuilder<ProjectResource> executor)
    {
        Limit(executor, SharedLimits.Concat(ExecutorLimits));

        if (Publishing)
        {
            executor.WithEnvironment("FORCE_DOCKER_EXECUTION", "true").WithEnvironment("GAME_IMAGE", gameImage);
        }
        else
        {
            // The Executor builds the game image itself where it is missing.
            executor.WithEnvironment("SANDBOX_LINK_DIRECTORY", Data.Links);
        }
    }

    /// <summary>A parameter whose default is published, with the value of the same variable here where one is set.</summary>
    public IResourceBuilder<ParameterResource> Published(string variable, string fallback)
    {
        publishedDefaults[variable] = fallback;
        return builder.AddParameter(
            ParameterName(variable), Publishing ? fallback : configuration[variable] ?? fallback, publishValueAsDefault: true);
    }

    private void Limit(IResourceBuilder<ProjectResource> service, IEnumerable<(string Variable, string Default)> variables)
    {
        foreach ((string variable, _) in variables)
        {
            if (variable == MetricsPort && !Publishing)
            {
                // In containers each has a port of this number; on one machine they would both want the same.
                continue;
            }

            service.WithEnvironment(variable, limits[variable]);
        }
    }

    private static string ParameterName(string variable) => variable.ToLowerInvariant().Replace('_', '-');

    private int Whole(string name, int fallback, int least, int most)
    {
        if (configuration[name] is not { Length: > 0 } text)
        {
            return fallback;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most
            ? number
            : throw new HostException($"--{name} takes a number from {least} to {most}, not '{text}'.");
    }

    /// <summary>Asks the way Aspire's orchestrator does: through the command line of Docker or Podman.</summary>
    private static bool HasContainerRuntime()
    {
        foreach (string program in new[] { Environment.GetEnvironmentVariable("ASPIRE_CONTAINER_RUNTIME") ?? "docker", "podman" })
        {
            try
            {
                using Process? asked = Process.Start(new ProcessStartInfo(program, ["info", "--format", "{{.ServerVersion}}"])
                {
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                });
                if (asked is not null && asked.WaitForExit(TimeSpan.FromSeconds(5)) && asked.ExitCode == 0)
                {
                    return true;
                }
            }
            catch (System.ComponentModel.Win32Exception)
            {
                // No such program here.
            }
        }

        return false;
    }
}
