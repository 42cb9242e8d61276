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
    /// <summary>Adds one of our services at its own port, without a proxy in front of it.</summary>
    /// <typeparam name="TProject">The project.</typeparam>
    /// <param name="builder">The builder to which the service is added.</param>
    /// <param name="name">The name of the resource.</param>
    /// <param name="port">The port on which it listens.</param>
    /// <param name="installation">This machine; null when publishing.</param>
    public static IResourceBuilder<ProjectResource> AddService<TProject>(
        this IDistributedApplicationBuilder builder, string name, int port, Installation? installation)
        where TProject : IProjectMetadata, new()
    {
        IResourceBuilder<ProjectResource> service =
            builder.AddProject<TProject>(name, static options => options.ExcludeLaunchProfile = true)
            .DisableForwardedHeaders()
            // The services use plain HTTP; a proxy has the certificate. Without this line the dashboard asks for a development certificate.
            .WithoutHttpsCertificate()
            .WithHttpEndpoint(port, port, isProxied: false);
        if (installation is null)
        {
            return service.WithHttpHealthCheck("/health");
        }

        // Start the built program directly, because "dotnet run" does not pass signals on.
        string project = new TProject().ProjectPath;
        service
            .WithAnnotation(new ExecutableAnnotation { Command = Tool.Dotnet, WorkingDirectory = Path.GetDirectoryName(project)! })
            .WithArgs(installation.Repository.Assembly(Path.GetFileNameWithoutExtension(project)))
            .WithEnvironment("ASPNETCORE_ENVIRONMENT", installation.Options.EnvironmentName)
            .WithEnvironment("DOTNET_ENVIRONMENT", installation.Options.EnvironmentName)
            // Aspire requests every span. The services omit those of timers (Untraced), which requires the default sampler.
            .WithEnvironment("OTEL_TRACES_SAMPLER", "parentbased_always_on");
        string check = $"{name}_check";
        Uri address = new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        builder.Services.AddHealthChecks()
            .AddAsyncCheck(check, stop => ServiceHealth.CheckAsync(address, stop), timeout: TimeSpan.FromSeconds(10));
        service.AddCommands(installation);
        return service.WithHealthCheck(check);
    }
}
