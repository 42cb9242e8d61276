using PixelGameDev.Executor.Configuration;
using PixelGameDev.Executor.Sandboxes;

namespace PixelGameDev.Executor.Sessions;

/// <summary>
/// Watches what each running sandbox uses of the processors and weighs it accordingly (<see cref="CpuStanding"/>): one subscription to
/// the daemon's figures for each session, one change of weight for most of them.
/// </summary>
internal sealed partial class CpuFairness(ExecutorOptions options, TimeProvider time, ILogger<CpuFairness> logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    private int _running;

    /// <summary>Weighs a sandbox until its session has ended. Never throws.</summary>
    public async Task WatchAsync(ISandbox sandbox, Task ended)
    {
        if (sandbox is not IWeighedSandbox weighed)
        {
            return;
        }

        Interlocked.Increment(ref _running);
        using CancellationTokenSource over = new();
        Task watching = WatchAsync(weighed, over.Token);
        await ended;
        await over.CancelAsync();
        await watching;
        Interlocked.Decrement(ref _running);
    }

    private async Task WatchAsync(IWeighedSandbox sandbox, CancellationToken over)
    {
        CpuStanding standing = new(options.Policy.Cpus);
        int weight = options.Policy.LowWeight;
        try
        {
            while (!over.IsCancellationRequested)
            {
                Task changing = Task.CompletedTask;
                await sandbox.WatchCpuAsync(
                    use =>
                    {
                        standing.Take(use, Volatile.Read(ref _running));
                        int wanted = standing.Full ? options.Policy.FullWeight : options.Policy.LowWeight;
                        // One change at a time; what could not be done now is done at the next look.
                        if (wanted != weight && changing.IsCompleted)
                        {
                            changing = ChangeAsync(wanted);
                        }
                    },
                    over);
                await changing;
                // The daemon is away, or slow to tell of the end.
                await Task.Delay(Pause, time, over);
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The session has ended.
        }

        async Task ChangeAsync(int wanted)
        {
            if (await sandbox.WeighAsync(wanted, over))
            {
                weight = wanted;
                Log.Weighed(logger, sandbox.Name, wanted);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "Sandbox {Sandbox} has CPU weight {Weight}")]
        public static partial void Weighed(ILogger logger, string sandbox, int weight);
    }
}
