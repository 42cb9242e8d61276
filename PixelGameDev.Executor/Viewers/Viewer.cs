using System.Net.WebSockets;
using PixelGameDev.Executor.Links;
using PixelGameDev.Executor.Telemetry;
using PixelGameDev.Streaming.Codec;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Viewers;

/// <summary>Represents one WebSocket that watches a session and, unless an invitation has let it in, plays it.</summary>
/// <remarks>
/// There are two loops: the sender reads from the bounded queue, and the <see cref="ViewerReceiver"/> checks, limits and passes on
/// messages. The end of one loop ends the other. After Ended the sender closes with status 1000. A viewer that breaks the rules is closed
/// with 1008.
/// </remarks>
internal sealed class Viewer(
    WebSocket socket, SessionRelay relay, PingRouter pings, TimeProvider time, StreamBudget? budget = null, long? invitation = null)
{
    /// <summary>The longest time to send one message. A slower connection is broken.</summary>
    private static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(30);

    /// <summary>The same limit when the memory for all viewers is nearly used up.</summary>
    private static readonly TimeSpan SendTimeoutWhenTight = TimeSpan.FromSeconds(5);

    /// <summary>The time after which a silent page counts as absent, and its held keys are ignored. A page pings once a second.</summary>
    private static readonly TimeSpan PresenceTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The size of the pieces of a message, so that an unread message uses buffers for only one piece.</summary>
    private const int FragmentBytes = 64 * 1024;

    private readonly StreamBudget _budget = budget ?? StreamBudget.Shared;
    private long _lastHeard = time.GetTimestamp();
    private bool _wasPresent = true;

    /// <summary>Gets the number of the invitation that lets this viewer in; null: the session's own account.</summary>
    public long? Invitation => invitation;

    /// <summary>Gets whether this viewer only watches. See <see cref="ViewerQueue.IsForWatchers"/> for what it gets.</summary>
    public bool IsWatcher => invitation is not null;

    /// <summary>Gets the pace of the viewer's connection.</summary>
    public ViewerPace Pace => Queue.Pace;

    /// <summary>Gets the messages that wait for this viewer.</summary>
    public ViewerQueue Queue { get; } = new(time, budget, isWatcher: invitation is not null);

    /// <summary>Gets the keys and buttons that this viewer's player holds. The relay guards it.</summary>
    public HeldInput Held { get; } = new();

    /// <summary>Gets or sets what a watcher has said about itself. The relay guards it, and <see cref="Pressed"/>, too.</summary>
    public Guest? Guest { get; set; }

    /// <summary>Gets the controls that a watcher on a seat holds.</summary>
    public SeatButtons Pressed { get; private set; }

    /// <summary>Gets the time since the page has sent anything.</summary>
    public TimeSpan SilentFor => time.GetElapsedTime(Interlocked.Read(ref _lastHeard));

    /// <summary>Gets whether the page has sent anything recently.</summary>
    public bool IsPresent => SilentFor < PresenceTimeout;

    /// <summary>Gets whether the page is visible.</summary>
    public bool Visible { get; private set; } = true;

    /// <summary>Gets the highest frame rate of the page in frames per second.</summary>
    public byte MaxFps { get; private set; } = 60;

    /// <summary>Runs until the viewer disconnects, the session ends or <paramref name="cancellationToken"/> cancels it.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (relay.Join(this) is { } refusal)
        {
            await RefuseAsync(refusal, cancellationToken);
            return;
        }

        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task sending = SendLoopAsync(end.Token);
        Task receiving = new ViewerReceiver(this, socket, relay, pings, time).RunAsync(end.Token);
        try
        {
            Task first = await Task.WhenAny(sending, receiving);
            // The thread that reads all links may have sent last. It must not end a connection, too.
            await Task.Yield();
            if (first == sending && socket.State == WebSocketState.CloseSent)
            {
                // Ended and the close have been sent; the other side answers or is disconnected.
                await Task.WhenAny(receiving, Task.Delay(WebSocketClosing.CloseTimeout, time, CancellationToken.None));
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

    /// <summary>Records that the page has sent a message.</summary>
    public void MarkHeard()
    {
        bool wasPresent = IsPresent;
        Interlocked.Exchange(ref _lastHeard, time.GetTimestamp());
        if (!wasPresent && !IsWatcher)
        {
            relay.IsBack();
        }
    }

    /// <summary>Returns whether the viewer has become absent since the last call. Call it under the relay's lock.</summary>
    public bool HasGoneSilent()
    {
        bool wasPresent = _wasPresent;
        _wasPresent = IsPresent;
        return wasPresent && !_wasPresent;
    }

    /// <summary>Holds these controls of a seat, as the keys that it has.</summary>
    public void Press(SeatButtons pressed, SeatControlsMessage? controls)
    {
        Pressed = pressed;
        if (controls is not null)
        {
            Held.Apply(controls.ToHeld(pressed));
        }
    }

    /// <summary>Releases the controls of a seat.</summary>
    public void Release()
    {
        Pressed = SeatButtons.None;
        Held.Clear();
    }

    /// <summary>Forgets who this watcher is, because it has disconnected or another connection of the person has come.</summary>
    public void LeaveSeat()
    {
        Release();
        Guest = null;
    }

    /// <summary>Sets whether the page is visible, and its highest frame rate.</summary>
    public void SetView(ViewMessage view)
    {
        MaxFps = view.MaxFps;
        Visible = view.Visible;
        Pace.AllowOneKeyframe();
        relay.ViewChanged(this, view.Visible);
    }

    /// <summary>Disconnects if one message takes too long to send.</summary>
    public void AbortIfStuck()
    {
        Queue.DropFramesIfStalled();
        if (Queue.SendingFor > (_budget.IsTight ? SendTimeoutWhenTight : SendTimeout))
        {
            Abort();
        }
    }

    /// <summary>Disconnects.</summary>
    public void Abort() => socket.Abort();

    private async Task SendLoopAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (!Queue.IsOver)
            {
                if (Queue.TryDequeue() is not { } message)
                {
                    // Await here and not in a called method: each waiting asynchronous method allocates, for every frame.
                    await Queue.WaitAsync();
                    continue;
                }

                try
                {
                    if (message.Type == MessageType.Frame)
                    {
                        Pace.Sent(FrameHeader.NumberOf(message.Memory.Span), message.Length);
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
                await socket.CloseWithAsync(WebSocketCloseStatus.NormalClosure, "the session has ended", cancellationToken);
            }
        }
        catch (Exception error) when (WebSocketClosing.IsConnectionEnd(error))
        {
            // The connection is closed; the receiver detects it, too.
        }
    }

    private async Task RefuseAsync(string reason, CancellationToken cancellationToken)
    {
        try
        {
            await socket.CloseWithAsync(WebSocketCloseStatus.PolicyViolation, reason, cancellationToken);
            await socket.DrainAsync(new byte[1024], cancellationToken);
        }
        catch (Exception error) when (WebSocketClosing.IsConnectionEnd(error))
        {
            // The connection is closed already.
        }
    }
}
