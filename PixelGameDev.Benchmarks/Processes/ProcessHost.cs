using System.Globalization;
using PixelGameDev.AppHost;
using PixelGameDev.AppHost.Machine;

namespace PixelGameDev.Benchmarks.Processes;

/// <summary>
/// Postgres, Api and Executor as processes on this machine, for tests and benchmarks that stop, kill and start parts by themselves: it is
/// up in a few seconds, where the AppHost takes more.
/// </summary>
/// <remarks>
/// Postgres (unless a connection string is given) → Api → Executor, each started when the one before is healthy, looked after by a
/// <see cref="Supervisor"/>, and stopped in the opposite order.
/// </remarks>
internal sealed class ProcessHost : IAsyncDisposable
{
    /// <summary>Name of the system's database.</summary>
    public const string Database = AppHost.Topology.Database.Schema;

    private readonly ProcessHostOptions options;
    private readonly ProcessLog log;
    private readonly Repository repository = Repository.Find();
    private readonly UserData data;
    private readonly Supervisor? postgresSupervisor;
    private readonly Supervisor apiSupervisor;
    private readonly Supervisor executorSupervisor;

    public ProcessHost(ProcessHostOptions options, ProcessLog log, TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        this.options = options;
        this.log = log;
        data = new UserData(options.DataDirectory);
        int port = options.Port == 0 ? Ports.Free() : options.Port;
        int executorPort = options.ExecutorPort == 0 ? Ports.Free() : options.ExecutorPort;
        if (options.ConnectionString is null)
        {
            Postgres = new PostgresPart(
                new EmbeddedPostgresOptions
                {
                    Cluster = data.Cluster,
                    ProgramCache = UserData.Programs(),
                    Password = data.Secret("POSTGRES_PASSWORD"),
                    Port = options.PostgresPort,
                    Major = options.PostgresMajor,
                    Durable = options.DurableDatabase,
                    Log = PostgresLine,
                },
                Database);
            postgresSupervisor = new Supervisor(Postgres, Tell("Postgres"), time);
        }

        Api = new ServiceProcess("Api", Local(port), () => Service("PixelGameDev.Api", ApiEnvironment(port, executorPort)),
            options.StartLimit, line => log.Line("api", line));
        apiSupervisor = new Supervisor(Api, Tell("Api"), time);
        Executor = new ServiceProcess("Executor", Local(executorPort), () =>
            Service("PixelGameDev.Executor", ExecutorEnvironment(executorPort)),
            options.StartLimit, line => log.Line("executor", line));
        executorSupervisor = new Supervisor(Executor, Tell("Executor"), time);
    }

    /// <summary>The embedded database; null when a connection string was given.</summary>
    public PostgresPart? Postgres { get; }

    public ServiceProcess Api { get; }

    public ServiceProcess Executor { get; }

    /// <summary>Connection string of the database in use.</summary>
    public string ConnectionString => options.ConnectionString ?? Postgres!.ConnectionString;

    /// <summary>A secret the services were given, for a caller that must sign a token itself (tests).</summary>
    public string Secret(string name) => data.Secret(name);

    /// <summary>
    /// Starts everything in order; throws, with everything stopped by <see cref="DisposeAsync"/>, when a part cannot be started.
    /// </summary>
    /// <exception cref="HostException">A part could not be started; the message is for a person.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (postgresSupervisor is not null)
        {
            await postgresSupervisor.StartAsync(cancellationToken);
        }

        await apiSupervisor.StartAsync(cancellationToken);
        await executorSupervisor.StartAsync(cancellationToken);
    }

    /// <summary>Stops or starts one part alone: for tests of what the others do meanwhile.</summary>
    public Task StopExecutorAsync() => executorSupervisor.StopAsync();

    /// <inheritdoc cref="StopExecutorAsync"/>
    public Task StartExecutorAsync(CancellationToken cancellationToken) => executorSupervisor.StartAsync(cancellationToken);

    /// <inheritdoc cref="StopExecutorAsync"/>
    public Task StopApiAsync() => apiSupervisor.StopAsync();

    /// <inheritdoc cref="StopExecutorAsync"/>
    public Task StartApiAsync(CancellationToken cancellationToken) => apiSupervisor.StartAsync(cancellationToken);

    /// <inheritdoc cref="StopExecutorAsync"/>
    public Task StopPostgresAsync() => postgresSupervisor?.StopAsync() ?? Task.CompletedTask;

    /// <inheritdoc cref="StopExecutorAsync"/>
    public Task StartPostgresAsync(CancellationToken cancellationToken) => postgresSupervisor?.StartAsync(cancellationToken)
        ?? Task.CompletedTask;

    /// <summary>Stops everything: Executor (which ends its sandboxes), Api, Postgres.</summary>
    public async ValueTask DisposeAsync()
    {
        await executorSupervisor.DisposeAsync();
        Executor.Dispose();
        await apiSupervisor.DisposeAsync();
        Api.Dispose();
        if (postgresSupervisor is not null)
        {
            await postgresSupervisor.DisposeAsync();
            await Postgres!.DisposeAsync();
        }

        if (Directory.Exists(data.Links))
        {
            Directory.Delete(data.Links, recursive: true);
        }
    }

    private static Uri Local(int port) => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));

    private Action<string> Tell(string part) => text => log.Line("host", $"{part} {text}");

    // Besides what goes wrong, a database server says little that helps here.
    private void PostgresLine(string line)
    {
        if (options.Verbose || !line.Contains("LOG:  ", StringComparison.Ordinal))
        {
            log.Line("postgres", line);
        }
    }

    private Dictionary<string, string?> ApiEnvironment(int port, int executorPort)
    {
        Dictionary<string, string?> environment = Common();
        environment["ASPNETCORE_URLS"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
        environment["ConnectionStrings__pixel-gamedev"] = ConnectionString;
        environment["JWT_SECRET"] = data.Secret("JWT_SECRET");
        environment["OTEL_SERVICE_NAME"] = "api";
        environment["services__executor__http__0"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{executorPort}");
        return With(environment, options.ApiEnvironment);
    }

    private Dictionary<string, string?> ExecutorEnvironment(int port)
    {
        Dictionary<string, string?> environment = Common();
        environment["ASPNETCORE_URLS"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
        // It runs strangers' games: nothing of the database or of people's tokens may be near it.
        environment["ConnectionStrings__pixel-gamedev"] = null;
        environment["POSTGRES_PASSWORD"] = null;
        environment["JWT_SECRET"] = null;
        environment["OTEL_SERVICE_NAME"] = "executor";
        // Leftovers of a killed Executor are found by its name: the same at each start, another for each data directory.
        environment["EXECUTOR_ID"] = "local-" + data.ShortName;
        environment["SANDBOX_LINK_DIRECTORY"] = data.Links;
        return With(environment, options.ExecutorEnvironment);
    }

    private Dictionary<string, string?> Common() => new()
    {
        ["ASPNETCORE_ENVIRONMENT"] = options.EnvironmentName,
        ["DOTNET_ENVIRONMENT"] = options.EnvironmentName,
        ["EXECUTOR_SECRET_KEY"] = data.Secret("EXECUTOR_SECRET_KEY"),
        ["DOTNET_NOLOGO"] = "1",
    };

    private static Dictionary<string, string?> With(Dictionary<string, string?> environment, IReadOnlyDictionary<string, string?> more)
    {
        foreach ((string name, string? value) in more)
        {
            environment[name] = value;
        }

        return environment;
    }

    private ProcessSpec Service(string project, Dictionary<string, string?> environment) =>
        new(Tool.Dotnet, [repository.Assembly(project)])
        {
            // As "dotnet run" does: the content root, with wwwroot, is the project's directory.
            WorkingDirectory = repository.Project(project),
            Environment = environment,
        };
}
