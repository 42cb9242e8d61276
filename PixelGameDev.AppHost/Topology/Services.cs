using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using PixelGameDev.AppHost.Commands;
using PixelGameDev.AppHost.Machine;
using PixelGameDev.AppHost.Running;

namespace PixelGameDev.AppHost.Topology;

/// <summary>Adds the services.</summary>
internal static class Services
{
    /// <summary>Adds one of our services at a port of its own, without a proxy before it.</summary>
    /// <typeparam name="TProject">The project.</typeparam>
    /// <param name="builder">Gets the service.</param>
    /// <param name="name">Of the resource.</param>
    /// <param name="port">Where it listens.</param>
    /// <param name="here">This machine; null when publishing.</param>
    public static IResourceBuilder<ProjectResource> AddService<TProject>(
        this IDistributedApplicationBuilder builder, string name, int port, Installation? here)
        where TProject : IProjectMetadata, new()
    {
        IResourceBuilder<ProjectResource> service =
            builder.AddProject<TProject>(name, static options => options.ExcludeLaunchProfile = true)
            .DisableForwardedHeaders()
            // The services speak plain HTTP; a proxy has the certificate. Without this line the dashboard asks for a development
            // certificate.
            .WithoutHttpsCertificate()
            .WithHttpEndpoint(port, port, isProxied: false);
        if (here is null)
        {
            return service.WithHttpHealthCheck("/health");
        }

        // Starts the built program itself: "dotnet run" in between would keep signals from it.
        string project = new TProject().ProjectPath;
        service
            .WithAnnotation(new ExecutableAnnotation { Command = Tool.Dotnet, WorkingDirectory = Path.GetDirectoryName(project)! })
            .WithArgs(here.Repository.Assembly(Path.GetFileNameWithoutExtension(project)))
            .WithEnvironment("ASPNETCORE_ENVIRONMENT", here.Options.EnvironmentName)
            .WithEnvironment("DOTNET_ENVIRONMENT", here.Options.EnvironmentName)
            // Aspire asks for every span. The services leave out those of timers (Untraced), which needs the default sampler.
            .WithEnvironment("OTEL_TRACES_SAMPLER", "parentbased_always_on");
        string check = $"{name}_check";
        Uri address = new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        builder.Services.AddHealthChecks()
            .AddAsyncCheck(check, stop => ServiceHealth.CheckAsync(address, stop), timeout: TimeSpan.FromSeconds(10));
        service.AddCommands(here);
        return service.WithHealthCheck(check);
    }
}
