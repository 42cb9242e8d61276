using System.Buffers.Binary;
using System.Net.WebSockets;
using PixelGameDev.Executor.Links;
using PixelGameDev.Executor.Telemetry;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Viewers;

/// <summary>
/// One WebSocket that watches a session, and plays it if it may.
/// </summary>
/// <remarks>
/// Two loops: the sender takes from the bounded queue, the receiver checks, limits and passes on. The first that ends ends the
/// other. After Ended the sender closes with status 1000; a viewer that breaks the rules is closed with 1008.
/// </remarks>
internal sealed class Viewer(
    WebSocket socket, SessionRelay relay, PingRouter pings, bool mayPlay, TimeProvider time, StreamBudget? budget = null)
{
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(10);

    /// <summary>A single message that takes longer than this to leave means a dead connection.</summary>
    private static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(30);

    /// <summary>The same where the memory for all viewers is nearly used up.</summary>
    private static readonly TimeSpan SendTimeoutWhenTight = TimeSpan.FromSeconds(5);

    /// <summary>A page pings once a second. One that says nothing for this long is away: what it holds does not count.</summary>
    private static readonly TimeSpan PresenceTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Messages are sent in pieces of this size, so that one that nobody reads takes no more buffers than a piece.</summary>
    private const int FragmentBytes = 64 * 1024;

    // Browsers give at most one mouse move per screen refresh; keys and buttons are human. Far above both.
    private readonly TokenBucket _messages = new(perSecond: 400, burst: 800, time);
    private readonly TokenBucket _moves = new(perSecond: 240, burst: 480, time);
    private readonly TokenBucket _keyframeRequests = new(perSecond: 2, burst: 5, time);

    // A page sends one ping a second. All viewers share the messages that the sandbox may answer with: what comes faster waits.
    private readonly TokenBucket _pings = new(perSecond: 150, burst: 300, time);
    private readonly byte[] _received = new byte[ViewerMessageRules.MaxLength + 1];

    private readonly StreamBudget _budget = budget ?? StreamBudget.Shared;
    private long _lastHeard = time.GetTimestamp();

    /// <summary>What the viewer's connection can take.</summary>
    public ViewerPace Pace => Queue.Pace;

    /// <summary>What waits for this viewer.</summary>
    public ViewerQueue Queue { get; } = new(time, budget);

    /// <summary>What this viewer's player holds. Guarded by the relay.</summary>
    public HeldInput Held { get; } = new();

    /// <summary>Whether it has said anything lately.</summary>
    public bool IsPresent => time.GetElapsedTime(Interlocked.Read(ref _lastHeard)) < PresenceTimeout;

    /// <summary>Whether the page is on screen.</summary>
    public bool Visible { get; private set; } = true;

    /// <summary>Fastest rate it shows, frames a second.</summary>
    public byte MaxFps { get; private set; } = 60;

    /// <summary>Runs until the viewer leaves, the session ends or <paramref name="cancellationToken"/> cuts it off.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!relay.TryJoin(this))
        {
            await RefuseAsync(cancellationToken);
            return;
        }

        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task sending = SendLoopAsync(end.Token);
        Task receiving = ReceiveLoopAsync(end.Token);
        try
        {
            Task first = await Task.WhenAny(sending, receiving);
            if (first == sending && socket.State == WebSocketState.CloseSent)
            {
                // Ended went out and the close after it: the other side answers, or is cut off.
                await Task.WhenAny(receiving, Task.Delay(CloseTimeout, time, CancellationToken.None));
            }
        }
        finally
        {
            relay.Leave(this);
            await end.CancelAsync();
            if (socket.State is not (WebSocketState.Closed or WebSocketState.Aborted))
            {
                socket.Abort();
            }

            await Task.WhenAll(sending, receiving);
        }
    }

    /// <summary>Cuts the connection if a message has been leaving for too long.</summary>
    public void AbortIfStuck()
    {
        Queue.DropFramesIfStalled();
        if (Queue.SendingFor > (_budget.IsTight ? SendTimeoutWhenTight : SendTimeout))
        {
            Abort();
        }
    }

    public void Abort() => socket.Abort();

    private async Task SendLoopAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (!Queue.IsOver)
            {
                if (Queue.TryDequeue() is not { } message)
                {
                    // Awaited here and not deeper: each asynchronous method that waits is an allocation, for every frame.
                    await Queue.WaitAsync();
                    continue;
                }

                try
                {
                    if (message.Type == MessageType.Frame)
                    {
                        Pace.Sent(SandboxMessageRules.FrameNumber(message.Payload), message.Length);
                    }

                    for (int sent = 0; sent < message.Length;)
                    {
                        int count = Math.Min(FragmentBytes, message.Length - sent);
                        ReadOnlyMemory<byte> piece = message.Memory.Slice(sent, count);
                        sent += count;
                        await socket.SendAsync(piece, WebSocketMessageType.Binary, endOfMessage: sent == message.Length, cancellationToken);
                    }

                    ExecutorTelemetry.MessageSent(message.Length, frame: message.Type == MessageType.Frame);
                }
                finally
                {
                    Queue.MarkSent(message);
                }
            }

            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await CloseAsync(WebSocketCloseStatus.NormalClosure, "the session has ended", cancellationToken);
            }
        }
        catch (Exception error) when (IsConnectionEnd(error))
        {
            // Gone; the receiving side notices the same.
        }
    }

    private async Task ReceiveLoopAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                int length = 0;
                ValueWebSocketReceiveResult part;
                do
                {
                    part = await socket.ReceiveAsync(_received.AsMemory(length), cancellationToken);
                    length += part.Count;
                }
                while (!part.EndOfMessage && length < _received.Length);

                if (part.MessageType == WebSocketMessageType.Close)
                {
                    if (socket.State == WebSocketState.CloseReceived)
                    {
                        await CloseAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken);
                    }

                    return;
                }

                if (Violation(part, length) is { } violation)
                {
                    await CloseAsync(WebSocketCloseStatus.PolicyViolation, violation, cancellationToken);
                    await DrainAsync(cancellationToken);
                    return;
                }

                if ((MessageType)_received[0] == MessageType.Ping && _pings.Charge(1) is var wait && wait > TimeSpan.Zero)
                {
                    await Task.Delay(wait, time, cancellationToken);
                }

                Handle(_received.AsSpan(0, length));
            }
        }
        catch (Exception error) when (IsConnectionEnd(error))
        {
            // Gone; RunAsync ends the sender.
        }
    }

    private async Task RefuseAsync(CancellationToken cancellationToken)
    {
        try
        {
            await CloseAsync(
                WebSocketCloseStatus.PolicyViolation,
                $"{CloseReasons.TooManyViewers}: {SessionRelay.MaxViewers} windows show this game already. Close one of them.",
                cancellationToken);
            await DrainAsync(cancellationToken);
        }
        catch (Exception error) when (IsConnectionEnd(error))
        {
            // It has gone, or does not listen.
        }
    }

    /// <summary>Reads on until the other side has seen our close: cutting at once could take the reason with it.</summary>
    private async Task DrainAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(CloseTimeout);
        while (socket.State == WebSocketState.CloseSent)
        {
            await socket.ReceiveAsync(_received.AsMemory(), limit.Token);
        }
    }

    private string? Violation(ValueWebSocketReceiveResult part, int length)
    {
        if (part.MessageType != WebSocketMessageType.Binary)
        {
            return "messages are binary";
        }

        if (!part.EndOfMessage || length > ViewerMessageRules.MaxLength)
        {
            return "message too long";
        }

        return ViewerMessageRules.Check(_received.AsSpan(0, length))
            ?? (_messages.TryTake() ? null : "too many messages");
    }

    private void Handle(ReadOnlySpan<byte> message)
    {
        bool wasPresent = IsPresent;
        Interlocked.Exchange(ref _lastHeard, time.GetTimestamp());
        if (!wasPresent && !Held.IsEmpty)
        {
            // What it holds was left out while it was silent.
            relay.HeldChanged();
        }

        MessageType type = (MessageType)message[0];
        ReadOnlySpan<byte> payload = message[1..];
        if (ViewerMessageRules.IsInput(type))
        {
            // A mouse that moves too fast loses positions on the way, never its end: the next move carries where it is.
            if (mayPlay && (type != MessageType.MouseMove || _moves.TryTake()))
            {
                relay.SendInput(this, message);
            }

            return;
        }

        switch (type)
        {
            case MessageType.KeyframeRequest when _keyframeRequests.TryTake():
                Pace.AllowOneKeyframe();
                relay.RequestKeyframe();
                break;
            case MessageType.Ping:
                relay.SendPing(pings.Send(this, payload));
                if (Pace.AllowOneKeyframe())
                {
                    relay.RequestKeyframe();
                }

                break;
            case MessageType.View:
                bool visible = payload[0] == 1;
                MaxFps = payload[1];
                Visible = visible;
                Pace.AllowOneKeyframe();
                relay.ViewChanged(this, visible);
                break;
            case MessageType.Ack:
                Acknowledged(BinaryPrimitives.ReadUInt32LittleEndian(payload));
                break;
        }
    }

    private void Acknowledged(uint frame)
    {
        bool stuffed = Pace.IsCongested;
        if (Pace.Acknowledged(frame))
        {
            relay.PaceChanged();
        }

        if (stuffed && !Pace.IsCongested)
        {
            relay.RequestKeyframe();
        }
    }

    private async Task CloseAsync(WebSocketCloseStatus status, string? reason, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(CloseTimeout);
        try
        {
            await socket.CloseOutputAsync(status, reason, limit.Token);
        }
        catch (Exception error) when (IsConnectionEnd(error))
        {
            socket.Abort();
        }
    }

    private static bool IsConnectionEnd(Exception error) =>
        error is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException or InvalidOperationException;
}
