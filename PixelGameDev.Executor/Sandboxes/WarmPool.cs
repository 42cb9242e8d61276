using PixelGameDev.Executor.Configuration;
using PixelGameDev.Executor.Health;
using PixelGameDev.Executor.Telemetry;

namespace PixelGameDev.Executor.Sandboxes;

/// <summary>
/// Keeps sandboxes warm, so that Run costs milliseconds: at least as many as the setting says, more while people press Run in bursts
/// (<see cref="PoolDemand"/>), as far as places for sessions and memory are left. Filled and emptied one at a time in the background;
/// an empty pool means a cold start, never an error.
/// </summary>
/// <remarks>
/// Games that play are not disturbed: what gets warm has the low CPU weight of the policy, one at a time, and waits a moment after a
/// session has started; what is made beyond the setting waits before each. With a setting of 0 there is no pool at all.
/// </remarks>
internal sealed partial class WarmPool(
    ISandboxFactory factory, ExecutorOptions options, SystemNumbers system, TimeProvider time, ILogger<WarmPool> logger) : BackgroundService
{
    /// <summary>A session that has just started has the machine for itself first.</summary>
    private static readonly TimeSpan Politeness = TimeSpan.FromMilliseconds(400);

    private static readonly TimeSpan LookAround = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>Memory that stays free for everything else, bytes.</summary>
    private const long Reserve = 200L << 20;

    private readonly Lock _gate = new();
    private readonly Queue<WarmSandbox> _ready = new();
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly PoolDemand _demand = new(time);
    private int _used;
    private bool _closed;

    /// <summary>Sandboxes that wait.</summary>
    public int Ready
    {
        get
        {
            lock (_gate)
            {
                return _ready.Count;
            }
        }
    }

    /// <summary>
    /// Sandboxes that should wait: the setting, or what demand wants beyond it where places for sessions are left; bounded by the
    /// memory that is there.
    /// </summary>
    public int Wanted
    {
        get
        {
            int ready, free, demand;
            lock (_gate)
            {
                (ready, free, demand) = (_ready.Count, options.MaxSessions - _used, _demand.Wanted);
            }

            int wanted = Least == 0 ? 0 : Math.Max(Least, Math.Min(demand, free));
            // A waiting one is small, but it must be able to grow to what the policy allows. Where memory got short, those beyond the
            // setting go again, one for each look around.
            long fits = ready + (long)Math.Floor((system.MemoryAvailable() - Reserve) / (double)options.Policy.MemoryBytes);
            return (int)Math.Min(wanted, Math.Max(fits, Math.Min(ready, Least)));
        }
    }

    /// <summary>What waits when nobody comes.</summary>
    private int Least => Math.Min(options.Warm, options.MaxSessions);

    /// <summary>A warm sandbox at once, or a cold one in its time.</summary>
    /// <returns>The sandbox and whether it was warm.</returns>
    /// <exception cref="SandboxUnavailableException">Neither is to be had.</exception>
    public async Task<(WarmSandbox Sandbox, bool Warm)> TakeAsync(CancellationToken cancellationToken)
    {
        if (factory.Unavailable is { } reason)
        {
            throw new SandboxUnavailableException(reason);
        }

        WarmSandbox? first;
        lock (_gate)
        {
            _demand.Take();
            _used++;
            _ready.TryDequeue(out first);
        }

        Wake();
        try
        {
            (WarmSandbox sandbox, bool warm) = await AliveOrColdAsync(first, cancellationToken);
            _ = sandbox.Disposed.ContinueWith(_ => GiveBack(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            return (sandbox, warm);
        }
        catch
        {
            GiveBack();
            throw;
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await EmptyAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        TimeSpan pause = TimeSpan.Zero;
        while (!stoppingToken.IsCancellationRequested)
        {
            await RemoveDeadAsync();
            (int ready, int wanted) = (Ready, Wanted);
            ExecutorTelemetry.Pool(ready, wanted);
            if (factory.Unavailable is not null || ready >= wanted)
            {
                if (ready > wanted)
                {
                    await RemoveOneAsync(wanted);
                }

                if (await SleepAsync(LookAround, stoppingToken) && factory.Unavailable is null)
                {
                    await Task.Delay(Politeness, time, stoppingToken);
                }

                continue;
            }

            if (ready >= Least)
            {
                await Task.Delay(Politeness, time, stoppingToken);
                if (Ready >= Wanted)
                {
                    continue;
                }
            }

            try
            {
                long started = time.GetTimestamp();
                WarmSandbox sandbox = await WarmSandbox.StartAsync(factory, options.Policy.StartTime, time, stoppingToken);
                TimeSpan took = time.GetElapsedTime(started);
                Log.Warmed(logger, sandbox.Sandbox.Name, (int)took.TotalMilliseconds);
                await AddAsync(sandbox, took);
                pause = TimeSpan.Zero;
            }
            catch (SandboxUnavailableException unavailable)
            {
                pause = pause == TimeSpan.Zero ? TimeSpan.FromSeconds(1) : pause < LongestPause ? pause * 2 : LongestPause;
                Log.Failed(logger, unavailable.Message, pause.TotalSeconds);
                await SleepAsync(pause, stoppingToken);
            }
        }
    }

    private async Task<(WarmSandbox Sandbox, bool Warm)> AliveOrColdAsync(WarmSandbox? warm, CancellationToken cancellationToken)
    {
        for (; warm is not null; warm = TryTake())
        {
            if (!warm.Link.Closed.IsCompleted)
            {
                return (warm, true);
            }

            await warm.DisposeAsync();
        }

        return (await WarmSandbox.StartAsync(factory, options.Policy.StartTime, time, cancellationToken), false);
    }

    /// <summary>A session's sandbox is gone, or did not come.</summary>
    private void GiveBack()
    {
        lock (_gate)
        {
            _used--;
        }
    }

    private WarmSandbox? TryTake()
    {
        lock (_gate)
        {
            return _ready.TryDequeue(out WarmSandbox? sandbox) ? sandbox : null;
        }
    }

    private async Task AddAsync(WarmSandbox sandbox, TimeSpan took)
    {
        lock (_gate)
        {
            _demand.Warmed(took);
            if (!_closed)
            {
                _ready.Enqueue(sandbox);
                // One that dies while it waits is replaced without waiting for the next look around.
                _ = sandbox.Link.Closed.ContinueWith(_ => WakeIfHere(sandbox), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
                return;
            }
        }

        await sandbox.DisposeAsync();
    }

    private async Task RemoveDeadAsync()
    {
        List<WarmSandbox> dead = [];
        lock (_gate)
        {
            for (int left = _ready.Count; left > 0; left--)
            {
                WarmSandbox sandbox = _ready.Dequeue();
                if (sandbox.Link.Closed.IsCompleted)
                {
                    dead.Add(sandbox);
                }
                else
                {
                    _ready.Enqueue(sandbox);
                }
            }
        }

        foreach (WarmSandbox sandbox in dead)
        {
            Log.Died(logger, sandbox.Sandbox.Name);
            await sandbox.DisposeAsync();
        }
    }

    /// <summary>The oldest of those that are too many.</summary>
    private async Task RemoveOneAsync(int wanted)
    {
        WarmSandbox? surplus = null;
        lock (_gate)
        {
            if (_ready.Count > wanted)
            {
                surplus = _ready.Dequeue();
            }
        }

        if (surplus is not null)
        {
            Log.Surplus(logger, surplus.Sandbox.Name, wanted);
            await surplus.DisposeAsync();
        }
    }

    /// <summary>All at once, and no longer than a shutdown may take: what is left then is the reaper's.</summary>
    private async Task EmptyAsync(CancellationToken cancellationToken)
    {
        List<WarmSandbox> all;
        lock (_gate)
        {
            _closed = true;
            all = [.. _ready];
            _ready.Clear();
        }

        await Task.WhenAny(Task.WhenAll(all.Select(static sandbox => sandbox.DisposeAsync().AsTask())), Task.Delay(Timeout.Infinite, cancellationToken));
    }

    private void WakeIfHere(WarmSandbox sandbox)
    {
        bool here;
        lock (_gate)
        {
            here = _ready.Contains(sandbox);
        }

        if (here)
        {
            Wake();
        }
    }

    private void Wake()
    {
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // Awake already.
        }
    }

    /// <returns>Whether it was woken.</returns>
    private async Task<bool> SleepAsync(TimeSpan longest, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timer = new(longest, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        Task waiting = _wake.WaitAsync(either.Token);
        await waiting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        return waiting.IsCompletedSuccessfully;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "Sandbox {Sandbox} is warm after {Milliseconds} ms")]
        public static partial void Warmed(ILogger logger, string sandbox, int milliseconds);

        [LoggerMessage(LogLevel.Warning, "No warm sandbox: {Reason} (next try in {Seconds} s)")]
        public static partial void Failed(ILogger logger, string reason, double seconds);

        [LoggerMessage(LogLevel.Debug, "Sandbox {Sandbox} is not needed any more: {Wanted} are enough")]
        public static partial void Surplus(ILogger logger, string sandbox, int wanted);

        [LoggerMessage(LogLevel.Warning, "Sandbox {Sandbox} ended while it waited")]
        public static partial void Died(ILogger logger, string sandbox);
    }
}
