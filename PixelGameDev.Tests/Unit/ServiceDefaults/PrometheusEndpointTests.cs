using Microsoft.AspNetCore.Builder;
using PixelGameDev.ServiceDefaults;

namespace PixelGameDev.Tests.Unit.ServiceDefaults;

public sealed class PrometheusEndpointTests
{
    [Theory]
    [InlineData("http://*:5000;http://*:9464", "Production", "--HTTP_PORTS=5000", "--METRICS_PORT=9464")]
    [InlineData("http://*:5000;http://*:5002;https://*:5003;http://*:9464", "Production", "--HTTP_PORTS=5000; 5002", "--HTTPS_PORTS=5003",
        "--METRICS_PORT=9464")]
    [InlineData("http://127.0.0.1:5005;http://*:9464", "Production", "--urls=http://127.0.0.1:5005", "--HTTP_PORTS=5000",
        "--METRICS_PORT=9464")]
    // Without addresses the framework's default stays.
    [InlineData("http://localhost:5000;http://*:9464", "Production", "--METRICS_PORT=9464")]
    [InlineData("http://*:5000;http://127.0.0.1:9464", "Development", "--HTTP_PORTS=5000", "--METRICS_PORT=9464")]
    // Without the setting the addresses do not change.
    [InlineData(null, "Production", "--HTTP_PORTS=5000")]
    [InlineData(null, "Production", "--HTTP_PORTS=5000", "--METRICS_PORT=")]
    public void The_port_comes_on_top_of_what_the_service_has(string? urls, string environment, params string[] arguments)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new() { Args = arguments, EnvironmentName = environment });
        builder.Configuration.Sources.Clear();
        Microsoft.Extensions.Configuration.CommandLineConfigurationExtensions.AddCommandLine(builder.Configuration, arguments);
        builder.ListenForPrometheus();
        Assert.Equal(urls, builder.Configuration["urls"]);
    }
}
