using System.Globalization;
using PixelGameDev.AppHost.Running;

namespace PixelGameDev.AppHost.Topology;

/// <summary>
/// Holds the settings of the system (docs/settings.md). When publishing, each one is a parameter with a default. On this machine the
/// services read them from environment variables with the same names.
/// </summary>
internal sealed class Settings
{
    /// <summary>The variable with the code that makes the first admin.</summary>
    public const string SetupCode = "SETUP_CODE";

    private const string MetricsPort = "METRICS_PORT";

    /// <summary>The secrets of parts that an operator may leave out: a provider of sign-ins, and a store for the history.</summary>
    private static readonly string[] OptionalSecrets = ["OIDC_CLIENT_SECRET", "OBJECT_STORE_ACCESS_KEY", "OBJECT_STORE_SECRET_KEY"];

    /// <summary>The limits that Api and Executor share, with their defaults.</summary>
    private static readonly (string Variable, string Default)[] SharedLimits =
    [
        ("MAX_SESSION_TIME", "300"),
        ("MAX_CODE_SIZE", "1000000"),
        (MetricsPort, ""),
    ];

    /// <summary>The limits of one Executor.</summary>
    private static readonly (string Variable, string Default)[] ExecutorLimits =
    [
        ("MAX_CONCURRENT_SESSIONS", "5"),
        ("MAX_SESSIONS_PER_OWNER", "2"),
        ("SESSION_IDLE_TIME", "60"),
        ("MAX_WATCHERS", "100"),
        ("SANDBOX_WARM", "2"),
        ("SANDBOX_MEMORY", "256m"),
        ("SANDBOX_CPUS", "1"),
        ("SANDBOX_PIDS", "64"),
        ("SANDBOX_RUNTIME", ""),
    ];

    /// <summary>
    /// The limits of an account per minute, the factor of an address (a school has one address), the storage of an account and in total,
    /// the length of recordings, who sees the gallery, the host names of the page, who may have an account, and where large contents of
    /// the history are.
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
        ("RECORDING_SECONDS", "10"),
        ("GALLERY", "off"),
        ("ALLOWED_HOSTS", ""),
        ("SIGN_UP", "open"),
        ("GUEST_ACCOUNTS", "on"),
        ("OIDC_AUTHORITY", ""),
        ("OIDC_CLIENT_ID", ""),
        ("OIDC_NAME", ""),
        ("OBJECT_STORE_ENDPOINT", ""),
        ("OBJECT_STORE_BUCKET", ""),
        ("OBJECT_STORE_REGION", "us-east-1"),
        ("OBJECT_STORE_PATH_STYLE", "on"),
    ];

    private readonly IDistributedApplicationBuilder _builder;
    private readonly Installation? _installation;
    private readonly Dictionary<string, IResourceBuilder<ParameterResource>> _published = [];
    private readonly Dictionary<string, string> _publishedDefaults = [];

    /// <param name="builder">The builder of the application.</param>
    /// <param name="installation">This machine; null when publishing.</param>
    public Settings(IDistributedApplicationBuilder builder, Installation? installation)
    {
        _builder = builder;
        _installation = installation;
        if (installation is not null)
        {
            return;
        }

        Publish("LOG_LEVEL", "info");
        Publish("KNOWN_PROXIES", "");
        Publish("GAME_IMAGE", "pixelgamedev/game:1.0.0");
        foreach ((string variable, string fallback) in SharedLimits.Concat(ExecutorLimits).Concat(ApiLimits))
        {
            Publish(variable, fallback);
        }
    }

    /// <summary>Returns this machine; null when publishing.</summary>
    public Installation? Installation => _installation;

    /// <summary>Returns the port of the page, which is the only public one.</summary>
    public int Port => _installation?.Port ?? HostOptions.DefaultPort;

    /// <summary>Returns the names and ports of the Executors.</summary>
    /// <exception cref="HostException"><c>--executors</c> has an invalid value when publishing.</exception>
    public IEnumerable<(string Name, int Port)> Executors => _installation?.Executors ?? Enumerable
        .Range(0, HostOptions.Parse(["--executors", _builder.Configuration["executors"] ?? "1"]).Executors)
        .Select(static index => (HostOptions.ExecutorName(index), HostOptions.DefaultExecutorPort + index));

    /// <summary>Returns the target of <c>publish</c>: <c>--target compose</c> (the default) or <c>--target kubernetes</c>.</summary>
    public string Target => _builder.Configuration["target"] ?? "compose";

    /// <summary>Returns the defaults of the published variables.</summary>
    public IReadOnlyDictionary<string, string> PublishedDefaults => _publishedDefaults;

    /// <summary>Returns a secret as a parameter that is named after its variable: <c>JWT_SECRET</c> is <c>jwt-secret</c>.</summary>
    public IResourceBuilder<ParameterResource> Secret(string variable) =>
        _builder.AddParameter(ParameterName(variable), () => _installation?.Data.Secret(variable) ?? "", secret: true);

    /// <summary>Returns a secret that an operator may leave out; on this machine it is generated like the others.</summary>
    public IResourceBuilder<ParameterResource> OptionalSecret(string variable)
    {
        _publishedDefaults[variable] = "";
        return Secret(variable);
    }

    /// <summary>
    /// Returns the Executor's id. It is the same at each start, so that the Executor finds the leftovers of a killed one, and different for
    /// each data directory.
    /// </summary>
    public string ExecutorId(string name) => _installation is null ? name : $"{name}-{_installation.Data.ShortName}";

    /// <summary>Gives the Api its limits and addresses.</summary>
    public void GiveToApi(IResourceBuilder<ProjectResource> api)
    {
        if (_installation is null)
        {
            // On this machine the Api reads them from the environment, like the other settings of these parts.
            foreach (string secret in OptionalSecrets)
            {
                api.WithEnvironment(secret, OptionalSecret(secret));
            }

            Give(api, "KNOWN_PROXIES", "LOG_LEVEL");
            Give(api, [.. SharedLimits.Concat(ApiLimits).Select(static limit => limit.Variable)]);
            return;
        }

        // All containers can use the same metrics port. On one machine the two services would collide, and the dashboard shows the metrics.
        api.WithEnvironment(MetricsPort, "")
            .WithEnvironment("ASPNETCORE_URLS", Address(_installation.Options.Listen, Port))
            .WithUrlForEndpoint("http", static url => url.DisplayText = "Page")
            .WithUrl(Address("localhost", Port) + "/api/health", "Health");
    }

    /// <summary>Gives an Executor its limits and addresses.</summary>
    public void GiveToExecutor(IResourceBuilder<ProjectResource> executor)
    {
        if (_installation is null)
        {
            Give(executor, "LOG_LEVEL");
            Give(executor, [.. SharedLimits.Concat(ExecutorLimits).Select(static limit => limit.Variable)]);
            executor.WithEnvironment("FORCE_DOCKER_EXECUTION", "true");
            Give(executor, "GAME_IMAGE");
            return;
        }

        int port = _installation.Executors.First(one => one.Name == executor.Resource.Name).Port;
        executor.WithEnvironment("ASPNETCORE_URLS", Address("127.0.0.1", port))
            .WithUrlForEndpoint("http", static url => url.DisplayText = "Executor")
            .WithEnvironment("SANDBOX_LINK_DIRECTORY", _installation.Links(executor.Resource.Name))
            .WithUrl(Address("localhost", port) + "/api/health", "Health");
        // The Executor runs untrusted games, so it gets no secrets of the database or of accounts.
        foreach (string variable in OptionalSecrets.Concat(
            [MetricsPort, $"ConnectionStrings__{Database.Name}", "POSTGRES_PASSWORD", "JWT_SECRET", SetupCode]))
        {
            executor.WithEnvironment(variable, "");
        }
    }

    /// <summary>Returns a parameter whose default is published.</summary>
    public IResourceBuilder<ParameterResource> Publish(string variable, string fallback)
    {
        _publishedDefaults[variable] = fallback;
        return _published[variable] = _builder.AddParameter(ParameterName(variable), fallback, publishValueAsDefault: true);
    }

    private void Give(IResourceBuilder<ProjectResource> service, params string[] variables)
    {
        foreach (string variable in variables)
        {
            service.WithEnvironment(variable, _published[variable]);
        }
    }

    private static string Address(string host, int port) => string.Create(CultureInfo.InvariantCulture, $"http://{host}:{port}");

    private static string ParameterName(string variable) => variable.ToLowerInvariant().Replace('_', '-');
}
