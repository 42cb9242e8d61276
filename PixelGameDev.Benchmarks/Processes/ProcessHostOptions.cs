using PixelGameDev.AppHost;
using PixelGameDev.AppHost.Machine;

namespace PixelGameDev.Benchmarks.Processes;

/// <summary>The settings of <see cref="ProcessHost"/>.</summary>
internal sealed record ProcessHostOptions
{
    /// <summary>The port of the Api; 0 picks a free one.</summary>
    public int Port { get; init; }

    /// <summary>The port of the Executor on loopback; 0 picks a free one.</summary>
    public int ExecutorPort { get; init; }

    /// <summary>The port of the embedded database on loopback; 0 picks a free one.</summary>
    public int PostgresPort { get; init; }

    /// <summary>The version of PostgreSQL for a new cluster; null: the version that the AppHost uses.</summary>
    public int? PostgresMajor { get; init; }

    /// <summary>The directory of the database and the secrets.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The connection string of another database; null starts the embedded one.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>False makes the embedded database fast and unsafe, for tests.</summary>
    public bool DurableDatabase { get; init; } = true;

    /// <summary>The ASP.NET Core environment of both services.</summary>
    public string EnvironmentName { get; init; } = "Development";

    /// <summary>Additional environment variables of the Api; null removes a variable.</summary>
    public IReadOnlyDictionary<string, string?> ApiEnvironment { get; init; } = new Dictionary<string, string?>();

    /// <summary>Additional environment variables of the Executor; null removes a variable.</summary>
    public IReadOnlyDictionary<string, string?> ExecutorEnvironment { get; init; } = new Dictionary<string, string?>();

    /// <summary>Whether to show what the database writes, too.</summary>
    public bool Verbose { get; init; }

    /// <summary>The longest time until a service is healthy at its first start.</summary>
    public TimeSpan StartLimit { get; init; } = TimeSpan.FromMinutes(2);
}
