using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PixelGameDev.AppHost.Machine;
using PixelGameDev.AppHost.Postgres;

namespace PixelGameDev.AppHost.Running;

/// <summary>Holds the options, ports and data of a run on this machine. They are checked and created before any part starts.</summary>
internal sealed class Installation : IDisposable
{
    private Installation(HostOptions options)
    {
        Options = options;
        Data = new UserData(options.DataDirectory);
        IPAddress address = IPAddress.Parse(options.Listen);
        Port = Choose(options.Port, "--port", "the page", address);
        Executors =
        [
            .. Enumerable.Range(0, options.Executors).Select(index => (
                HostOptions.ExecutorName(index),
                Choose(options.ExecutorPort == 0 ? 0
                    : options.ExecutorPort + index, "--executor-port", "an Executor", IPAddress.Loopback))),
        ];
        PostgresPort = Ports.Free();
        DashboardPort = options.DashboardPort is { } wished
            ? Choose(wished, "--dashboard-port", "the dashboard", IPAddress.Loopback)
            : Ports.IsFree(IPAddress.Loopback, HostOptions.DefaultDashboardPort) ? HostOptions.DefaultDashboardPort : Ports.Free();
    }

    /// <summary>Gets or sets the exit code of this program: 1 when a part could not start.</summary>
    public static int ExitCode { get; set; }

    public HostOptions Options { get; }

    public UserData Data { get; }

    public Repository Repository { get; } = Repository.Find();

    /// <summary>Returns the port of the page.</summary>
    public int Port { get; }

    /// <summary>Returns the names and ports of the Executors.</summary>
    public IReadOnlyList<(string Name, int Port)> Executors { get; }

    /// <summary>Returns the loopback port of the embedded database.</summary>
    public int PostgresPort { get; }

    /// <summary>Returns the loopback port of the dashboard.</summary>
    public int DashboardPort { get; }

    /// <summary>Returns the embedded database; null if there is none.</summary>
    public PostgresCluster? Cluster { get; private set; }

    /// <summary>Returns true when the user has configured an external database.</summary>
    public bool HasOwnDatabase { get; } =
        Environment.GetEnvironmentVariable($"ConnectionStrings__{Topology.Database.Name}") is { Length: > 0 };

    /// <summary>Checks the machine and creates missing data.</summary>
    /// <exception cref="HostException">The system cannot run here; the message says what to do.</exception>
    public static async Task<Installation> PrepareAsync(HostOptions options)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new HostException(
                "PixelGameDev runs on Linux: on Windows, start it inside WSL 2; on macOS, in a virtual machine with Linux.");
        }

        Installation installation = new(options);
        await Preparation.EnsureAsync(installation.Repository, Say, CancellationToken.None);
        if (!installation.HasOwnDatabase && !options.PostgresContainer)
        {
            installation.Cluster =
                await PostgresCluster.OpenAsync(installation.Data.Cluster, UserData.Programs(), Say, CancellationToken.None);
        }

        return installation;
    }

    /// <summary>Writes a line to the terminal.</summary>
    public static void Say(string line) => Console.WriteLine(line);

    /// <summary>
    /// Returns the directory for the sockets of an Executor's sandboxes. It is not in the data directory, because a socket path has at most
    /// 107 bytes.
    /// </summary>
    public string Links(string executor) => executor == "executor" ? Data.Links : $"{Data.Links}-{executor}";

    /// <summary>Creates the application's builder with the dashboard's port and the services that supervise a run.</summary>
    public IDistributedApplicationBuilder CreateBuilder()
    {
        // Aspire's default is Production.
        if (Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") is null or "")
        {
            Environment.SetEnvironmentVariable("DOTNET_ENVIRONMENT", Options.EnvironmentName);
        }

        IDistributedApplicationBuilder builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions
        {
            AllowUnsecuredTransport = true,
            DisableDashboard = !Options.Dashboard,
        });
        builder.Configuration["ASPNETCORE_URLS"] = Local(DashboardPort);
        builder.Configuration["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = Local(Ports.Free());
        builder.Configuration["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = Local(Ports.Free());
        builder.Services.AddLogging(static logging => logging
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("Aspire", LogLevel.Warning)
            // The state of each part already shows this once.
            .AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None)
            // This logger warns about a missing certificate for HTTPS, which is not used.
            .AddFilter("Aspire.Hosting.Dcp.DcpHost", LogLevel.Error)
            // It reports a start that ended early; the program does this itself.
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None));
        builder.Services.AddSingleton(this);
        builder.Services.AddHostedService<OrderedStop>();
        // Aspire's own service returns from its start when the last part is started, so those that look after the parts begin before it.
        builder.Services.Insert(0, ServiceDescriptor.Singleton<IHostedService, Announcement>());
        builder.Services.Insert(0, ServiceDescriptor.Singleton<IHostedService, Restarts>());
        return builder;
    }

    public void Dispose()
    {
        Cluster?.Dispose();
        foreach ((string name, _) in Executors)
        {
            if (Directory.Exists(Links(name)))
            {
                Directory.Delete(Links(name), recursive: true);
            }
        }
    }

    private static string Local(int port) => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");

    private static int Choose(int port, string option, string whose, IPAddress address)
    {
        if (port == 0)
        {
            return Ports.Free();
        }

        return port <= IPEndPoint.MaxPort && Ports.IsFree(address, port)
            ? port
            : throw new HostException(
                $"Port {port} for {whose} is taken: stop what uses it (ss -ltnp 'sport = :{port}' shows it), or choose another with " +
                    $"{option} N.");
    }
}
