using PixelGameDev.Executor.Sandboxes;
using PixelGameDev.Streaming.Contracts;

namespace PixelGameDev.Executor.Docker;

/// <summary>Runs the background work that only Docker sandboxes need.</summary>
internal sealed class DockerServices(IServiceProvider services, ISandboxFactory factory) : IHostedService, IAsyncDisposable
{
    private readonly IReadOnlyList<BackgroundService> _parts = factory.Kind == SandboxKinds.Docker
        ?
        [
            ActivatorUtilities.CreateInstance<DockerMonitor>(services),
            ActivatorUtilities.CreateInstance<GameImageService>(services),
            ActivatorUtilities.CreateInstance<DockerReaper>(services),
        ]
        : [];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (BackgroundService part in _parts)
        {
            await part.StartAsync(cancellationToken);
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (BackgroundService part in _parts.Reverse())
        {
            await part.StopAsync(cancellationToken);
        }
    }

    public ValueTask DisposeAsync()
    {
        foreach (BackgroundService part in _parts)
        {
            part.Dispose();
        }

        return ValueTask.CompletedTask;
    }
}
