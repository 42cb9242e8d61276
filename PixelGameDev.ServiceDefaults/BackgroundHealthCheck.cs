using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace PixelGameDev.ServiceDefaults;

/// <summary>
/// Reports failed background work. It is degraded, not unhealthy: the other parts still work, and an operator is informed.
/// </summary>
internal sealed class BackgroundHealthCheck(BackgroundWork work) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<string> problems = work.Problems();
        return Task.FromResult(problems.Count == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded(string.Join(" ", problems)));
    }
}
