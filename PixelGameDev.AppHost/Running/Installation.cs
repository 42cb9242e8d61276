using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PixelGameDev.AppHost.Machine;
using PixelGameDev.AppHost.Postgres;

namespace PixelGameDev.AppHost.Running;

/// <summary>Holds the options, ports and data of a run on this machine. They are checked and created before anything starts.</summary>
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

    /// <summary>Of this program, once the system has stopped: 1 when a part could not be started.</summary>
    public static int ExitCode { get; set; }

    public HostOptions Options { get; }

    public UserData Data { get; }

    public Repository Repository { get; } = Repository.Find();

    /// <summary>Of the page.</summary>
    public int Port { get; }

    /// <summary>Names and ports of the Executors.</summary>
    public IReadOnlyList<(string Name, int Port)> Executors { get; }

    /// <summary>Of the embedded database, on loopback.</summary>
    public int PostgresPort { get; }

    /// <summary>Of the dashboard, on loopback.</summary>
    public int DashboardPort { get; }

    /// <summary>The embedded database; null when there is none.</summary>
    public PostgresCluster? Cluster { get; private set; }

    /// <summary>True when the person has named a database.</summary>
    public bool HasOwnDatabase { get; } =
        Environment.GetEnvironmentVariable($"ConnectionStrings__{Topology.Database.Name}") is { Length: > 0 };

    /// <summary>Checks the machine and creates what is missing.</summary>
    /// <exception cref="HostException">The system cannot run here; the message says what to do.</exception>
    public static async Task<Installation> PrepareAsync(HostOptions options)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new HostException(
                "PixelGameDev runs on Linux: on Windows, start it inside WSL 2; on macOS, in a virtual machine with Linux.");
        }

        Installation here = new(options);
        await Preparation.EnsureAsync(here.Repository, Say, CancellationToken.None);
        if (!here.HasOwnDatabase && !options.PostgresContainer)
        {
            here.Cluster = await PostgresCluster.OpenAsync(here.Data.Cluster, UserData.Programs(), Say, CancellationToken.None);
        }

        return here;
    }

    /// <summary>A line for the person at the terminal.</summary>
    public static void Say(string line) => Console.WriteLine(line);

    /// <summary>
    /// Directory in which an Executor puts the sockets of its sandboxes. Not in the data directory: a socket's path may have no more
    /// than 107 bytes.
    /// </summary>
    public string Links(string executor) => executor == "executor" ? Data.Links : $"{Data.Links}-{executor}";

    /// <summary>Creates the application's builder, with the dashboard at its port and the services that supervise a run.</summary>
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
            // The state of each part says it, once.
            .AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None)
            // It warns about a missing certificate for HTTPS, which nothing here uses.
            .AddFilter("Aspire.Hosting.Dcp.DcpHost", LogLevel.Error));
        builder.Services.AddSingleton(this);
        builder.Services.AddHostedService<OrderedStop>();
        builder.Services.AddHostedService<Announcement>();
        builder.Services.AddHostedService<Restarts>();
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
