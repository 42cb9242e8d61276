using Docker.DotNet;
using Docker.DotNet.Models;
using PixelGameDev.Streaming.Contracts;

namespace PixelGameDev.Executor.Sandboxes.Docker;

/// <summary>One container.</summary>
internal sealed partial class DockerSandbox(
    DockerConnection docker, string id, Stream link, LinkDirectory? directory, SandboxRegistry registry, ILogger logger) : IWeighedSandbox
{
    private static readonly TimeSpan RemoveTime = TimeSpan.FromSeconds(20);

    private int _disposed;

    /// <summary>Full id of the container.</summary>
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
            // Still running, or a daemon that hangs; a container killed for memory may be seen either way below.
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
            // A child killed for memory sets the flag and leaves the exit code of the main process alone: read both.
            return state.Running && !state.OOMKilled
                ? null
                : new SandboxExit(state.Running ? null : (int)state.ExitCode, state.OOMKilled, Describe(state));
        }
        catch (Exception error) when (error is DockerApiException or HttpRequestException or IOException or OperationCanceledException)
        {
            return new SandboxExit(null, OutOfMemory: false, "the container cannot be asked: " + error.Message);
        }
    }

    public async Task WatchCpuAsync(Action<CpuUse> told, CancellationToken cancellationToken)
    {
        CpuUseReader reader = new(told);
        try
        {
            await docker.Client.Containers.GetContainerStatsAsync(id, new ContainerStatsParameters { Stream = true }, reader, cancellationToken);
        }
        catch (Exception error) when (error is DockerApiException or HttpRequestException or IOException or TimeoutException or System.Text.Json.JsonException)
        {
            // The container or the daemon is gone; who ends the session has its own ways to know.
        }
        catch (OperationCanceledException)
        {
            // The session has ended.
        }
    }

    public async Task<bool> WeighAsync(int weight, CancellationToken cancellationToken)
    {
        try
        {
            await docker.Client.Containers.UpdateContainerAsync(id, new ContainerUpdateParameters { CPUShares = weight }, cancellationToken);
            return true;
        }
        catch (Exception error) when (error is DockerApiException or HttpRequestException or IOException or TimeoutException or OperationCanceledException)
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

        // The link first: a daemon that still writes to an attached client could block on it.
        await link.DisposeAsync();
        await RemoveAsync(docker, id, logger);
        registry.Remove(id);
        directory?.Dispose();
    }

    internal static async Task RemoveAsync(DockerConnection docker, string id, ILogger logger)
    {
        using CancellationTokenSource limit = new(RemoveTime);
        try
        {
            await docker.Client.Containers.RemoveContainerAsync(
                id, new ContainerRemoveParameters { Force = true, RemoveVolumes = true }, limit.Token);
        }
        catch (DockerContainerNotFoundException)
        {
            // Gone already.
        }
        catch (DockerApiException conflict) when (conflict.StatusCode == System.Net.HttpStatusCode.Conflict)
        {
            // "removal of container … is already in progress"
        }
        catch (Exception error) when (error is DockerApiException or HttpRequestException or IOException or OperationCanceledException or TimeoutException)
        {
            // The reaper finds it by its labels.
            Log.NotRemoved(logger, id[..12], error.Message);
        }
    }

    private static string Describe(State state) =>
        FormattableString.Invariant($"exit code {state.ExitCode}")
        + (state.OOMKilled ? ", killed for memory" : "")
        + (string.IsNullOrEmpty(state.Error) ? "" : ", " + state.Error);

    /// <summary>What was used between one look of the daemon and the next, by its own clock.</summary>
    private sealed class CpuUseReader(Action<CpuUse> told) : IProgress<ContainerStatsResponse>
    {
        private (DateTime Read, ulong Used, ulong Periods, ulong Throttled)? _last;

        public void Report(ContainerStatsResponse value)
        {
            if (value.CPUStats?.CPUUsage is not { } usage || value.Read == default)
            {
                return;
            }

            ThrottlingData limit = value.CPUStats.ThrottlingData ?? new ThrottlingData();
            if (_last is { } last && value.Read > last.Read && usage.TotalUsage >= last.Used)
            {
                double seconds = (value.Read - last.Read).TotalSeconds;
                int machine = value.CPUStats.OnlineCPUs is > 0 and uint count ? (int)count : Environment.ProcessorCount;
                ulong periods = limit.Periods - last.Periods;
                double throttled = periods == 0 ? 0 : (double)(limit.ThrottledPeriods - last.Throttled) / periods;
                told(new CpuUse((usage.TotalUsage - last.Used) / 1e9 / seconds, throttled, machine));
            }

            _last = (value.Read, usage.TotalUsage, limit.Periods, limit.ThrottledPeriods);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Sandbox {Sandbox} could not be removed now: {Reason}")]
        public static partial void NotRemoved(ILogger logger, string sandbox, string reason);
    }
}
