using PixelGameDev.AppHost;

namespace PixelGameDev.Tests.Publishing;

/// <summary>Holds the committed chart, rendered with its own values, and queries for tests.</summary>
internal static class PublishedChart
{
    public static readonly string Chart = Path.Combine(Repository.Find().Root, "deploy/kubernetes");
    public static readonly IReadOnlyList<YamlPlace> Objects = HelmTemplates.Render(Chart, release: "pixel");

    public static YamlPlace Workload(string kind, string component) => Workload(Objects, kind, component);

    public static YamlPlace Workload(IReadOnlyList<YamlPlace> objects, string kind, string component) =>
        objects.Single(item => item["kind"].Text == kind && item["metadata"]["labels"]["app.kubernetes.io/component"].Text == component);

    public static IEnumerable<YamlPlace> Containers(YamlPlace workload) =>
        workload["spec"]["template"]["spec"]["containers"].Items.Concat(workload["spec"]["template"]["spec"]["initContainers"].Items);

    public static YamlPlace Policy(string name) =>
        Objects.Single(item => item["kind"].Text == "NetworkPolicy" && item["metadata"]["name"].Text == name);

    public static List<(string Component, string Port)> Peers(YamlPlace policy, string direction, string side) =>
        [.. from rule in policy["spec"][direction].Items
            from port in rule["ports"].Items
            select (rule[side].Exists ? rule[side].Items.Single()["podSelector"]["matchLabels"]["app.kubernetes.io/component"].Text!
                : "anybody", port["port"].Text!)];

    public static List<(string, string?)> Pairs(YamlPlace map) => [.. map.Children.Select(pair => (pair.Key, pair.Value.Text)).Order()];
}
