using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using PixelGameDev.Api.Accounts;
using PixelGameDev.Api.Database;
using PixelGameDev.Api.Gallery;
using PixelGameDev.Api.Projects;
using PixelGameDev.Api.Recordings;
using PixelGameDev.Api.Sessions.Execution;
using PixelGameDev.ServiceDefaults;

namespace PixelGameDev.Api.Health;

/// <summary>Answers the questions of monitors and of the page about this server, always from memory.</summary>
internal static class HealthApi
{
    private const string Healthy = "healthy";
    private const string Unhealthy = "unhealthy";

    private static readonly string Version =
        typeof(HealthApi).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static IServiceCollection AddHealth(this IServiceCollection services, ExecutorOptions options)
    {
        IHealthChecksBuilder checks = services.AddHealthChecks()
            .AddCheck<MigrationHealthCheck>("migrations", tags: [ServiceDefaultsExtensions.MemoryTag]);
        foreach (Uri executor in options.Addresses.Distinct())
        {
            // This server stays healthy without an Executor, because the Executor waits until this server is healthy.
            checks.Add(new HealthCheckRegistration(
                ExecutorLinkCheck.Prefix + executor.Authority,
                provider => new ExecutorLinkCheck(provider.GetRequiredService<ExecutorClient>(), executor),
                failureStatus: null,
                tags: [ServiceDefaultsExtensions.OptionalTag],
                ExecutorLinkCheck.Limit));
        }

        return services.AddSingleton(new Uptime(TimeProvider.System));
    }

    public static IEndpointRouteBuilder MapHealthApi(this IEndpointRouteBuilder routes)
    {
        // A short circuit skips authentication, which queries the database.
        routes.MapGet("/api/health", GetHealth)
            .AllowAnonymous()
            .Produces<HealthDocument>(StatusCodes.Status503ServiceUnavailable)
            .WithTags("Health")
            .WithSummary("Health of this server; 503 when the database is not usable.")
            .ShortCircuit();
        routes.MapGet("/api/info", GetInfo)
            .AllowAnonymous()
            .WithTags("Health")
            .WithSummary("Version, limits, who may make an account, and which kind of sandbox runs games (null: no Executor has told yet).")
            .ShortCircuit();
        return routes;
    }

    private static async Task<JsonHttpResult<HealthDocument>> GetHealth(
        HttpContext context, HealthCheckService checks, DatabaseMigrator migrator, BackgroundWork work, Uptime uptime, TimeProvider time,
        IHostEnvironment environment)
    {
        HealthReport report = await checks.CheckHealthAsync(context.RequestAborted);
        bool database = migrator.IsFinished && report.Entries[PostgresExtensions.DatabaseCheck].Status == HealthStatus.Healthy;
        HealthReportEntry[] executors =
            [.. report.Entries.Where(static check => IsExecutor(check.Key)).Select(static check => check.Value)];
        bool executor = executors.All(static one => one.Status == HealthStatus.Healthy);
        IReadOnlyList<string> problems = work.Problems();

        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(
            new HealthDocument(
                database ? Healthy : Unhealthy,
                "pixelgamedev-api",
                Version,
                time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
                environment.EnvironmentName,
                (long)uptime.Elapsed.TotalSeconds,
                new MemoryFigures(Environment.WorkingSet, GC.GetTotalMemory(forceFullCollection: false)),
                new DependencyStates(database ? Healthy : Unhealthy, executor ? Healthy : Unhealthy),
                new DependencyChecks(database, executor, executors.All(ExecutorLinkCheck.ReachesDocker)),
                problems.Count == 0 ? null : problems),
            statusCode: database ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<Ok<InfoDocument>> GetInfo(
        HttpContext context, HealthCheckService checks, ExecutorClient executors, ProjectLimits limits, ExecutorOptions options,
        AccountOptions accounts, RecordingOptions recordings, GalleryOptions gallery)
    {
        // Just after the start of this server, this waits briefly for the first answer of an Executor.
        await checks.CheckHealthAsync(static check => IsExecutor(check.Name), context.RequestAborted);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new InfoDocument(
            Version,
            executors.Sandbox,
            accounts.SignUp,
            gallery.Mode,
            new InfoLimits(
                limits.MaxCodeBytes,
                ProjectLimits.MaxFileBytes,
                ProjectLimits.MaxProjectBytes,
                ProjectLimits.MaxFiles,
                ProjectLimits.MaxProjects,
                FilePaths.MaxLength,
                FilePaths.MaxDepth,
                options.MaxSessionSeconds,
                recordings.Seconds)));
    }

    private static bool IsExecutor(string check) => check.StartsWith(ExecutorLinkCheck.Prefix, StringComparison.Ordinal);

    /// <summary>Measures how long this server has been running.</summary>
    internal sealed class Uptime(TimeProvider time)
    {
        private readonly long _since = time.GetTimestamp();

        public TimeSpan Elapsed => time.GetElapsedTime(_since);
    }
}
