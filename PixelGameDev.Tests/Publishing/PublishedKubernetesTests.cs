using PixelGameDev.Tests.Fixtures;
using static PixelGameDev.Tests.Publishing.PublishedChart;

namespace PixelGameDev.Tests.Publishing;

/// <summary>Tests the committed chart, rendered with its own values, against what operators are promised.</summary>
public sealed class PublishedKubernetesTests
{
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
        // People may come from anywhere, but only to the Api's port.
        Assert.Equal([("anybody", "5000")], Peers(Policy("api"), "ingress", "from"));
    }

    [Theory]
    [InlineData("api", "known_proxies: \"\"", "known_proxies: \"10.0.0.1/32\"")]
    [InlineData("api", "jwt_secret: \"\"", "jwt_secret: \"another\"")]
    [InlineData("executor", "game_image: \"pixelgamedev/game:1.0.0\"", "game_image: \"pixelgamedev/game:1.0.1\"")]
    public void Other_settings_make_new_pods_of_the_service_that_has_them_and_of_no_other(string component, string setting, string other)
    {
        // A pod reads its ConfigMap and its Secret once. Only a changed pod template creates new pods.
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
            PublishedKubernetesPodTests.Workloads.Select(row => ((string)row[0], (string)row[1]))
                .Where(row => Metadata(Objects, row) != Metadata(changed, row))
                .Select(row => row.Item2));

        static string Metadata(IReadOnlyList<YamlPlace> objects, (string Kind, string Component) workload) =>
            string.Join('\n', Pairs(Workload(objects, workload.Kind, workload.Component)["spec"]["template"]["metadata"]["annotations"]));
    }

    [Theory]
    [InlineData("postgres")]
    [InlineData("executor")]
    public void An_upgrade_replaces_a_pod_that_never_got_ready(string component) =>
        // By default a StatefulSet waits until its old pod is ready. A wrong image would stay until somebody deletes the pod.
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
        Assert.Equal(9, secrets.Length);
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
        // Behind a cluster address, games lose an Executor that is not ready: its connections are refused.
        YamlPlace data = Objects.Single(item => item["metadata"]["name"].Text == "api-config")["data"];
        Uri address = new(data["services__executor__http__0"].Text!);
        YamlPlace[] services = [.. Objects.Where(item => item["kind"].Text == "Service")];
        YamlPlace spec = services.Single(item => item["metadata"]["name"].Text == address.Host)["spec"];
        Assert.Equal(("None", "true"), (spec["clusterIP"].Text, spec["publishNotReadyAddresses"].Text));
        // The name resolves to the pod itself, so the port is the pod's.
        Assert.Contains(spec["ports"].Items, port => port["targetPort"].Text == $"{address.Port}"
            && port["port"].Text == $"{address.Port}");
        Assert.Equal(Pairs(Workload("StatefulSet", "executor")["spec"]["selector"]["matchLabels"]), Pairs(spec["selector"]));
        // The service of an earlier version keeps its cluster address, because an upgrade cannot remove it.
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
}
