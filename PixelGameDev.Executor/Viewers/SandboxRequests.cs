using System.Buffers.Binary;
using PixelGameDev.Executor.Links;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Viewers;

/// <summary>
/// Sends the input and the needs of the viewers to a sandbox: input, the number of viewers, keyframe requests, and held keys. Repeats what
/// must arrive if the link did not accept it.
/// </summary>
/// <param name="gate">The relay's lock; every caller holds it.</param>
/// <param name="time">The clock.</param>
internal sealed partial class SandboxRequests(Lock gate, TimeProvider time)
{
    /// <summary>The interval of the keyframes that watchers need. All viewers get them, so a slow watcher must not cause many.</summary>
    private static readonly TimeSpan WatcherKeyframeInterval = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan KeyframeInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>The wait for a keyframe before it is requested again.</summary>
    private static readonly TimeSpan KeyframeTimeout = TimeSpan.FromMilliseconds(500);

    private readonly TokenBucket _keyframes = new(1 / KeyframeInterval.TotalSeconds, burst: 3, time);
    private readonly TokenBucket _watcherKeyframes = new(1 / WatcherKeyframeInterval.TotalSeconds, burst: 2, time);
    private SandboxLink? _link;

    /// <summary>The timer that runs while a message must be repeated or a keyframe is awaited.</summary>
    private ITimer? _retryTimer;
    private bool _viewersPending;
    private bool _heldPending;

    /// <summary>Gets or sets the viewers.</summary>
    public Viewer[] Viewers { get; set; } = [];

    /// <summary>Gets or sets those who watch by an invitation.</summary>
    public Viewer[] Watchers { get; set; } = [];

    /// <summary>
    /// Gets or sets whether the game has sent a picture. Before that there is none to send, and the first one is a keyframe anyway.
    /// </summary>
    public bool HasPicture { get; set; }

    /// <summary>Gets whether a keyframe must be requested as soon as the limit allows it.</summary>
    public bool IsKeyframePending { get; private set; }

    /// <summary>Sends everything to <paramref name="link"/> from now on.</summary>
    public void Attach(SandboxLink link)
    {
        _link = link;
        SendViewers();
        SendGamepads();
    }

    /// <summary>Stops sending.</summary>
    public void Detach()
    {
        _link = null;
        _retryTimer?.Dispose();
        _retryTimer = null;
    }

    /// <summary>Requests a keyframe, now or as soon as the limit allows it.</summary>
    /// <remarks>
    /// All viewers share one encoding, so a keyframe for one viewer goes to all of them. Without a limit a slow viewer would increase the
    /// data rate of all others.
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

    /// <summary>Requests a keyframe for a watcher. If it must wait, <see cref="SendPending"/> requests it later.</summary>
    public void SendWatcherKeyframeRequest()
    {
        if (_watcherKeyframes.TryTake())
        {
            SendKeyframeRequest();
        }
    }

    /// <summary>Sends an input of the owner.</summary>
    /// <returns>Whether the input answered a question of <c>input()</c>.</returns>
    public bool SendInput(ReadOnlySpan<byte> message)
    {
        if (_link is null || IsGamepadOfSeat(message))
        {
            return false;
        }

        switch ((MessageType)message[0])
        {
            case var _ when IsOvertaken(message):
            case MessageType.Held:
                SendHeld();
                return false;
            case MessageType.ConsoleInput:
                return _link.TrySend(message);
            default:
                // Every other input begins with its number.
                _lastSeq = BinaryPrimitives.ReadUInt32LittleEndian(message[1..]);
                if (!_link.TrySendInput(PooledMessage.Create(message)))
                {
                    // The sandbox is far behind. This input is lost, but the held keys are sent when there is room.
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

    /// <summary>Sends the game the keys and buttons that are held now, in all windows and on all seats together.</summary>
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

        foreach (Viewer viewer in Seated)
        {
            all.Add(viewer.Held);
        }

        if (Array.Exists(_controls, static controls => controls is { IsGamepad: true }))
        {
            all.AddGamepad();
        }

        _heldPending = !_link.TrySend(all.ToMessage());
        if (_heldPending)
        {
            ScheduleRetry(KeyframeInterval);
        }
    }

    /// <summary>Sends what depends on which viewers are present: what is held, and the frame rate.</summary>
    public void SendPresence()
    {
        SendHeld();
        SendViewers();
    }

    /// <summary>Sends GameHost the number of viewers, and the highest frame rate among them.</summary>
    public void SendViewers()
    {
        if (_link is null)
        {
            return;
        }

        ushort visible = 0;
        byte fastest = 0;
        // A silent viewer, often the earlier connection of one that is back, must not set the rate for the others.
        bool somebodyIsPresent = Viewers.Any(static viewer => viewer is { Visible: true, IsPresent: true });
        foreach (Viewer viewer in Viewers)
        {
            if (viewer.Visible)
            {
                visible++;
                if (viewer.IsPresent || !somebodyIsPresent)
                {
                    fastest = Math.Max(fastest, Math.Min(viewer.MaxFps, viewer.Pace.MaxFps));
                }
            }
        }

        _viewersPending = !_link.TrySend(ExecutorMessages.Viewers(visible, fastest));
        if (_viewersPending)
        {
            ScheduleRetry(KeyframeInterval);
        }
    }

    /// <summary>Repeats the messages that the link did not accept, and the request for a keyframe that is still awaited.</summary>
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

        if (IsKeyframePending || (HasPicture && Viewers.Any(NeedsKeyframe)))
        {
            SendKeyframeRequest();
        }
        else if (HasPicture && Watchers.Any(NeedsKeyframe))
        {
            SendWatcherKeyframeRequest();
        }
    }

    private static bool NeedsKeyframe(Viewer viewer) => viewer.Visible && viewer.Queue.NeedsKeyframe;

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
