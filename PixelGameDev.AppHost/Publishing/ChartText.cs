using System.Text.RegularExpressions;

namespace PixelGameDev.AppHost.Publishing;

/// <summary>
/// Edits the text of the published chart: replaces constants, which are the only option of Aspire's types, by values of <c>values.yaml</c>.
/// </summary>
/// <remarks>
/// It does not depend on Aspire, so it is compiled and tested without the publishers. Each edit throws if it finds no text to edit, so a
/// change in a publisher's output is detected at once. Whole files whose presence depends on a value (policies, the disruption budgets) are
/// also written here; the ingress is a file that is edited by hand.
/// </remarks>
internal static partial class ChartText
{
    /// <summary>The end of <c>values.yaml</c>: the operator's settings for the cluster.</summary>
    public const string Values = """

        # The pods. All of it is written into them as it is; null means: not said.
        pods:
          # For a private registry: [{ name: registry-credentials }]
          imagePullSecrets: []
          postgres:
            image: "docker.io/library/postgres:17.6"
            resources:
              requests: { cpu: "250m", memory: "256Mi" }
              limits: { cpu: "2", memory: "1Gi" }
            nodeSelector: {}
            tolerations: []
            runtimeClassName: null
          api:
            resources:
              requests: { cpu: "250m", memory: "256Mi" }
              limits: { cpu: "2", memory: "512Mi" }
            nodeSelector: {}
            tolerations: []
            runtimeClassName: null
          executor:
            resources:
              requests: { cpu: "250m", memory: "256Mi" }
              limits: { cpu: "1", memory: "512Mi" }
            # A privileged daemon runs in this pod: give it nodes of its own (ADR 2).
            nodeSelector: {}
            tolerations: []
            runtimeClassName: null
            # true: "kubectl drain" waits instead of ending the games, until somebody deletes the pod.
            disruptionBudget: false
          # The Docker daemon in the Executor's pod. Its limits are those of all games together; give its memory in Mi or Gi.
          docker:
            image: "docker:28.2-dind"
            resources:
              requests: { cpu: "1", memory: "1Gi" }
              limits: { cpu: "8", memory: "4Gi" }

        # The claim of the database. It stays when the chart is uninstalled. null: the cluster's default class.
        storage:
          postgres:
            size: "10Gi"
            storageClassName: null
          # The port of the object store, once config.api.object_store_bucket is set.
          objects:
            port: 443

        # The way in. Without a host there is none. Set config.api.known_proxies and config.api.allowed_hosts with it.
        ingress:
          host: ""
          className: null
          annotations: {}
          # [{ hosts: [play.example.org], secretName: play-tls }]
          tls: []

        # Who may ask for the metrics, as rules of a NetworkPolicy, once config.api.metrics_port and config.executor.metrics_port are set:
        # [{ from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: monitoring } } }], ports: [{ port: 9464 }] }]
        metrics:
          ingress: []

        """;

    /// <summary>Returns a reference to a value of the chart, as the text of a YAML string.</summary>
    public static string Value(string path) => $"{{{{ .Values.{path} }}}}";

    /// <summary>Replaces the size of the containers and the placement of the pod by values.</summary>
    /// <param name="text">A Deployment or a StatefulSet.</param>
    /// <param name="pod">The name of the pod in the section <c>pods</c> of the values.</param>
    /// <param name="containers">The names in that section, one for each container in the order of the text.</param>
    public static string EditWorkload(string text, string pod, params string[] containers)
    {
        int found = 0;
        text = Resources().Replace(text, block => found < containers.Length
            ? $"{block.Groups[1].Value}resources: {Json($"pods.{containers[found++]}.resources")}\n"
            : throw new InvalidDataException($"The chart's {pod} has more containers than {containers.Length}."));
        if (found != containers.Length)
        {
            throw new InvalidDataException($"The chart's {pod} has {found} containers with resources, not {containers.Length}.");
        }

        const string before = "      enableServiceLinks: false\n";
        return Replace(text, before, before
            + $"      imagePullSecrets: {Json("pods.imagePullSecrets")}\n"
            + $"      nodeSelector: {Json($"pods.{pod}.nodeSelector")}\n"
            + $"      tolerations: {Json($"pods.{pod}.tolerations")}\n"
            + $"      runtimeClassName: {Json($"pods.{pod}.runtimeClassName")}\n");
    }

    /// <summary>Keeps the database's claim when the chart is uninstalled, and replaces its size and class by values.</summary>
    /// <param name="text">The text of the claim.</param>
    /// <param name="name">The name of the claim.</param>
    public static string EditClaim(string text, string name)
    {
        text = Replace(text, $"  name: \"{name}\"\n", $"  name: \"{name}\"\n  annotations:\n    helm.sh/resource-policy: \"keep\"\n");
        text = Replace(text, "spec:\n", $"spec:\n  storageClassName: {Json("storage.postgres.storageClassName")}\n");
        return Replace(text, "      storage: \"10Gi\"\n", $"      storage: {Json("storage.postgres.size")}\n");
    }

    /// <summary>Sets our own images, directs the Api to the pods of the Executors, and adds <see cref="Values"/>.</summary>
    /// <param name="text">The published <c>values.yaml</c>.</param>
    /// <param name="executors">The names of the Executors.</param>
    public static string EditValues(string text, IEnumerable<string> executors)
    {
        text = Replace(text, "\"api:latest\"", "\"pixelgamedev/api:1.0.0\"");
        foreach (string executor in executors)
        {
            text = Replace(text, $"\"{executor}:latest\"", "\"pixelgamedev/executor:1.0.0\"");
            text = Replace(text, $"\"http://{executor}-service:", $"\"http://{executor}-pods:");
        }

        return text.TrimEnd('\n') + "\n" + Values;
    }

    /// <summary>Returns the name of a part's section in the chart's values.</summary>
    public static string Section(string component) => component.Replace('-', '_');

    /// <summary>
    /// Creates the network policy for clients that may read the metrics of this part. Without a metrics port the chart contains none.
    /// </summary>
    public static string MetricsPolicy(string component) => $$$"""
        {{- if .Values.config.{{{Section(component)}}}.metrics_port }}
        ---
        apiVersion: "networking.k8s.io/v1"
        kind: "NetworkPolicy"
        metadata:
          name: "{{{component}}}-metrics"
          labels:
            app.kubernetes.io/name: "{{ .Chart.Name }}"
            app.kubernetes.io/component: "{{{component}}}"
            app.kubernetes.io/instance: "{{ .Release.Name }}"
        spec:
          podSelector:
            matchLabels:
              app.kubernetes.io/instance: "{{ .Release.Name }}"
              app.kubernetes.io/component: "{{{component}}}"
          policyTypes:
            - "Ingress"
          ingress: {{ toJson .Values.metrics.ingress }}
        {{- end }}

        """;

    /// <summary>Writes the policies of the Api that depend on its settings into its directory of the templates.</summary>
    public static async Task WriteApiPoliciesAsync(string directory)
    {
        await File.WriteAllTextAsync(Path.Combine(directory, "metrics.yaml"), MetricsPolicy("api"));
        await File.WriteAllTextAsync(Path.Combine(directory, "provider.yaml"), ProviderPolicy());
        await File.WriteAllTextAsync(Path.Combine(directory, "object-store.yaml"), ObjectStorePolicy());
    }

    /// <summary>Creates the policy that lets the Api reach its OpenID Connect provider. Without one the chart has none.</summary>
    public static string ProviderPolicy() => OutgoingPolicy("provider", "oidc_authority", "443");

    /// <summary>Creates the policy that lets the Api reach its object store. Without one the chart has none.</summary>
    public static string ObjectStorePolicy() => OutgoingPolicy("object-store", "object_store_bucket", Json("storage.objects.port"));

    /// <summary>Creates the disruption budget of an Executor. Without its value the chart contains none.</summary>
    public static string DisruptionBudget(string executor) => $$$"""
        {{- if .Values.pods.executor.disruptionBudget }}
        ---
        apiVersion: "policy/v1"
        kind: "PodDisruptionBudget"
        metadata:
          name: "{{{executor}}}"
          labels:
            app.kubernetes.io/name: "{{ .Chart.Name }}"
            app.kubernetes.io/component: "{{{executor}}}"
            app.kubernetes.io/instance: "{{ .Release.Name }}"
        spec:
          minAvailable: 1
          selector:
            matchLabels:
              app.kubernetes.io/instance: "{{ .Release.Name }}"
              app.kubernetes.io/component: "{{{executor}}}"
        {{- end }}

        """;

    /// <summary>Creates a policy that lets the Api reach a port of any address, if the setting has a value.</summary>
    private static string OutgoingPolicy(string name, string setting, string port) => $$$"""
        {{- if .Values.config.api.{{{setting}}} }}
        ---
        apiVersion: "networking.k8s.io/v1"
        kind: "NetworkPolicy"
        metadata:
          name: "api-{{{name}}}"
          labels:
            app.kubernetes.io/name: "{{ .Chart.Name }}"
            app.kubernetes.io/component: "api"
            app.kubernetes.io/instance: "{{ .Release.Name }}"
        spec:
          podSelector:
            matchLabels:
              app.kubernetes.io/instance: "{{ .Release.Name }}"
              app.kubernetes.io/component: "api"
          policyTypes:
            - "Egress"
          egress:
            - ports:
                - port: {{{port}}}
                  protocol: "TCP"
        {{- end }}

        """;

    private static string Json(string path) => $"{{{{ toJson .Values.{path} }}}}";

    private static string Replace(string text, string old, string replacement) =>
        text.Split(old).Length == 2
            ? text.Replace(old, replacement, StringComparison.Ordinal)
            : throw new InvalidDataException($"The chart does not say \"{old.Trim()}\" once where it is to be edited.");

    [GeneratedRegex(@"^( {10})resources:\n(?: {12,}.*\n)+", RegexOptions.Multiline)]
    private static partial Regex Resources();
}
