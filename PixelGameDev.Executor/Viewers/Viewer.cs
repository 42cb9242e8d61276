using System.Net.WebSockets;
using PixelGameDev.Executor.Links;
using PixelGameDev.Executor.Telemetry;
using PixelGameDev.Streaming.Codec;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Viewers;

/// <summary>Is one WebSocket that watches a session, and plays it if it may.</summary>
/// <remarks>
/// Two loops: the sender takes from the bounded queue, the <see cref="ViewerReceiver"/> checks, limits and passes on. The first that
/// ends ends the other. After Ended the sender closes with status 1000; a viewer that breaks the rules is closed with 1008.
/// </remarks>
internal sealed class Viewer(
    WebSocket socket, SessionRelay relay, PingRouter pings, bool mayPlay, TimeProvider time, StreamBudget? budget = null)
{
    /// <summary>A single message that takes longer than this to leave means a dead connection.</summary>
    private static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(30);

    /// <summary>The same where the memory for all viewers is nearly used up.</summary>
    private static readonly TimeSpan SendTimeoutWhenTight = TimeSpan.FromSeconds(5);

    /// <summary>A page pings once a second. One that sends nothing for this long is absent: what it holds does not count.</summary>
    private static readonly TimeSpan PresenceTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Messages are sent in pieces of this size, so that one that nobody reads takes no more buffers than a piece.</summary>
    private const int FragmentBytes = 64 * 1024;

    private readonly StreamBudget _budget = budget ?? StreamBudget.Shared;
    private long _lastHeard = time.GetTimestamp();

    /// <summary>Gets what the viewer's connection can take.</summary>
    public ViewerPace Pace => Queue.Pace;

    /// <summary>Gets what waits for this viewer.</summary>
    public ViewerQueue Queue { get; } = new(time, budget);

    /// <summary>Gets what this viewer's player holds. The relay guards it.</summary>
    public HeldInput Held { get; } = new();

    /// <summary>Gets whether the page has sent anything lately.</summary>
    public bool IsPresent => time.GetElapsedTime(Interlocked.Read(ref _lastHeard)) < PresenceTimeout;

    /// <summary>Gets whether the page is on screen.</summary>
    public bool Visible { get; private set; } = true;

    /// <summary>Gets the fastest rate that the page shows, frames a second.</summary>
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
        Task receiving = new ViewerReceiver(this, socket, relay, pings, mayPlay, time).RunAsync(end.Token);
        try
        {
            Task first = await Task.WhenAny(sending, receiving);
            if (first == sending && socket.State == WebSocketState.CloseSent)
            {
                // Ended went out and the close after it: the other side answers, or is cut off.
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

    /// <summary>Notes that the page has sent a message.</summary>
    public void MarkHeard()
    {
        bool wasPresent = IsPresent;
        Interlocked.Exchange(ref _lastHeard, time.GetTimestamp());
        if (!wasPresent && !Held.IsEmpty)
        {
            // What it holds was left out while it was absent.
            relay.HeldChanged();
        }
    }

    /// <summary>Sets whether the page is on screen, and how fast it shows.</summary>
    public void SetView(ViewMessage view)
    {
        MaxFps = view.MaxFps;
        Visible = view.Visible;
        Pace.AllowOneKeyframe();
        relay.ViewChanged(this, view.Visible);
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

    /// <summary>Cuts the connection.</summary>
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
            // The connection is over; the receiver sees the same.
        }
    }

    private async Task RefuseAsync(CancellationToken cancellationToken)
    {
        try
        {
            string reason = $"{CloseReasons.TooManyViewers}: {SessionRelay.MaxViewers} windows show this game already. Close one of them.";
            await socket.CloseWithAsync(WebSocketCloseStatus.PolicyViolation, reason, cancellationToken);
            await socket.DrainAsync(new byte[1024], cancellationToken);
        }
        catch (Exception error) when (WebSocketClosing.IsConnectionEnd(error))
        {
            // The connection is over already.
        }
    }
}
