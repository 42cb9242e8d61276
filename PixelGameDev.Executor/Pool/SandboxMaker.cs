using PixelGameDev.Executor.Configuration;
using PixelGameDev.Executor.Sandboxes;

namespace PixelGameDev.Executor.Pool;

/// <summary>Makes sandboxes in the background, several at the same time, and reports each one.</summary>
/// <param name="factory">Makes them.</param>
/// <param name="options">The time one may take.</param>
/// <param name="time">The clock.</param>
/// <param name="made">Gets each new one and the time it took.</param>
/// <param name="failed">Gets the reason when there is none.</param>
/// <param name="over">Is called after either.</param>
internal sealed class SandboxMaker(
    ISandboxFactory factory, ExecutorOptions options, TimeProvider time, Func<WarmSandbox, TimeSpan, Task> made, Action<Exception> failed,
    Action over) : IDisposable
{
    /// <summary>More starts at once overload the daemon, however large the machine is.</summary>
    private const int MaxConcurrentLimit = 4;

    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _starting = [];

    /// <summary>Sandboxes that are being made.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _starting.Count;
            }
        }
    }

    /// <summary>Sandboxes that may be made at the same time: each keeps a processor busy.</summary>
    public int MaxConcurrent => Math.Clamp(factory.MachineProcessors, 1, MaxConcurrentLimit);

    /// <summary>Begins to make one.</summary>
    public void Begin()
    {
        lock (_gate)
        {
            Task starting = Task.Run(MakeAsync, CancellationToken.None);
            _starting.Add(starting);
            _ = starting.ContinueWith(
                done =>
                {
                    lock (_gate)
                    {
                        _starting.Remove(done);
                    }

                    over();
                },
                CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    /// <summary>Gives up those that are being made, and completes when nothing is left of them.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        Task[] starting;
        lock (_gate)
        {
            starting = [.. _starting];
        }

        await Task.WhenAll(starting);
    }

    public void Dispose() => _stopping.Dispose();

    private async Task MakeAsync()
    {
        long started = time.GetTimestamp();
        try
        {
            WarmSandbox sandbox = await WarmSandbox.StartAsync(factory, options.Policy.StartTime, time, _stopping.Token);
            await made(sandbox, time.GetElapsedTime(started));
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Nobody waits for it any more.
        }
        catch (Exception error)
        {
            failed(error);
        }
    }
}
