using System.Buffers.Binary;
using PixelGameDev.Executor.Links;
using PixelGameDev.Executor.Telemetry;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Viewers;

/// <summary>
/// Fans one encoding out to every viewer of a session, and brings their input back to the link.
/// </summary>
/// <remarks>
/// The link's reading task calls <see cref="Publish"/>; each viewer's own tasks call the rest. Nothing here waits: a viewer
/// that is slow loses frames in its own queue, a sandbox that does not read loses input.
/// </remarks>
internal sealed class SessionRelay(TimeProvider time)
{
    /// <summary>Viewers of one session at the same time. Only its owner may watch, so these are the windows of one person.</summary>
    public const int MaxViewers = 4;

    private static readonly TimeSpan KeyframeInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>A keyframe that has not come by then is asked for again.</summary>
    private static readonly TimeSpan KeyframeTimeout = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private readonly StreamHistory _history = new();

    /// <summary>Never changed, only replaced: <see cref="Publish"/> goes through it outside of the lock.</summary>
    private Viewer[] _viewers = [];

    private readonly TokenBucket _keyframes = new(1 / KeyframeInterval.TotalSeconds, burst: 3, time);
    private SandboxLink? _link;

    /// <summary>Runs while something must be sent to the sandbox again, or a keyframe is awaited.</summary>
    private ITimer? _retryTimer;
    private bool _keyframePending;
    private bool _viewersPending;
    private bool _heldPending;
    private bool _ended;
    private long _frames;
    private long _bytes;
    private long _lastWatched = time.GetTimestamp();

    /// <summary>Frames that came from the sandbox.</summary>
    public long Frames => Interlocked.Read(ref _frames);

    /// <summary>Bytes that came from the sandbox, framing not counted.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    public int Viewers
    {
        get
        {
            lock (_gate)
            {
                return _viewers.Length;
            }
        }
    }

    /// <summary>How long nobody has been watching; zero while somebody does.</summary>
    public TimeSpan UnwatchedFor
    {
        get
        {
            lock (_gate)
            {
                return _viewers.Length > 0 ? TimeSpan.Zero : time.GetElapsedTime(_lastWatched);
            }
        }
    }

    /// <summary>From now on input goes to <paramref name="link"/>.</summary>
    public void Attach(SandboxLink link)
    {
        lock (_gate)
        {
            _link = link;
            SendViewers();
        }
    }

    /// <summary>A message from the sandbox, or one that the session makes itself.</summary>
    public void Publish(PooledMessage message)
    {
        Interlocked.Add(ref _bytes, message.Length);
        ExecutorTelemetry.MessageReceived(message.Length);
        if (message.Type == MessageType.Frame)
        {
            Interlocked.Increment(ref _frames);
            ExecutorTelemetry.FrameReceived(message.Payload);
        }

        Viewer[] viewers;
        lock (_gate)
        {
            if (_ended)
            {
                return;
            }

            viewers = _viewers;
            _history.Record(message);
            bool keyframe = false;
            foreach (Viewer viewer in viewers)
            {
                keyframe |= viewer.Queue.Add(message);
            }

            if (keyframe || _keyframePending)
            {
                SendKeyframeRequest();
            }
        }

        // Sent from this thread as far as the connections take it: waking another for each frame costs more than sending does.
        foreach (Viewer viewer in viewers)
        {
            viewer.Queue.Wake();
        }
    }

    /// <summary>The last message; viewers get it and are then closed.</summary>
    public void End(PooledMessage ended)
    {
        lock (_gate)
        {
            if (_ended)
            {
                return;
            }

            _history.Record(ended);
            foreach (Viewer viewer in _viewers)
            {
                viewer.Queue.Enqueue(ended);
                viewer.Queue.Complete();
            }

            _history.Shrink();
            _ended = true;
            _link = null;
            _retryTimer?.Dispose();
            _retryTimer = null;
        }
    }

    /// <summary>
    /// Adds a viewer, which first gets what it missed. When there are too many, one that says nothing any more makes room (the
    /// connection it had before); false when there is none.
    /// </summary>
    public bool TryJoin(Viewer viewer)
    {
        lock (_gate)
        {
            if (_viewers.Length >= MaxViewers)
            {
                if (_viewers.FirstOrDefault(other => !other.IsPresent) is not { } silent)
                {
                    return false;
                }

                silent.Abort();
                Remove(silent);
            }

            _history.Replay(viewer.Queue);
            if (_ended)
            {
                viewer.Queue.Complete();
            }

            _viewers = [.. _viewers, viewer];
            ExecutorTelemetry.ViewerJoined();
            SendViewers();
            SendKeyframeRequest();
            return true;
        }
    }

    public void Leave(Viewer viewer)
    {
        lock (_gate)
        {
            if (_viewers.Contains(viewer))
            {
                Remove(viewer);
                SendViewers();
                if (!viewer.Held.IsEmpty)
                {
                    // Whoever closes the window lets go of everything.
                    SendHeld();
                }
            }
        }

        viewer.Queue.Clear();
    }

    /// <summary>Somebody looks or does not look any more.</summary>
    public void ViewChanged(Viewer viewer, bool visible)
    {
        lock (_gate)
        {
            viewer.Queue.Pause(!visible);
            SendViewers();
            if (visible)
            {
                SendKeyframeRequest();
            }
        }
    }

    /// <summary>A viewer's connection takes more or fewer frames than before.</summary>
    public void PaceChanged()
    {
        lock (_gate)
        {
            SendViewers();
        }
    }

    /// <summary>What a player does, already checked, for the game.</summary>
    public void SendInput(Viewer viewer, ReadOnlySpan<byte> message)
    {
        MessageType type = (MessageType)message[0];
        lock (_gate)
        {
            viewer.Held.Apply(message);
            if (_link is null)
            {
                return;
            }

            if (type == MessageType.Held)
            {
                SendHeld();
            }
            else if (type == MessageType.ConsoleInput)
            {
                if (_link.TrySend(type, message[1..]))
                {
                    _history.ClearQuestion();
                }
            }
            else if (!_link.TrySendInput(PooledMessage.Create(type, message[1..])))
            {
                // The sandbox is far behind. What was done is lost, what is held then is not: it is told when there is room.
                _heldPending = true;
                ScheduleRetry(KeyframeInterval);
            }
        }
    }

    /// <summary>Tells the game again what is held: a viewer that holds something has come back.</summary>
    public void HeldChanged()
    {
        lock (_gate)
        {
            SendHeld();
        }
    }

    /// <summary>A viewer's ping for the sandbox; one that does not fit is lost, the next comes soon.</summary>
    public void SendPing(PooledMessage ping)
    {
        lock (_gate)
        {
            if (_link is not null)
            {
                _link.TrySendInput(ping);
                return;
            }
        }

        ping.Release();
    }

    /// <summary>A viewer cannot go on without a complete picture.</summary>
    public void RequestKeyframe()
    {
        lock (_gate)
        {
            SendKeyframeRequest();
        }
    }

    /// <summary>Once a second: what is owed is sent, and viewers whose connection hangs are cut.</summary>
    public void Tick()
    {
        lock (_gate)
        {
            SendPending();
            foreach (Viewer viewer in _viewers)
            {
                viewer.AbortIfStuck();
            }
        }
    }

    /// <summary>Bytes of memory that the kept console takes.</summary>
    internal int ConsoleCost
    {
        get
        {
            lock (_gate)
            {
                return _history.ConsoleCost;
            }
        }
    }

    public string ConsoleTail(int mostBytes)
    {
        lock (_gate)
        {
            return _history.ConsoleTail(mostBytes);
        }
    }

    /// <summary>The session's record is forgotten: buffers go back, viewers that are still there are cut.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            foreach (Viewer viewer in _viewers)
            {
                viewer.Abort();
            }

            _retryTimer?.Dispose();
            _retryTimer = null;
            _history.Clear();
        }
    }

    // One encoding serves all, so a keyframe for one is a keyframe for all: limited, else a slow viewer would make the
    // stream heavy for everybody. What the limit delays is owed, not forgotten.
    private void SendKeyframeRequest()
    {
        if (_link is null)
        {
            return;
        }

        _keyframePending = !(_keyframes.TryTake() && _link.TrySend(MessageType.KeyframeRequest, []));
        ScheduleRetry(_keyframePending ? KeyframeInterval : KeyframeTimeout);
    }

    private void Remove(Viewer viewer)
    {
        _viewers = [.. _viewers.Where(other => other != viewer)];
        _lastWatched = time.GetTimestamp();
        ExecutorTelemetry.ViewerLeft(viewer.Queue.DroppedFrames);
    }

    /// <summary>Sends again what the link did not take, and asks again for a keyframe that somebody still waits for.</summary>
    private void SendPending()
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

        // A game that has not drawn yet has no picture to send: its first one is a keyframe anyway.
        if (_keyframePending || (Frames > 0 && _viewers.Any(static viewer => viewer.Visible && viewer.Queue.NeedsKeyframe)))
        {
            SendKeyframeRequest();
        }
    }

    private void ScheduleRetry(TimeSpan after)
    {
        _retryTimer ??= time.CreateTimer(
            static relay =>
            {
                SessionRelay self = (SessionRelay)relay!;
                lock (self._gate)
                {
                    self.SendPending();
                }
            },
            this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _retryTimer.Change(after, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Tells the game what is held now, in all windows of those who are there.</summary>
    private void SendHeld()
    {
        if (_link?.Hello?.Held != true)
        {
            return;
        }

        HeldInput all = new();
        foreach (Viewer viewer in _viewers)
        {
            if (viewer.IsPresent)
            {
                all.Add(viewer.Held);
            }
        }

        _heldPending = !_link.TrySend(MessageType.Held, all.ToMessage().AsSpan(1));
        if (_heldPending)
        {
            ScheduleRetry(KeyframeInterval);
        }
    }

    private void SendViewers()
    {
        if (_link is null)
        {
            return;
        }

        int visible = 0;
        byte fastest = 0;
        foreach (Viewer viewer in _viewers)
        {
            if (viewer.Visible)
            {
                visible++;
                fastest = Math.Max(fastest, Math.Min(viewer.MaxFps, viewer.Pace.MaxFps));
            }
        }

        Span<byte> payload = stackalloc byte[3];
        BinaryPrimitives.WriteUInt16LittleEndian(payload, (ushort)visible);
        payload[2] = fastest;
        _viewersPending = !_link.TrySend(MessageType.Viewers, payload);
        if (_viewersPending)
        {
            ScheduleRetry(KeyframeInterval);
        }
    }
}
