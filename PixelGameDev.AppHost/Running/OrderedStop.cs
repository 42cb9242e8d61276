using Microsoft.Extensions.Hosting;

namespace PixelGameDev.AppHost.Running;

/// <summary>
/// Stops the parts in reverse order of their start: an Executor informs its players and removes their sandboxes while the Api still runs.
/// </summary>
/// <remarks>Aspire would stop all of them at the same time.</remarks>
internal sealed class OrderedStop(
    DistributedApplicationModel model, ResourceNotificationService notifications, ResourceCommandService commands) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Installation.Say("Stopping …");
        foreach (IResource part in Parts.Of(model).Reverse())
        {
            if (notifications.TryGetCurrentState(part.Name, out ResourceEvent? now)
                && now.Snapshot.State?.Text == KnownResourceStates.Running)
            {
                await commands.ExecuteCommandAsync(now.ResourceId, KnownResourceCommands.StopCommand, cancellationToken);
            }
        }
    }
}
