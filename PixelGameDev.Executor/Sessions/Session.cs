using System.Threading.Channels;
using PixelGameDev.Executor.Configuration;
using PixelGameDev.Executor.Links;
using PixelGameDev.Executor.Pool;
using PixelGameDev.Executor.Processors;
using PixelGameDev.Executor.Viewers;
using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Sessions;

/// <summary>Represents one execution of a project, from the press of Run to a named end.</summary>
/// <remarks>
/// Step 1: it waits for a sandbox, and its viewers see how many starts come first. Step 2: <see cref="TryBeginAsync"/> sends the files and
/// Start. A sandbox that ends before it accepts them is replaced by another. Step 3: messages of the sandbox are checked and relayed
/// (<see cref="SessionMessages"/>). Step 4: a reason for the end occurs: the sandbox sends Ended, a stop is requested, a limit is exceeded,
/// or the link closes. The first reason counts (<see cref="SessionState"/>). Step 5: viewers get Ended, the sandbox is removed, and the
/// record remains.
/// </remarks>
internal sealed class Session
{
    /// <summary>The time that a game has to answer QUIT.</summary>
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(2);

    /// <summary>The additional time in which GameHost sends its Ended message.</summary>
    private static readonly TimeSpan FinalMessageTimeout = TimeSpan.FromSeconds(1.5);

    private const int ConsoleTailBytes = 16 * 1024;

    private readonly ExecutorOptions _options;
    private readonly TimeProvider _time;
    private readonly string _kind;
    private readonly SessionState _state;
    private readonly SessionEndResolver _ending;
    private readonly SessionMessages _messages;
    private readonly TaskCompletionSource<SessionEnded> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SessionMeasurement _measurement;
    private volatile bool _stopSent;

    /// <param name="request">The project to execute.</param>
    /// <param name="kind">The kind of the session's sandbox.</param>
    /// <param name="options">The limits.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Receives the first frame and the end.</param>
    public Session(StartSessionRequest request, string kind, ExecutorOptions options, TimeProvider time, ILogger logger)
    {
        Id = request.SessionId;
        Owner = request.Owner;
        StartedAt = time.GetUtcNow();
        _kind = kind;
        _options = options;
        _time = time;
        Relay = new SessionRelay(time, request.RecordSeconds, maxWatchers: options.MaxWatchers);
        SavedFiles = new SavedFileBuffer(time);
        _state = new SessionState(time);
        _measurement = new SessionMeasurement(Id, _state, Relay, time, logger);
        _ending = new SessionEndResolver(Id, _state, options, End, logger);
        _messages = new SessionMessages(_state, _ending, Relay, SavedFiles, Picture, Pings, _measurement.RecordFirstFrame, time);
    }

    public Guid Id { get; }

    public string Owner { get; }

    /// <summary>Gets whether the sandbox was warm.</summary>
    public bool Warm => _state.Read().Warm;

    public DateTimeOffset StartedAt { get; }

    /// <summary>Gets the relay to the viewers.</summary>
    public SessionRelay Relay { get; }

    /// <summary>Gets the files that the game has written and the Api has not stored yet.</summary>
    public SavedFileBuffer SavedFiles { get; }

    /// <summary>Gets the small picture of the game's end until the Api takes it.</summary>
    public PictureBuffer Picture { get; } = new();

    /// <summary>Gets the router that returns answers to pings to their viewers.</summary>
    public PingRouter Pings { get; } = new();

    /// <summary>Completes with the end after the viewers have received it.</summary>
    public Task<SessionEnded> Ended => _ended.Task;

    /// <summary>Completes when the Api has read the end and stored the game's files.</summary>
    public Task EndReported => SavedFiles.Reported;

    public DateTimeOffset? EndedAt => _state.Read().EndedAt;

    /// <summary>
    /// Gets or sets the number of the session among the ended sessions of this Executor, from 1; 0 while it runs.
    /// <see cref="SessionRegistry"/> sets it.
    /// </summary>
    public long EndNumber { get; set; }

    /// <summary>Informs the viewers how many starts come before this one.</summary>
    public void ReportPosition(int before)
    {
        if (EndedAt is null)
        {
            Publish(new SessionStateMessage(SessionStates.Starting, Waiting: before));
        }
    }

    /// <summary>Sends the project to a sandbox and starts it.</summary>
    /// <returns>
    /// False when the sandbox ended before it accepted the project, or the session has ended meanwhile. The caller discards the sandbox; a
    /// session that has not ended may get another one.
    /// </returns>
    public async Task<bool> TryBeginAsync(
        StartSessionRequest request, WarmSandbox sandbox, bool warm, CpuWatch? cpu, CancellationToken cancellationToken)
    {
        StartReceiver receiver = new(_messages);
        if (!sandbox.Link.TryBind(receiver) || !_state.TryAttach(sandbox, cpu, warm))
        {
            return false;
        }

        _measurement.Begin();
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_options.Policy.StartTime);
        try
        {
            Task sending = SendProjectAsync(request, sandbox.Link, limit.Token);
            if (await Task.WhenAny(sending, receiver.Accepted) == receiver.Accepted)
            {
                // The sandbox has ended or has accepted everything, so nothing more must be sent.
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
            if (!receiver.IsAccepted() && _state.Detach() is { } stop)
            {
                // A stop was requested meanwhile.
                End(stop.Reason, stop.Detail);
            }
        }

        return receiver.IsAccepted();
    }

    /// <summary>Describes the session for the Api and for people.</summary>
    /// <param name="withTail">Whether to include the tail of the console, which is expensive to create.</param>
    public SessionInfo Describe(bool withTail = true)
    {
        SessionSnapshot now = _state.Read();
        return new SessionInfo(
            Id, Owner, now.Name, _kind, now.Warm, StartedAt, now.EndedAt, now.End?.Reason, now.End?.Message, now.End?.Detail,
            Relay.Viewers, Relay.Frames, Relay.Bytes, withTail ? Relay.ConsoleTail(ConsoleTailBytes) : null, SavedFiles.Last,
            Picture.IsThere, Relay.Watchers);
    }

    /// <summary>
    /// Describes the session for the Api and records that the Api has read its end. In a list a running session has no tail.
    /// </summary>
    public SessionInfo DescribeForApi(bool inList = false)
    {
        SessionInfo info = Describe(withTail: !inList || EndNumber > 0);
        // The session has just ended.
        info = info is { EndedAt: not null, ConsoleTail: null } ? Describe() : info;
        if (info.EndedAt is not null)
        {
            SavedFiles.MarkEndRead();
        }

        return info;
    }

    /// <summary>
    /// Requests the end of the game with QUIT, and ends it by force after a grace period. Ends a session that still waits for its sandbox
    /// immediately. The first reason counts.
    /// </summary>
    public void Stop(string reason, string detail)
    {
        if (!_state.TryStop(reason, detail, StopGrace + FinalMessageTimeout, out WarmSandbox? sandbox))
        {
            return;
        }

        if (sandbox is null)
        {
            End(reason, detail);
        }
        else
        {
            SendStop(sandbox);
            Publish(new SessionStateMessage(SessionStates.Stopping));
        }
    }

    /// <summary>Applies the time limits; call it twice a second.</summary>
    public void Tick()
    {
        Relay.Tick();
        SessionSnapshot now = _state.Read();
        now.Cpu?.Tick();
        if (now.End is not null)
        {
            return;
        }

        if (now.Stop is { } stop)
        {
            if (_time.GetTimestamp() >= stop.Deadline)
            {
                End(stop.Reason, stop.Detail + "; it did not end by itself");
            }
            else if (!_stopSent && now.Sandbox is not null)
            {
                SendStop(now.Sandbox);
            }
        }
        else if (now.Sandbox is not null && now.Name == SessionStates.Starting && !_messages.HasFrame
            && _time.GetElapsedTime(now.Begun) >= _options.Policy.StartTime)
        {
            End(EndReasons.SandboxLost,
                $"the sandbox took the project and did not run it within {_options.Policy.StartTime.TotalSeconds:0} s");
        }
        else if (now.Sandbox is not null && _time.GetElapsedTime(now.Begun) >= _options.MaxSessionTime)
        {
            Stop(EndReasons.TimeLimit, $"MAX_SESSION_TIME of {_options.MaxSessionTime.TotalSeconds:0} s is over");
        }
        else if (Relay.UnwatchedFor >= _options.IdleTime)
        {
            Stop(EndReasons.Idle, $"no viewer for {_options.IdleTime.TotalSeconds:0} s");
        }
    }

    /// <summary>Ends the session immediately.</summary>
    public void End(string reason, string? detail) => End(_ending.Create(reason, detail));

    /// <summary>
    /// Removes the sandbox; call it after <see cref="Ended"/>. The record remains for some minutes without the link of the sandbox and its
    /// buffers.
    /// </summary>
    public async ValueTask DisposeSandboxAsync()
    {
        SessionSnapshot now = _state.Read();
        if (now.Sandbox is not null)
        {
            await now.Sandbox.DisposeAsync();
        }

        if (now.Cpu is not null)
        {
            await now.Cpu.DisposeAsync();
        }

        _state.Detach();
        _measurement.Clear();
        Pings.Close();
    }

    private async Task SendProjectAsync(StartSessionRequest request, SandboxLink link, CancellationToken cancellationToken)
    {
        foreach (SessionFile file in request.Files)
        {
            await link.SendAsync(SessionFiles.CreateMessage(file), cancellationToken);
        }

        StartMessage start = new(request.Entry, SavedBytes: request.SavedBytes, Saved: request.Saved);
        await link.SendAsync(PooledMessage.Create(ExecutorMessages.Start(start)), cancellationToken);
        // GameHost must know the current viewers before it takes the first picture.
        Relay.Attach(link);
    }

    private void SendStop(WarmSandbox sandbox) =>
        _stopSent = sandbox.Link.TrySend(ExecutorMessages.Stop((uint)StopGrace.TotalMilliseconds));

    private void End(SessionEnded end)
    {
        if (!_state.TryEnd(ref end, _options.MaxSessionTime))
        {
            return;
        }

        PooledMessage message = PooledMessage.Create(SandboxMessages.Json(MessageType.Ended, end, ProtocolJson.Default.SessionEnded));
        Relay.End(message);
        message.Release();
        _measurement.RecordEnd(end);
        _ended.TrySetResult(end);
    }

    private void Publish(SessionStateMessage state)
    {
        PooledMessage message = PooledMessage.Create(
            SandboxMessages.Json(MessageType.State, state, ProtocolJson.Default.SessionStateMessage));
        Relay.Publish(message);
        message.Release();
    }
}
