using Aspire.Hosting.Kubernetes.Resources;

namespace PixelGameDev.AppHost.Publishing;

/// <summary>
/// Represents a NetworkPolicy of <c>networking.k8s.io/v1</c>, for which Aspire has no type. Without a rule all traffic is blocked.
/// </summary>
internal sealed class NetworkPolicy : BaseKubernetesResource
{
    public NetworkPolicy(string name, NetworkPolicySpec spec)
        : base("networking.k8s.io/v1", "NetworkPolicy")
    {
        Metadata.Name = name;
        Spec = spec;
    }

    public NetworkPolicySpec Spec { get; }
}

internal sealed class NetworkPolicySpec
{
    public LabelSelectorV1 PodSelector { get; init; } = new();

    public List<string> PolicyTypes { get; } = ["Ingress", "Egress"];

    public List<NetworkPolicyRule> Ingress { get; init; } = [];

    public List<NetworkPolicyRule> Egress { get; init; } = [];
}

internal sealed class NetworkPolicyRule
{
    public List<NetworkPolicyPeer> From { get; init; } = [];

    public List<NetworkPolicyPeer> To { get; init; } = [];

    public List<NetworkPolicyPort> Ports { get; init; } = [];
}

internal sealed record NetworkPolicyPeer(LabelSelectorV1 PodSelector);

internal sealed record NetworkPolicyPort(int Port, string Protocol = "TCP");
