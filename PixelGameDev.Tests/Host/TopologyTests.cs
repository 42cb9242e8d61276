using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using PixelGameDev.AppHost.Commands;
using PixelGameDev.Tests.Api;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Host;

/// <summary>Tests the AppHost in Aspire's test host: what the dashboard shows and can do, with the real orchestrator.</summary>
public sealed class TopologyTests : IDisposable
{
    private readonly TestDirectory _directory = new();
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(5));

    public void Dispose()
    {
        _limit.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Parts_start_in_order_and_each_can_be_stopped_and_started_and_does_its_commands()
    {
        await using DistributedApplication app = await BuildAsync();
        ResourceNotificationService notifications = app.ResourceNotifications;
        ConcurrentQueue<string> story = new();
        Task watching = WatchAsync(notifications, story);
        await app.StartAsync(_limit.Token);
        await notifications.WaitForResourceAsync("executor", static e =>
            e.Snapshot.HealthStatus is HealthStatus.Healthy or HealthStatus.Degraded, _limit.Token);

        // Each part runs when the part before it is healthy.
        string[] told = [.. story];
        foreach ((string before, string after) in new[] { ("postgres", "api"), ("api", "executor") })
        {
            Assert.True(
                Array.IndexOf(told, $"{before} Healthy") is >= 0 and int healthy && healthy < Array.IndexOf(told, $"{after} Running"),
                string.Join('\n', told));
        }

        // The dashboard shows only the parts and the secrets.
        Assert.Equal(
            ["api", "executor", "executor-secret-key", "jwt-secret", "postgres", "postgres-password", "setup-code"],
            app.Services.GetRequiredService<DistributedApplicationModel>().Resources.Where(static resource =>
                !resource.Name.EndsWith("-rebuilder", StringComparison.Ordinal)).Select(static resource => resource.Name).Order());

        using HttpClient api = app.CreateHttpClient("api");
        foreach (string part in new[] { "executor", "postgres", "api" })
        {
            ResourceCommandService commands = app.Services.GetRequiredService<ResourceCommandService>();
            Assert.True((await commands.ExecuteCommandAsync(part, KnownResourceCommands.StopCommand, _limit.Token)).Success);
            await notifications.WaitForResourceAsync(part, KnownResourceStates.TerminalStates, _limit.Token);
            Assert.True((await commands.ExecuteCommandAsync(part, KnownResourceCommands.StartCommand, _limit.Token)).Success);
            await notifications.WaitForResourceAsync(
                part, static e => e.Snapshot.State?.Text == KnownResourceStates.Running
                    && e.Snapshot.HealthStatus is HealthStatus.Healthy or HealthStatus.Degraded, _limit.Token);
        }

        await Eventually.TrueAsync(
            async () => (await api.GetAsync("/api/health", _limit.Token)).IsSuccessStatusCode, "the Api is healthy again",
            TimeSpan.FromMinutes(1));
        await CommandsDoWhatTheySayAsync(app);
        await app.StopAsync(_limit.Token);
        await _limit.CancelAsync();
        await watching;
    }

    [Fact]
    public async Task Where_no_game_can_run_the_executor_is_degraded_and_says_why()
    {
        await using DistributedApplication app = await BuildAsync(("SANDBOX_KIND", "subprocess"), ("PYTHON_PATH", "/bin/true"));
        await app.StartAsync(_limit.Token);

        ResourceEvent executor = await app.ResourceNotifications.WaitForResourceAsync(
            "executor",
            static e => KnownResourceStates.TerminalStates.Contains(e.Snapshot.State?.Text)
                || e.Snapshot.HealthReports.Any(static report => report.Status == HealthStatus.Degraded),
            _limit.Token);
        Assert.True(executor.Snapshot.State?.Text == KnownResourceStates.Running, await LinesAsync(app, "executor"));

        HealthReportSnapshot report = executor.Snapshot.HealthReports.Single(static report => report.Status == HealthStatus.Degraded);
        Assert.Contains("No game can be started", report.Description, StringComparison.Ordinal);
        await app.StopAsync(_limit.Token);
    }

    private async Task CommandsDoWhatTheySayAsync(DistributedApplication app)
    {
        Uri page = app.GetEndpoint("api", "http");

        // The restore removes accounts that were created after the backup.
        Assert.EndsWith("before.tar.gz", (await CommandAsync(app, "postgres", DatabaseCommands.BackUp, (DatabaseCommands.Name, "before")))
            .Message, StringComparison.Ordinal);
        string made = (await CommandAsync(app, "api", ServiceCommands.DemoData, (ServiceCommands.Count, "2"))).Data!.Value;
        string password = Regex.Match(made, "^Demo 1: (.+)$", RegexOptions.Multiline).Groups[1].Value;
        Assert.Contains("Demo 2: ", made, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await SignInAsync(page, "Demo 1", password));
        Assert.Contains(
            "Demo 1 exists already.", (await CommandAsync(app, "api", ServiceCommands.DemoData, (ServiceCommands.Count, "1"))).Data!.Value,
            StringComparison.Ordinal);

        ExecuteCommandResult warm = await CommandAsync(app, "executor", ServiceCommands.Prewarm, (ServiceCommands.Count, "3"));
        Assert.Equal("3 sandboxes wait.", warm.Message);
        using Visitor visitor = await Visitor.ArriveAsync(page);
        Guid project = await visitor.FirstProjectAsync();
        Assert.Equal("No new game is taken, and none plays.", (await CommandAsync(app, "executor", ServiceCommands.Drain)).Message);
        using (HttpResponseMessage refused = await visitor.Http.PostAsJsonAsync("/api/sessions", new { projectId = project }, _limit.Token))
        {
            await Visitor.ProblemOf(refused, HttpStatusCode.ServiceUnavailable, "draining");
        }

        Assert.Equal("Games are taken again.", (await CommandAsync(app, "executor", ServiceCommands.Resume)).Message);
        const string quick = "A_machine_without_the_target";
        ExecuteCommandResult attacked =
            await CommandAsync(app, "executor", ServiceCommands.HostilePrograms, (ServiceCommands.Tests, quick));
        Assert.Contains("Passed!", attacked.Data!.Value, StringComparison.Ordinal);
        using (HttpResponseMessage started = await visitor.Http.PostAsJsonAsync("/api/sessions", new { projectId = project }, _limit.Token))
        {
            Assert.Equal(HttpStatusCode.Created, started.StatusCode);
        }

        Assert.Equal("The database is as it was in \"before\".",
            (await CommandAsync(app, "postgres", DatabaseCommands.Restore, (DatabaseCommands.Name, "before"))).Message);
        Assert.Equal(HttpStatusCode.Unauthorized, await SignInAsync(page, "Demo 1", password));

        ExecuteCommandResult wrong = await ExecuteAsync(app, "executor", ServiceCommands.Prewarm, (ServiceCommands.Count, "0"));
        Assert.False(wrong.Success);
        Assert.Contains("1 to 100", wrong.Message, StringComparison.Ordinal);
        wrong = await ExecuteAsync(app, "postgres", DatabaseCommands.Restore, (DatabaseCommands.Name, "never"));
        Assert.False(wrong.Success);
        Assert.Equal(HttpStatusCode.Unauthorized, await SignInAsync(page, "Demo 1", password));
    }

    private async Task<HttpStatusCode> SignInAsync(Uri page, string name, string password)
    {
        using Visitor visitor = await Visitor.ArriveAsync(page);
        using HttpResponseMessage answer = await visitor.Http.PostAsJsonAsync("/api/account/sign-in", new { name, password }, _limit.Token);
        return answer.StatusCode;
    }

    private async Task<ExecuteCommandResult> CommandAsync(
        DistributedApplication app, string part, string command, params (string Name, string Value)[] arguments)
    {
        ExecuteCommandResult result = await ExecuteAsync(app, part, command, arguments);
        Assert.True(result.Success, $"{command}: {result.Message}\n{result.Data?.Value}");
        return result;
    }

    private Task<ExecuteCommandResult> ExecuteAsync(
        DistributedApplication app, string part, string command, params (string Name, string Value)[] arguments) =>
        app.Services.GetRequiredService<ResourceCommandService>().ExecuteCommandAsync(
            part, command,
            new InteractionInputCollection([.. arguments.Select(static one =>
                new InteractionInput { Name = one.Name, InputType = InputType.Text, Value = one.Value })]),
            _limit.Token);

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
        IDistributedApplicationTestingBuilder builder =
            await DistributedApplicationTestingBuilder.CreateAsync<Projects.PixelGameDev_AppHost>(
            ["--port", "0", "--executor-port", "0", "--data", _directory.Sub("data"), "--no-dashboard"], _limit.Token);
        foreach ((string name, string value) in ofExecutor)
        {
            builder.CreateResourceBuilder<ProjectResource>("executor").WithEnvironment(name, value);
        }

        return await builder.BuildAsync(_limit.Token);
    }

    private async Task WatchAsync(ResourceNotificationService notifications, ConcurrentQueue<string> story)
    {
        try
        {
            await foreach (ResourceEvent now in notifications.WatchAsync(_limit.Token))
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
            // The test ends.
        }
    }
}
