using System.Globalization;
using Microsoft.Extensions.Hosting;

namespace PixelGameDev.AppHost.Running;

/// <summary>
/// Restarts a part that ended by itself, which Aspire does not do. The first pause is 0.5 s. It doubles each time up to 15 s, and is reset
/// to 0.5 s after the part has run for a minute. A part that somebody stopped stays stopped.
/// </summary>
internal sealed class Restarts(
    DistributedApplicationModel model, ResourceNotificationService notifications, ResourceCommandService commands, TimeProvider time,
    IHostApplicationLifetime lifetime) : BackgroundService
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Steady = TimeSpan.FromMinutes(1);

    /// <summary>Returns the pause before the next start.</summary>
    /// <param name="last">The pause before the last start; zero: none.</param>
    /// <param name="ran">How long the part has run since then.</param>
    internal static TimeSpan Pause(TimeSpan last, TimeSpan ran) =>
        last == TimeSpan.Zero || ran >= Steady ? FirstPause : TimeSpan.FromTicks(Math.Min(last.Ticks * 2, LongestPause.Ticks));

    // The token of a service is cancelled after the parts have stopped.
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Parts.Of(model).Select(part => LookAfterAsync(part, lifetime.ApplicationStopping)));

    private async Task LookAfterAsync(IResource part, CancellationToken stoppingToken)
    {
        TimeSpan pause = TimeSpan.Zero;
        bool wanted = false;
        long since = 0;
        try
        {
            await foreach (ResourceEvent now in notifications.WatchAsync(stoppingToken))
            {
                string? state = now.Resource == part ? now.Snapshot.State?.Text : null;
                if (state == KnownResourceStates.Running && !wanted)
                {
                    (wanted, since) = (true, time.GetTimestamp());
                }
                else if (state == KnownResourceStates.Stopping)
                {
                    wanted = false;
                }
                else if (wanted && state is not null && now.Snapshot.HasEnded())
                {
                    wanted = false;
                    pause = Pause(pause, time.GetElapsedTime(since));
                    Installation.Say(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{part.Title()} ended by itself (exit code {now.Snapshot.ExitCode}); it is started again in " +
                        $"{pause.TotalSeconds:0.#} s."));
                    await Task.Delay(pause, time, stoppingToken);
                    await commands.ExecuteCommandAsync(now.ResourceId, KnownResourceCommands.StartCommand, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The application stops.
        }
    }
}
