using k8s;
using k8s.Models;
using PixelGameDev.AppHost;
using PixelGameDev.Tests.Fixtures;
using YamlDotNet.Core;

namespace PixelGameDev.Tests.Publishing;

/// <summary>The committed chart against the contract with operators: rendered with the chart's own values, then read.</summary>
public sealed class PublishedKubernetesTests
{
    private static readonly string Chart = Path.Combine(Repository.Find().Root, "deploy/kubernetes");
    private static readonly IReadOnlyList<YamlPlace> Objects = HelmTemplates.Render(Chart, release: "pixel");

    public static TheoryData<string, string> Workloads =>
        new() { { "StatefulSet", "postgres" }, { "Deployment", "api" }, { "StatefulSet", "executor" } };

    [Fact]
    public void Every_object_has_what_the_api_server_asks_of_its_kind()
    {
        Assert.All(Objects, item =>
        {
            Assert.True(item["apiVersion"].Exists && item["kind"].Exists && item["metadata"]["name"].Exists, item.ToString());
            Assert.Matches("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", item["metadata"]["name"].Text!);
        });
        // No two objects of a kind share a name.
        Assert.Equal(Objects.Count, Objects.Select(item => $"{item["kind"].Text}/{item["metadata"]["name"].Text}").Distinct().Count());
        foreach (YamlPlace workload in Objects.Where(item => item["kind"].Text is "StatefulSet" or "Deployment"))
        {
            YamlPlace spec = workload["spec"];
            Assert.Equal(Pairs(spec["selector"]["matchLabels"]), Pairs(spec["template"]["metadata"]["labels"]));
            if (workload["kind"].Text == "StatefulSet")
            {
                Assert.Contains(Objects, item => item["kind"].Text == "Service"
                    && item["metadata"]["name"].Text == spec["serviceName"].Text);
            }

            foreach (YamlPlace container in Containers(workload))
            {
                string[] volumes = [.. spec["template"]["spec"]["volumes"].Items.Select(volume => volume["name"].Text!)];
                Assert.All(container["volumeMounts"].Items, mount => Assert.Contains(mount["name"].Text, volumes));
            }
        }
    }

    /// <summary>Everything that can be chosen about the cluster, chosen.</summary>
    internal const string Chosen = """
        pods:
          imagePullSecrets: [{ name: registry }]
          postgres: { image: "registry.example.org/postgres@sha256:0123", nodeSelector: { disk: fast }, tolerations: [{ key: data, operator: Exists }], runtimeClassName: runc }
          api: { nodeSelector: { zone: a }, resources: { requests: { cpu: 500m } } }
          executor:
            nodeSelector: { games: "yes" }
            tolerations: [{ key: games, operator: Equal, value: "yes", effect: NoSchedule }]
            runtimeClassName: kata
            disruptionBudget: true
          docker: { image: "registry.example.org/docker@sha256:4567", resources: { limits: { cpu: 16, memory: 12Gi } } }
        storage: { postgres: { size: 50Gi, storageClassName: fast } }
        ingress:
          host: play.example.org
          className: nginx
          annotations: { nginx.ingress.kubernetes.io/proxy-read-timeout: "3600" }
          tls: [{ hosts: [play.example.org], secretName: play-tls }]
        config: { api: { metrics_port: "9464" }, executor: { metrics_port: "9464" } }
        metrics: { ingress: [{ from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: monitoring } } }], ports: [{ port: 9464 }] }] }
        """;

    [Fact]
    public void What_an_operator_chooses_about_the_cluster_is_in_the_pods()
    {
        IReadOnlyList<YamlPlace> chosen = HelmTemplates.Render(Chart, release: "pixel", Chosen);
        YamlPlace executor = Workload(chosen, "StatefulSet", "executor")["spec"]["template"]["spec"];
        Assert.Equal([("games", "yes")], Pairs(executor["nodeSelector"]));
        Assert.Equal("games", executor["tolerations"].Items.Single()["key"].Text);
        Assert.Equal("kata", executor["runtimeClassName"].Text);
        Assert.Equal("registry", executor["imagePullSecrets"].Items.Single()["name"].Text);
        YamlPlace daemon = executor["initContainers"].Items.Single();
        Assert.Equal("registry.example.org/docker@sha256:4567", daemon["image"].Text);
        // Half of a size is chosen, the other half stays.
        Assert.Equal([("cpu", "16"), ("memory", "12Gi")], Pairs(daemon["resources"]["limits"]));
        Assert.Equal([("cpu", "1"), ("memory", "1Gi")], Pairs(daemon["resources"]["requests"]));
        // The pool of warm sandboxes is sized from what the daemon has, in a form that the Executor reads.
        string total = executor["containers"].Items.Single()["env"]
            .Items.Single(variable => variable["name"].Text == "SANDBOX_MEMORY_TOTAL")["value"].Text!;
        Assert.True(PixelGameDev.Executor.Configuration.SettingsReader.TryParseSize(total, out long bytes));
        Assert.Equal(12L << 30, bytes);

        YamlPlace postgres = Workload(chosen, "StatefulSet", "postgres")["spec"]["template"]["spec"];
        Assert.Equal("registry.example.org/postgres@sha256:0123", postgres["containers"].Items.Single()["image"].Text);
        Assert.Equal([("disk", "fast")], Pairs(postgres["nodeSelector"]));
        YamlPlace api = Workload(chosen, "Deployment", "api")["spec"]["template"]["spec"];
        Assert.Equal([("zone", "a")], Pairs(api["nodeSelector"]));
        Assert.Equal([("cpu", "500m"), ("memory", "256Mi")], Pairs(api["containers"].Items.Single()["resources"]["requests"]));

        YamlPlace claim = Assert.Single(chosen, item => item["kind"].Text == "PersistentVolumeClaim")["spec"];
        Assert.Equal(("50Gi", "fast"), (claim["resources"]["requests"]["storage"].Text, claim["storageClassName"].Text));
    }

    [Fact]
    public void What_is_not_chosen_is_not_there()
    {
        Assert.DoesNotContain(Objects, item => item["kind"].Text is "Ingress" or "PodDisruptionBudget");
        foreach (object[] row in Workloads)
        {
            YamlPlace pod = Workload((string)row[0], (string)row[1])["spec"]["template"]["spec"];
            Assert.Equal(("null", 0, 0),
                (pod["runtimeClassName"].Text, pod["nodeSelector"].Children.Count, pod["tolerations"].Items.Count));
        }
    }

    [Fact]
    public void The_ingress_leads_to_the_Api_s_service_and_the_budget_covers_the_Executor()
    {
        IReadOnlyList<YamlPlace> chosen = HelmTemplates.Render(Chart, release: "pixel", Chosen);
        YamlPlace ingress = Assert.Single(chosen, item => item["kind"].Text == "Ingress");
        Assert.Equal("nginx", ingress["spec"]["ingressClassName"].Text);
        Assert.Equal("3600", ingress["metadata"]["annotations"]["nginx.ingress.kubernetes.io/proxy-read-timeout"].Text);
        Assert.Equal("play-tls", ingress["spec"]["tls"].Items.Single()["secretName"].Text);
        YamlPlace rule = Assert.Single(ingress["spec"]["rules"].Items);
        Assert.Equal("play.example.org", rule["host"].Text);
        YamlPlace backend = rule["http"]["paths"].Items.Single()["backend"]["service"];
        YamlPlace service = chosen.Single(item => item["kind"].Text == "Service" && item["metadata"]["name"].Text == backend["name"].Text);
        Assert.Equal(service["spec"]["ports"].Items.Single()["port"].Text, backend["port"]["number"].Text);
        Assert.Equal("api", service["spec"]["selector"]["app.kubernetes.io/component"].Text);

        YamlPlace budget = Assert.Single(chosen, item => item["kind"].Text == "PodDisruptionBudget");
        Assert.Equal("1", budget["spec"]["minAvailable"].Text);
        Assert.Subset(
            Pairs(Workload(chosen, "StatefulSet", "executor")["spec"]["selector"]["matchLabels"]).ToHashSet(),
            Pairs(budget["spec"]["selector"]["matchLabels"]).ToHashSet());
    }

    [Theory]
    [InlineData("api")]
    [InlineData("executor")]
    public void Metrics_are_for_those_who_are_named(string component)
    {
        Assert.DoesNotContain(Objects, item => item["metadata"]["name"].Text == $"{component}-metrics");
        IReadOnlyList<YamlPlace> chosen = HelmTemplates.Render(Chart, release: "pixel", Chosen);
        YamlPlace policy = Assert.Single(chosen, item => item["metadata"]["name"].Text == $"{component}-metrics")["spec"];
        Assert.Equal(component, policy["podSelector"]["matchLabels"]["app.kubernetes.io/component"].Text);
        YamlPlace rule = Assert.Single(policy["ingress"].Items);
        Assert.Equal("monitoring", rule["from"].Items.Single()["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"].Text);
        Assert.Equal(
            chosen.Single(item => item["metadata"]["name"].Text == $"{component}-config")["data"]["METRICS_PORT"].Text,
            rule["ports"].Items.Single()["port"].Text);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(Chosen)]
    public void Every_field_is_one_that_the_api_has_of_the_type_that_it_has(string? own)
    {
        // The client library's own models of the API; strict: a field that they do not have, or twice, is an error.
        Dictionary<string, Type> kinds = new()
        {
            ["v1/ConfigMap"] = typeof(V1ConfigMap),
            ["v1/Secret"] = typeof(V1Secret),
            ["v1/Service"] = typeof(V1Service),
            ["v1/PersistentVolumeClaim"] = typeof(V1PersistentVolumeClaim),
            ["apps/v1/Deployment"] = typeof(V1Deployment),
            ["apps/v1/StatefulSet"] = typeof(V1StatefulSet),
            ["networking.k8s.io/v1/NetworkPolicy"] = typeof(V1NetworkPolicy),
            ["networking.k8s.io/v1/Ingress"] = typeof(V1Ingress),
            ["policy/v1/PodDisruptionBudget"] = typeof(V1PodDisruptionBudget),
        };
        foreach ((string name, string text) in HelmTemplates.RenderText(Chart, release: "pixel", own))
        {
            try
            {
                object item = Assert.Single(KubernetesYaml.LoadAllFromString(text, kinds, strict: true));
                Assert.Contains(item.GetType(), kinds.Values);
            }
            catch (YamlException error)
            {
                Assert.Fail($"{name}: {error.Message} {error.InnerException?.Message}");
            }
        }
    }

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
        // The server makes its cluster in a directory of its own below the volume, whatever the volume's root belongs to.
        Assert.Contains(pod["containers"].Items.Single()["env"].Items, variable => variable["name"].Text == "PGDATA"
            && variable["value"].Text == "/var/lib/postgresql/data/cluster");
    }

    [Fact]
    public void Nothing_passes_between_pods_but_what_a_policy_opens()
    {
        YamlPlace deny = Policy("default-deny");
        Assert.Equal(["Ingress", "Egress"], deny["spec"]["policyTypes"].Texts);
        Assert.False(deny["spec"]["ingress"].Exists || deny["spec"]["egress"].Exists);
        Assert.Equal(["app.kubernetes.io/instance"], deny["spec"]["podSelector"]["matchLabels"].Children.Keys);

        Assert.Equal([("api", "5432")], Peers(Policy("postgres"), "ingress", "from"));
        Assert.False(Policy("postgres")["spec"]["egress"].Exists);
        Assert.Equal([("api", "5001")], Peers(Policy("executor"), "ingress", "from"));
        Assert.Equal([("postgres", "5432"), ("executor", "5001")], Peers(Policy("api"), "egress", "to")
            .Where(peer => peer.Component != "anybody"));
        // People come from anywhere, but only to the Api's port.
        Assert.Equal([("anybody", "5000")], Peers(Policy("api"), "ingress", "from"));
    }

    [Fact]
    public void The_executor_is_a_stateful_set_with_a_docker_daemon_beside_it_that_keeps_limits_and_whose_games_are_nobody_on_the_node()
    {
        YamlPlace pod = Workload("StatefulSet", "executor")["spec"]["template"]["spec"];
        YamlPlace daemon = Assert.Single(pod["initContainers"].Items);
        Assert.Equal("Always", daemon["restartPolicy"].Text); // a sidecar: started first, ended last
        // Not the rootless one, which keeps no limit of a game (ADR 4); games are remapped instead.
        Assert.Matches(@"^docker:\d+(\.\d+)+-dind$", daemon["image"].Text!);
        Assert.Equal(("0", "false"), (daemon["securityContext"]["runAsUser"].Text, daemon["securityContext"]["runAsNonRoot"].Text));
        Assert.Contains("--userns-remap=default", daemon["args"].Texts);
        YamlPlace executor = pod["containers"].Items.Single();
        Assert.Contains($"--group={executor["securityContext"]["runAsGroup"].Text}", daemon["args"].Texts);
        // The pool of warm sandboxes is sized from the daemon's own limit, which the daemon does not tell.
        string total = executor["env"].Items.Single(static variable => variable["name"].Text == "SANDBOX_MEMORY_TOTAL")["value"].Text!;
        Assert.Equal(daemon["resources"]["limits"]["memory"].Text, total);
        // Where a daemon that is root keeps its files.
        Assert.Equal("/var/lib/docker", daemon["volumeMounts"]
            .Items.Single(mount => mount["name"].Text == "docker-data")["mountPath"].Text);
        // Both see the socket and the link directories at the same place.
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
        // It sets the directory's mode, and the root of an emptyDir belongs to root: on the root itself it ends with "operation not
        // permitted".
        YamlPlace executor = Workload("StatefulSet", "executor")["spec"]["template"]["spec"]["containers"].Items.Single();
        string volume = executor["volumeMounts"].Items.Single(mount => mount["name"].Text == "links")["mountPath"].Text!;
        string links = executor["env"].Items.Single(variable => variable["name"].Text == "SANDBOX_LINK_DIRECTORY")["value"].Text!;
        Assert.StartsWith(volume + "/", links, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("api", "known_proxies: \"\"", "known_proxies: \"10.0.0.1/32\"")]
    [InlineData("api", "jwt_secret: \"\"", "jwt_secret: \"another\"")]
    [InlineData("executor", "game_image: \"pixelgamedev/game:1.0.0\"", "game_image: \"pixelgamedev/game:1.0.1\"")]
    public void Other_settings_make_new_pods_of_the_service_that_has_them_and_of_no_other(string component, string setting, string other)
    {
        // A pod reads its ConfigMap and its Secret once, and only another pod template makes another pod.
        using TestDirectory directory = new();
        foreach (string file in Directory.EnumerateFiles(Chart, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(directory.Path, Path.GetRelativePath(Chart, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            string text = File.ReadAllText(file);
            File.WriteAllText(copy, Path.GetFileName(file) == "values.yaml"
                ? text.Replace(setting, other, StringComparison.Ordinal) : text);
        }

        IReadOnlyList<YamlPlace> changed = HelmTemplates.Render(directory.Path, release: "pixel");
        Assert.Equal(
            [component],
            Workloads.Select(row => ((string)row[0], (string)row[1])).Where(row => Metadata(Objects, row) != Metadata(changed, row))
                .Select(row => row.Item2));

        static string Metadata(IReadOnlyList<YamlPlace> objects, (string Kind, string Component) workload) =>
            string.Join('\n', Pairs(Workload(objects, workload.Kind, workload.Component)["spec"]["template"]["metadata"]["annotations"]));
    }

    [Theory]
    [InlineData("postgres")]
    [InlineData("executor")]
    public void An_upgrade_replaces_a_pod_that_never_got_ready(string component) =>
        // By default a StatefulSet waits for its old pod to be ready first: a wrong image would stay until somebody deletes the pod.
        Assert.Equal("Parallel", Workload("StatefulSet", component)["spec"]["podManagementPolicy"].Text);

    [Fact]
    public void While_the_api_is_upgraded_the_old_one_serves_until_the_new_one_is_ready()
    {
        YamlPlace spec = Workload("Deployment", "api")["spec"];
        Assert.Equal("1", spec["replicas"].Text);
        Assert.Equal("RollingUpdate", spec["strategy"]["type"].Text);
        Assert.Equal("0", spec["strategy"]["rollingUpdate"]["maxUnavailable"].Text);
        Assert.Equal("1", spec["strategy"]["rollingUpdate"]["maxSurge"].Text);
    }

    [Fact]
    public void Secrets_are_secrets_and_the_chart_has_none_of_their_values()
    {
        YamlPlace values = YamlPlace.Load(Path.Combine(Chart, "values.yaml"));
        string[] secrets = [.. values["secrets"]
            .Children.SelectMany(service => service.Value.Children.Values.Select(value => value.Text!))];
        Assert.Equal(5, secrets.Length);
        Assert.All(secrets, Assert.Empty);
        foreach (YamlPlace map in Objects.Where(item => item["kind"].Text == "ConfigMap"))
        {
            Assert.DoesNotContain(map["data"].Children.Keys, name => name.Contains("SECRET", StringComparison.Ordinal)
                || name.Contains("PASSWORD", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void The_api_reaches_the_executor_by_a_name_of_its_pod_whether_or_not_that_is_ready()
    {
        // Behind a cluster address an Executor that is not ready is cut off from its games: its connections are refused.
        YamlPlace data = Objects.Single(item => item["metadata"]["name"].Text == "api-config")["data"];
        Uri address = new(data["services__executor__http__0"].Text!);
        YamlPlace[] services = [.. Objects.Where(item => item["kind"].Text == "Service")];
        YamlPlace spec = services.Single(item => item["metadata"]["name"].Text == address.Host)["spec"];
        Assert.Equal(("None", "true"), (spec["clusterIP"].Text, spec["publishNotReadyAddresses"].Text));
        // The name leads to the pod itself: its own port.
        Assert.Contains(spec["ports"].Items, port => port["targetPort"].Text == $"{address.Port}"
            && port["port"].Text == $"{address.Port}");
        Assert.Equal(Pairs(Workload("StatefulSet", "executor")["spec"]["selector"]["matchLabels"]), Pairs(spec["selector"]));
        // The one that an earlier version made keeps its address: an upgrade cannot take it away.
        Assert.False(services.Single(item => item["metadata"]["name"].Text == "executor-service")["spec"]["clusterIP"].Exists);
    }

    [Fact]
    public void The_api_finds_database_and_executor_by_the_names_of_their_services()
    {
        YamlPlace data = Objects.Single(item => item["metadata"]["name"].Text == "api-config")["data"];
        string[] services = [.. Objects.Where(item => item["kind"].Text == "Service").Select(item => item["metadata"]["name"].Text!)];
        Assert.Contains(data["POSTGRES_HOST"].Text, services);
        Assert.Contains(new Uri(data["services__executor__http__0"].Text!).Host, services);
    }

    private static YamlPlace Workload(string kind, string component) => Workload(Objects, kind, component);

    private static YamlPlace Workload(IReadOnlyList<YamlPlace> objects, string kind, string component) =>
        objects.Single(item => item["kind"].Text == kind && item["metadata"]["labels"]["app.kubernetes.io/component"].Text == component);

    private static IEnumerable<YamlPlace> Containers(YamlPlace workload) =>
        workload["spec"]["template"]["spec"]["containers"].Items.Concat(workload["spec"]["template"]["spec"]["initContainers"].Items);

    private static YamlPlace Policy(string name) =>
        Objects.Single(item => item["kind"].Text == "NetworkPolicy" && item["metadata"]["name"].Text == name);

    private static List<(string Component, string Port)> Peers(YamlPlace policy, string direction, string side) =>
        [.. from rule in policy["spec"][direction].Items
            from port in rule["ports"].Items
            select (rule[side].Exists ? rule[side].Items.Single()["podSelector"]["matchLabels"]["app.kubernetes.io/component"].Text!
                : "anybody", port["port"].Text!)];

    private static List<(string, string?)> Pairs(YamlPlace map) => [.. map.Children.Select(pair => (pair.Key, pair.Value.Text)).Order()];
}
