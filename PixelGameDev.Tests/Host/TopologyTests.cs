using System.Collections.Concurrent;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Host;

/// <summary>The AppHost in Aspire's own test host: what the dashboard shows and can do, with the real orchestrator below it.</summary>
[Collection(SystemCollection.Name)]
public sealed class TopologyTests : IDisposable
{
    private readonly TestDirectory directory = new();
    private readonly CancellationTokenSource limit = new(TimeSpan.FromMinutes(5));

    public void Dispose()
    {
        limit.Dispose();
        directory.Dispose();
    }

    [Fact]
    public async Task Parts_start_in_order_and_each_can_be_stopped_and_started()
    {
        await using DistributedApplication app = await BuildAsync();
        ResourceNotificationService notifications = app.ResourceNotifications;
        ConcurrentQueue<string> story = new();
        Task watching = WatchAsync(notifications, story);
        await app.StartAsync(limit.Token);
        await notifications.WaitForResourceAsync("executor", static e => e.Snapshot.HealthStatus is HealthStatus.Healthy or HealthStatus.Degraded, limit.Token);

        // Each runs when the one before is healthy.
        string[] told = [.. story];
        foreach ((string before, string after) in new[] { ("postgres", "api"), ("api", "executor") })
        {
            Assert.True(
                Array.IndexOf(told, $"{before} Healthy") is >= 0 and int healthy && healthy < Array.IndexOf(told, $"{after} Running"), string.Join('\n', told));
        }

        // Nothing but the parts and the secrets is shown.
        Assert.Equal(
            ["api", "executor", "executor-secret-key", "jwt-secret", "postgres", "postgres-password"],
            app.Services.GetRequiredService<DistributedApplicationModel>().Resources.Where(static resource => !resource.Name.EndsWith("-rebuilder", StringComparison.Ordinal)).Select(static resource => resource.Name).Order());

        using HttpClient api = app.CreateHttpClient("api");
        foreach (string part in new[] { "executor", "postgres", "api" })
        {
            ResourceCommandService commands = app.Services.GetRequiredService<ResourceCommandService>();
            Assert.True((await commands.ExecuteCommandAsync(part, KnownResourceCommands.StopCommand, limit.Token)).Success);
            await notifications.WaitForResourceAsync(part, KnownResourceStates.TerminalStates, limit.Token);
            Assert.True((await commands.ExecuteCommandAsync(part, KnownResourceCommands.StartCommand, limit.Token)).Success);
            await notifications.WaitForResourceAsync(
                part, static e => e.Snapshot.State?.Text == KnownResourceStates.Running && e.Snapshot.HealthStatus is HealthStatus.Healthy or HealthStatus.Degraded, limit.Token);
        }

        await Eventually.TrueAsync(
            async () => (await api.GetAsync("/api/health", limit.Token)).IsSuccessStatusCode, "the Api is healthy again", TimeSpan.FromMinutes(1));
        await app.StopAsync(limit.Token);
        await limit.CancelAsync();
        await watching;
    }

    [Fact]
    public async Task Where_no_game_can_run_the_executor_is_degraded_and_says_why()
    {
        await using DistributedApplication app = await BuildAsync(("SANDBOX_KIND", "subprocess"), ("PYTHON_PATH", "/bin/true"));
        await app.StartAsync(limit.Token);

        ResourceEvent executor = await app.ResourceNotifications.WaitForResourceAsync(
            "executor",
            static e => KnownResourceStates.TerminalStates.Contains(e.Snapshot.State?.Text) || e.Snapshot.HealthReports.Any(static report => report.Status == HealthStatus.Degraded),
            limit.Token);
        Assert.True(executor.Snapshot.State?.Text == KnownResourceStates.Running, await LinesAsync(app, "executor"));

        HealthReportSnapshot report = executor.Snapshot.HealthReports.Single(static report => report.Status == HealthStatus.Degraded);
        Assert.Contains("No game can be started", report.Description, StringComparison.Ordinal);
        await app.StopAsync(limit.Token);
    }

    private static async Task<string> LinesAsync(DistributedApplication app, string part)
    {
        List<string> all = [];
        await foreach (IReadOnlyList<LogLine> lines in app.Services.GetRequiredService<ResourceLoggerService>().GetAllAsync(part))
        {
            all.AddRange(lines.Select(static line => line.Content));
        }

        return string.Join('\n', all);
    }

    private async Task<DistributedApplication> BuildAsync(params (string Name, string Value)[] ofExecutor)
    {
        IDistributedApplicationTestingBuilder builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.PixelGameDev_AppHost>(
            ["--port", "0", "--executor-port", "0", "--data", directory.Sub("data"), "--no-dashboard"], limit.Token);
        foreach ((string name, string value) in ofExecutor)
        {
            builder.CreateResourceBuilder<ProjectResource>("executor").WithEnvironment(name, value);
        }

        return await builder.BuildAsync(limit.Token);
    }

    private async Task WatchAsync(ResourceNotificationService notifications, ConcurrentQueue<string> story)
    {
        try
        {
            await foreach (ResourceEvent now in notifications.WatchAsync(limit.Token))
            {
                foreach (string? word in new[] { now.Snapshot.State?.Text, now.Snapshot.HealthStatus?.ToString() })
                {
                    if (word is not null && !story.Contains($"{now.Resource.Name} {word}"))
                    {
                        story.Enqueue($"{now.Resource.Name} {word}");
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The end of the test.
        }
    }
}
