using System.Globalization;
using PixelGameDev.AppHost;
using PixelGameDev.AppHost.Machine;

namespace PixelGameDev.Benchmarks.Processes;

/// <summary>
/// Runs Postgres, Api and Executor as processes on this machine, for tests and benchmarks that stop, kill and start single parts. It starts
/// in a few seconds; the AppHost takes longer.
/// </summary>
/// <remarks>
/// The order is Postgres (unless a connection string is given) → Api → Executor. Each part starts when the part before it is healthy. A
/// <see cref="Supervisor"/> watches each part. They stop in the opposite order.
/// </remarks>
internal sealed class ProcessHost : IAsyncDisposable
{
    /// <summary>The name of the system's database.</summary>
    public const string Database = AppHost.Topology.Database.Schema;

    private readonly ProcessHostOptions _options;
    private readonly ProcessLog _log;
    private readonly Repository _repository = Repository.Find();
    private readonly UserData _data;
    private readonly Supervisor? _postgresSupervisor;
    private readonly Supervisor _apiSupervisor;
    private readonly Supervisor _executorSupervisor;

    public ProcessHost(ProcessHostOptions options, ProcessLog log, TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        _options = options;
        _log = log;
        _data = new UserData(options.DataDirectory);
        int port = options.Port == 0 ? Ports.Free() : options.Port;
        int executorPort = options.ExecutorPort == 0 ? Ports.Free() : options.ExecutorPort;
        if (options.ConnectionString is null)
        {
            Postgres = new PostgresPart(
                new EmbeddedPostgresOptions
                {
                    Cluster = _data.Cluster,
                    ProgramCache = UserData.Programs(),
                    Password = _data.Secret("POSTGRES_PASSWORD"),
                    Port = options.PostgresPort,
                    Major = options.PostgresMajor,
                    Durable = options.DurableDatabase,
                    Log = PostgresLine,
                },
                Database);
            _postgresSupervisor = new Supervisor(Postgres, Tell("Postgres"), time);
        }

        Api = new ServiceProcess("Api", Local(port), () => Service("PixelGameDev.Api", ApiEnvironment(port, executorPort)),
            options.StartLimit, line => log.Line("api", line));
        _apiSupervisor = new Supervisor(Api, Tell("Api"), time);
        Executor = new ServiceProcess("Executor", Local(executorPort), () =>
            Service("PixelGameDev.Executor", ExecutorEnvironment(executorPort)),
            options.StartLimit, line => log.Line("executor", line));
        _executorSupervisor = new Supervisor(Executor, Tell("Executor"), time);
    }

    /// <summary>The embedded database; null when a connection string was given.</summary>
    public PostgresPart? Postgres { get; }

    public ServiceProcess Api { get; }

    public ServiceProcess Executor { get; }

    /// <summary>Returns the connection string of the database in use.</summary>
    public string ConnectionString => _options.ConnectionString ?? Postgres!.ConnectionString;

    /// <summary>Returns a secret of the services, for a test that must sign a token itself.</summary>
    public string Secret(string name) => _data.Secret(name);

    /// <summary>
    /// Starts everything in order. If a part cannot be started, it throws, and <see cref="DisposeAsync"/> stops the others.
    /// </summary>
    /// <exception cref="HostException">A part could not be started; the message is for a person.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_postgresSupervisor is not null)
        {
            await _postgresSupervisor.StartAsync(cancellationToken);
        }

        await _apiSupervisor.StartAsync(cancellationToken);
        await _executorSupervisor.StartAsync(cancellationToken);
    }

    /// <summary>Stops or starts one part, for tests of what the others do meanwhile.</summary>
    public Task StopExecutorAsync() => _executorSupervisor.StopAsync();

    /// <inheritdoc cref="StopExecutorAsync"/>
    public Task StartExecutorAsync(CancellationToken cancellationToken) => _executorSupervisor.StartAsync(cancellationToken);

    /// <inheritdoc cref="StopExecutorAsync"/>
    public Task StopApiAsync() => _apiSupervisor.StopAsync();

    /// <inheritdoc cref="StopExecutorAsync"/>
    public Task StartApiAsync(CancellationToken cancellationToken) => _apiSupervisor.StartAsync(cancellationToken);

    /// <inheritdoc cref="StopExecutorAsync"/>
    public Task StopPostgresAsync() => _postgresSupervisor?.StopAsync() ?? Task.CompletedTask;

    /// <inheritdoc cref="StopExecutorAsync"/>
    public Task StartPostgresAsync(CancellationToken cancellationToken) => _postgresSupervisor?.StartAsync(cancellationToken)
        ?? Task.CompletedTask;

    /// <summary>Stops everything: the Executor (which ends its sandboxes), the Api, Postgres.</summary>
    public async ValueTask DisposeAsync()
    {
        await _executorSupervisor.DisposeAsync();
        Executor.Dispose();
        await _apiSupervisor.DisposeAsync();
        Api.Dispose();
        if (_postgresSupervisor is not null)
        {
            await _postgresSupervisor.DisposeAsync();
            await Postgres!.DisposeAsync();
        }

        if (Directory.Exists(_data.Links))
        {
            Directory.Delete(_data.Links, recursive: true);
        }
    }

    private static Uri Local(int port) => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));

    private Action<string> Tell(string part) => text => _log.Line("host", $"{part} {text}");

    // Except for errors, a database server writes little that helps here.
    private void PostgresLine(string line)
    {
        if (_options.Verbose || !line.Contains("LOG:  ", StringComparison.Ordinal))
        {
            _log.Line("postgres", line);
        }
    }

    private Dictionary<string, string?> ApiEnvironment(int port, int executorPort)
    {
        Dictionary<string, string?> environment = Common();
        environment["ASPNETCORE_URLS"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
        environment["ConnectionStrings__pixel-gamedev"] = ConnectionString;
        environment["JWT_SECRET"] = _data.Secret("JWT_SECRET");
        environment["OTEL_SERVICE_NAME"] = "api";
        environment["services__executor__http__0"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{executorPort}");
        return With(environment, _options.ApiEnvironment);
    }

    private Dictionary<string, string?> ExecutorEnvironment(int port)
    {
        Dictionary<string, string?> environment = Common();
        environment["ASPNETCORE_URLS"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
        // The Executor runs strangers' games, so it gets nothing of the database and of people's tokens.
        environment["ConnectionStrings__pixel-gamedev"] = null;
        environment["POSTGRES_PASSWORD"] = null;
        environment["JWT_SECRET"] = null;
        environment["OTEL_SERVICE_NAME"] = "executor";
        // The name finds the leftovers of a killed Executor. It is the same at each start, and different for each data directory.
        environment["EXECUTOR_ID"] = "local-" + _data.ShortName;
        environment["SANDBOX_LINK_DIRECTORY"] = _data.Links;
        return With(environment, _options.ExecutorEnvironment);
    }

    private Dictionary<string, string?> Common() => new()
    {
        ["ASPNETCORE_ENVIRONMENT"] = _options.EnvironmentName,
        ["DOTNET_ENVIRONMENT"] = _options.EnvironmentName,
        ["EXECUTOR_SECRET_KEY"] = _data.Secret("EXECUTOR_SECRET_KEY"),
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
        new(Tool.Dotnet, [_repository.Assembly(project)])
        {
            // As "dotnet run" does: the content root, with wwwroot, is the project's directory.
            WorkingDirectory = _repository.Project(project),
            Environment = environment,
        };
}
