using System.Globalization;

namespace PixelGameDev.AppHost;

/// <summary>What <see cref="ProcessHost"/> starts and where.</summary>
internal sealed record HostOptions
{
    public const int DefaultPort = 5000;
    public const int DefaultExecutorPort = 5001;

    /// <summary>Text of <c>--help</c>.</summary>
    public const string Usage = """
        Starts PixelGameDev on this machine: Postgres, then the Api, then the Executor, each when the one before is healthy.

        Usage: PixelGameDev.AppHost [options]
          --port N            port of the web page (5000; 0 picks a free one)
          --executor-port N   port of the Executor, on loopback only (5001; 0 picks a free one)
          --postgres-port N   port of the embedded database, on loopback only (0: a free one)
          --listen ADDRESS    where the page is served (127.0.0.1; 0.0.0.0 lets other machines in)
          --data DIRECTORY    database and secrets (PIXELGAMEDEV_DATA, else the user's data directory)
          --environment NAME  Development (the default) or Production
          --verbose           also what the database writes
          --processes         start processes, not containers (what this program always does without Aspire)
          --help              this text

        ConnectionStrings__pixel-gamedev names a database of your own; then none is started.
        """;

    /// <summary>Port of the Api; 0 picks a free one.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>Port of the Executor on loopback; 0 picks a free one.</summary>
    public int ExecutorPort { get; init; } = DefaultExecutorPort;

    /// <summary>Port of the embedded database on loopback; 0 picks a free one.</summary>
    public int PostgresPort { get; init; }

    /// <summary>Address the Api listens on.</summary>
    public string Listen { get; init; } = "127.0.0.1";

    /// <summary>Where database and secrets are kept.</summary>
    public string DataDirectory { get; init; } = UserData.DefaultDirectory();

    /// <summary>A database of the user's own; null starts the embedded one.</summary>
    public string? ConnectionString { get; init; } =
        Environment.GetEnvironmentVariable("ConnectionStrings__pixel-gamedev") is { Length: > 0 } given ? given : null;

    /// <summary>False makes the embedded database fast and unsafe: for tests.</summary>
    public bool DurableDatabase { get; init; } = true;

    /// <summary>The ASP.NET Core environment of both services.</summary>
    public string EnvironmentName { get; init; } =
        Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT") is { Length: > 0 } given ? given : "Development";

    /// <summary>Extra environment of the Api; null removes a variable.</summary>
    public IReadOnlyDictionary<string, string?> ApiEnvironment { get; init; } = new Dictionary<string, string?>();

    /// <summary>Extra environment of the Executor; null removes a variable.</summary>
    public IReadOnlyDictionary<string, string?> ExecutorEnvironment { get; init; } = new Dictionary<string, string?>();

    /// <summary>Also show what the database writes.</summary>
    public bool Verbose { get; init; }

    /// <summary>How long a service may take until its health answers, first start.</summary>
    public TimeSpan StartLimit { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Reads the command line.</summary>
    /// <exception cref="HostException">An option is unknown or its value is wrong.</exception>
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
                "--port" => options with { Port = PortNumber(name, Value()) },
                "--executor-port" => options with { ExecutorPort = PortNumber(name, Value()) },
                "--postgres-port" => options with { PostgresPort = PortNumber(name, Value()) },
                "--listen" => options with { Listen = Value() },
                "--data" => options with { DataDirectory = Value() },
                "--environment" => options with { EnvironmentName = Value() },
                "--verbose" => options with { Verbose = true },
                "--processes" => options,
                _ => throw new HostException($"'{name}' is no option of this program; --help shows them."),
            };
        }

        return options;
    }

    private static int PortNumber(string name, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port <= 65535
            ? port
            : throw new HostException($"{name} takes a number from 0 to 65535, not '{value}'.");
}
