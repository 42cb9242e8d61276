using Microsoft.Extensions.Diagnostics.HealthChecks;
using PixelGameDev.Api.Database;

namespace PixelGameDev.Api.Health;

/// <summary>Reports this server as not ready until the database schema is up to date.</summary>
internal sealed class MigrationHealthCheck(DatabaseMigrator migrator) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(migrator.IsFinished ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The database is being prepared."));
}
