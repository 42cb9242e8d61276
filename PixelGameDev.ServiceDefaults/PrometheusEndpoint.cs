using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace PixelGameDev.ServiceDefaults;

/// <summary>
/// Serves the metrics in Prometheus' format at <c>/metrics</c>, where an operator asks for it with <see cref="Setting"/>.
/// </summary>
/// <remarks>
/// They have a port of their own, and that port has nothing else of the service: what is published to people (the Api's port, a proxy in
/// front of it) never leads there. It asks nobody for a name, so a firewall, a container network or a network policy says who reaches it.
/// </remarks>
public static class PrometheusEndpoint
{
    /// <summary>The port, 1 … 65535; absent: none.</summary>
    public const string Setting = "METRICS_PORT";

    private const string Path = "/metrics";

    /// <summary>Adds the port to the server's addresses; call it when the service has chosen its own.</summary>
    public static WebApplicationBuilder ListenForPrometheus(this WebApplicationBuilder builder)
    {
        if (Port(builder.Configuration) is { } port)
        {
            // On a developer's machine for that machine alone.
            string host = builder.Environment.IsDevelopment() ? "127.0.0.1" : "*";
            builder.WebHost.UseUrls($"{Addresses(builder.Configuration)};http://{host}:{port}");
        }

        return builder;
    }

    /// <summary>Answers what comes in by the port; before everything else of the service.</summary>
    public static WebApplication UsePrometheus(this WebApplication app)
    {
        if (Port(app.Configuration) is not null)
        {
            // By the port of the connection: a Host header says what its sender likes.
            app.MapWhen(context => IsScrape(context, app.Configuration), static metrics =>
            {
                metrics.UseOpenTelemetryPrometheusScrapingEndpoint(Path);
                metrics.Run(static context =>
                {
                    context.Response.StatusCode = StatusCodes.Status404NotFound;
                    return context.Response.WriteAsync($"There is only {Path} here.\n");
                });
            });
        }

        return app;
    }

    /// <summary>True for what came in by the port.</summary>
    internal static bool IsScrape(HttpContext context, IConfiguration configuration) => context.Connection.LocalPort == Port(configuration);

    internal static void AddPrometheus(this OpenTelemetryBuilder telemetry, IConfiguration configuration)
    {
        if (Port(configuration) is not null)
        {
            telemetry.WithMetrics(static metrics => metrics.AddPrometheusExporter());
        }
    }

    /// <summary>The services check the setting with all others before this reads it.</summary>
    private static int? Port(IConfiguration configuration) =>
        int.TryParse(configuration[Setting], NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is > 0 and <= 65_535
            ? port : null;

    /// <summary>Where the server would listen without us, as the framework reads it.</summary>
    private static string Addresses(ConfigurationManager configuration)
    {
        if (configuration[WebHostDefaults.ServerUrlsKey] is { Length: > 0 } urls)
        {
            return urls;
        }

        string[] addresses = [.. Ports(WebHostDefaults.HttpPortsKey, "http"), .. Ports(WebHostDefaults.HttpsPortsKey, "https")];
        return addresses.Length > 0 ? string.Join(';', addresses) : "http://localhost:5000";

        IEnumerable<string> Ports(string key, string scheme) =>
            (configuration[key] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(port => $"{scheme}://*:{port}");
    }
}
