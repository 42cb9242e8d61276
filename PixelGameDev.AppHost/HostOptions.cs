using System.Globalization;
using System.Net;

namespace PixelGameDev.AppHost;

/// <summary>Holds the options of a system that runs on this machine.</summary>
internal sealed record HostOptions
{
    public const int DefaultPort = 5000;
    public const int DefaultExecutorPort = 5001;
    public const int DefaultDashboardPort = 15888;

    /// <summary>The text of <c>--help</c>.</summary>
    public const string Usage = """
        Runs PixelGameDev on this machine with Aspire: Postgres, then the Api, then the Executor, each when the one before is healthy, and the
        dashboard that shows them.

        Usage: PixelGameDev.AppHost [options]
          --port N             port of the web page (5000; 0 picks a free one)
          --executor-port N    port of the first Executor, on loopback only (5001; 0 picks a free one); others take the next ones
          --executors N        how many Executors, 1 to 20 (1)
          --listen ADDRESS     where the page is served (127.0.0.1; 0.0.0.0 lets other machines in)
          --dashboard-port N   port of the dashboard, on loopback only (15888, or a free one if that is taken)
          --no-dashboard       start without the dashboard
          --postgres KIND      embedded: a cluster in the data directory (the default), or container
          --data DIRECTORY     database and secrets (PIXELGAMEDEV_DATA, else the user's data directory)
          --environment NAME   Development (the default) or Production
          --verbose            also what Postgres, Api and Executor write
          --help               this text

        ConnectionStrings__pixel-gamedev names a database of your own; then none is started.

        Publishing (./pixel publish does all three):
          --publisher manifest --output-path FILE
          --operation publish --step publish --target compose|kubernetes --output-path DIRECTORY
          each also with --executors N
        """;

    /// <summary>The port of the page; 0: a free one.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>The loopback port of the first Executor; 0: free ones for all Executors.</summary>
    public int ExecutorPort { get; init; } = DefaultExecutorPort;

    /// <summary>The number of Executors, 1 to 20.</summary>
    public int Executors { get; init; } = 1;

    /// <summary>The address on which the page is served.</summary>
    public string Listen { get; init; } = "127.0.0.1";

    /// <summary>The loopback port of the dashboard; null: <see cref="DefaultDashboardPort"/>, or a free one if that is in use.</summary>
    public int? DashboardPort { get; init; }

    public bool Dashboard { get; init; } = true;

    /// <summary>Whether a container replaces the embedded cluster. It has its own data.</summary>
    public bool PostgresContainer { get; init; }

    /// <summary>The directory of the database and the secrets.</summary>
    public string DataDirectory { get; init; } = UserData.DefaultDirectory();

    /// <summary>The name of the environment in which the services run.</summary>
    public string EnvironmentName { get; init; } =
        Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT") is { Length: > 0 } given ? given : "Development";

    /// <summary>Whether to show the output of the parts.</summary>
    public bool Verbose { get; init; }

    /// <summary>Returns the name of an Executor: <c>executor</c>, <c>executor-2</c>, <c>executor-3</c> …</summary>
    public static string ExecutorName(int index) =>
        index == 0 ? "executor" : string.Create(CultureInfo.InvariantCulture, $"executor-{index + 1}");

    /// <summary>Returns true when these arguments make Aspire write files instead of running the system.</summary>
    public static bool ArePublishing(IReadOnlyList<string> arguments) =>
        arguments.Any(static argument => argument.Split('=')[0] is "--publisher" or "--operation" or "--step");

    /// <summary>Reads the command line.</summary>
    /// <exception cref="HostException">An option is unknown or has an invalid value.</exception>
    public static HostOptions Parse(IReadOnlyList<string> arguments)
    {
        HostOptions options = new();
        for (int i = 0; i < arguments.Count; i++)
        {
            string name = arguments[i];
            string? inline = null;
            if (name.StartsWith("--", StringComparison.Ordinal) && name.IndexOf('=', StringComparison.Ordinal) is > 0 and int equals)
            {
                (name, inline) = (name[..equals], name[(equals + 1)..]);
            }

            string Value() => inline
                ?? (++i < arguments.Count ? arguments[i] : throw new HostException($"{name} needs a value; --help shows the options."));
            options = name switch
            {
                "--port" => options with { Port = Whole(name, Value(), 0, 65535) },
                "--executor-port" => options with { ExecutorPort = Whole(name, Value(), 0, 65535) },
                "--executors" => options with { Executors = Whole(name, Value(), 1, 20) },
                "--dashboard-port" => options with { DashboardPort = Whole(name, Value(), 1, 65535) },
                "--no-dashboard" => options with { Dashboard = false },
                "--listen" => options with { Listen = Address(Value()) },
                "--postgres" => options with { PostgresContainer = Kind(Value()) },
                "--data" => options with { DataDirectory = Value() },
                "--environment" => options with { EnvironmentName = Value() },
                "--verbose" => options with { Verbose = true },
                _ => throw new HostException($"'{name}' is no option of this program; --help shows them."),
            };
        }

        return options;
    }

    private static string Address(string value) =>
        IPAddress.TryParse(value, out _) ? value
            : throw new HostException($"--listen takes an address such as 127.0.0.1 or 0.0.0.0, not '{value}'.");

    private static bool Kind(string value) => value switch
    {
        "container" => true,
        "embedded" => false,
        _ => throw new HostException($"--postgres takes embedded or container, not '{value}'."),
    };

    private static int Whole(string name, string value, int least, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most
            ? number
            : throw new HostException($"{name} takes a number from {least} to {most}, not '{value}'.");
}
