using PixelGameDev.AppHost;
using PixelGameDev.AppHost.Publishing;

namespace PixelGameDev.Tests.Publishing;

/// <summary>The edits that make values of what the publisher writes as constants.</summary>
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
        // A publisher that writes something else is noticed.
        Assert.Throws<InvalidDataException>(() => ChartText.EditWorkload(published, "executor", "executor"));
        Assert.Throws<InvalidDataException>(() => ChartText.EditWorkload(published, "executor", "executor", "docker", "third"));
        Assert.Throws<InvalidDataException>(() => ChartText.EditWorkload(edited, "executor", "executor", "docker"));
    }

    [Fact]
    public void The_claim_stays_when_the_chart_goes()
    {
        const string published = "metadata:\n  name: \"data\"\nspec:\n  accessModes:\n    - \"ReadWriteOnce\"\n  resources:\n    requests:\n      storage: \"10Gi\"\n";
        string edited = ChartText.EditClaim(published, "data");
        Assert.Contains("metadata:\n  name: \"data\"\n  annotations:\n    helm.sh/resource-policy: \"keep\"\nspec:\n  storageClassName: {{ toJson", edited, StringComparison.Ordinal);
        Assert.Contains("storage: {{ toJson .Values.storage.postgres.size }}\n", edited, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => ChartText.EditClaim(edited, "data"));
    }

    [Fact]
    public void The_committed_values_end_with_those_of_the_cluster()
    {
        string values = File.ReadAllText(Path.Combine(Chart, "values.yaml"));
        Assert.EndsWith(ChartText.Values, values, StringComparison.Ordinal);
        Assert.Equal(values, ChartText.EditValues(values[..^ChartText.Values.Length]));
    }
}
