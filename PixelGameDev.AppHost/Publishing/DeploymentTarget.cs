using Aspire.Hosting.Pipelines;
using Microsoft.Extensions.DependencyInjection;
using PixelGameDev.AppHost.Topology;

namespace PixelGameDev.AppHost.Publishing;

/// <summary>
/// Represents a target of publishing: adds the target's details to each part. In run mode it adds nothing. Aspire sets no hardening, so
/// each target defines all of it.
/// </summary>
internal abstract class DeploymentTarget
{
    /// <summary>The unprivileged user and group of our images.</summary>
    protected const int ServiceUser = 1000;

    /// <summary>The user and group of Docker's official PostgreSQL image.</summary>
    protected const int PostgresUser = 999;

    /// <summary>The directory of the cluster in the official image. It is below the volume, so the server's own user creates it.</summary>
    protected const string PostgresData = "/var/lib/postgresql/data";

    /// <summary>The message of an AppHost that was built without the publishers. MSBuild reads the variable as its property.</summary>
    public const string WithoutPublishers =
        "This AppHost was built without Aspire's publishers for Compose and Kubernetes: use ./pixel publish, "
        + "or set the environment variable WithPublishers=true before aspire publish or dotnet run.";

    /// <summary>Chooses the target for publishing; in run mode one that adds nothing.</summary>
    public static DeploymentTarget Choose(IDistributedApplicationBuilder builder, Settings settings) =>
        settings.Installation is not null || builder.Configuration["Publishing:Publisher"] == "manifest" ? new Plain()
        : settings.Target switch
        {
#if PUBLISHERS
            "compose" => new ComposeTarget(builder, settings),
            "kubernetes" => new KubernetesTarget(builder),
#else
            "compose" or "kubernetes" => throw new HostException(WithoutPublishers),
#endif
            string other => throw new HostException($"--target takes compose or kubernetes, not '{other}'."),
        };

    public virtual void AddPostgres(IResourceBuilder<PostgresServerResource> postgres) =>
        postgres.WithDataVolume("pixelgamedev-postgres");

    public virtual void AddApi(IResourceBuilder<ProjectResource> api) => PublishImage(api, "docker/Dockerfile.api");

    public virtual void AddExecutor(IResourceBuilder<ProjectResource> executor, int port) =>
        PublishImage(executor, "docker/Dockerfile.executor");

    /// <summary>Publishes a service as the image of our own Dockerfile.</summary>
    private static void PublishImage(IResourceBuilder<ProjectResource> service, string dockerfile) =>
        service.PublishAsDockerFile(container => container.WithDockerfile("..", dockerfile));

    /// <summary>Edits the published files in the last step of publishing.</summary>
    protected static void FinishWith(IDistributedApplicationBuilder builder, string publishStep, Func<string, Task> finish)
    {
#pragma warning disable ASPIREPIPELINES001, ASPIREPIPELINES004 // A preview of Aspire 13; tests check the output.
        if (builder.ExecutionContext.IsPublishMode)
        {
            builder.Pipeline.AddStep(
                $"finish-{publishStep}",
                context => finish(context.Services.GetRequiredService<IPipelineOutputService>().GetOutputDirectory()),
                dependsOn: publishStep,
                requiredBy: WellKnownPipelineSteps.Publish);
        }
#pragma warning restore ASPIREPIPELINES001, ASPIREPIPELINES004
    }

    protected static async Task EditAsync(string path, Func<string, string> edit) =>
        await File.WriteAllTextAsync(path, edit(await File.ReadAllTextAsync(path)));

    private sealed class Plain : DeploymentTarget;
}
