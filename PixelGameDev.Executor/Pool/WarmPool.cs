using PixelGameDev.Executor.Configuration;
using PixelGameDev.Executor.Health;
using PixelGameDev.Executor.Sandboxes;
using PixelGameDev.Executor.Telemetry;
using PixelGameDev.ServiceDefaults;

namespace PixelGameDev.Executor.Pool;

/// <summary>
/// Makes every sandbox of this Executor. Keeps some warm, so that Run costs milliseconds: at least as many as the setting says, more
/// while people press Run in bursts (<see cref="PoolDemand"/>), as far as places for sessions and memory are left.
/// </summary>
/// <remarks>
/// A start takes a warm sandbox if one waits. Else it queues (<see cref="StartQueue"/>), and gets the next sandbox that is ready. No
/// more sandboxes are started at the same time than the machine has processors: thirty at once would each take thirty times as long, and
/// the daemon's own work would take frames from those who play.
/// <para>
/// What is made while nobody waits disturbs even less: one at a time, with the low CPU weight of the policy, a moment after the last
/// start, and beyond the setting with a pause before each. With a setting of 0 no sandbox waits at all.
/// </para>
/// </remarks>
internal sealed partial class WarmPool : BackgroundService
{
    /// <summary>Longest wait of a start for its turn.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(45);

    /// <summary>Memory that stays free for everything else, bytes.</summary>
    private const long ReservedBytes = 200L << 20;

    private readonly ISandboxFactory _factory;
    private readonly ExecutorOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<WarmPool> _logger;
    private readonly BackgroundPart _part;
    private readonly SandboxMemory _memory;
    private readonly SandboxMaker _maker;
    private readonly RefillSchedule _schedule;
    private readonly PoolDemand _demand;
    private readonly ReadySandboxes _ready = new();
    private readonly StartQueue _waiting = new();
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly Lock _gate = new();
    private int _used;
    private bool _closed;
    private bool _draining;

    public WarmPool(
        ISandboxFactory factory, ExecutorOptions options, SystemNumbers system, BackgroundWork work, TimeProvider time,
        ILogger<WarmPool> logger)
    {
        _factory = factory;
        _options = options;
        _time = time;
        _logger = logger;
        _part = work.Register("warm-pool", TimeSpan.FromMinutes(2));
        _memory = new SandboxMemory(factory, options, system);
        _maker = new SandboxMaker(factory, options, time, (sandbox, took) => DeliverAsync(sandbox, took), HandleFailure, Wake);
        _schedule = new RefillSchedule(options, time);
        _demand = new PoolDemand(time);
    }

    /// <summary>Kind of the sandboxes.</summary>
    public string Kind => _factory.Kind;

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

    /// <summary>Starts that wait for a sandbox.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>
    /// Sandboxes that should wait: the setting, or what demand wants beyond it where places for sessions are left; bounded by the
    /// memory that is there.
    /// </summary>
    public int TargetSize
    {
        get
        {
            int ready, free, demand, existing;
            lock (_gate)
            {
                (ready, free, demand) = (_ready.Count, _options.MaxSessions - _used, _demand.Target);
                existing = ready + _used;
            }

            int least = MinSize;
            int wanted = least == 0 ? 0 : Math.Max(least, Math.Min(demand, free));
            // A waiting one is small, but it must be able to grow to what the policy allows. Where memory got short, those beyond the
            // setting go again, one for each look around.
            long fits = ready + (long)Math.Floor((_memory.Free(existing) - ReservedBytes) / (double)_options.Policy.MemoryBytes);
            return (int)Math.Min(wanted, Math.Max(fits, Math.Min(ready, least)));
        }
    }

    /// <summary>What waits when nobody comes.</summary>
    private int MinSize => Volatile.Read(ref _draining) ? 0 : Math.Min(_options.Warm, _options.MaxSessions);

    /// <summary>
    /// Lets so many sandboxes wait for the next minutes (<see cref="PoolDemand.BurstRetention"/>), as far as places and memory allow.
    /// </summary>
    public void Prewarm(int count)
    {
        lock (_gate)
        {
            _demand.ExpectBurst(count);
        }

        Wake();
    }

    /// <summary>While an Executor is drained no sandbox waits: those that do go, one by one.</summary>
    public void Drain(bool drain)
    {
        Volatile.Write(ref _draining, drain);
        Wake();
    }

    /// <summary>Takes a warm sandbox, or waits for the next one.</summary>
    /// <param name="owner">Who starts; opaque.</param>
    /// <param name="progress">Is told how many starts come before this one while it waits; must not throw or wait.</param>
    /// <param name="cancellationToken">Gives the start up.</param>
    /// <returns>The sandbox and whether it was warm.</returns>
    /// <exception cref="SandboxUnavailableException">There is none; the message says why.</exception>
    public async Task<(WarmSandbox Sandbox, bool Warm)> TakeAsync(string owner, Action<int>? progress, CancellationToken cancellationToken)
    {
        if (_factory.UnavailableReason is { } reason)
        {
            throw new SandboxUnavailableException(reason);
        }

        WarmSandbox? sandbox;
        WaitingStart? start = null;
        lock (_gate)
        {
            _demand.RecordStart();
            _used++;
            _schedule.RecordStart();
            sandbox = _waiting.Count == 0 ? _ready.TakeUsable() : null;
            if (sandbox is null)
            {
                if (_closed)
                {
                    _used--;
                    throw new SandboxUnavailableException("the Executor is stopping");
                }

                start = _waiting.Add(owner, progress);
            }
        }

        Wake();
        bool warm = sandbox is not null;
        try
        {
            sandbox ??= await WaitAsync(start!, cancellationToken);
        }
        catch
        {
            ReleasePlace();
            throw;
        }

        _ = sandbox.Disposed.ContinueWith(_ =>
            ReleasePlace(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return (sandbox, warm);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await CloseAsync(cancellationToken);
    }

    public override void Dispose()
    {
        base.Dispose();
        _maker.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            bool succeeded = await _part.ExecuteAsync(ExecuteOnceAsync, stoppingToken);
            await SleepAsync(succeeded ? TimeUntilNextRound() : RefillSchedule.CheckInterval, stoppingToken);
        }
    }

    private async Task ExecuteOnceAsync(CancellationToken cancellationToken)
    {
        await RemoveDeadAsync();
        (int ready, int wanted) = (Ready, TargetSize);
        ExecutorTelemetry.Pool(ready, wanted, _maker.Count, Waiting);
        if (_factory.UnavailableReason is { } reason)
        {
            FailAll(reason);
            return;
        }

        BeginStarts(wanted);
        ReportPositions();
        if (ready > wanted)
        {
            await RemoveOneAsync(wanted);
        }
    }

    /// <summary>One sandbox for each start that waits, as many at once as the machine bears; else one for the pool.</summary>
    private void BeginStarts(int wanted)
    {
        lock (_gate)
        {
            while (_maker.Count < Math.Min(_waiting.Count, _maker.MaxConcurrent))
            {
                _maker.Begin();
            }

            if (_waiting.Count == 0 && _maker.Count == 0 && _ready.Count < wanted && _schedule.MayRefill)
            {
                _maker.Begin();
            }
        }
    }

    /// <summary>Gives a new sandbox to the start whose turn it is, or keeps it.</summary>
    /// <param name="sandbox">The sandbox.</param>
    /// <param name="took">How long it took to make; null: it was made for somebody who has given up.</param>
    private async Task DeliverAsync(WarmSandbox sandbox, TimeSpan? took)
    {
        WaitingStart? start = null;
        bool keep = false;
        if (took is not null)
        {
            Log.Warmed(_logger, sandbox.Sandbox.Name, (int)took.Value.TotalMilliseconds);
        }

        lock (_gate)
        {
            if (took is { } duration)
            {
                _demand.RecordWarmUp(duration);
            }

            if (!_closed)
            {
                start = _waiting.Dequeue();
                keep = start is null;
            }

            if (keep)
            {
                _ready.Add(sandbox);
            }

            _schedule.RecordMade(_ready.Count);
        }

        if (start is not null)
        {
            start.Complete(sandbox);
            ReportPositions();
        }
        else if (keep)
        {
            // One that dies while it waits is replaced without waiting for the next look around.
            _ = sandbox.Link.Closed.ContinueWith(_ =>
                WakeIfReady(sandbox), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
        else
        {
            await sandbox.DisposeAsync();
        }
    }

    /// <summary>One failure is one person's: the next start is tried again. While nobody waits, the tries get rarer.</summary>
    private void HandleFailure(Exception error)
    {
        WaitingStart? start;
        TimeSpan pause;
        lock (_gate)
        {
            start = _waiting.Dequeue();
            pause = _schedule.RecordFailure();
        }

        if (error is SandboxUnavailableException)
        {
            Log.Failed(_logger, error.Message, pause.TotalSeconds);
        }
        else
        {
            Log.Broken(_logger, pause.TotalSeconds, error);
        }

        start?.Fail(error as SandboxUnavailableException
            ?? new SandboxUnavailableException("a sandbox could not be started: " + error.Message, error));
        ReportPositions();
    }

    private async Task<WarmSandbox> WaitAsync(WaitingStart start, CancellationToken cancellationToken)
    {
        ReportPositions();
        try
        {
            return await start.Completion.WaitAsync(MaxWait, _time, cancellationToken);
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            bool waits;
            int others;
            lock (_gate)
            {
                waits = _waiting.Remove(start);
                others = _waiting.Count;
            }

            if (!waits)
            {
                // Its turn came in the same moment: nobody else may lose what it was given.
                _ = RedeliverAsync(start.Completion);
            }

            ReportPositions();
            if (error is TimeoutException)
            {
                throw new SandboxUnavailableException(
                    $"no sandbox was ready within {MaxWait.TotalSeconds:0} s, and {others} more starts wait", error);
            }

            throw;
        }
    }

    private async Task RedeliverAsync(Task<WarmSandbox> given)
    {
        try
        {
            await DeliverAsync(await given, took: null);
        }
        catch (SandboxUnavailableException)
        {
            // There was none to pass on.
        }
    }

    private void FailAll(string reason)
    {
        List<WaitingStart> all = [];
        lock (_gate)
        {
            while (_waiting.Dequeue() is { } start)
            {
                all.Add(start);
            }
        }

        foreach (WaitingStart start in all)
        {
            start.Fail(new SandboxUnavailableException(reason));
        }
    }

    private void ReportPositions()
    {
        IReadOnlyList<(WaitingStart Start, int Before)> places;
        lock (_gate)
        {
            places = _waiting.GetPositions();
        }

        foreach ((WaitingStart start, int before) in places)
        {
            start.ReportPosition(before);
        }
    }

    /// <summary>A session's sandbox is gone, or did not come.</summary>
    private void ReleasePlace()
    {
        lock (_gate)
        {
            _used--;
        }
    }

    private async Task RemoveDeadAsync()
    {
        List<WarmSandbox> dead;
        lock (_gate)
        {
            dead = _ready.RemoveDead();
        }

        foreach (WarmSandbox sandbox in dead)
        {
            Log.Died(_logger, sandbox.Sandbox.Name);
            await sandbox.DisposeAsync();
        }
    }

    /// <summary>The oldest of those that are too many.</summary>
    private async Task RemoveOneAsync(int wanted)
    {
        WarmSandbox? surplus = null;
        lock (_gate)
        {
            if (_ready.Count > wanted && _schedule.MayShrink)
            {
                surplus = _ready.TakeOldest();
                _schedule.RecordRemoval();
            }
        }

        if (surplus is not null)
        {
            Log.Surplus(_logger, surplus.Sandbox.Name, wanted);
            await surplus.DisposeAsync();
        }
    }

    /// <summary>Those that wait are told, those that get warm are awaited, and everything goes at the same time.</summary>
    private async Task CloseAsync(CancellationToken cancellationToken)
    {
        List<WarmSandbox> all;
        lock (_gate)
        {
            _closed = true;
            all = _ready.Clear();
        }

        FailAll("the Executor is stopping");
        await Task.WhenAny(
            Task.WhenAll([.. all.Select(static sandbox => sandbox.DisposeAsync().AsTask()), _maker.StopAsync()]),
            Task.Delay(Timeout.Infinite, cancellationToken));
    }

    private TimeSpan TimeUntilNextRound()
    {
        int wanted = TargetSize;
        lock (_gate)
        {
            // What is under way wakes the pool when it ends.
            return _waiting.Count > 0 || _maker.Count > 0 || _factory.UnavailableReason is not null
                ? RefillSchedule.CheckInterval
                : _schedule.TimeUntilNext(_ready.Count, wanted);
        }
    }

    private void WakeIfReady(WarmSandbox sandbox)
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

    private async Task SleepAsync(TimeSpan longest, CancellationToken cancellationToken)
    {
        if (longest == TimeSpan.Zero)
        {
            return;
        }

        using CancellationTokenSource timer = new(longest, _time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        await _wake.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "Sandbox {Sandbox} is warm after {Milliseconds} ms")]
        public static partial void Warmed(ILogger logger, string sandbox, int milliseconds);

        [LoggerMessage(LogLevel.Warning, "No sandbox could be started: {Reason} (the pool tries again in {Seconds} s)")]
        public static partial void Failed(ILogger logger, string reason, double seconds);

        [LoggerMessage(LogLevel.Error, "No sandbox could be started (the pool tries again in {Seconds} s)")]
        public static partial void Broken(ILogger logger, double seconds, Exception error);

        [LoggerMessage(LogLevel.Debug, "Sandbox {Sandbox} is not needed any more: {Wanted} are enough")]
        public static partial void Surplus(ILogger logger, string sandbox, int wanted);

        [LoggerMessage(LogLevel.Warning, "Sandbox {Sandbox} ended while it waited")]
        public static partial void Died(ILogger logger, string sandbox);
    }
}
