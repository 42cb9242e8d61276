using static PixelGameDev.Tests.Publishing.PublishedChart;

namespace PixelGameDev.Tests.Publishing;

/// <summary>
/// Tests that the pods of the committed chart are hardened, have sizes and probes, and keep their data in the right place.
/// </summary>
public sealed class PublishedKubernetesPodTests
{
    public static TheoryData<string, string> Workloads =>
        new() { { "StatefulSet", "postgres" }, { "Deployment", "api" }, { "StatefulSet", "executor" } };

    [Theory]
    [MemberData(nameof(Workloads))]
    public void Every_pod_is_hardened(string kind, string component)
    {
        YamlPlace pod = Workload(kind, component)["spec"]["template"]["spec"];
        long user = component == "postgres" ? 999 : 1000;
        Assert.Equal("false", pod["automountServiceAccountToken"].Text);
        Assert.Equal("RuntimeDefault", pod["securityContext"]["seccompProfile"]["type"].Text);
        Assert.Equal("true", pod["securityContext"]["runAsNonRoot"].Text);
        YamlPlace context = pod["containers"].Items.Single()["securityContext"];
        Assert.Equal($"{user}", context["runAsUser"].Text);
        Assert.Equal($"{user}", context["runAsGroup"].Text);
        Assert.Equal("true", context["readOnlyRootFilesystem"].Text);
        Assert.Equal("false", context["allowPrivilegeEscalation"].Text);
        Assert.Equal(["ALL"], context["capabilities"]["drop"].Texts);
        foreach (string freedom in new[] { "hostNetwork", "hostPID", "hostPid", "hostIPC", "hostIpc", "serviceAccountName" })
        {
            Assert.False(pod[freedom].Exists, pod[freedom].ToString());
        }

        Assert.All(pod["volumes"].Items, volume => Assert.False(volume["hostPath"].Exists, volume.ToString()));
    }

    [Theory]
    [MemberData(nameof(Workloads))]
    public void Every_container_has_requests_and_limits(string kind, string component) =>
        Assert.All(Containers(Workload(kind, component)), container =>
        {
            foreach (string quantity in new[] { "cpu", "memory" })
            {
                Assert.True(container["resources"]["requests"][quantity].Exists, $"{container["name"]} requests no {quantity}");
                Assert.True(container["resources"]["limits"][quantity].Exists, $"{container["name"]} has no limit of {quantity}");
            }
        });

    [Theory]
    [InlineData("Deployment", "api", 5000)]
    [InlineData("StatefulSet", "executor", 5001)]
    public void Services_are_probed_over_http_at_the_right_doors(string kind, string component, int port)
    {
        YamlPlace container = Workload(kind, component)["spec"]["template"]["spec"]["containers"].Items.Single();
        foreach ((string probe, string path) in new[] { ("startupProbe", "/alive"), ("livenessProbe", "/alive"),
            ("readinessProbe", "/health") })
        {
            Assert.Equal(path, container[probe]["httpGet"]["path"].Text);
            Assert.Equal($"{port}", container[probe]["httpGet"]["port"].Text);
            Assert.Equal("HTTP", container[probe]["httpGet"]["scheme"].Text);
        }
    }

    [Fact]
    public void Postgres_keeps_its_data_on_a_claim()
    {
        YamlPlace pod = Workload("StatefulSet", "postgres")["spec"]["template"]["spec"];
        YamlPlace mount = Assert.Single(pod["containers"].Items.Single()["volumeMounts"].Items, mount =>
            mount["mountPath"].Text == "/var/lib/postgresql/data");
        string claim = pod["volumes"]
            .Items.Single(volume => volume["name"].Text == mount["name"].Text)["persistentVolumeClaim"]["claimName"].Text!;
        YamlPlace found = Assert.Single(Objects, item => item["kind"].Text == "PersistentVolumeClaim"
            && item["metadata"]["name"].Text == claim);
        Assert.Equal(["ReadWriteOnce"], found["spec"]["accessModes"].Texts);
        // "helm uninstall" leaves it.
        Assert.Equal("keep", found["metadata"]["annotations"]["helm.sh/resource-policy"].Text);
        Assert.True(found["spec"]["resources"]["requests"]["storage"].Exists);
        // The server creates its cluster in a directory below the volume, so the owner of the volume's root does not matter.
        Assert.Contains(pod["containers"].Items.Single()["env"].Items, variable => variable["name"].Text == "PGDATA"
            && variable["value"].Text == "/var/lib/postgresql/data/cluster");
    }

    [Fact]
    public void The_executor_is_a_stateful_set_with_a_docker_daemon_beside_it_that_keeps_limits_and_whose_games_are_nobody_on_the_node()
    {
        YamlPlace pod = Workload("StatefulSet", "executor")["spec"]["template"]["spec"];
        YamlPlace daemon = Assert.Single(pod["initContainers"].Items);
        Assert.Equal("Always", daemon["restartPolicy"].Text); // a sidecar: starts first, ends last
        // Not the rootless image, which keeps no limit of a game (ADR 4). User namespaces protect the node instead.
        Assert.Matches(@"^docker:\d+(\.\d+)+-dind$", daemon["image"].Text!);
        Assert.Equal(("0", "false"), (daemon["securityContext"]["runAsUser"].Text, daemon["securityContext"]["runAsNonRoot"].Text));
        Assert.Contains("--userns-remap=default", daemon["args"].Texts);
        YamlPlace executor = pod["containers"].Items.Single();
        Assert.Contains($"--group={executor["securityContext"]["runAsGroup"].Text}", daemon["args"].Texts);
        // The pool of warm sandboxes depends on the daemon's limit, which the daemon does not report.
        string total = executor["env"].Items.Single(static variable => variable["name"].Text == "SANDBOX_MEMORY_TOTAL")["value"].Text!;
        Assert.Equal(daemon["resources"]["limits"]["memory"].Text, total);
        // A daemon that runs as root keeps its files here.
        Assert.Equal("/var/lib/docker", daemon["volumeMounts"]
            .Items.Single(mount => mount["name"].Text == "docker-data")["mountPath"].Text);
        // Both containers see the socket and the link directories at the same paths.
        foreach (string shared in new[] { "docker-socket", "links" })
        {
            Assert.Equal(
                executor["volumeMounts"].Items.Single(mount => mount["name"].Text == shared)["mountPath"].Text,
                daemon["volumeMounts"].Items.Single(mount => mount["name"].Text == shared)["mountPath"].Text);
        }

        Assert.Equal("true", Objects.Single(item => item["metadata"]["name"].Text == "executor-config")["data"]["FORCE_DOCKER_EXECUTION"]
            .Text);
    }

    [Fact]
    public void The_executor_makes_the_link_directory_itself_below_the_shared_volume()
    {
        // The daemon sets the mode of its directory. The root of an emptyDir belongs to root, so this would fail there with "operation not
        // permitted".
        YamlPlace executor = Workload("StatefulSet", "executor")["spec"]["template"]["spec"]["containers"].Items.Single();
        string volume = executor["volumeMounts"].Items.Single(mount => mount["name"].Text == "links")["mountPath"].Text!;
        string links = executor["env"].Items.Single(variable => variable["name"].Text == "SANDBOX_LINK_DIRECTORY")["value"].Text!;
        Assert.StartsWith(volume + "/", links, StringComparison.Ordinal);
    }
}
