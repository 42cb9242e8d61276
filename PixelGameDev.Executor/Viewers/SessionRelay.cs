using PixelGameDev.Executor.Links;
using PixelGameDev.Executor.Telemetry;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Viewers;

/// <summary>Distributes one encoding to all viewers of a session, and passes their input to the link.</summary>
/// <remarks>
/// The link's reading task calls <see cref="Publish"/>; the tasks of each viewer call the other methods. No method blocks: a slow viewer
/// loses frames in its own queue, and a sandbox that does not read loses input.
/// </remarks>
internal sealed partial class SessionRelay
{
    /// <summary>
    /// The maximum number of windows in which the session's account plays. The people whom it has invited do not count.
    /// </summary>
    public const int MaxViewers = 4;

    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly StreamHistory _history = new();
    private readonly SandboxRequests _requests;
    private readonly Recorder _recorder;

    /// <summary>The array is only replaced, never modified: <see cref="Publish"/> reads it outside the lock.</summary>
    private Viewer[] _viewers = [];

    private bool _ended;
    private long _frames;
    private long _bytes;
    private long _lastWatched;

    public SessionRelay(TimeProvider time, int recordSeconds = 0, RecordingBudget? recordings = null, int maxWatchers = 100)
    {
        _time = time;
        _maxWatchers = maxWatchers;
        _recorder = new Recorder(recordSeconds, time, recordings ?? RecordingBudget.Shared);
        _lastWatched = time.GetTimestamp();
        _requests = new SandboxRequests(_gate, time);
        _guests = new Guests(time);
    }

    /// <summary>Gets the number of frames from the sandbox.</summary>
    public long Frames => Interlocked.Read(ref _frames);

    /// <summary>Gets the number of bytes from the sandbox without framing.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Gets the number of viewers without those who watch by an invitation.</summary>
    public int Viewers => Volatile.Read(ref _viewers).Length;

    /// <summary>Gets the time without viewers; zero while there are any. People who watch by an invitation do not count.</summary>
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

    /// <summary>Passes on a message from the sandbox or from the session itself.</summary>
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
        Viewer[] watchers;
        lock (_gate)
        {
            if (_ended)
            {
                return;
            }

            viewers = _viewers;
            watchers = _watchers;
            _history.Record(message);
            _recorder.Record(message);
            bool keyframe = false;
            foreach (Viewer viewer in viewers)
            {
                keyframe |= viewer.Queue.Add(message);
            }

            if (keyframe || _requests.IsKeyframePending)
            {
                _requests.SendKeyframeRequest();
            }

            AddForWatchers(message);
        }

        // This thread sends as much as the connections accept: a thread switch for each frame costs more than the send. It reads all
        // links, so what a connection does not accept at once is sent by another thread.
        foreach (Viewer viewer in viewers)
        {
            viewer.Queue.Wake();
        }

        _watcherSender.Send(watchers);
    }

    /// <summary>Sends the last message to the viewers and closes them.</summary>
    public void End(PooledMessage ended)
    {
        lock (_gate)
        {
            if (_ended)
            {
                return;
            }

            _history.Record(ended);
            foreach (Viewer viewer in (IEnumerable<Viewer>)[.. _viewers, .. _watchers])
            {
                _history.End(viewer.Queue);
            }

            _history.Shrink();
            _recorder.End();
            _ended = true;
            _requests.Detach();
        }
    }

    /// <summary>
    /// Adds a viewer and first sends it the history. When there are too many viewers, it replaces a silent one (probably the viewer's
    /// previous connection).
    /// </summary>
    /// <returns>Null; or why the viewer may not watch, as a close reason.</returns>
    public string? Join(Viewer viewer)
    {
        lock (_gate)
        {
            if (viewer.IsWatcher)
            {
                return JoinWatcher(viewer);
            }

            if (_viewers.Length >= MaxViewers)
            {
                if (_viewers.FirstOrDefault(other => !other.IsPresent) is not { } silent)
                {
                    return $"{CloseReasons.TooManyViewers}: {MaxViewers} windows show this game already. Close one of them.";
                }

                silent.Abort();
                Remove(silent);
            }

            Replay(viewer);
            SetViewers([.. _viewers, viewer]);
            ExecutorTelemetry.ViewerJoined();
            _requests.SendViewers();
            _requests.SendKeyframeRequest();
            if (!_guests.IsEmpty)
            {
                SendSeats(viewer);
            }

            return null;
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
                    // A closed window releases all held keys.
                    _requests.SendHeld();
                }
            }

            RemoveWatcher(viewer);
            LeaveGuests(viewer);
        }

        viewer.Queue.Clear();
    }

    /// <summary>Handles that a page has become visible or hidden.</summary>
    public void ViewChanged(Viewer viewer, bool visible)
    {
        lock (_gate)
        {
            viewer.Queue.Pause(!visible);
            if (!viewer.IsWatcher)
            {
                _requests.SendViewers();
            }

            if (visible)
            {
                RequestKeyframeFor(viewer);
            }
        }
    }

    /// <summary>Passes on a player's input, which has been checked.</summary>
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

    /// <summary>Handles that a viewer is present again: what it holds and the rate that it wants count again.</summary>
    public void IsBack()
    {
        lock (_gate)
        {
            _requests.SendPresence();
        }
    }

    /// <summary>Passes on a viewer's ping. A ping without room is lost; the next one follows soon.</summary>
    public void SendPing(PooledMessage ping)
    {
        lock (_gate)
        {
            _requests.SendPing(ping);
        }
    }

    /// <summary>Repeats messages, releases what silent viewers hold, and cuts viewers that hang; call it once or twice a second.</summary>
    public void Tick()
    {
        lock (_gate)
        {
            _requests.SendPending();
            RequestRecording();
            Array.ForEach(_viewers, static viewer => viewer.AbortIfStuck());
            Array.ForEach(_watchers, static watcher => watcher.AbortIfStuck());
            TickSeats();
            int gone = _viewers.Count(static viewer => viewer.HasGoneSilent());
            if (gone > 0)
            {
                _requests.SendPresence();
            }
        }
    }

    /// <summary>Returns the buffers and disconnects the remaining viewers when the session's record is removed.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            Array.ForEach(_viewers, static viewer => viewer.Abort());
            Array.ForEach(_watchers, static watcher => watcher.Abort());
            _requests.Detach();
            _history.Clear();
            _recorder.Drop();
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
