using Aspire.Hosting.Kubernetes;
using Aspire.Hosting.Kubernetes.Resources;
using PixelGameDev.AppHost.Topology;

namespace PixelGameDev.AppHost.Publishing;

/// <summary>
/// Publishes for Kubernetes as a Helm chart: the same topology with probes, security contexts, limits, claims and network policies. The
/// Executor has its own Docker daemon in the same pod for its sandboxes (docs/adr/0002-docker-daemon-in-kubernetes.md).
/// </summary>
internal sealed class KubernetesTarget : DeploymentTarget
{
    private const string DaemonSocketDirectory = "/run/user/1000";
    private const string DaemonVolume = "/var/lib/docker";
    private const string LinkVolume = "/run/pixelgamedev";

    /// <summary>The pod policy. With the other one an upgrade keeps a pod that never becomes ready, e.g. with a wrong image.</summary>
    private const string UnreadyIsReplaced = "Parallel";

    private const string DatabaseClaim = "postgres-data";

    private readonly IResourceBuilder<KubernetesEnvironmentResource> _environment;
    private readonly List<(string Name, int Port)> _executors = [];

    public KubernetesTarget(IDistributedApplicationBuilder builder)
    {
        _environment = builder.AddKubernetesEnvironment("kubernetes").WithDashboard(enabled: false).WithHelm(chart => chart
            .WithChartName("pixelgamedev")
            .WithChartVersion("1.0.0")
            .WithChartDescription("PixelGameDev: write pygame games in the browser and play them at once"));
        FinishWith(builder, "publish-kubernetes", async directory =>
        {
            // Init containers that keep running require Kubernetes 1.29.
            await EditAsync(Path.Combine(directory, "Chart.yaml"), text =>
                text.Replace(">= 1.18.0-0", ">= 1.29.0-0", StringComparison.Ordinal));
            await EditAsync(
                Path.Combine(directory, "values.yaml"),
                text => ChartText.EditValues(text, _executors.Select(static executor => executor.Name)));
            string templates = Path.Combine(directory, "templates");
            await EditAsync(
                Path.Combine(templates, DatabaseClaim, $"{DatabaseClaim}.yaml"), text => ChartText.EditClaim(text, DatabaseClaim));
            await EditAsync(
                Path.Combine(templates, "postgres", "statefulset.yaml"), text => ChartText.EditWorkload(text, "postgres", "postgres"));
            await EditAsync(Path.Combine(templates, "api", "deployment.yaml"), text => ChartText.EditWorkload(text, "api", "api"));
            await ChartText.WriteApiPoliciesAsync(Path.Combine(templates, "api"));
            foreach ((string name, _) in _executors)
            {
                // All Executors have the same size and placement.
                await EditAsync(
                    Path.Combine(templates, name, "statefulset.yaml"),
                    text => ChartText.EditWorkload(text, "executor", "executor", "docker"));
                await File.WriteAllTextAsync(Path.Combine(templates, name, "metrics.yaml"), ChartText.MetricsPolicy(name));
                await File.WriteAllTextAsync(Path.Combine(templates, name, "disruption-budget.yaml"), ChartText.DisruptionBudget(name));
            }
        });
    }

    public override void AddPostgres(IResourceBuilder<PostgresServerResource> postgres)
    {
#pragma warning disable ASPIRECOMPUTE002 // Persistent volumes are a preview of Aspire 13; tests check the chart.
        IResourceBuilder<KubernetesPersistentVolumeResource> claim = _environment.AddPersistentVolume(DatabaseClaim)
            .WithCapacity("10Gi")
            .WithAccessMode(PersistentVolumeAccessMode.ReadWriteOnce);
        postgres.WithPersistentVolume(claim, PostgresData);
#pragma warning restore ASPIRECOMPUTE002
        postgres.PublishAsKubernetesService(resource =>
        {
            ContainerV1 container = Harden(resource, PostgresUser);
            container.Env.Add(new EnvVarV1 { Name = "PGDATA", Value = $"{PostgresData}/cluster" });
            Writable(resource, container, "tmp", "/tmp", "64Mi");
            Writable(resource, container, "run", "/var/run/postgresql", "1Mi");
            container.Image = ChartText.Value("pods.postgres.image");
            SizeByValues(container);
            // Create a new object for each probe: a shared object becomes an alias in YAML.
            static ExecActionV1 Answers() => new() { Command = { "pg_isready", "--quiet", "--host=127.0.0.1" } };
            container.StartupProbe = new ProbeV1 { Exec = Answers(), PeriodSeconds = 2, TimeoutSeconds = 5, FailureThreshold = 60 };
            container.ReadinessProbe = new ProbeV1 { Exec = Answers(), PeriodSeconds = 10, TimeoutSeconds = 5 };
            container.LivenessProbe = new ProbeV1 { Exec = Answers(), PeriodSeconds = 30, TimeoutSeconds = 5, FailureThreshold = 6 };
            StatefulSetSpecV1 spec = ((StatefulSet)resource.Workload!).Spec;
            spec.ServiceName = resource.Service!.Metadata.Name;
            spec.PodManagementPolicy = UnreadyIsReplaced;
            resource.Workload!.PodTemplate.Spec.TerminationGracePeriodSeconds = 60;
            // The first policy of the chart blocks all traffic of its pods in both directions; each part then allows what it needs.
            resource.AdditionalResources.Add(new NetworkPolicy("default-deny", new NetworkPolicySpec
            {
                PodSelector = new() { MatchLabels = { ["app.kubernetes.io/instance"] = "{{ .Release.Name }}" } },
            }));
            resource.AdditionalResources.Add(Policy("postgres", ingress: [From("api", 5432)]));
        });
    }

    public override void AddApi(IResourceBuilder<ProjectResource> api)
    {
        base.AddApi(api);
        api.PublishAsKubernetesService(resource =>
        {
            ContainerV1 container = Harden(resource, ServiceUser);
            Writable(resource, container, "tmp", "/tmp", "64Mi");
            SizeByValues(container);
            Probe(container, HostOptions.DefaultPort);
            FollowSettings(resource, "api");
            // The old pod serves requests until the new one is ready, because there may be only one.
            ((Deployment)resource.Workload!).Spec.Strategy.RollingUpdate.MaxUnavailable = 0;
            resource.AdditionalResources.Add(Policy(
                "api",
                ingress: [new NetworkPolicyRule { Ports = [new(HostOptions.DefaultPort)] }],
                egress: [To("postgres", 5432), .. _executors.Select(executor => To(executor.Name, executor.Port)), Names()]));
        });
    }

    public override void AddExecutor(IResourceBuilder<ProjectResource> executor, int port)
    {
        base.AddExecutor(executor, port);
        _executors.Add((executor.Resource.Name, port));
        executor.PublishAsKubernetesService(resource =>
        {
            string name = executor.Resource.Name;
            PodTemplateSpecV1 template = resource.Workload!.PodTemplate;
            // A session exists in one Executor, so names must be stable and never used by two pods at once.
            resource.Workload = new StatefulSet
            {
                Metadata = { Name = $"{name}-statefulset", Labels = new(resource.Workload.Metadata.Labels) },
                Spec =
                {
                    ServiceName = resource.Service!.Metadata.Name,
                    PodManagementPolicy = UnreadyIsReplaced,
                    Replicas = 1,
                    Selector = new(new Dictionary<string, string>(template.Metadata.Labels)),
                    Template = template,
                },
            };

            resource.AdditionalResources.Add(PodsOf(name, resource.Service!));

            ContainerV1 container = Harden(resource, ServiceUser);
            Writable(resource, container, "tmp", "/tmp", "64Mi");
            SizeByValues(container);
            Probe(container, port);
            FollowSettings(resource, name);
            container.Env.Add(new EnvVarV1 { Name = "DOCKER_HOST", Value = $"unix://{DaemonSocketDirectory}/docker.sock" });
            // Use a directory below the volume, because root owns the volume's root and the Executor sets the mode of this directory.
            container.Env.Add(new EnvVarV1 { Name = "SANDBOX_LINK_DIRECTORY", Value = $"{LinkVolume}/links" });
            AddDaemon(resource, container);
            resource.AdditionalResources.Add(Policy(
                name,
                ingress: [From("api", port)],
                // For the daemon, which pulls the game image; sandboxes have no network.
                egress: [Names(), new NetworkPolicyRule { Ports = [new(443)] }]));
        });
    }

    /// <summary>
    /// Creates a second name of an Executor, which resolves to the pod whether it is ready or not; the Api uses this one. With the cluster
    /// address of the first name, an Executor that temporarily accepts no new games (for example because of a full disk) would lose the
    /// connections to its running games. It is a separate service, because an upgrade cannot remove the address of an existing one.
    /// </summary>
    private static Service PodsOf(string executor, Service behind)
    {
        Service pods = new()
        {
            Metadata = { Name = $"{executor}-pods", Labels = new(behind.Metadata.Labels) },
            Spec = { Type = "ClusterIP", ClusterIp = "None", PublishNotReadyAddresses = true, Selector = new(behind.Spec.Selector) },
        };
        foreach (ServicePortV1 port in behind.Spec.Ports)
        {
            pods.Spec.Ports.Add(port);
        }

        return pods;
    }

    /// <summary>
    /// Adds a Docker daemon to the Executor's pod. Both share the socket, and the link directories under one path. Games run in a user
    /// namespace without rights on the node. The daemon is root in a privileged container, because a rootless one does not enforce the
    /// limits of games (ADR 4): reserve separate nodes for such pods.
    /// </summary>
    private static void AddDaemon(KubernetesResource resource, ContainerV1 executor)
    {
        ContainerV1 daemon = new()
        {
            Name = "docker",
            Image = ChartText.Value("pods.docker.image"),
            ImagePullPolicy = "IfNotPresent",
            // It starts before the Executor and ends after it.
            RestartPolicy = "Always",
            // Games have no network, and the game image uses the pod's network: no bridge, and no rules in the node's firewall.
            Args =
            {
                "dockerd", $"--host=unix://{DaemonSocketDirectory}/docker.sock", $"--group={ServiceUser}", "--userns-remap=default",
                "--bridge=none", "--iptables=false", "--ip6tables=false", "--log-driver=none",
            },
            SecurityContext = new SecurityContextV1
            {
                RunAsUser = 0,
                RunAsGroup = 0,
                RunAsNonRoot = false,
                Privileged = true,
                SeccompProfile = new SeccompProfileV1 { Type = "Unconfined" },
            },
            StartupProbe = new ProbeV1
            {
                Exec = new ExecActionV1 { Command = { "docker", "--host", $"unix://{DaemonSocketDirectory}/docker.sock", "version" } },
                PeriodSeconds = 2,
                TimeoutSeconds = 5,
                FailureThreshold = 60,
            },
        };
        // The limits of the daemon include the sandboxes.
        SizeByValues(daemon);
        // The daemon reports the memory of the node, not its own limit; the pool would exceed that limit.
        executor.Env.Add(new EnvVarV1 { Name = "SANDBOX_MEMORY_TOTAL", Value = ChartText.Value("pods.docker.resources.limits.memory") });
        PodSpecV1 pod = resource.Workload!.PodTemplate.Spec;
        pod.InitContainers.Add(daemon);
        pod.TerminationGracePeriodSeconds = 60;
        foreach (ContainerV1 container in new[] { executor, daemon })
        {
            container.VolumeMounts.Add(new VolumeMountV1 { Name = "docker-socket", MountPath = DaemonSocketDirectory });
            container.VolumeMounts.Add(new VolumeMountV1 { Name = "links", MountPath = LinkVolume });
        }

        daemon.VolumeMounts.Add(new VolumeMountV1 { Name = "docker-data", MountPath = DaemonVolume });
        pod.Volumes.Add(new VolumeV1 { Name = "docker-socket", EmptyDir = new() { Medium = "Memory", SizeLimit = "16Mi" } });
        pod.Volumes.Add(new VolumeV1 { Name = "links", EmptyDir = new() { Medium = "Memory", SizeLimit = "16Mi" } });
        pod.Volumes.Add(new VolumeV1 { Name = "docker-data", EmptyDir = new() { SizeLimit = "10Gi" } });
    }

    private static ContainerV1 Harden(KubernetesResource resource, long user)
    {
        PodSpecV1 pod = resource.Workload!.PodTemplate.Spec;
        pod.AutomountServiceAccountToken = false;
        pod.EnableServiceLinks = false;
        pod.SecurityContext = new PodSecurityContextV1
        {
            RunAsNonRoot = true,
            RunAsUser = user,
            RunAsGroup = user,
            FsGroup = user,
            FsGroupChangePolicy = "OnRootMismatch",
            SeccompProfile = new SeccompProfileV1 { Type = "RuntimeDefault" },
        };
        ContainerV1 container = pod.Containers[0];
        container.SecurityContext = new SecurityContextV1
        {
            AllowPrivilegeEscalation = false,
            ReadOnlyRootFilesystem = true,
            RunAsNonRoot = true,
            RunAsUser = user,
            RunAsGroup = user,
            Capabilities = new CapabilitiesV1 { Drop = { "ALL" } },
        };
        return container;
    }

    /// <summary>Replaces the pod when its settings change, because a pod reads them only at its start.</summary>
    private static void FollowSettings(KubernetesResource resource, string name)
    {
        string section = ChartText.Section(name);
        resource.Workload!.PodTemplate.Metadata.Annotations["checksum/settings"] =
            $"{{{{ list .Values.config.{section} .Values.secrets.{section} | toYaml | sha256sum }}}}";
    }

    private static void Writable(KubernetesResource resource, ContainerV1 container, string name, string path, string size)
    {
        resource.Workload!.PodTemplate.Spec.Volumes.Add(
            new VolumeV1 { Name = name, EmptyDir = new() { Medium = "Memory", SizeLimit = size } });
        container.VolumeMounts.Add(new VolumeMountV1 { Name = name, MountPath = path });
    }

    /// <summary>Sets a placeholder for the size, which <see cref="ChartText.EditWorkload"/> replaces by a value of the chart.</summary>
    private static void SizeByValues(ContainerV1 container) =>
        container.Resources = new ResourceRequirementsV1 { Limits = { ["cpu"] = "a value of the chart" } };

    private static void Probe(ContainerV1 container, int port)
    {
        HttpGetActionV1 Get(string path) => new() { Path = path, Port = port, Scheme = "HTTP" };
        container.StartupProbe = new ProbeV1 { HttpGet = Get("/alive"), PeriodSeconds = 2, TimeoutSeconds = 5, FailureThreshold = 60 };
        container.ReadinessProbe = new ProbeV1 { HttpGet = Get("/health"), PeriodSeconds = 10, TimeoutSeconds = 5, FailureThreshold = 3 };
        container.LivenessProbe = new ProbeV1 { HttpGet = Get("/alive"), PeriodSeconds = 30, TimeoutSeconds = 5, FailureThreshold = 3 };
    }

    private static NetworkPolicy Policy(string component, NetworkPolicyRule[] ingress, NetworkPolicyRule[]? egress = null) =>
        new(component, new NetworkPolicySpec { PodSelector = Component(component), Ingress = [.. ingress], Egress = [.. egress ?? []] });

    private static NetworkPolicyRule From(string component, int port) => new() { From = [new(Component(component))], Ports = [new(port)] };

    private static NetworkPolicyRule To(string component, int port) => new() { To = [new(Component(component))], Ports = [new(port)] };

    /// <summary>Allows DNS of the cluster.</summary>
    private static NetworkPolicyRule Names() => new() { Ports = [new(53, "UDP"), new(53)] };

    private static LabelSelectorV1 Component(string component) => new()
    {
        MatchLabels =
        {
            ["app.kubernetes.io/instance"] = "{{ .Release.Name }}",
            ["app.kubernetes.io/component"] = component,
        },
    };
}
