using PixelGameDev.Executor.Configuration;
using PixelGameDev.Executor.Health;

namespace PixelGameDev.Executor.Sandboxes;

/// <summary>
/// Keeps a few sandboxes warm, so that Run costs milliseconds. Filled one at a time in the background; an empty pool means a
/// cold start, never an error.
/// </summary>
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

    /// <summary>A warm sandbox at once, or a cold one in its time.</summary>
    /// <returns>The sandbox and whether it was warm.</returns>
    /// <exception cref="SandboxUnavailableException">Neither is to be had.</exception>
    public async Task<(WarmSandbox Sandbox, bool Warm)> TakeAsync(CancellationToken cancellationToken)
    {
        if (factory.Unavailable is { } reason)
        {
            throw new SandboxUnavailableException(reason);
        }

        while (TryTake() is { } warm)
        {
            Wake();
            if (!warm.Link.Closed.IsCompleted)
            {
                return (warm, true);
            }

            await warm.DisposeAsync();
        }

        Wake();
        return (await WarmSandbox.StartAsync(factory, options.Policy.StartTime, time, cancellationToken), false);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await EmptyAsync();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        TimeSpan pause = TimeSpan.Zero;
        while (!stoppingToken.IsCancellationRequested)
        {
            await RemoveDeadAsync();
            if (factory.Unavailable is not null || Ready >= Target())
            {
                if (await SleepAsync(LookAround, stoppingToken) && factory.Unavailable is null)
                {
                    await Task.Delay(Politeness, time, stoppingToken);
                }

                continue;
            }

            try
            {
                long started = time.GetTimestamp();
                WarmSandbox sandbox = await WarmSandbox.StartAsync(factory, options.Policy.StartTime, time, stoppingToken);
                Log.Warmed(logger, sandbox.Sandbox.Name, (int)time.GetElapsedTime(started).TotalMilliseconds);
                await AddAsync(sandbox);
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

    /// <summary>The setting, bounded by the sessions there may be and by the memory that is there.</summary>
    private int Target()
    {
        int wanted = Math.Min(options.Warm, options.MaxSessions);
        int ready = Ready;
        if (ready >= wanted)
        {
            return wanted;
        }

        // A waiting one is small, but it must be able to grow to what the policy allows.
        long room = system.MemoryAvailable() - Reserve;
        long more = Math.Max(0, room / options.Policy.MemoryBytes);
        return (int)Math.Min(wanted, ready + more);
    }

    private WarmSandbox? TryTake()
    {
        lock (_gate)
        {
            return _ready.TryDequeue(out WarmSandbox? sandbox) ? sandbox : null;
        }
    }

    private async Task AddAsync(WarmSandbox sandbox)
    {
        lock (_gate)
        {
            if (!_closed)
            {
                _ready.Enqueue(sandbox);
                // One that dies while it waits is replaced without waiting for the next look around.
                _ = sandbox.Link.Closed.ContinueWith(_ => Wake(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
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

    private async Task EmptyAsync()
    {
        List<WarmSandbox> all;
        lock (_gate)
        {
            _closed = true;
            all = [.. _ready];
            _ready.Clear();
        }

        await Task.WhenAll(all.Select(static sandbox => sandbox.DisposeAsync().AsTask()));
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

    private Task<bool> SleepAsync(TimeSpan longest, CancellationToken cancellationToken) => _wake.WaitAsync(longest, cancellationToken);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "Sandbox {Sandbox} is warm after {Milliseconds} ms")]
        public static partial void Warmed(ILogger logger, string sandbox, int milliseconds);

        [LoggerMessage(LogLevel.Warning, "No warm sandbox: {Reason} (next try in {Seconds} s)")]
        public static partial void Failed(ILogger logger, string reason, double seconds);

        [LoggerMessage(LogLevel.Warning, "Sandbox {Sandbox} ended while it waited")]
        public static partial void Died(ILogger logger, string sandbox);
    }
}
