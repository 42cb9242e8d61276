using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using PixelGameDev.Api.Configuration;
using PixelGameDev.Api.Database;
using PixelGameDev.Api.Projects;
using PixelGameDev.Api.Sessions;

namespace PixelGameDev.Api.Health;

/// <summary>What monitors and the page ask about this server.</summary>
internal static class HealthApi
{
    private const string Healthy = "healthy";
    private const string Unhealthy = "unhealthy";

    private static readonly string Version =
        typeof(HealthApi).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static IServiceCollection AddHealth(this IServiceCollection services)
    {
        services.AddHealthChecks().AddCheck<MigrationHealthCheck>("migrations");
        return services.AddSingleton<Dependencies>();
    }

    public static IEndpointRouteBuilder MapHealthApi(this IEndpointRouteBuilder routes)
    {
        // Short circuits leave the pipeline before authentication, which asks the database.
        routes.MapGet("/api/health", GetHealth)
            .AllowAnonymous()
            .Produces<HealthDocument>(StatusCodes.Status503ServiceUnavailable)
            .WithTags("Health")
            .WithSummary("Health of this server; 503 when the database is not usable.")
            .ShortCircuit();
        routes.MapGet("/api/info", GetInfo)
            .AllowAnonymous()
            .WithTags("Health")
            .WithSummary("Version, limits, and which kind of sandbox runs games (null: none right now).")
            .ShortCircuit();
        return routes;
    }

    private static async Task<JsonHttpResult<HealthDocument>> GetHealth(
        HttpContext context, Dependencies dependencies, TimeProvider time, IHostEnvironment environment)
    {
        Task<bool> databaseTask = dependencies.Database.GetAsync();
        Task<ExecutorHealth> executorTask = dependencies.Executor.GetAsync();
        bool database = await databaseTask;
        ExecutorHealth executor = await executorTask;

        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(
            new HealthDocument(
                // An absent Executor leaves this server healthy: the Executor waits for it to be.
                database ? Healthy : Unhealthy,
                "pixelgamedev-api",
                Version,
                time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
                environment.EnvironmentName,
                (long)time.GetElapsedTime(dependencies.StartedAt).TotalSeconds,
                new MemoryFigures(Environment.WorkingSet, GC.GetTotalMemory(forceFullCollection: false)),
                new DependencyStates(database ? Healthy : Unhealthy, executor.Healthy ? Healthy : Unhealthy),
                new DependencyChecks(database, executor.Healthy, executor.Docker)),
            statusCode: database ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<Ok<InfoDocument>> GetInfo(
        HttpContext context, Dependencies dependencies, ProjectLimits limits, ApiOptions options)
    {
        ExecutorHealth executor = await dependencies.Executor.GetAsync();
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new InfoDocument(
            Version,
            executor.Healthy ? executor.Sandbox : null,
            new InfoLimits(
                limits.MaxCodeBytes,
                ProjectLimits.MaxFileBytes,
                ProjectLimits.MaxProjectBytes,
                ProjectLimits.MaxFiles,
                ProjectLimits.MaxProjects,
                FilePaths.MaxLength,
                FilePaths.MaxDepth,
                options.MaxSessionSeconds)));
    }

    /// <summary>The probes, alive as long as the server is.</summary>
    internal sealed class Dependencies(NpgsqlDataSource database, DatabaseMigrator migrator, ExecutorClient executor, TimeProvider time)
    {
        private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

        /// <summary>Timestamp of the provider.</summary>
        public long StartedAt { get; } = time.GetTimestamp();

        public DependencyProbe<bool> Database { get; } = new(
            async cancellationToken =>
            {
                await using NpgsqlCommand command = database.CreateCommand("select 1");
                await command.ExecuteScalarAsync(cancellationToken);
                return migrator.IsFinished;
            },
            absent: false,
            Limit,
            time);

        public DependencyProbe<ExecutorHealth> Executor { get; } =
            new(executor.HealthAsync, new ExecutorHealth(false, false, null), Limit, time);
    }
}
