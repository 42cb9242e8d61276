using System.Diagnostics;
using System.Net.WebSockets;
using PixelGameDev.Executor.Links;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Viewers;

/// <summary>Receives the messages of one page: checks them, limits their rates, and passes them on.</summary>
/// <remarks>A page that breaks the rules of docs/PROTOCOL.md is closed with WebSocket status 1008.</remarks>
internal sealed class ViewerReceiver(
    Viewer viewer, WebSocket socket, SessionRelay relay, PingRouter pings, TimeProvider time)
{
    private const MessageRoute FromPage = MessageRoute.PageToSandbox | MessageRoute.PageToExecutor;

    /// <summary>The maximum length of a page's message in bytes, including the type.</summary>
    private static readonly int MaxLength = MessageRules.LengthOf(MessageType.Paste).Max;

    // Browsers send at most one mouse move per screen refresh, a page sends the turns of a locked mouse at most 250 times a second, and
    // people press keys and buttons slowly. _moves limits MouseMove only; _messages limits everything. The bursts hold 6 s of messages:
    // after a stall they arrive at once, and a page gives up a connection after 6 s of silence.
    private readonly TokenBucket _messages = new(perSecond: 400, burst: 2400, time);
    private readonly TokenBucket _moves = new(perSecond: 240, burst: 1440, time);
    private readonly TokenBucket _keyframeRequests = new(perSecond: 2, burst: 5, time);

    // A page sends one ping a second. All viewers share the sandbox's limit of answers, so faster pings wait.
    private readonly TokenBucket _pings = new(perSecond: 150, burst: 300, time);

    // Names are typed by people.
    private readonly TokenBucket _joins = new(perSecond: 1, burst: 5, time);

    // Pressed by people. Each one is told to all watchers.
    private readonly TokenBucket _seats = new(perSecond: 10, burst: 30, time);

    // Each one holds the whole state and is repeated, so those that are too fast are dropped.
    private readonly TokenBucket _controls = new(perSecond: 100, burst: 300, time);
    private readonly byte[] _received = new byte[MaxLength + 1];

    /// <summary>Receives until the page disconnects, breaks the rules or is disconnected; never faults.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
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
                        await socket.CloseWithAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken);
                    }

                    return;
                }

                if (FindViolation(part, length) is { } violation)
                {
                    await socket.CloseWithAsync(WebSocketCloseStatus.PolicyViolation, violation, cancellationToken);
                    await socket.DrainAsync(_received, cancellationToken);
                    return;
                }

                if ((MessageType)_received[0] == MessageType.Ping && _pings.Charge(1) is var wait && wait > TimeSpan.Zero)
                {
                    await Task.Delay(wait, time, cancellationToken);
                }

                Handle(_received.AsSpan(0, length));
            }
        }
        catch (Exception error) when (WebSocketClosing.IsConnectionEnd(error))
        {
            // The connection is closed; the viewer ends its sender.
        }
    }

    private string? FindViolation(ValueWebSocketReceiveResult part, int length)
    {
        if (part.MessageType != WebSocketMessageType.Binary)
        {
            return "messages are binary";
        }

        if (!part.EndOfMessage || length > MaxLength)
        {
            return "message too long";
        }

        try
        {
            MessageRules.Check(_received.AsSpan(0, length), FromPage);
        }
        catch (ProtocolException broken)
        {
            return broken.Message;
        }

        return _messages.TryTake() ? null : "too many messages";
    }

    private void Handle(ReadOnlySpan<byte> message)
    {
        viewer.MarkHeard();
        MessageType type = (MessageType)message[0];
        if (MessageRules.IsInput(type))
        {
            // Too fast moves lose intermediate positions but not the last one, because the next move contains the current position.
            // A watcher's input goes nowhere.
            if (!viewer.IsWatcher && (type != MessageType.MouseMove || _moves.TryTake()))
            {
                relay.SendInput(viewer, message);
            }

            return;
        }

        switch (type)
        {
            case MessageType.KeyframeRequest when _keyframeRequests.TryTake():
                viewer.Pace.AllowOneKeyframe();
                relay.RequestKeyframe(viewer);
                break;
            case MessageType.Ping:
                AnswerPing(message);
                if (viewer.Pace.AllowOneKeyframe())
                {
                    relay.RequestKeyframe(viewer);
                }

                break;
            case MessageType.View:
                viewer.SetView(ViewMessage.Read(message));
                break;
            case MessageType.Join when viewer.IsWatcher && _joins.TryTake():
                relay.JoinGuests(viewer, message);
                break;
            case MessageType.Controls when viewer.IsWatcher && _controls.TryTake():
                relay.SendControls(viewer, (SeatButtons)message[1]);
                break;
            case MessageType.GiveSeat when !viewer.IsWatcher && _seats.TryTake():
                relay.GiveSeat(message);
                break;
            case MessageType.SeatControls when !viewer.IsWatcher && _seats.TryTake():
                relay.SetSeatControls(message);
                break;
            case MessageType.Ack:
                Acknowledge(AckMessage.Read(message).Frame);
                break;
        }
    }

    private void Acknowledge(uint frame)
    {
        bool wasCongested = viewer.Pace.IsCongested;
        if (viewer.Pace.Acknowledged(frame))
        {
            relay.PaceChanged(viewer);
        }

        if (wasCongested && !viewer.Pace.IsCongested)
        {
            relay.RequestKeyframe(viewer);
        }
    }

    /// <summary>Passes a ping on to the sandbox. A watcher gets its answer here, because it sends nothing to a sandbox.</summary>
    private void AnswerPing(ReadOnlySpan<byte> ping)
    {
        if (!viewer.IsWatcher)
        {
            relay.SendPing(pings.Send(viewer, ping[1..]));
            return;
        }

        // The clock of the machine, which GameHost answers with, too.
        PooledMessage pong = PooledMessage.Create(
            SandboxMessages.Pong(ping, (uint)(Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000))));
        viewer.Queue.Enqueue(pong);
        pong.Release();
    }
}
