using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using PixelGameDev.ServiceDefaults;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Api;

/// <summary>Tests the health check of the database.</summary>
public sealed class PostgresHealthCheckTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task It_can_be_disposed_at_every_moment_of_a_check()
    {
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(postgres.ConnectionString);
        Random random = new(1);
        for (int i = 0; i < 300; i++)
        {
            PostgresHealthCheck check = new(database);
            HealthCheckContext context = new() { Registration = new("database", check, HealthStatus.Unhealthy, tags: null) };
            Assert.Equal(HealthStatus.Healthy, (await check.CheckHealthAsync(context)).Status);
            // The connection is kept now. The next check is anywhere between its start and its end.
            Task<HealthCheckResult> running = Task.Run(() => check.CheckHealthAsync(context));
            Thread.SpinWait(random.Next(30_000));
            await check.DisposeAsync().AsTask().WaitAsync(Eventually.Limit);
            await Task.WhenAny(running).WaitAsync(Eventually.Limit);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => check.CheckHealthAsync(context));
        }
    }
}
