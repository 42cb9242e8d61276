using PixelGameDev.Executor.Configuration;
using PixelGameDev.Executor.Sandboxes;

namespace PixelGameDev.Executor.Pool;

/// <summary>Makes sandboxes in the background, several at the same time, and reports each one.</summary>
/// <param name="factory">The factory of the sandboxes.</param>
/// <param name="options">The time limit of one creation.</param>
/// <param name="time">The clock.</param>
/// <param name="made">Receives each new sandbox and its creation time.</param>
/// <param name="failed">Receives the reason of a failure.</param>
/// <param name="over">Called after both success and failure.</param>
internal sealed class SandboxMaker(
    ISandboxFactory factory, ExecutorOptions options, TimeProvider time, Func<WarmSandbox, TimeSpan, Task> made, Action<Exception> failed,
    Action over) : IDisposable
{
    /// <summary>The upper limit of concurrency: more concurrent starts overload the Docker daemon on every machine.</summary>
    private const int MaxConcurrentLimit = 4;

    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _starting = [];

    /// <summary>Returns the number of sandboxes that are being made.</summary>
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

    /// <summary>Returns the maximum number of sandboxes that are made concurrently. Each one keeps a processor busy.</summary>
    public int MaxConcurrent => Math.Clamp(factory.MachineProcessors, 1, MaxConcurrentLimit);

    /// <summary>Starts to make one sandbox.</summary>
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

    /// <summary>Cancels the creation of sandboxes, and completes when all of them are removed.</summary>
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
            // No start waits for the sandbox any more.
        }
        catch (Exception error)
        {
            failed(error);
        }
    }
}
