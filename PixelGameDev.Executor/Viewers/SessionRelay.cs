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
    public const int MostViewers = 4;

    private static readonly TimeSpan KeyframeInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>A keyframe that has not come by then is asked for again.</summary>
    private static readonly TimeSpan KeyframeWithin = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private readonly StreamHistory _history = new();

    /// <summary>Never changed, only replaced: <see cref="Publish"/> goes through it outside of the lock.</summary>
    private Viewer[] _viewers = [];

    private readonly TokenBucket _keyframes = new(1 / KeyframeInterval.TotalSeconds, burst: 3, time);
    private SandboxLink? _link;

    /// <summary>Runs while something must be sent to the sandbox again, or a keyframe is awaited.</summary>
    private ITimer? _again;
    private bool _keyframeOwed;
    private bool _viewersOwed;
    private bool _heldOwed;
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
    public TimeSpan Unwatched
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
            TellViewers();
        }
    }

    /// <summary>A message from the sandbox, or one that the session makes itself.</summary>
    public void Publish(PooledMessage message)
    {
        Interlocked.Add(ref _bytes, message.Length);
        ExecutorTelemetry.Received(message.Length);
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
            _history.Remember(message);
            bool keyframe = false;
            foreach (Viewer viewer in viewers)
            {
                keyframe |= viewer.Queue.Add(message);
            }

            if (keyframe || _keyframeOwed)
            {
                AskForKeyframe();
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

            _history.Remember(ended);
            foreach (Viewer viewer in _viewers)
            {
                viewer.Queue.Enqueue(ended);
                viewer.Queue.Complete();
            }

            _history.Shrink();
            _ended = true;
            _link = null;
            _again?.Dispose();
            _again = null;
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
            if (_viewers.Length >= MostViewers)
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
            ExecutorTelemetry.Joined();
            TellViewers();
            AskForKeyframe();
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
                TellViewers();
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
            TellViewers();
            if (visible)
            {
                AskForKeyframe();
            }
        }
    }

    /// <summary>A viewer's connection takes more or fewer frames than before.</summary>
    public void PaceChanged()
    {
        lock (_gate)
        {
            TellViewers();
        }
    }

    /// <summary>What a player does, already checked, for the game.</summary>
    public void SendInput(Viewer viewer, ReadOnlySpan<byte> message)
    {
        MessageType type = (MessageType)message[0];
        lock (_gate)
        {
            viewer.Held.Note(message);
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
                    _history.Answered();
                }
            }
            else if (!_link.TrySendInput(PooledMessage.Create(type, message[1..])))
            {
                // The sandbox is far behind. What was done is lost, what is held then is not: it is told when there is room.
                _heldOwed = true;
                Again(KeyframeInterval);
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
    public void KeyframeWanted()
    {
        lock (_gate)
        {
            AskForKeyframe();
        }
    }

    /// <summary>Once a second: what is owed is sent, and viewers whose connection hangs are cut.</summary>
    public void Tick()
    {
        lock (_gate)
        {
            SettleDebts();
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

            _again?.Dispose();
            _again = null;
            _history.Clear();
        }
    }

    // One encoding serves all, so a keyframe for one is a keyframe for all: limited, else a slow viewer would make the
    // stream heavy for everybody. What the limit delays is owed, not forgotten.
    private void AskForKeyframe()
    {
        if (_link is null)
        {
            return;
        }

        _keyframeOwed = !(_keyframes.TryTake() && _link.TrySend(MessageType.KeyframeRequest, []));
        Again(_keyframeOwed ? KeyframeInterval : KeyframeWithin);
    }

    private void Remove(Viewer viewer)
    {
        _viewers = [.. _viewers.Where(other => other != viewer)];
        _lastWatched = time.GetTimestamp();
        ExecutorTelemetry.Left(viewer.Queue.DroppedFrames);
    }

    /// <summary>Sends again what the link did not take, and asks again for a keyframe that somebody still waits for.</summary>
    private void SettleDebts()
    {
        if (_link is null)
        {
            return;
        }

        if (_viewersOwed)
        {
            TellViewers();
        }

        if (_heldOwed)
        {
            SendHeld();
        }

        // A game that has not drawn yet has no picture to send: its first one is a keyframe anyway.
        if (_keyframeOwed || (Frames > 0 && _viewers.Any(static viewer => viewer.Visible && viewer.Queue.NeedsKeyframe)))
        {
            AskForKeyframe();
        }
    }

    private void Again(TimeSpan after)
    {
        _again ??= time.CreateTimer(
            static relay =>
            {
                SessionRelay self = (SessionRelay)relay!;
                lock (self._gate)
                {
                    self.SettleDebts();
                }
            },
            this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _again.Change(after, Timeout.InfiniteTimeSpan);
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

        _heldOwed = !_link.TrySend(MessageType.Held, all.ToMessage().AsSpan(1));
        if (_heldOwed)
        {
            Again(KeyframeInterval);
        }
    }

    private void TellViewers()
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
                fastest = Math.Max(fastest, Math.Min(viewer.MaxFps, viewer.Pace.MostFps));
            }
        }

        Span<byte> payload = stackalloc byte[3];
        BinaryPrimitives.WriteUInt16LittleEndian(payload, (ushort)visible);
        payload[2] = fastest;
        _viewersOwed = !_link.TrySend(MessageType.Viewers, payload);
        if (_viewersOwed)
        {
            Again(KeyframeInterval);
        }
    }
}
