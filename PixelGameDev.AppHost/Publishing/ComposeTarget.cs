using System.Globalization;
using Aspire.Hosting.Docker;
using Aspire.Hosting.Docker.Resources;
using Aspire.Hosting.Docker.Resources.ComposeNodes;
using Aspire.Hosting.Docker.Resources.ServiceNodes;
using PixelGameDev.AppHost.Topology;

namespace PixelGameDev.AppHost.Publishing;

/// <summary>
/// Publishes for Docker Compose on one server: the topology with its hardening. Settings that depend on the server (limits, restarts, logs)
/// are in <c>docker-compose.production.yml</c> next to it.
/// </summary>
internal sealed class ComposeTarget : DeploymentTarget
{
    /// <summary>The internal network, without connections to or from outside.</summary>
    private const string Inside = "pixel-network";

    /// <summary>The second network of the Api, which is necessary to publish its port.</summary>
    private const string Outside = "pixel-edge";

    private const string PostgresVolume = "postgres-data";
    private const string SessionsVolume = "game-sessions";

    /// <summary>The name of the volume in Docker, which is part of its path there.</summary>
    private const string SessionsVolumeName = "${SESSIONS_VOLUME:-pixel-sessions}";

    /// <summary>
    /// The directory of the volume's files in Docker. The Executor mounts its volume under the same path, so that the path of a sandbox's
    /// link directory is the same for the Executor and for the daemon that mounts it into the sandbox.
    /// </summary>
    private const string Sessions = "${DOCKER_DATA_ROOT:-/var/lib/docker}/volumes/" + SessionsVolumeName + "/_data";

    /// <summary>The variables that an operator must set.</summary>
    private static readonly string[] Required = ["POSTGRES_PASSWORD", "JWT_SECRET", "EXECUTOR_SECRET_KEY"];

    private readonly Settings _settings;

    public ComposeTarget(IDistributedApplicationBuilder builder, Settings settings)
    {
        _settings = settings;
        builder.AddDockerComposeEnvironment("compose")
            .WithDashboard(enabled: false)
            .WithProperties(compose => compose.DefaultNetworkName = Inside)
            .ConfigureComposeFile(Finish);
        FinishWith(builder, "publish-compose", async directory =>
        {
            string file = Path.Combine(directory, "docker-compose.yml");
            File.Move(Path.Combine(directory, "docker-compose.yaml"), file, overwrite: true);
            // Aspire writes no volume names.
            await EditAsync(file, text => text.Replace(
                $"\n  {SessionsVolume}:\n", $"\n  {SessionsVolume}:\n    name: \"{SessionsVolumeName}\"\n", StringComparison.Ordinal));
            // Every variable has a default or reports that it is missing; an empty .env would hide that.
            File.Delete(Path.Combine(directory, ".env"));
        });
    }

    public override void AddPostgres(IResourceBuilder<PostgresServerResource> postgres) =>
        postgres.PublishAsDockerComposeService((_, service) =>
        {
            Harden(service, PostgresUser, "/tmp:mode=1777,size=64m", $"/var/run/postgresql:uid={PostgresUser},gid={PostgresUser},size=1m");
            service.Image = "${POSTGRES_IMAGE:-postgres:" + Database.ImageTag + "}";
            service.Environment["PGDATA"] = $"{PostgresData}/cluster";
            service.Volumes.Add(new Volume { Name = PostgresVolume, Type = "volume", Source = PostgresVolume, Target = PostgresData });
            service.Healthcheck = Every30Seconds("CMD", "pg_isready", "--quiet", "--host=127.0.0.1");
            service.StopSignal = "SIGINT"; // fast shutdown, which does not wait for clients
            service.StopGracePeriod = "60s";
        });

    public override void AddApi(IResourceBuilder<ProjectResource> api)
    {
        base.AddApi(api);
        api.PublishAsDockerComposeService((_, service) =>
        {
            Harden(service, ServiceUser, "/tmp:mode=1777,size=64m");
            OwnImage(service, "api");
            // Loopback only: without TLS in front, passwords are sent in clear text.
            service.Ports = [$"${{API_BIND:-127.0.0.1}}:${{API_PORT:-{HostOptions.DefaultPort}}}:{HostOptions.DefaultPort}"];
            service.Networks.Add(Outside);
            service.Healthcheck = Every30Seconds("CMD", "/app/PixelGameDev.Api", "--health");
            After(service, "postgres");
        });
    }

    public override void AddExecutor(IResourceBuilder<ProjectResource> executor, int port)
    {
        base.AddExecutor(executor, port);
        executor.PublishAsDockerComposeService((_, service) =>
        {
            Harden(service, ServiceUser, "/tmp:mode=1777,size=64m");
            OwnImage(service, "executor");
            // The group of the daemon's socket has a different number on each server.
            service.GroupAdd.Add("${DOCKER_GID:?set it to the group of the Docker socket: stat -c %g /var/run/docker.sock}");
            service.Volumes.Add(new Volume
            {
                Name = "docker",
                Type = "bind",
                Source = "${DOCKER_SOCKET:-/var/run/docker.sock}",
                Target = "/var/run/docker.sock"
            });
            service.Volumes.Add(new Volume { Name = SessionsVolume, Type = "volume", Source = SessionsVolume, Target = Sessions });
            service.Environment["SANDBOX_LINK_DIRECTORY"] = Sessions;
            // An Executor removes leftovers with its own name, so two installations on one server must have different names.
            service.Environment["EXECUTOR_ID"] = $"{executor.Resource.Name}-{SessionsVolumeName}";
            service.Healthcheck = Every30Seconds("CMD", "/app/PixelGameDev.Executor", "--health");
            service.StopGracePeriod = "30s"; // informs viewers and removes sandboxes
            After(service, "api");
        });
    }

    private static void Harden(Service service, int user, params string[] writable)
    {
        service.User = string.Create(CultureInfo.InvariantCulture, $"{user}:{user}");
        service.ReadOnly = true;
        service.CapDrop = ["ALL"];
        service.SecurityOpt = ["no-new-privileges:true"];
        service.Tmpfs = [.. writable];
        service.Expose = [];
    }

    /// <summary>Sets the image: built on the server from the source tree, or pulled if the variable names an image of a registry.</summary>
    private static void OwnImage(Service service, string name)
    {
        service.Image = $"${{{name.ToUpperInvariant()}_IMAGE:-pixelgamedev/{name}:1.0.0}}";
        service.Build = new Build { Context = "../..", Dockerfile = $"docker/Dockerfile.{name}" };
    }

    /// <summary>Creates a health check. Its period is a variable only for tests, which must not wait half a minute three times.</summary>
    private static Healthcheck Every30Seconds(params string[] test) => new()
    {
        Test = [.. test],
        Interval = "${HEALTH_INTERVAL:-30s}",
        Timeout = "5s",
        Retries = 3,
        StartPeriod = "30s",
    };

    private static void After(Service service, string other) =>
        service.DependsOn[other] = new ServiceDependency { Condition = "service_healthy" };

    /// <summary>Adds networks and volumes, and gives every placeholder its default or the sentence that asks for a value.</summary>
    private void Finish(ComposeFile file)
    {
        file.Name = null; // older versions of docker-compose refuse a name; .env contains it
        file.Networks[Inside] = new Network
        {
            Name = Inside,
            Driver = "bridge",
            Internal = true,
        };
        file.AddNetwork(new Network { Name = Outside, Driver = "bridge" });
        file.Volumes.Clear();
        file.AddVolume(new Volume { Name = PostgresVolume, Driver = "local" });
        file.AddVolume(new Volume
        {
            Name = SessionsVolume,
            Driver = "local",
            // The volume holds only sockets: it is in memory and belongs to the Executor.
            DriverOpts = new()
            {
                ["type"] = "tmpfs",
                ["device"] = "tmpfs",
                ["o"] = $"size=16m,mode=0711,uid={ServiceUser},gid={ServiceUser}"
            },
        });
        foreach (Service service in file.Services.Values)
        {
            service.Environment = service.Environment.ToDictionary(variable => variable.Key, variable => WithDefault(variable.Value));
        }
    }

    private string WithDefault(string value)
    {
        if (!value.StartsWith("${", StringComparison.Ordinal) || value.Contains(':', StringComparison.Ordinal))
        {
            return value;
        }

        string variable = value[2..^1];
        return Required.Contains(variable)
            ? $"${{{variable}:?set it in the file .env, for example to the output of: openssl rand -base64 48}}"
            : $"${{{variable}:-{_settings.PublishedDefaults[variable]}}}";
    }
}
