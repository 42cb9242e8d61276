using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace PixelGameDev.ServiceDefaults;

/// <summary>
/// Names background work that has died. Degraded, not unhealthy: what still works goes on, and an operator is told.
/// </summary>
internal sealed class BackgroundHealthCheck(BackgroundWork work) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<string> problems = work.Problems();
        return Task.FromResult(problems.Count == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded(string.Join(" ", problems)));
    }
}
