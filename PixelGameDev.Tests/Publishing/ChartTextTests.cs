using PixelGameDev.AppHost;
using PixelGameDev.AppHost.Publishing;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Publishing;

/// <summary>Tests the edits that turn constants of the publisher's output into values.</summary>
public sealed class ChartTextTests
{
    private static readonly string Chart = Path.Combine(Repository.Find().Root, "deploy/kubernetes");

    [Fact]
    public void A_pod_gets_its_size_and_its_place_from_the_values()
    {
        const string published = """
              containers:
                - image: "one"
                  resources:
                    limits:
                      cpu: "a value of the chart"
                  volumeMounts:
                    - name: "tmp"
              enableServiceLinks: false
              initContainers:
                - image: "two"
                  resources:
                    limits:
                      cpu: "a value of the chart"
                  volumeMounts:
                    - name: "tmp"
        """;
        const string edited = """
              containers:
                - image: "one"
                  resources: {{ toJson .Values.pods.executor.resources }}
                  volumeMounts:
                    - name: "tmp"
              enableServiceLinks: false
              imagePullSecrets: {{ toJson .Values.pods.imagePullSecrets }}
              nodeSelector: {{ toJson .Values.pods.executor.nodeSelector }}
              tolerations: {{ toJson .Values.pods.executor.tolerations }}
              runtimeClassName: {{ toJson .Values.pods.executor.runtimeClassName }}
              initContainers:
                - image: "two"
                  resources: {{ toJson .Values.pods.docker.resources }}
                  volumeMounts:
                    - name: "tmp"
        """;
        Assert.Equal(edited, ChartText.EditWorkload(published, "executor", "executor", "docker"));
        // The edit notices a publisher that writes something else.
        Assert.Throws<InvalidDataException>(() => ChartText.EditWorkload(published, "executor", "executor"));
        Assert.Throws<InvalidDataException>(() => ChartText.EditWorkload(published, "executor", "executor", "docker", "third"));
        Assert.Throws<InvalidDataException>(() => ChartText.EditWorkload(edited, "executor", "executor", "docker"));
    }

    [Fact]
    public void The_claim_stays_when_the_chart_goes()
    {
        const string published =
            "metadata:\n  name: \"data\"\nspec:\n  accessModes:\n    - \"ReadWriteOnce\"\n  resources:\n    requests:\n      storage: " +
            "\"10Gi\"\n";
        string edited = ChartText.EditClaim(published, "data");
        Assert.Contains(
            "metadata:\n  name: \"data\"\n  annotations:\n    helm.sh/resource-policy: \"keep\"\nspec:\n  storageClassName: {{ toJson",
            edited, StringComparison.Ordinal);
        Assert.Contains("storage: {{ toJson .Values.storage.postgres.size }}\n", edited, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => ChartText.EditClaim(edited, "data"));
    }

    [Fact]
    public void The_committed_values_end_with_those_of_the_cluster()
    {
        string values = File.ReadAllText(Path.Combine(Chart, "values.yaml"));
        Assert.EndsWith(ChartText.Values, values, StringComparison.Ordinal);
        string published = values[..^ChartText.Values.Length]
            .Replace("pixelgamedev/api:1.0.0", "api:latest", StringComparison.Ordinal)
            .Replace("pixelgamedev/executor:1.0.0", "executor:latest", StringComparison.Ordinal)
            .Replace("executor-pods:", "executor-service:", StringComparison.Ordinal);
        Assert.Equal(values, ChartText.EditValues(published, ["executor"]));
        // The edit notices a publisher that uses other names for images or services.
        Assert.Throws<InvalidDataException>(() => ChartText.EditValues(values, ["executor"]));
        Assert.Throws<InvalidDataException>(() => ChartText.EditValues(published, ["executor", "executor-2"]));
    }

    [Fact]
    public void The_committed_policies_and_budgets_are_those_of_the_text()
    {
        foreach (string part in new[] { "api", "executor" })
        {
            Assert.Equal(ChartText.MetricsPolicy(part), File.ReadAllText(Path.Combine(Chart, "templates", part, "metrics.yaml")));
        }

        Assert.Equal(ChartText.ProviderPolicy(), File.ReadAllText(Path.Combine(Chart, "templates/api/provider.yaml")));
        Assert.Equal(ChartText.ObjectStorePolicy(), File.ReadAllText(Path.Combine(Chart, "templates/api/object-store.yaml")));
        Assert.Equal(ChartText.DisruptionBudget("executor"),
            File.ReadAllText(Path.Combine(Chart, "templates/executor/disruption-budget.yaml")));
    }

    [Fact]
    public void Every_Executor_has_its_own_policy_for_metrics_and_its_own_disruption_budget()
    {
        using TestDirectory chart = new();
        string templates = Directory.CreateDirectory(chart.Sub("templates")).FullName;
        File.Copy(Path.Combine(Chart, "Chart.yaml"), chart.Sub("Chart.yaml"));
        File.Copy(Path.Combine(Chart, "values.yaml"), chart.Sub("values.yaml"));
        string[] executors = ["executor", "executor-2"];
        foreach (string executor in executors)
        {
            File.WriteAllText(Path.Combine(templates, $"{executor}-metrics.yaml"), ChartText.MetricsPolicy(executor));
            File.WriteAllText(Path.Combine(templates, $"{executor}-budget.yaml"), ChartText.DisruptionBudget(executor));
        }

        // The first service serves no metrics, the second does. The disruption budget applies to all.
        IReadOnlyList<YamlPlace> objects = HelmTemplates.Render(chart.Path, "pixel", """
            pods: { executor: { disruptionBudget: true } }
            config: { executor_2: { metrics_port: "9464" } }
            metrics: { ingress: [{ ports: [{ port: 9464 }] }] }
            """);
        YamlPlace policy = Assert.Single(objects, static item => item["kind"].Text == "NetworkPolicy");
        Assert.Equal(("executor-2-metrics", "executor-2"), (policy["metadata"]["name"].Text, Component(policy["spec"]["podSelector"])));
        Assert.Equal("9464", policy["spec"]["ingress"].Items.Single()["ports"].Items.Single()["port"].Text);
        YamlPlace[] budgets = [.. objects.Where(static item => item["kind"].Text == "PodDisruptionBudget")];
        Assert.Equal(executors, budgets.Select(static budget => Component(budget["spec"]["selector"])).Order(StringComparer.Ordinal));
        Assert.Equal(executors, budgets.Select(static budget => budget["metadata"]["name"].Text).Order(StringComparer.Ordinal));

        static string? Component(YamlPlace selector) => selector["matchLabels"]["app.kubernetes.io/component"].Text;
    }
}
