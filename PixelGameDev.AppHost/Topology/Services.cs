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
            // Plain HTTP behind a proxy that has the certificate; else the dashboard misses one for development.
            .WithoutHttpsCertificate()
            .WithHttpEndpoint(port, port, isProxied: false);
        if (here is null)
        {
            return service.WithHttpHealthCheck("/health");
        }

        // What has been built, without "dotnet run" between it and its signals.
        string project = new TProject().ProjectPath;
        service
            .WithAnnotation(new ExecutableAnnotation { Command = Tool.Dotnet, WorkingDirectory = Path.GetDirectoryName(project)! })
            .WithArgs(here.Repository.Assembly(Path.GetFileNameWithoutExtension(project)))
            .WithEnvironment("ASPNETCORE_ENVIRONMENT", here.Options.EnvironmentName)
            .WithEnvironment("DOTNET_ENVIRONMENT", here.Options.EnvironmentName)
            // Aspire asks for every span; ours leave those of timers out (Untraced), which takes the default sampler.
            .WithEnvironment("OTEL_TRACES_SAMPLER", "parentbased_always_on");
        string check = $"{name}_check";
        Uri address = new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        builder.Services.AddHealthChecks()
            .AddAsyncCheck(check, stop => ServiceHealth.CheckAsync(address, stop), timeout: TimeSpan.FromSeconds(10));
        service.AddCommands(here);
        return service.WithHealthCheck(check);
    }
}
