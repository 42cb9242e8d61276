using PixelGameDev.AppHost;
using PixelGameDev.AppHost.Machine;

namespace PixelGameDev.Benchmarks.Processes;

/// <summary>What <see cref="ProcessHost"/> starts and where.</summary>
internal sealed record ProcessHostOptions
{
    /// <summary>Port of the Api; 0 picks a free one.</summary>
    public int Port { get; init; }

    /// <summary>Port of the Executor on loopback; 0 picks a free one.</summary>
    public int ExecutorPort { get; init; }

    /// <summary>Port of the embedded database on loopback; 0 picks a free one.</summary>
    public int PostgresPort { get; init; }

    /// <summary>Version of PostgreSQL for a new cluster; null takes what the AppHost takes.</summary>
    public int? PostgresMajor { get; init; }

    /// <summary>Where database and secrets are kept.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>A database of the user's own; null starts the embedded one.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>False makes the embedded database fast and unsafe: for tests.</summary>
    public bool DurableDatabase { get; init; } = true;

    /// <summary>The ASP.NET Core environment of both services.</summary>
    public string EnvironmentName { get; init; } = "Development";

    /// <summary>Extra environment of the Api; null removes a variable.</summary>
    public IReadOnlyDictionary<string, string?> ApiEnvironment { get; init; } = new Dictionary<string, string?>();

    /// <summary>Extra environment of the Executor; null removes a variable.</summary>
    public IReadOnlyDictionary<string, string?> ExecutorEnvironment { get; init; } = new Dictionary<string, string?>();

    /// <summary>Also show what the database writes.</summary>
    public bool Verbose { get; init; }

    /// <summary>How long a service may take until its health answers, first start.</summary>
    public TimeSpan StartLimit { get; init; } = TimeSpan.FromMinutes(2);
}
