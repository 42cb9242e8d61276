using YamlDotNet.Core;
using k8s.Models;
using k8s;
using static PixelGameDev.Tests.Publishing.PublishedChart;

namespace PixelGameDev.Tests.Publishing;

/// <summary>Tests that the rendered chart follows an operator's choices about the cluster, and changes nothing else.</summary>
public sealed class PublishedKubernetesChoiceTests
{
    /// <summary>Values that change every choice about the cluster.</summary>
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
        // The operator chooses half of a size; the other half keeps its default.
        Assert.Equal([("cpu", "16"), ("memory", "12Gi")], Pairs(daemon["resources"]["limits"]));
        Assert.Equal([("cpu", "1"), ("memory", "1Gi")], Pairs(daemon["resources"]["requests"]));
        // The pool of warm sandboxes depends on the daemon's memory, in a form that the Executor reads.
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
    public void With_an_object_store_the_Api_reaches_its_port()
    {
        Assert.DoesNotContain(Objects, static item => item["metadata"]["name"].Text == "api-object-store");
        YamlPlace policy = Assert.Single(
            HelmTemplates.Render(Chart, release: "pixel", """
                config: { api: { object_store_bucket: history } }
                storage: { objects: { port: 9000 } }
                """),
            static item => item["metadata"]["name"].Text == "api-object-store");
        Assert.Equal("9000", policy["spec"]["egress"].Items.Single()["ports"].Items.Single()["port"].Text);
    }

    [Fact]
    public void What_is_not_chosen_is_not_there()
    {
        Assert.DoesNotContain(Objects, item => item["kind"].Text is "Ingress" or "PodDisruptionBudget");
        foreach (object[] row in PublishedKubernetesPodTests.Workloads)
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
        // The client library's models of the API. They are strict: an unknown or repeated field is an error.
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
}
