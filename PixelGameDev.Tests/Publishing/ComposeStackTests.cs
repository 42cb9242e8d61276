using System.Text.RegularExpressions;
using PixelGameDev.Executor.Links;
using PixelGameDev.Tests.Fixtures;
using Xunit.Abstractions;

namespace PixelGameDev.Tests.Publishing;

/// <summary>
/// Runs alone: Docker makes networks for these tests, and Chromium gives up all requests of its pages when the machine's networks change.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ComposeCollection
{
    public const string Name = "Compose";
}

/// <summary>Tests the published Compose files on the real daemon, with the production overrides.</summary>
[Collection(ComposeCollection.Name)]
public sealed partial class ComposeStackTests(ComposeStack stack, ITestOutputHelper output) : IClassFixture<ComposeStack>
{
    public static TheoryData<string, int, string> Containers => new()
    {
        { "postgres", 999, "1073741824" },
        { "api", 1000, "536870912" },
        { "executor", 1000, "536870912" },
        { "caddy", 1000, "268435456" },
    };

    [Fact]
    public void Services_started_in_order_each_after_the_one_before_was_healthy()
    {
        // The daemon's reports about the first "up". Caddy waits only for the Api, so it may start before or after the Executor.
        string[] reports = [.. stack.FirstStart.Where(report => !report.EndsWith(" caddy", StringComparison.Ordinal))];
        // No service failed and started again.
        Assert.Equal(
            ["start postgres", "start api", "start executor"],
            reports.Where(report => report.StartsWith("start ", StringComparison.Ordinal)));
        // Later reports about the health of a service that was healthy say how busy the machine is: a check is a process, which has 5 s.
        Assert.Equal(
            [
                "start postgres", "health_status: healthy postgres",
                "start api", "health_status: healthy api",
                "start executor", "health_status: healthy executor",
            ],
            reports.Where(report => !report.Contains("unhealthy", StringComparison.Ordinal)).Distinct());
    }

    [Theory]
    [MemberData(nameof(Containers))]
    public async Task Seen_from_inside_a_service_may_do_next_to_nothing(string service, int user, string memory)
    {
        await stack.HealthyAsync();
        int process = await stack.ProcessAsync(service);
        string status = await File.ReadAllTextAsync($"/proc/{process}/status");
        Assert.Equal($"{user} {user} {user} {user}", StatusLine(status, "Uid"));
        Assert.Equal($"{user} {user} {user} {user}", StatusLine(status, "Gid"));
        foreach (string set in new[] { "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb" })
        {
            Assert.Equal("0000000000000000", StatusLine(status, set));
        }

        Assert.Equal("1", StatusLine(status, "NoNewPrivs"));
        Assert.Equal("2", StatusLine(status, "Seccomp")); // filtered

        // 1234 1100 0:90 / / ro,relatime - overlay overlay …
        string[] mounts = await File.ReadAllLinesAsync($"/proc/{process}/mountinfo");
        string[] root = Assert.Single(mounts, line => line.Split(' ')[4] == "/").Split(' ');
        Assert.StartsWith("ro", root[5], StringComparison.Ordinal);
        Assert.Contains(mounts, line => line.Split(' ')[4] == "/tmp" && line.Contains(" - tmpfs ", StringComparison.Ordinal));
        Assert.Equal(service == "executor", mounts.Any(line => line.Contains("docker.sock", StringComparison.Ordinal)));

        Assert.Equal(memory, await stack.InspectAsync(service, "{{.HostConfig.Memory}}"));
        Assert.Equal("2000000000", await stack.InspectAsync(service, "{{.HostConfig.NanoCpus}}"));
        Assert.Equal("4096", await stack.InspectAsync(service, "{{.HostConfig.CpuShares}}"));
        Assert.Equal("256", await stack.InspectAsync(service, "{{.HostConfig.PidsLimit}}"));
        Assert.Equal("unless-stopped", await stack.InspectAsync(service, "{{.HostConfig.RestartPolicy.Name}}"));
        Assert.Equal("10m", await stack.InspectAsync(service, "{{index .HostConfig.LogConfig.Config \"max-size\"}}"));
    }

    [Fact]
    public async Task An_operator_drains_the_executor_warms_it_and_makes_demo_accounts_without_a_shell()
    {
        await stack.HealthyAsync();
        const string executor = "/app/PixelGameDev.Executor";
        // A game of another test may still be playing.
        (int code, string drained) = await OperateAsync("executor", executor, "drain");
        Assert.Equal(0, code);
        Assert.StartsWith("No new game is taken", drained, StringComparison.Ordinal);
        Assert.Equal((0, "Games are taken again."), await OperateAsync("executor", executor, "resume"));
        (code, string warm) = await OperateAsync("executor", executor, "prewarm", "1");
        Assert.Equal(0, code);
        Assert.Matches("^[1-9][0-9]* sandbox(es wait| waits)[.]$", warm);
        (code, string made) = await OperateAsync("api", "/app/PixelGameDev.Api", "--demo-data", "1");
        Assert.Equal(0, code);
        Assert.StartsWith("Demo 1: ", made, StringComparison.Ordinal);
    }

    /// <summary>Returns the exit code and the last printed line.</summary>
    private async Task<(int Code, string Line)> OperateAsync(string service, params string[] command)
    {
        (int code, string text) = await stack.ExecAsync(service, command);
        return (code, text.TrimEnd().Split('\n')[^1].TrimEnd());
    }

    [Fact]
    public async Task Only_the_api_is_published_and_the_others_are_on_the_inner_network_alone()
    {
        await stack.HealthyAsync();
        Assert.Equal($"{stack.Project}_pixel-network", await NetworksAsync("postgres"));
        Assert.Equal($"{stack.Project}_pixel-network", await NetworksAsync("executor"));
        Assert.Equal($"{stack.Project}_pixel-edge {stack.Project}_pixel-network {stack.Project}_pixel-tls", await NetworksAsync("api"));
        Assert.Equal($"{stack.Project}_pixel-tls", await NetworksAsync("caddy"));
        Assert.Equal("", await PublishedAsync("postgres"));
        Assert.Equal("", await PublishedAsync("executor"));
        Assert.Equal($"5000/tcp=127.0.0.1:{stack.Address.Port}", await PublishedAsync("api"));

        async Task<string> NetworksAsync(string service) => string.Join(' ',
            (await stack.InspectAsync(service, "{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}"))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries).Order());
        Task<string> PublishedAsync(string service) => stack.InspectAsync(
            service, "{{range $port, $to := .NetworkSettings.Ports}}{{range $to}}{{$port}}={{.HostIp}}:{{.HostPort}}{{end}}{{end}}");
    }

    [Theory]
    [InlineData("JWT_SECRET")]
    [InlineData("EXECUTOR_SECRET_KEY")]
    [InlineData("POSTGRES_PASSWORD")]
    public async Task Without_a_secret_nothing_starts_and_the_message_says_which(string secret)
    {
        (int code, string output) = await stack.ConfigAsync(new Dictionary<string, string> { [secret] = "" });
        Assert.NotEqual(0, code);
        Assert.Contains(secret, output, StringComparison.Ordinal);
        Assert.Contains("openssl rand", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_all_variables_both_files_are_valid()
    {
        (int code, string output) = await stack.ConfigAsync(new Dictionary<string, string>());
        Assert.True(code == 0, output);
    }

    [Theory]
    [InlineData("api", "JWT_SECRET")]
    [InlineData("executor", "EXECUTOR_SECRET_KEY")]
    public async Task With_weak_secrets_a_service_refuses_to_start_and_names_them(string service, string secret)
    {
        (int code, string output) = await stack.RunServiceAsync(service, new Dictionary<string, string>
        {
            [secret] = "short",
            ["EXECUTOR_SECRET_KEY"] = "changeme-changeme-changeme-changeme-changeme",
        });
        Assert.NotEqual(0, code);
        Assert.Contains(secret, output, StringComparison.Ordinal);
        Assert.Contains("EXECUTOR_SECRET_KEY", output, StringComparison.Ordinal);
        Assert.DoesNotContain("changeme-changeme", output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_link_directories_of_a_usual_server_are_short_enough_for_sockets()
    {
        // /var/lib/docker/volumes/pixel-sessions/_data, from the file's defaults
        string path = Defaults().Replace(
            YamlPlace.Load(Path.Combine(AppHost.Repository.Find().Root,
                "deploy/compose/docker-compose.yml"))["services"]["executor"]["environment"]["SANDBOX_LINK_DIRECTORY"].Text!,
            "$1");
        Assert.True(path.Length <= LinkDirectory.MaxRootBytes, $"{path} is too long");
    }

    // Uid:	1000	1000	1000	1000
    private static string StatusLine(string status, string name) => string.Join(' ',
        status.Split('\n').Single(line => line.StartsWith(name + ":", StringComparison.Ordinal))[(name.Length + 1)..]
            .Split('\t', StringSplitOptions.RemoveEmptyEntries)).Trim();

    [GeneratedRegex(@"\$\{[A-Z_]+:-([^}]*)\}")]
    private static partial Regex Defaults();
}
