using System.Buffers.Binary;
using System.Text.Json;
using System.Threading.Channels;
using PixelGameDev.Executor.Configuration;
using PixelGameDev.Executor.Links;
using PixelGameDev.Executor.Pool;
using PixelGameDev.Executor.Processors;
using PixelGameDev.Executor.Sandboxes;
using PixelGameDev.Executor.Telemetry;
using PixelGameDev.Executor.Viewers;
using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Sessions;

/// <summary>
/// One execution of a project, from the press of Run to a named end.
/// </summary>
/// <remarks>
/// Step 1: it waits for a sandbox, and its viewers are told how many starts come first. Step 2: <see cref="TryBeginAsync"/> sends files
/// and Start; a sandbox that dies before it has taken them is replaced by another. Step 3: messages of the sandbox are checked and
/// relayed as they come. Step 4: a reason to end: the sandbox says Ended, somebody stops it, a limit is met, the link closes. The first
/// reason is the one that counts. Step 5: viewers get Ended, the sandbox is thrown away, the record remains.
/// </remarks>
internal sealed partial class Session : ISandboxLinkReceiver
{
    /// <summary>Time a game has to answer QUIT.</summary>
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(2);

    /// <summary>On top of the grace: GameHost's own way to say Ended.</summary>
    private static readonly TimeSpan FinalMessageTimeout = TimeSpan.FromSeconds(1.5);

    /// <summary>How long the end of a container may take to show its reason.</summary>
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromSeconds(3);

    private const int ConsoleTailBytes = 16 * 1024;

    // GameHost itself lets 64 KiB a second through and ends the game beyond its patience; this is the net beneath.
    private const double ConsoleBytesPerSecond = 256 * 1024;
    private const double ConsoleBurst = 2 * 1024 * 1024;
    private const int OutOfMemoryKill = 137;

    private readonly ExecutorOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly string _kind;
    private readonly TokenBucket _console;
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource<SessionEnded> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _endReported = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PingRouter _pings = new();

    private WarmSandbox? _sandbox;
    private CpuWatch? _cpu;

    private readonly long _requested;

    /// <summary>When the sandbox took the project.</summary>
    private long _started;
    private string _state = "starting";
    private string? _pendingReason;
    private string? _pendingDetail;
    private SessionEnded? _end;
    private DateTimeOffset? _endedAt;
    private long _stopDeadline;
    private volatile bool _stopSent;
    private bool _firstFrame;
    private System.Diagnostics.Activity? _awaitingFirstFrame;
    private volatile bool _resolvingEnd;

    /// <param name="request">What is to be executed.</param>
    /// <param name="kind">Kind of the sandbox it will get.</param>
    /// <param name="options">The limits.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Gets the first frame and the end.</param>
    public Session(StartSessionRequest request, string kind, ExecutorOptions options, TimeProvider time, ILogger logger)
    {
        Id = request.SessionId;
        Owner = request.Owner;
        StartedAt = time.GetUtcNow();
        _requested = time.GetTimestamp();
        Relay = new SessionRelay(time);
        _kind = kind;
        _options = options;
        _time = time;
        _logger = logger;
        _console = new TokenBucket(ConsoleBytesPerSecond, ConsoleBurst, time);
    }

    public Guid Id { get; }

    public string Owner { get; }

    /// <summary>Whether its sandbox was waiting for it.</summary>
    public bool Warm { get; private set; }

    public DateTimeOffset StartedAt { get; }

    /// <summary>Fans out to the viewers.</summary>
    public SessionRelay Relay { get; }

    public PingRouter Pings => _pings;

    /// <summary>Completes with the end, after the viewers were told.</summary>
    public Task<SessionEnded> Ended => _ended.Task;

    /// <summary>Completes when the Api has asked and was told of the end.</summary>
    public Task EndReported => _endReported.Task;

    public DateTimeOffset? EndedAt
    {
        get
        {
            lock (_gate)
            {
                return _endedAt;
            }
        }
    }

    /// <summary>Tells the viewers how many starts come before this one.</summary>
    public void ReportPosition(int before)
    {
        if (EndedAt is null)
        {
            Publish(new SessionStateMessage("starting", Waiting: before));
        }
    }

    /// <summary>Gives a sandbox the project and starts it.</summary>
    /// <returns>
    /// False when the sandbox is of no use: it died before it took the project, or the session has ended meanwhile. The caller throws it
    /// away; a session that has not ended may get another.
    /// </returns>
    public async Task<bool> TryBeginAsync(
        StartSessionRequest request, WarmSandbox sandbox, bool warm, CpuWatch? cpu, CancellationToken cancellationToken)
    {
        BeginningReceiver receiver = new(this);
        if (!sandbox.Link.TryBind(receiver))
        {
            return false;
        }

        lock (_gate)
        {
            if (_end is not null)
            {
                return false;
            }

            (_sandbox, _cpu, Warm) = (sandbox, cpu, warm);
            _started = _time.GetTimestamp();
        }

        _awaitingFirstFrame?.Dispose();
        _awaitingFirstFrame = ExecutorTelemetry.AwaitFirstFrame();
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_options.Policy.StartTime);
        try
        {
            Task sending = SendAsync(request, sandbox.Link, limit.Token);
            if (await Task.WhenAny(sending, receiver.Accepted) == receiver.Accepted)
            {
                // It is dead, or has taken everything: nothing needs to be waited for.
                await limit.CancelAsync();
            }

            await sending;
            await receiver.Accepted.WaitAsync(limit.Token);
        }
        catch (Exception error) when (error is ChannelClosedException
            || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // The link is closed, or the sandbox does not read.
        }
        finally
        {
            if (!receiver.IsAccepted())
            {
                DetachSandbox();
            }
        }

        return receiver.IsAccepted();
    }

    private async Task SendAsync(StartSessionRequest request, SandboxLink link, CancellationToken cancellationToken)
    {
        foreach (SessionFile file in request.Files)
        {
            await link.SendAsync(SessionFiles.CreateMessage(file), cancellationToken);
        }

        byte[] start = JsonSerializer.SerializeToUtf8Bytes(new StartMessage(request.Entry), ProtocolJson.Default.StartMessage);
        await link.SendAsync(PooledMessage.Create(MessageType.Start, start), cancellationToken);
        // Viewers that are there already are told of before the first picture is drawn.
        Relay.Attach(link);
    }

    /// <summary>The sandbox is of no use. Somebody may have asked the session to stop meanwhile.</summary>
    private void DetachSandbox()
    {
        string? reason;
        lock (_gate)
        {
            (_sandbox, _cpu) = (null, null);
            reason = _pendingReason;
        }

        if (reason is not null)
        {
            End(reason, _pendingDetail);
        }
    }

    /// <summary>
    /// Its place among the ended sessions of this Executor, from 1; 0 while it runs. Belongs to <see cref="SessionManager"/>.
    /// </summary>
    public long EndNumber { get; set; }

    /// <summary>What the Api and people may know.</summary>
    /// <param name="withTail">Whether the tail of the console is made, which costs something.</param>
    public SessionInfo Describe(bool withTail = true)
    {
        lock (_gate)
        {
            return new SessionInfo(
                Id, Owner, _state, _kind, Warm, StartedAt, _endedAt,
                _end?.Reason, _end?.Message, _end?.Detail,
                Relay.Viewers, Relay.Frames, Relay.Bytes, withTail ? Relay.ConsoleTail(ConsoleTailBytes) : null);
        }
    }

    /// <summary>What the Api is told when it asks how the session is; in a list a session that runs has no tail.</summary>
    public SessionInfo DescribeForApi(bool inList = false)
    {
        SessionInfo info = Describe(withTail: !inList || EndNumber > 0);
        if (info is { EndedAt: not null, ConsoleTail: null })
        {
            // It ended just now.
            info = Describe();
        }

        if (info.EndedAt is not null)
        {
            _endReported.TrySetResult();
        }

        return info;
    }

    /// <summary>
    /// Asks the game to end: QUIT, a moment of grace, then the end comes by force. Ends a session that still waits for its sandbox at
    /// once. The first reason counts.
    /// </summary>
    public void Stop(string reason, string detail)
    {
        WarmSandbox? sandbox;
        lock (_gate)
        {
            if (_end is not null || _pendingReason is not null)
            {
                return;
            }

            sandbox = _sandbox;
            _pendingReason = reason;
            _pendingDetail = detail;
            _state = "stopping";
            _stopDeadline = _time.GetTimestamp() + (long)((StopGrace + FinalMessageTimeout).TotalSeconds * _time.TimestampFrequency);
        }

        if (sandbox is null)
        {
            End(reason, detail);
            return;
        }

        SendStop(sandbox);
        Publish(new SessionStateMessage("stopping"));
    }

    private void SendStop(WarmSandbox sandbox)
    {
        Span<byte> grace = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(grace, (uint)StopGrace.TotalMilliseconds);
        _stopSent = sandbox.Link.TrySend(MessageType.Stop, grace);
    }

    /// <summary>Once a second: the limits that are a matter of time.</summary>
    public void Tick()
    {
        Relay.Tick();
        _cpu?.Tick();
        string? reason;
        long deadline;
        bool starting;
        WarmSandbox? sandbox;
        lock (_gate)
        {
            if (_end is not null)
            {
                return;
            }

            (reason, deadline, starting, sandbox) = (_pendingReason, _stopDeadline, _state == "starting" && !_firstFrame, _sandbox);
        }

        if (reason is not null)
        {
            if (_time.GetTimestamp() >= deadline)
            {
                End(reason, _pendingDetail + "; it did not end by itself");
            }
            else if (!_stopSent && sandbox is not null)
            {
                SendStop(sandbox);
            }
        }
        else if (sandbox is not null && starting && _time.GetElapsedTime(_started) >= _options.Policy.StartTime)
        {
            End(EndReasons.SandboxLost,
                $"the sandbox took the project and did not run it within {_options.Policy.StartTime.TotalSeconds:0} s");
        }
        else if (sandbox is not null && _time.GetElapsedTime(_started) >= _options.MaxSessionTime)
        {
            Stop(EndReasons.TimeLimit, $"MAX_SESSION_TIME of {_options.MaxSessionTime.TotalSeconds:0} s is over");
        }
        else if (Relay.UnwatchedFor >= _options.IdleTime)
        {
            Stop(EndReasons.Idle, $"no viewer for {_options.IdleTime.TotalSeconds:0} s");
        }
    }

    /// <summary>Ends it before it has begun: no sandbox is to be had.</summary>
    public void FailToStart(string detail) => End(EndReasons.NotStarted, detail);

    /// <summary>Ends at once.</summary>
    public void End(string reason, string? detail, int? exitCode = null) =>
        End(new SessionEnded(reason, SessionEnd.Message(reason, _options.MaxSessionTime), detail, exitCode));

    /// <summary>
    /// Throws the sandbox away; after <see cref="Ended"/>. The record lives on for minutes: without the sandbox's link and its buffers.
    /// </summary>
    public async ValueTask DisposeSandboxAsync()
    {
        WarmSandbox? sandbox;
        CpuWatch? cpu;
        lock (_gate)
        {
            (sandbox, cpu) = (_sandbox, _cpu);
        }

        if (sandbox is not null)
        {
            await sandbox.DisposeAsync();
        }

        if (cpu is not null)
        {
            await cpu.DisposeAsync();
        }

        lock (_gate)
        {
            (_sandbox, _cpu, _awaitingFirstFrame) = (null, null, null);
        }

        _pings.Close();
    }

    void ISandboxLinkReceiver.Receive(PooledMessage message)
    {
        switch (message.Type)
        {
            case MessageType.Ended:
                ReceiveEnded(message.Payload);
                return;
            case MessageType.Pong:
                _pings.Answer(message);
                return;
            case MessageType.Use:
                ReceiveUse(message.Payload);
                return;
            case MessageType.State:
                ReceiveState(message.Payload);
                break;
            case MessageType.Console when _console.Charge(message.Length) > TimeSpan.Zero:
                throw new ProtocolViolationException("the console flooded past GameHost's own limit", EndReasons.OutputLimit);
            case MessageType.Frame when !_firstFrame:
                _firstFrame = true;
                ExecutorTelemetry.FirstFrame(_awaitingFirstFrame, _time.GetElapsedTime(_requested), _time.GetElapsedTime(_started), Warm);
                Log.FirstFrame(_logger, Id, (int)_time.GetElapsedTime(_started).TotalMilliseconds, Warm);
                break;
        }

        Relay.Publish(message);
    }

    void ISandboxLinkReceiver.Closed(LinkFault? fault)
    {
        if (fault is not null)
        {
            End(fault.Reason, fault.Detail);
        }
        else if (!_ended.Task.IsCompleted && !_resolvingEnd)
        {
            _ = ResolveEndAsync(null);
        }
    }

    private bool IsStopping
    {
        get
        {
            lock (_gate)
            {
                return _pendingReason is not null;
            }
        }
    }

    private void ReceiveState(ReadOnlySpan<byte> payload)
    {
        SessionStateMessage? message = Parse(payload, ProtocolJson.Default.SessionStateMessage);
        if (message?.State is not ("starting" or "running" or "stopping"))
        {
            throw new ProtocolViolationException("State with an unknown state");
        }

        lock (_gate)
        {
            if (_state == "starting")
            {
                _state = message.State;
            }
        }
    }

    private void ReceiveUse(ReadOnlySpan<byte> payload)
    {
        // JSON has no NaN and no infinity.
        SandboxUse? use = Parse(payload, ProtocolJson.Default.SandboxUse);
        if (use is not { Seconds: > 0, Processors: >= 0, Throttled: >= 0 and <= 1, Switches: >= 0 })
        {
            throw new ProtocolViolationException("Use with impossible figures");
        }

        _cpu?.AddReport(use);
    }

    private void ReceiveEnded(ReadOnlySpan<byte> payload)
    {
        SessionEnded? said = Parse(payload, ProtocolJson.Default.SessionEnded);
        if (said is null || !SessionEnd.MaySandboxSay(said.Reason))
        {
            throw new ProtocolViolationException("Ended with a reason that is not a sandbox's to give");
        }

        // Nobody here asked it to stop: the daemon did (it ends the containers it finds when it comes back), or whoever keeps the machine.
        if (said.Reason == EndReasons.Stopped && !IsStopping)
        {
            End(EndReasons.SandboxLost, "the sandbox was told to stop by somebody else than the Executor; " +
                SessionEnd.Clean(said, _options).Detail, said.ExitCode);
            return;
        }

        // An ordinary end is an ordinary end. One that looks like a kill is worth asking the kernel about.
        if (said.Reason is EndReasons.Crashed or EndReasons.SandboxLost)
        {
            _resolvingEnd = true;
            _ = ResolveEndAsync(said);
        }
        else
        {
            End(SessionEnd.Clean(said, _options));
        }
    }

    /// <summary>The sandbox is gone or crashed: what does the kernel say of it?</summary>
    private async Task ResolveEndAsync(SessionEnded? said)
    {
        SandboxExit? exit = null;
        try
        {
            exit = _sandbox is { } sandbox ? await sandbox.Sandbox.WaitForExitAsync(ExitTimeout, CancellationToken.None) : null;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            Log.NoExit(_logger, Id, error.Message);
        }

        if (exit is { OutOfMemory: true })
        {
            End(EndReasons.MemoryLimit, $"SANDBOX_MEMORY of {_options.Policy.MemoryBytes >> 20} MiB is used up; {exit.Detail}",
                exit.ExitCode ?? OutOfMemoryKill);
        }
        else if (said is not null)
        {
            End(SessionEnd.Clean(said, _options));
        }
        else
        {
            End(EndReasons.SandboxLost, "the link closed without Ended; " + (exit?.Detail ?? "what runs inside is still there"),
                exit?.ExitCode);
        }
    }

    private void End(SessionEnded end)
    {
        lock (_gate)
        {
            if (_end is not null)
            {
                return;
            }

            // Whoever asked for the end gave its reason; how the game then ended is detail. A crash on the way stays a stop.
            if (_pendingReason is { } pending && end.Reason != pending)
            {
                end = new SessionEnded(
                    pending, SessionEnd.Message(pending, _options.MaxSessionTime),
                    $"{_pendingDetail}; the sandbox says: {end.Reason}, {end.Detail}", end.ExitCode);
            }

            _end = end;
            _endedAt = _time.GetUtcNow();
            _state = "ended";
        }

        PooledMessage message =
            PooledMessage.Create(MessageType.Ended, JsonSerializer.SerializeToUtf8Bytes(end, ProtocolJson.Default.SessionEnded));
        Relay.End(message);
        message.Release();
        Log.Ended(_logger, Id, end.Reason, end.Detail, (int)_time.GetElapsedTime(_started).TotalSeconds, Relay.Frames, Relay.Bytes);
        ExecutorTelemetry.SessionEnded(end.Reason, _awaitingFirstFrame);
        _ended.TrySetResult(end);
    }

    private void Publish(SessionStateMessage state)
    {
        PooledMessage message = PooledMessage.Create(
            MessageType.State, JsonSerializer.SerializeToUtf8Bytes(state, ProtocolJson.Default.SessionStateMessage));
        Relay.Publish(message);
        message.Release();
    }

    private static T? Parse<T>(ReadOnlySpan<byte> payload, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(payload, type);
        }
        catch (JsonException)
        {
            throw new ProtocolViolationException($"{typeof(T).Name} is not the JSON it should be");
        }
    }

    /// <summary>
    /// Takes what comes from a sandbox that has been given the project, and decides by its first word whether it has taken it. GameHost
    /// answers Start with a State; a sandbox that dies in this moment closes the link, or says that it stops.
    /// </summary>
    private sealed class BeginningReceiver(Session session) : ISandboxLinkReceiver
    {
        private readonly TaskCompletionSource<bool> _accepted = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Completes with whether the sandbox took the project; never faults.</summary>
        public Task<bool> Accepted => _accepted.Task;

        /// <summary>Whether it took the project by now. If not, nothing that it says later counts.</summary>
        public bool IsAccepted() => Decide(taken: false);

        void ISandboxLinkReceiver.Receive(PooledMessage message)
        {
            if (_accepted.Task.IsCompleted ? _accepted.Task.Result : Decide(!IsRefusal(message)))
            {
                ((ISandboxLinkReceiver)session).Receive(message);
            }
        }

        void ISandboxLinkReceiver.Closed(LinkFault? fault)
        {
            if (Decide(taken: false))
            {
                ((ISandboxLinkReceiver)session).Closed(fault);
            }
        }

        /// <summary>Decides, unless it is decided already; returns what was decided.</summary>
        private bool Decide(bool taken)
        {
            _accepted.TrySetResult(taken);
            return _accepted.Task.Result;
        }

        /// <summary>A project that does not fit is not the sandbox's fault, and would not fit into another either.</summary>
        private static bool IsRefusal(PooledMessage message) => message.Type switch
        {
            MessageType.Ended => Parse(message.Payload, ProtocolJson.Default.SessionEnded)?.Reason != EndReasons.DiskLimit,
            MessageType.State => Parse(message.Payload, ProtocolJson.Default.SessionStateMessage)?.State == "stopping",
            _ => false,
        };
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Session {Session}: first frame after {Milliseconds} ms (warm: {Warm})")]
        public static partial void FirstFrame(ILogger logger, Guid session, int milliseconds, bool warm);

        [LoggerMessage(LogLevel.Information,
            "Session {Session} ended: {Reason} ({Detail}) after {Seconds} s, {Frames} frames, {Bytes} bytes")]
        public static partial void Ended(ILogger logger, Guid session, string reason, string? detail, int seconds, long frames, long bytes);

        [LoggerMessage(LogLevel.Warning, "Session {Session}: its sandbox cannot be asked how it ended: {Reason}")]
        public static partial void NoExit(ILogger logger, Guid session, string reason);
    }
}
