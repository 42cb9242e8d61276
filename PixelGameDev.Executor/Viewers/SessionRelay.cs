using PixelGameDev.Executor.Links;
using PixelGameDev.Executor.Telemetry;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Viewers;

/// <summary>Fans one encoding out to every viewer of a session, and brings their input back to the link.</summary>
/// <remarks>
/// The link's reading task calls <see cref="Publish"/>; each viewer's own tasks call the rest. Nothing here waits: a viewer
/// that is slow loses frames in its own queue, a sandbox that does not read loses input.
/// </remarks>
internal sealed class SessionRelay
{
    /// <summary>Viewers of one session at the same time. Only its owner may watch, so these are the windows of one person.</summary>
    public const int MaxViewers = 4;

    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly StreamHistory _history = new();
    private readonly SandboxRequests _requests;

    /// <summary>Never changed, only replaced: <see cref="Publish"/> goes through it outside of the lock.</summary>
    private Viewer[] _viewers = [];

    private bool _ended;
    private long _frames;
    private long _bytes;
    private long _lastWatched;

    public SessionRelay(TimeProvider time)
    {
        _time = time;
        _lastWatched = time.GetTimestamp();
        _requests = new SandboxRequests(_gate, time);
    }

    /// <summary>Gets how many frames came from the sandbox.</summary>
    public long Frames => Interlocked.Read(ref _frames);

    /// <summary>Gets how many bytes came from the sandbox, framing not counted.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Gets how many watch.</summary>
    public int Viewers => Volatile.Read(ref _viewers).Length;

    /// <summary>Gets how long nobody has been watching; zero while somebody does.</summary>
    public TimeSpan UnwatchedFor
    {
        get
        {
            lock (_gate)
            {
                return _viewers.Length > 0 ? TimeSpan.Zero : _time.GetElapsedTime(_lastWatched);
            }
        }
    }

    /// <summary>Sends input to <paramref name="link"/> from now on.</summary>
    public void Attach(SandboxLink link)
    {
        lock (_gate)
        {
            _requests.Attach(link);
        }
    }

    /// <summary>Passes on a message from the sandbox, or one that the session makes itself.</summary>
    public void Publish(PooledMessage message)
    {
        Interlocked.Add(ref _bytes, message.Length);
        ExecutorTelemetry.MessageReceived(message.Length);
        if (message.Type == MessageType.Frame)
        {
            Interlocked.Increment(ref _frames);
            _requests.HasPicture = true;
            ExecutorTelemetry.FrameReceived(message.Memory.Span);
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

            if (keyframe || _requests.IsKeyframePending)
            {
                _requests.SendKeyframeRequest();
            }
        }

        // Sent from this thread as far as the connections take it: waking another for each frame costs more than sending does.
        foreach (Viewer viewer in viewers)
        {
            viewer.Queue.Wake();
        }
    }

    /// <summary>Sends the last message to the viewers, which are then closed.</summary>
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
            _requests.Detach();
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

            SetViewers([.. _viewers, viewer]);
            ExecutorTelemetry.ViewerJoined();
            _requests.SendViewers();
            _requests.SendKeyframeRequest();
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
                _requests.SendViewers();
                if (!viewer.Held.IsEmpty)
                {
                    // A player who closes the window lets go of everything.
                    _requests.SendHeld();
                }
            }
        }

        viewer.Queue.Clear();
    }

    /// <summary>Takes note that a page has come on screen or has left it.</summary>
    public void ViewChanged(Viewer viewer, bool visible)
    {
        lock (_gate)
        {
            viewer.Queue.Pause(!visible);
            _requests.SendViewers();
            if (visible)
            {
                _requests.SendKeyframeRequest();
            }
        }
    }

    /// <summary>Takes note that a viewer's connection takes more or fewer frames than before.</summary>
    public void PaceChanged()
    {
        lock (_gate)
        {
            _requests.SendViewers();
        }
    }

    /// <summary>Passes on what a player does; the message has been checked.</summary>
    public void SendInput(Viewer viewer, ReadOnlySpan<byte> message)
    {
        lock (_gate)
        {
            viewer.Held.Apply(message);
            if (_requests.SendInput(message))
            {
                _history.ClearQuestion();
            }
        }
    }

    /// <summary>Tells the game again what is held: a viewer that holds something has come back.</summary>
    public void HeldChanged()
    {
        lock (_gate)
        {
            _requests.SendHeld();
        }
    }

    /// <summary>Passes on a viewer's ping; one that does not fit is lost, the next comes soon.</summary>
    public void SendPing(PooledMessage ping)
    {
        lock (_gate)
        {
            _requests.SendPing(ping);
        }
    }

    /// <summary>Asks for a complete picture: a viewer cannot go on without one.</summary>
    public void RequestKeyframe()
    {
        lock (_gate)
        {
            _requests.SendKeyframeRequest();
        }
    }

    /// <summary>Sends what is pending, and cuts viewers whose connection hangs; call it once or twice a second.</summary>
    public void Tick()
    {
        lock (_gate)
        {
            _requests.SendPending();
            foreach (Viewer viewer in _viewers)
            {
                viewer.AbortIfStuck();
            }
        }
    }

    /// <summary>Gets how many bytes of memory the kept console takes.</summary>
    internal int ConsoleCost => _history.ConsoleCost;

    public string ConsoleTail(int mostBytes)
    {
        lock (_gate)
        {
            return _history.ConsoleTail(mostBytes);
        }
    }

    /// <summary>Gives the buffers back and cuts viewers that are still there: the session's record is forgotten.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            foreach (Viewer viewer in _viewers)
            {
                viewer.Abort();
            }

            _requests.Detach();
            _history.Clear();
        }
    }

    private void Remove(Viewer viewer)
    {
        SetViewers([.. _viewers.Where(other => other != viewer)]);
        _lastWatched = _time.GetTimestamp();
        ExecutorTelemetry.ViewerLeft(viewer.Queue.DroppedFrames);
    }

    private void SetViewers(Viewer[] viewers)
    {
        _viewers = viewers;
        _requests.Viewers = viewers;
    }
}
