using Microsoft.Extensions.Diagnostics.HealthChecks;
using PixelGameDev.Api.Sessions.Execution;

namespace PixelGameDev.Api.Health;

/// <summary>Checks one Executor: healthy when it answers and reports itself healthy.</summary>
internal sealed class ExecutorLinkCheck(ExecutorClient client, Uri executor) : IHealthCheck
{
    /// <summary>The prefix of the names of these checks.</summary>
    public const string Prefix = "executor ";

    private const string Docker = "docker";

    /// <summary>The time limit of one check. It exceeds the time limit of the request to the Executor.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(8);

    /// <summary>Tells whether the Executor reported that it reaches Docker.</summary>
    public static bool ReachesDocker(HealthReportEntry entry) => entry.Data.TryGetValue(Docker, out object? docker) && docker is true;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ExecutorHealth health = await client.HealthAsync(executor, cancellationToken);
        Dictionary<string, object> data = new() { [Docker] = health.Docker };
        return health.Healthy
            ? HealthCheckResult.Healthy(data: data)
            : HealthCheckResult.Unhealthy(health.Reason, data: data);
    }
}
