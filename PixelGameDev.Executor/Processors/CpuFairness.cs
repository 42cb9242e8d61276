using PixelGameDev.Executor.Configuration;
using PixelGameDev.Executor.Sandboxes;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Processors;

/// <summary>
/// Gives each running sandbox the share of the processors that it has earned (<see cref="CpuRankTracker"/>) according to its GameHost's
/// reports.
/// </summary>
internal sealed class CpuFairness(ExecutorOptions options, ILogger<CpuFairness> logger)
{
    private int _running;

    /// <summary>Watches a sandbox until the result is disposed. Returns null if this kind has no weight.</summary>
    public CpuWatch? Watch(ISandbox sandbox)
    {
        if (sandbox is not IWeightedSandbox weighed)
        {
            return null;
        }

        Interlocked.Increment(ref _running);
        return new CpuWatch(weighed, options.Policy, () => Volatile.Read(ref _running), () => Interlocked.Decrement(ref _running), logger);
    }
}

/// <summary>Watches the processor use of one sandbox and changes its grant.</summary>
internal sealed partial class CpuWatch(
    IWeightedSandbox sandbox, SandboxPolicy policy, Func<int> running, Action over, ILogger logger) : IAsyncDisposable
{
    /// <summary>
    /// The number of ticks without a report before a sandbox counts as silent. There are two ticks a second, and GameHost reports four
    /// times a second. Ticks replace the clock: while this process itself is suspended, no sandbox counts as silent.
    /// </summary>
    private const int SilentTicks = 4;

    /// <summary>The same number before the first report: a start takes longer when processors are short.</summary>
    private const int FirstTicks = 12;

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _over = new();
    private readonly CpuRankTracker _rank = new(policy.Cpus);
    private int _silentTicks;
    private int _silentTicksAllowed = FirstTicks;
    private CpuRank _grantedRank;
    private Task _applying = Task.CompletedTask;

    /// <summary>Processes a report of GameHost.</summary>
    public void AddReport(SandboxUse use)
    {
        lock (_gate)
        {
            _silentTicks = 0;
            _silentTicksAllowed = SilentTicks;
            _rank.AddReport(use, sandbox.MachineProcessors, running());
            ApplyRank();
        }
    }

    /// <summary>Lowers the rank of a sandbox that sends no reports; call it twice a second.</summary>
    public void Tick()
    {
        lock (_gate)
        {
            if (++_silentTicks >= _silentTicksAllowed)
            {
                _rank.MarkSilent();
            }

            ApplyRank();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task changing;
        lock (_gate)
        {
            if (_over.IsCancellationRequested)
            {
                return;
            }

            _over.Cancel();
            changing = _applying;
        }

        over();
        await changing;
    }

    /// <summary>Applies the rank, one change at a time. The next report repeats a change that is not possible now.</summary>
    private void ApplyRank()
    {
        if (_rank.Rank != _grantedRank && _applying.IsCompleted && !_over.IsCancellationRequested)
        {
            _applying = ApplyRankAsync(_rank.Rank);
        }
    }

    private async Task ApplyRankAsync(CpuRank rank)
    {
        // Leave the thread that reads the link.
        await Task.Yield();
        if (await sandbox.SetCpuGrantAsync(policy.CpuOf(rank), _over.Token))
        {
            lock (_gate)
            {
                _grantedRank = rank;
            }

            Log.Granted(logger, sandbox.Name, rank);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "Sandbox {Sandbox} has the processors of rank {Rank}")]
        public static partial void Granted(ILogger logger, string sandbox, CpuRank rank);
    }
}
