using PixelGameDev.Executor.Configuration;
using PixelGameDev.Executor.Health;
using PixelGameDev.Executor.Sandboxes;
using PixelGameDev.Executor.Telemetry;
using PixelGameDev.ServiceDefaults;

namespace PixelGameDev.Executor.Pool;

/// <summary>
/// Makes all sandboxes of this Executor. Keeps some of them warm, so that a start takes milliseconds: at least the number of the setting,
/// and more during bursts of starts (<see cref="PoolDemand"/>), as far as session places and memory allow.
/// </summary>
/// <remarks>
/// A start takes a warm sandbox if one is ready. Otherwise it waits in the queue (<see cref="StartQueue"/>) for the next sandbox. The
/// number of sandboxes that start concurrently is at most the number of processors: thirty at once would each take thirty times as long,
/// and the daemon's work would cost frames of running games.
/// <para>
/// Without a waiting start the pool makes one sandbox at a time, with the low CPU weight of the policy, a moment after the last
/// start, and above the setting with a pause before each one. With a setting of 0 it keeps no sandbox.
/// </para>
/// </remarks>
internal sealed partial class WarmPool : BackgroundService
{
    /// <summary>The longest wait of a start for its sandbox.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(45);

    private readonly ISandboxFactory _factory;
    private readonly TimeProvider _time;
    private readonly ILogger<WarmPool> _logger;
    private readonly BackgroundPart _part;
    private readonly SandboxMaker _maker;
    private readonly PoolStock _stock;
    private readonly PoolSize _size;
    private readonly PoolAlarm _alarm;

    public WarmPool(
        ISandboxFactory factory, ExecutorOptions options, SystemNumbers system, BackgroundWork work, TimeProvider time,
        ILogger<WarmPool> logger)
    {
        _factory = factory;
        _time = time;
        _logger = logger;
        _part = work.Register("warm-pool", TimeSpan.FromMinutes(2));
        _alarm = new PoolAlarm(time);
        _stock = new PoolStock(options, time);
        _size = new PoolSize(options, new SandboxMemory(factory, options, system), _stock);
        _maker = new SandboxMaker(factory, options, time, (sandbox, took) => DeliverAsync(sandbox, took), HandleFailure, _alarm.Wake);
    }

    /// <summary>Gets the kind of the sandboxes.</summary>
    public string Kind => _factory.Kind;

    /// <summary>Gets the number of ready sandboxes.</summary>
    public int Ready => _stock.Ready;

    /// <summary>Gets the number of starts that wait for a sandbox.</summary>
    public int Waiting => _stock.Waiting;

    /// <summary>Gets how many sandboxes should be ready.</summary>
    public int TargetSize => _size.Target;

    /// <summary>Keeps this number of sandboxes for <see cref="PoolDemand.BurstRetention"/>, as far as the limits allow.</summary>
    public void Prewarm(int count)
    {
        _stock.ExpectBurst(count);
        _alarm.Wake();
    }

    /// <summary>Keeps no sandbox while the Executor is drained: ready sandboxes are removed one by one.</summary>
    public void Drain(bool drain)
    {
        _size.Draining = drain;
        _alarm.Wake();
    }

    /// <summary>Takes a warm sandbox, or waits for the next one.</summary>
    /// <param name="owner">The owner of the start; opaque.</param>
    /// <param name="progress">Receives the number of starts before this one while it waits; must not throw or block.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <returns>The sandbox and whether it was warm.</returns>
    /// <exception cref="SandboxUnavailableException">There is no sandbox; the message gives the reason.</exception>
    public async Task<(WarmSandbox Sandbox, bool Warm)> TakeAsync(string owner, Action<int>? progress, CancellationToken cancellationToken)
    {
        if (_factory.UnavailableReason is { } reason)
        {
            throw new SandboxUnavailableException(reason);
        }

        if (!_stock.TryTake(owner, progress, out WarmSandbox? sandbox, out WaitingStart? start))
        {
            throw new SandboxUnavailableException("the Executor is stopping");
        }

        _alarm.Wake();
        bool warm = sandbox is not null;
        try
        {
            sandbox ??= await WaitAsync(start!, cancellationToken);
        }
        catch
        {
            _stock.ReleasePlace();
            throw;
        }

        _ = sandbox.Disposed.ContinueWith(
            _ => _stock.ReleasePlace(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
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
        _alarm.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            bool succeeded = await _part.ExecuteAsync(ExecuteOnceAsync, stoppingToken);
            await _alarm.SleepAsync(succeeded ? TimeUntilNext() : RefillSchedule.CheckInterval, stoppingToken);
        }
    }

    private async Task ExecuteOnceAsync(CancellationToken cancellationToken)
    {
        foreach (WarmSandbox dead in _stock.RemoveDead())
        {
            Log.Died(_logger, dead.Sandbox.Name);
            await dead.DisposeAsync();
        }

        int target = TargetSize;
        ExecutorTelemetry.Pool(_size.Places, Ready, target, _maker.Count, Waiting);
        if (_factory.UnavailableReason is { } reason)
        {
            FailAll(reason);
            return;
        }

        for (int count = _stock.CountToBegin(target, _maker.Count, _maker.MaxConcurrent); count > 0; count--)
        {
            _maker.Begin();
        }

        ReportPositions();
        if (_stock.TakeSurplus(target) is { } surplus)
        {
            Log.Surplus(_logger, surplus.Sandbox.Name, target);
            await surplus.DisposeAsync();
        }
    }

    /// <summary>Gives a new sandbox to the next start, or keeps it.</summary>
    /// <param name="sandbox">The sandbox.</param>
    /// <param name="took">How long its creation took; null: it was made for a start that was cancelled.</param>
    private async Task DeliverAsync(WarmSandbox sandbox, TimeSpan? took)
    {
        if (took is { } duration)
        {
            Log.Warmed(_logger, sandbox.Sandbox.Name, (int)duration.TotalMilliseconds);
        }

        if (!_stock.TryAdd(sandbox, took, out WaitingStart? start))
        {
            await sandbox.DisposeAsync();
        }
        else if (start is not null)
        {
            start.Complete(sandbox);
            ReportPositions();
        }
        else
        {
            // A ready sandbox that ends is replaced without a wait for the next round.
            _ = sandbox.Link.Closed.ContinueWith(
                _ => WakeIfReady(sandbox), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    /// <summary>Fails the next start. Without waiting starts the attempts become less frequent.</summary>
    private void HandleFailure(Exception error)
    {
        (WaitingStart? start, TimeSpan pause) = _stock.RecordFailure();
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
            (bool waited, int others) = _stock.GiveUp(start);
            if (!waited)
            {
                // The start got its sandbox at the same moment, so the sandbox goes to another start.
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
            // There is none.
        }
    }

    private void FailAll(string reason)
    {
        foreach (WaitingStart start in _stock.TakeAllWaiting())
        {
            start.Fail(new SandboxUnavailableException(reason));
        }
    }

    private void ReportPositions()
    {
        foreach ((WaitingStart start, int before) in _stock.GetPositions())
        {
            start.ReportPosition(before);
        }
    }

    /// <summary>Fails the waiting starts, cancels the creation of sandboxes, and removes all sandboxes concurrently.</summary>
    private async Task CloseAsync(CancellationToken cancellationToken)
    {
        List<WarmSandbox> all = _stock.Close();
        FailAll("the Executor is stopping");
        await Task.WhenAny(
            Task.WhenAll([.. all.Select(static sandbox => sandbox.DisposeAsync().AsTask()), _maker.StopAsync()]),
            Task.Delay(Timeout.Infinite, cancellationToken));
    }

    private TimeSpan TimeUntilNext() =>
        _stock.TimeUntilNext(TargetSize, isBusy: _maker.Count > 0 || _factory.UnavailableReason is not null);

    private void WakeIfReady(WarmSandbox sandbox)
    {
        if (_stock.Contains(sandbox))
        {
            _alarm.Wake();
        }
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
