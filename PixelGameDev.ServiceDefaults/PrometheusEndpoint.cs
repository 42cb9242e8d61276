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
/// Serves the metrics in the format of Prometheus at <c>/metrics</c>, if an operator enables it with <see cref="Setting"/>.
/// </summary>
/// <remarks>
/// The metrics have a separate port that serves nothing else: the public port of the Api, or a proxy in front of it, never exposes them.
/// The endpoint requires no authentication, so a firewall, a container network or a network policy must restrict access to it.
/// </remarks>
public static class PrometheusEndpoint
{
    /// <summary>The setting of the port, 1 … 65535; absent: no port.</summary>
    public const string Setting = "METRICS_PORT";

    private const string Path = "/metrics";

    /// <summary>Adds the port to the server's addresses; call it after the service has set its own addresses.</summary>
    public static WebApplicationBuilder ListenForPrometheus(this WebApplicationBuilder builder)
    {
        if (Port(builder.Configuration) is { } port)
        {
            // On a developer's machine, only that machine can connect.
            string host = builder.Environment.IsDevelopment() ? "127.0.0.1" : "*";
            builder.WebHost.UseUrls($"{Addresses(builder.Configuration)};http://{host}:{port}");
        }

        return builder;
    }

    /// <summary>Answers requests to the port; call it before all other middleware of the service.</summary>
    public static WebApplication UsePrometheus(this WebApplication app)
    {
        if (Port(app.Configuration) is not null)
        {
            // Use the port of the connection, because a client can put any value into the Host header.
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

    /// <summary>Returns true for a request to the metrics port.</summary>
    internal static bool IsScrape(HttpContext context, IConfiguration configuration) => context.Connection.LocalPort == Port(configuration);

    internal static void AddPrometheus(this OpenTelemetryBuilder telemetry, IConfiguration configuration)
    {
        if (Port(configuration) is not null)
        {
            telemetry.WithMetrics(static metrics => metrics.AddPrometheusExporter());
        }
    }

    /// <summary>Returns the port; null if there is none. The services have checked the setting before.</summary>
    private static int? Port(IConfiguration configuration) =>
        int.TryParse(configuration[Setting], NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is > 0 and <= 65_535
            ? port : null;

    /// <summary>Returns the addresses on which the server would listen without this port, as the framework reads them.</summary>
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
