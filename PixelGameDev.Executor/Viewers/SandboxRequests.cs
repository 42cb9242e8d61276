using PixelGameDev.Executor.Links;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Viewers;

/// <summary>
/// Sends to a sandbox what its viewers do and need: input, who watches, requests for a keyframe, what is held. What must arrive and was
/// not taken by the link is sent again.
/// </summary>
/// <param name="gate">The relay's lock; every caller holds it.</param>
/// <param name="time">The clock.</param>
internal sealed class SandboxRequests(Lock gate, TimeProvider time)
{
    private static readonly TimeSpan KeyframeInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>A keyframe that has not come by then is asked for again.</summary>
    private static readonly TimeSpan KeyframeTimeout = TimeSpan.FromMilliseconds(500);

    private readonly TokenBucket _keyframes = new(1 / KeyframeInterval.TotalSeconds, burst: 3, time);
    private SandboxLink? _link;

    /// <summary>Runs while something must be sent to the sandbox again, or a keyframe is awaited.</summary>
    private ITimer? _retryTimer;
    private bool _viewersPending;
    private bool _heldPending;

    /// <summary>Gets or sets those who watch.</summary>
    public Viewer[] Viewers { get; set; } = [];

    /// <summary>
    /// Gets or sets whether the game has drawn. One that has not has no picture to send; its first one is a keyframe anyway.
    /// </summary>
    public bool HasPicture { get; set; }

    /// <summary>Gets whether a keyframe must be asked for as soon as the limit allows it.</summary>
    public bool IsKeyframePending { get; private set; }

    /// <summary>Sends everything to <paramref name="link"/> from now on.</summary>
    public void Attach(SandboxLink link)
    {
        _link = link;
        SendViewers();
    }

    /// <summary>Sends nothing any more.</summary>
    public void Detach()
    {
        _link = null;
        _retryTimer?.Dispose();
        _retryTimer = null;
    }

    /// <summary>Asks for a keyframe, now or as soon as the limit allows it.</summary>
    /// <remarks>
    /// One encoding serves all, so a keyframe for one is a keyframe for all: without a limit a slow viewer would make the stream heavy for
    /// everybody.
    /// </remarks>
    public void SendKeyframeRequest()
    {
        if (_link is null)
        {
            return;
        }

        IsKeyframePending = !(_keyframes.TryTake() && _link.TrySend([(byte)MessageType.KeyframeRequest]));
        ScheduleRetry(IsKeyframePending ? KeyframeInterval : KeyframeTimeout);
    }

    /// <summary>Sends what a player does.</summary>
    /// <returns>Whether it answered a question of <c>input()</c>.</returns>
    public bool SendInput(ReadOnlySpan<byte> message)
    {
        if (_link is null)
        {
            return false;
        }

        switch ((MessageType)message[0])
        {
            case MessageType.Held:
                SendHeld();
                return false;
            case MessageType.ConsoleInput:
                return _link.TrySend(message);
            default:
                if (!_link.TrySendInput(PooledMessage.Create(message)))
                {
                    // The sandbox is far behind. The input is lost; what is held then is not: it is sent when there is room.
                    _heldPending = true;
                    ScheduleRetry(KeyframeInterval);
                }

                return false;
        }
    }

    /// <summary>Sends a ping, or drops it.</summary>
    public void SendPing(PooledMessage ping)
    {
        if (_link is null)
        {
            ping.Release();
        }
        else
        {
            _link.TrySendInput(ping);
        }
    }

    /// <summary>Tells the game what is held now, in all windows of those who are there.</summary>
    public void SendHeld()
    {
        if (_link?.Hello?.Held != true)
        {
            return;
        }

        HeldInput all = new();
        foreach (Viewer viewer in Viewers)
        {
            if (viewer.IsPresent)
            {
                all.Add(viewer.Held);
            }
        }

        _heldPending = !_link.TrySend(all.ToMessage());
        if (_heldPending)
        {
            ScheduleRetry(KeyframeInterval);
        }
    }

    /// <summary>Tells GameHost how many watch, and how many frames a second the fastest of them takes.</summary>
    public void SendViewers()
    {
        if (_link is null)
        {
            return;
        }

        ushort visible = 0;
        byte fastest = 0;
        foreach (Viewer viewer in Viewers)
        {
            if (viewer.Visible)
            {
                visible++;
                fastest = Math.Max(fastest, Math.Min(viewer.MaxFps, viewer.Pace.MaxFps));
            }
        }

        _viewersPending = !_link.TrySend(ExecutorMessages.Viewers(visible, fastest));
        if (_viewersPending)
        {
            ScheduleRetry(KeyframeInterval);
        }
    }

    /// <summary>Sends again what the link did not take, and asks again for a keyframe that somebody still waits for.</summary>
    public void SendPending()
    {
        if (_link is null)
        {
            return;
        }

        if (_viewersPending)
        {
            SendViewers();
        }

        if (_heldPending)
        {
            SendHeld();
        }

        if (IsKeyframePending || (HasPicture && Viewers.Any(static viewer => viewer.Visible && viewer.Queue.NeedsKeyframe)))
        {
            SendKeyframeRequest();
        }
    }

    private void ScheduleRetry(TimeSpan after)
    {
        _retryTimer ??= time.CreateTimer(
            _ =>
            {
                lock (gate)
                {
                    SendPending();
                }
            },
            null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _retryTimer.Change(after, Timeout.InfiniteTimeSpan);
    }
}
