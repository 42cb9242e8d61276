using System.Text.RegularExpressions;
using PixelGameDev.AppHost;
using PixelGameDev.AppHost.Machine;
using PixelGameDev.AppHost.Publishing;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Publishing;

/// <summary>
/// Tests that the committed Compose and Kubernetes files are what the AppHost publishes. This needs an AppHost with Aspire's publishers
/// (<c>WithPublishers=true</c>). Without them the tests check the message of the AppHost, and the summary of the run lists the rest.
/// </summary>
public sealed partial class PublishedFilesTests
{
    private static readonly string Root = Repository.Find().Root;

    private static bool HasPublishers =>
        typeof(Repository).Assembly.GetReferencedAssemblies().Any(static reference => reference.Name == "Aspire.Hosting.Docker");

    [Theory]
    [InlineData("compose", ".env.example", "Caddyfile", "docker-compose.production.yml", "docker-compose.tls.yml")]
    [InlineData("kubernetes", "templates/api/ingress.yaml")]
    public async Task The_committed_files_are_what_the_apphost_publishes(string target, params string[] keptByHand)
    {
        using TestDirectory output = new();
        if (!HasPublishers)
        {
            // These are the arguments of "aspire publish", which shows the AppHost's output.
            (int code, string text) = await PublishAsync(output, "--operation", "publish", "--step", "publish", "--target", target,
                "--output-path", output.Sub(target));
            Assert.Equal((1, DeploymentTarget.WithoutPublishers), (code, text.Trim()));
            CannotPublish($"Publishing {target}");
            return;
        }

        await PublishFilesAsync(output, target);
        string published = output.Sub(target), committed = Path.Combine(Root, "deploy", target);
        Assert.Equal(Files(published).Concat(keptByHand).Order(StringComparer.Ordinal), Files(committed));
        foreach (string file in Files(published))
        {
            Assert.True(
                await File.ReadAllTextAsync(Path.Combine(committed, file)) == await File.ReadAllTextAsync(Path.Combine(published, file)),
                $"deploy/{target}/{file} is not what the AppHost publishes: run ./pixel publish.");
        }
    }

    [Fact]
    public async Task A_second_Executor_has_everything_that_the_first_has()
    {
        if (!HasPublishers)
        {
            CannotPublish("Publishing two Executors");
            return;
        }

        using TestDirectory output = new();
        await PublishFilesAsync(output, "compose", "--executors", "2");
        YamlPlace services = YamlPlace.Load(output.Sub("compose/docker-compose.yml"))["services"];
        Assert.Equal(AsOfFirst(services["executor"]), AsOfFirst(services["executor-2"]));
        Assert.Equal("http://executor-2:5002", services["api"]["environment"]["services__executor-2__http__0"].Text);

        await PublishFilesAsync(output, "kubernetes", "--executors", "2");
        const string metrics = "executor: { metrics_port: \"9464\" }";
        string values = PublishedKubernetesChoiceTests.Chosen.Replace(metrics,
            $"{metrics}, {metrics.Replace("executor", "executor_2", StringComparison.Ordinal)}", StringComparison.Ordinal);
        IReadOnlyList<YamlPlace> objects = HelmTemplates.Render(output.Sub("kubernetes"), release: "pixel", values);
        Assert.Equal(Of(objects, "executor").Select(AsOfFirst), Of(objects, "executor-2").Select(AsOfFirst));
        Assert.Contains(Of(objects, "executor-2"), static item => item["kind"].Text == "PodDisruptionBudget");
        Assert.Contains(Of(objects, "executor-2"), static item => item["metadata"]["name"].Text == "executor-2-metrics");
        YamlPlace api = Of(objects, "api").Single(static item => item["metadata"]["name"].Text == "api");
        Assert.Contains("executor-2", api["spec"]["egress"].ToString(), StringComparison.Ordinal);
        YamlPlace settings = Of(objects, "api").Single(static item => item["kind"].Text == "ConfigMap")["data"];
        Assert.Equal("http://executor-2-pods:5002", settings["services__executor-2__http__0"].Text);

        static IEnumerable<YamlPlace> Of(IReadOnlyList<YamlPlace> objects, string component) =>
            objects.Where(item => item["metadata"]["labels"]["app.kubernetes.io/component"].Text == component);

        static string AsOfFirst(YamlPlace place) => SettingsDigest().Replace(
            place.ToJson()!.ToJsonString().Replace("executor-2", "executor", StringComparison.Ordinal)
                .Replace("5002", "5001", StringComparison.Ordinal),
            "(digest)");
    }

    /// <summary>Publishes with these arguments and returns the exit code and the output.</summary>
    internal static Task<(int Code, string Output)> PublishAsync(TestDirectory output, params string[] arguments) =>
        Tool.RunAsync([Tool.Dotnet, typeof(Repository).Assembly.Location, .. arguments], CancellationToken.None, output.Path);

    private static async Task PublishFilesAsync(TestDirectory output, string target, params string[] arguments)
    {
        (int code, string text) = await PublishAsync(
            output, ["--operation", "publish", "--step", "publish", "--target", target, "--output-path", output.Sub(target), .. arguments]);
        Assert.True(code == 0, text);
    }

    private static void CannotPublish(string what) => NotPossible.Add(
        what, "this AppHost was built without Aspire's publishers (WithPublishers=true); other tests hold what the committed files say");

    /// <summary>Matches the digest of a pod's settings, which contain the Executor's name and port.</summary>
    [GeneratedRegex("[0-9a-f]{64}")]
    private static partial Regex SettingsDigest();

    private static IEnumerable<string> Files(string directory) => Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(directory, file)).Order(StringComparer.Ordinal);
}
