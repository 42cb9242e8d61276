using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using PixelGameDev.AppHost.Topology;

namespace PixelGameDev.AppHost.Running;

/// <summary>
/// Reports each started part, then the addresses of the page and the dashboard. If a part ends before it was ever healthy, it prints the
/// part's last lines and stops the application.
/// </summary>
internal sealed class Announcement(
    Installation installation, DistributedApplicationModel model, ResourceNotificationService notifications, ResourceLoggerService logs,
    IHostApplicationLifetime lifetime, IConfiguration configuration) : BackgroundService
{
    private const int LastLines = 20;
    private static readonly TimeSpan SayEvery = TimeSpan.FromSeconds(15);

    // The token of a service is cancelled after the parts have stopped.
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => AnnounceAsync(lifetime.ApplicationStopping);

    private async Task AnnounceAsync(CancellationToken stoppingToken)
    {
        try
        {
            if (installation.Options.Verbose)
            {
                foreach (IResource part in Parts.Of(model))
                {
                    _ = CopyAsync(part, stoppingToken);
                }
            }

            foreach (IResource part in Parts.Of(model))
            {
                ResourceEvent now = await UntilUpAsync(part, stoppingToken);
                if (now.Snapshot.HasEnded())
                {
                    await GiveUpAsync(part, now.Snapshot);
                    return;
                }

                Installation.Say($"{part.Title()} is up.");
            }

            Installation.Say("");
            Installation.Say($"PixelGameDev is ready: http://localhost:{installation.Port}");
            Installation.Say(await SandboxAsync(stoppingToken));
            Uri api = new($"http://127.0.0.1:{installation.Port}");
            if (await ServiceHealth.NeedsSetUpAsync(api, stoppingToken))
            {
                // The part after # is not sent to any server and stands in no log.
                Installation.Say(
                    $"It has no admin yet. Make yourself one: http://localhost:{installation.Port}/set-up#" +
                        installation.Data.Secret(Settings.SetupCode));
            }

            if (installation.Options.Dashboard && configuration["AppHost:BrowserToken"] is { } token)
            {
                Installation.Say(
                    $"The dashboard shows logs, traces and metrics: http://localhost:{installation.DashboardPort}/login?t={token}");
            }

            Installation.Say("Ctrl-C stops everything.");
            Installation.Say("");
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped while starting.
        }
    }

    /// <summary>Waits until a part is up or has ended. Says now and then what it waits for.</summary>
    private async Task<ResourceEvent> UntilUpAsync(IResource part, CancellationToken cancellationToken)
    {
        Task<ResourceEvent> waiting = notifications.WaitForResourceAsync(
            part.Name, static e => IsUp(e.Snapshot) || e.Snapshot.HasEnded(), cancellationToken);
        TimeSpan waited = TimeSpan.Zero;
        while (await Task.WhenAny(waiting, Task.Delay(SayEvery, cancellationToken)) != waiting)
        {
            cancellationToken.ThrowIfCancellationRequested();
            waited += SayEvery;
            if (notifications.TryGetCurrentState(part.Name, out ResourceEvent? now))
            {
                Installation.Say(NotUpYet(part.Title(), now.Snapshot, waited));
            }
        }

        return await waiting;
    }

    /// <summary>Returns a sentence about a part that takes long to start.</summary>
    internal static string NotUpYet(string title, CustomResourceSnapshot part, TimeSpan waited)
    {
        HealthReportSnapshot? bad =
            part.HealthReports.FirstOrDefault(static report => report.Status is not (null or HealthStatus.Healthy));
        string why = bad?.Description is { Length: > 0 } words
            ? $"its health check says: {words.TrimEnd('.')}" : $"its state is {part.State?.Text ?? "unknown"}";
        return $"{title} is not up after {waited.TotalSeconds:0} s: {why}. Still waiting; --verbose shows what it writes.";
    }

    private static bool IsUp(CustomResourceSnapshot part) =>
        part.State?.Text == KnownResourceStates.Running && part.HealthStatus is HealthStatus.Healthy or HealthStatus.Degraded;

    private async Task GiveUpAsync(IResource part, CustomResourceSnapshot end)
    {
        Queue<string> last = [];
        await foreach (IReadOnlyList<LogLine> lines in logs.GetAllAsync(part))
        {
            foreach (string line in lines.Select(static line => line.Words()).OfType<string>())
            {
                last.Enqueue(line);
                if (last.Count > LastLines)
                {
                    last.Dequeue();
                }
            }
        }

        Console.Error.WriteLine(string.Join('\n', last));
        Console.Error.WriteLine(end.ExitCode is { } code
            ? $"{part.Title()} ended while starting (exit code {code}): its lines above say why."
            : $"{part.Title()} could not be started: its lines above say why.");
        Installation.ExitCode = 1;
        lifetime.StopApplication();
    }

    private async Task CopyAsync(IResource part, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (IReadOnlyList<LogLine> lines in logs.WatchAsync(part).WithCancellation(cancellationToken))
            {
                foreach (string line in lines.Select(static line => line.Words()).OfType<string>())
                {
                    Installation.Say($"{part.Name,-8} | {line}");
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The application stops.
        }
    }

    private async Task<string> SandboxAsync(CancellationToken cancellationToken)
    {
        Uri executor = new($"http://127.0.0.1:{installation.Executors[0].Port}");
        JsonElement? sandbox = await ServiceHealth.SandboxAsync(executor, cancellationToken);
        string? kind = sandbox?.GetProperty("kind").GetString();
        return (kind, sandbox?.GetProperty("ready").GetBoolean()) switch
        {
            ("docker", true) => "Games run in locked-down Docker containers.",
            (_, true) => $"Games run WITHOUT Docker, in the development sandbox ({kind}): fine for your own games, not for strangers'.",
            _ => sandbox?.TryGetProperty("state", out JsonElement state) == true && state.GetString() is { Length: > 0 } why
                ? $"No game can be started yet: {why}. If that stays so, ./pixel doctor says what is missing."
                : "Games cannot be started here: ./pixel doctor says what is missing.",
        };
    }
}
