using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace PixelGameDev.ServiceDefaults;

/// <summary>Adds the common parts of all services: telemetry, health endpoints and service discovery.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>The tag of the health checks that only show that this process works; <c>/alive</c> runs only these.</summary>
    public const string LiveTag = "live";

    /// <summary>
    /// The common prefix of the names of our <see cref="System.Diagnostics.ActivitySource"/>s and
    /// <see cref="System.Diagnostics.Metrics.Meter"/>s, so that they are collected without a list.
    /// </summary>
    public const string TelemetryPrefix = "PixelGameDev.";

    /// <summary>
    /// The tag of the health checks that only read memory: they are executed at each request, the others in the background.
    /// </summary>
    public const string MemoryTag = "memory";

    /// <summary>The tag of the health checks of optional dependencies, which do not count for <c>/health</c>.</summary>
    public const string OptionalTag = "optional";

    private const string ReadinessPath = "/health";
    private const string LivenessPath = "/alive";
    private const string HealthDocumentPath = "/api/health";

    /// <summary>The end of the address of a game's WebSocket.</summary>
    private const string StreamPath = "/stream";

    /// <summary>Adds logging, OpenTelemetry, service discovery, HTTP client defaults and a liveness check.</summary>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.AddLogging();
        builder.AddTelemetry();

        // Otherwise each pipe passes a frame to another thread. Inline continuations run on the pool thread that completed the socket's
        // operation, which is as good as any other.
        builder.Services.Configure<SocketTransportOptions>(static sockets => sockets.UnsafePreferInlineScheduling = true);

        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<BackgroundWork>();
        builder.Services.AddLastKnownHealth();

        builder.Services.AddServiceDiscovery();
        // No resilience handler: the standard one repeats POST after short timeouts, and a session that is started twice uses two
        // sandboxes.
        builder.Services.ConfigureHttpClientDefaults(http => http.AddServiceDiscovery());
        return builder;
    }

    /// <summary>
    /// Maps <c>/health</c> (readiness: every check without <see cref="OptionalTag"/>) and <c>/alive</c> (liveness: checks with
    /// <see cref="LiveTag"/>) in every environment, without authentication, in plain text without secrets. Both answer from memory and skip
    /// the rest of the pipeline.
    /// </summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        app.MapHealthChecks(ReadinessPath, new HealthCheckOptions { Predicate = check => !check.Tags.Contains(OptionalTag) }).Open();
        app.MapHealthChecks(LivenessPath, new HealthCheckOptions { Predicate = check => check.Tags.Contains(LiveTag) }).Open();
        return app;
    }

    private static void AddLastKnownHealth(this IServiceCollection services)
    {
        services.AddHealthChecks()
            .AddCheck("self", () => HealthCheckResult.Healthy(), [LiveTag, MemoryTag])
            .AddCheck<BackgroundHealthCheck>("background", tags: [MemoryTag]);
        // The framework's service executes the checks; ours is in front of it and answers from memory.
        ServiceDescriptor direct =
            services.Last(static service => service.ServiceType == typeof(HealthCheckService) && !service.IsKeyedService);
        services.Remove(direct);
        services.AddKeyedSingleton(typeof(HealthCheckService), LastKnownHealth.Direct, direct.ImplementationType!);
        services.AddSingleton<LastKnownHealth>();
        services.AddSingleton<HealthCheckService>(static provider => provider.GetRequiredService<LastKnownHealth>());
        services.AddHostedService(static provider => provider.GetRequiredService<LastKnownHealth>());
    }

    private static void Open(this IEndpointConventionBuilder endpoint) => endpoint.AllowAnonymous().ShortCircuit();

    private static void AddLogging(this IHostApplicationBuilder builder)
    {
        LogLevel level = LogLevelSetting.TryParse(builder.Configuration[LogLevelSetting.Variable], out LogLevel parsed)
            ? parsed
            : LogLevelSetting.Default;
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Logging:LogLevel:Default"] = level.ToString(),
            // The framework logs every request at Information, which would hide our own lines.
            ["Logging:LogLevel:Microsoft"] = Quieter(level).ToString(),
            ["Logging:LogLevel:Microsoft.Hosting.Lifetime"] = level.ToString(),
            ["Logging:LogLevel:System.Net.Http.HttpClient"] = Quieter(level).ToString(),
            ["Logging:LogLevel:Yarp"] = Quieter(level).ToString(),
            // This logger repeats the state of every check; LastKnownHealth logs only changes.
            ["Logging:LogLevel:Microsoft.Extensions.Diagnostics.HealthChecks"] = nameof(LogLevel.None),
            ["Logging:LogLevel:Npgsql"] = Quieter(level).ToString(),
        });
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss.fff ";
            console.UseUtcTimestamp = true;
        });
    }

    private static LogLevel Quieter(LogLevel level) => level == LogLevel.Information ? LogLevel.Warning : level;

    private static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });

        OpenTelemetryBuilder telemetry = builder.Services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .AddMeter("Npgsql", TelemetryPrefix + "*"))
            .WithTracing(tracing => tracing
                .AddSource(builder.Environment.ApplicationName, TelemetryPrefix + "*")
                // Probes and Prometheus send requests every few seconds, which are useless in a trace. The span of a stream ends with the
                // game; until then its database spans would have no parent.
                .AddAspNetCoreInstrumentation(options =>
                    options.Filter = context => !IsUntraced(context.Request.Path)
                        && !PrometheusEndpoint.IsScrape(context, builder.Configuration))
                .AddHttpClientInstrumentation(options =>
                    options.FilterHttpRequestMessage = request => !IsUntraced(request.RequestUri?.AbsolutePath)));

        if (!string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
        {
            telemetry.UseOtlpExporter();
        }

        telemetry.AddPrometheus(builder.Configuration);
    }

    private static bool IsUntraced(PathString path) => IsUntraced(path.Value);

    private static bool IsUntraced(string? path) => path is ReadinessPath or LivenessPath or HealthDocumentPath
        || path?.EndsWith(StreamPath, StringComparison.Ordinal) == true;
}
