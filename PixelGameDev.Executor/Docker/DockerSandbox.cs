using Docker.DotNet;
using Docker.DotNet.Models;
using PixelGameDev.Executor.Links;
using PixelGameDev.Executor.Sandboxes;
using PixelGameDev.Streaming.Contracts;

namespace PixelGameDev.Executor.Docker;

/// <summary>Represents a sandbox in one container.</summary>
internal sealed partial class DockerSandbox(
    DockerConnection docker, string id, Stream link, LinkDirectory? directory, SandboxRegistry registry, ILogger logger) : IWeightedSandbox
{
    private static readonly TimeSpan RemovalTimeout = TimeSpan.FromSeconds(20);

    private int _disposed;

    /// <summary>Returns the full id of the container.</summary>
    public string Id => id;

    public string Name => id[..12];

    public string Kind => SandboxKinds.Docker;

    public Stream Link => link;

    public async Task<SandboxExit?> WaitForExitAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timer.CancelAfter(limit);
        try
        {
            await docker.Client.Containers.WaitContainerAsync(id, timer.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The container still runs, or the daemon hangs. The inspection below detects a container that was killed for memory in either
            // case.
        }
        catch (Exception error) when (error is DockerApiException or HttpRequestException or IOException)
        {
            return new SandboxExit(null, OutOfMemory: false, "the container cannot be asked: " + error.Message);
        }

        try
        {
            using CancellationTokenSource ask = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            ask.CancelAfter(TimeSpan.FromSeconds(5));
            ContainerInspectResponse container = await docker.Client.Containers.InspectContainerAsync(id, ask.Token);
            State state = container.State ?? throw new IOException("the daemon does not tell its state");
            // A child that is killed for memory sets the flag, but does not change the exit code of the main process. So read both.
            return state.Running && !state.OOMKilled
                ? null
                : new SandboxExit(state.Running ? null : (int)state.ExitCode, state.OOMKilled, Describe(state));
        }
        catch (Exception error) when (error is DockerApiException or HttpRequestException or IOException or OperationCanceledException)
        {
            return new SandboxExit(null, OutOfMemory: false, "the container cannot be asked: " + error.Message);
        }
    }

    public int MachineProcessors => docker.Processors;

    public async Task<bool> SetCpuGrantAsync(CpuGrant grant, CancellationToken cancellationToken)
    {
        try
        {
            await docker.Client.Containers.UpdateContainerAsync(
                id, new ContainerUpdateParameters { CPUShares = grant.Weight, NanoCPUs = DockerPolicy.NanoCpus(grant) }, cancellationToken);
            return true;
        }
        catch (Exception error) when (error is DockerApiException or HttpRequestException or IOException or TimeoutException
            or OperationCanceledException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        // Close the link first: a daemon that still writes to an attached client could block on it.
        await link.DisposeAsync();
        await RemoveAsync(docker, id, logger);
        registry.Remove(id);
        directory?.Dispose();
    }

    internal static async Task RemoveAsync(DockerConnection docker, string id, ILogger logger)
    {
        using CancellationTokenSource limit = new(RemovalTimeout);
        try
        {
            await docker.Client.Containers.RemoveContainerAsync(
                id, new ContainerRemoveParameters { Force = true, RemoveVolumes = true }, limit.Token);
        }
        catch (DockerContainerNotFoundException)
        {
            // The container is removed already.
        }
        catch (DockerApiException conflict) when (conflict.StatusCode == System.Net.HttpStatusCode.Conflict)
        {
            // "removal of container … is already in progress"
        }
        catch (Exception error) when (error is DockerApiException or HttpRequestException or IOException or OperationCanceledException
            or TimeoutException)
        {
            // The reaper finds the container by its labels.
            Log.NotRemoved(logger, id[..12], error.Message);
        }
    }

    private static string Describe(State state) =>
        FormattableString.Invariant($"exit code {state.ExitCode}")
        + (state.OOMKilled ? ", killed for memory" : "")
        + (string.IsNullOrEmpty(state.Error) ? "" : ", " + state.Error);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Sandbox {Sandbox} could not be removed now: {Reason}")]
        public static partial void NotRemoved(ILogger logger, string sandbox, string reason);
    }
}
