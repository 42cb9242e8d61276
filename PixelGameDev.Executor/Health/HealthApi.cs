using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace PixelGameDev.Executor.Health;

/// <summary>Answers <c>/api/health</c> for monitors, without a token and from memory.</summary>
internal static class HealthApi
{
    public static void MapHealth(this IEndpointRouteBuilder routes) => routes.MapGet("/api/health", Get).AllowAnonymous();

    private static JsonHttpResult<HealthDocument> Get(ExecutorHealth health)
    {
        HealthDocument document = health.Describe();
        return TypedResults.Json(
            document, statusCode: document.Status == "healthy" ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}

/// <summary>Reads processors, memory and disk in the background, so that a hanging file system does not delay an answer.</summary>
internal sealed class SystemHealthCheck(ExecutorHealth health) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        health.ReadSystem();
        return Task.FromResult(HealthCheckResult.Healthy());
    }
}

/// <summary>Reports the same result for <c>/health</c>.</summary>
internal sealed class ExecutorHealthCheck(ExecutorHealth health) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        HealthDocument document = health.Describe();
        return Task.FromResult(document.Status == "healthy"
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy(string.Join(" ", document.Reasons ?? [])));
    }
}
