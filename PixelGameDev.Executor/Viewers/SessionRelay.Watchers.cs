using PixelGameDev.Executor.Links;
using PixelGameDev.Executor.Telemetry;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Viewers;

// Watchers: people whom the session's account has invited. They get the frames that its own windows ask for. They change nothing of the
// session: neither its input nor its frame rate nor how long it runs.
internal sealed partial class SessionRelay
{
    private readonly WatcherSender _watcherSender = new();
    private readonly int _maxWatchers;

    /// <summary>The array is only replaced, never modified.</summary>
    private Viewer[] _watchers = [];

    /// <summary>The number of the last invitation that was taken back. It and earlier ones let nobody in.</summary>
    private long _closedInvitation;

    /// <summary>Gets the number of people who watch by an invitation.</summary>
    public int Watchers => Volatile.Read(ref _watchers).Length;

    /// <summary>Disconnects those who watch by this invitation or an earlier one, and lets nobody in by them from now on.</summary>
    public void CloseWatchers(long through)
    {
        lock (_gate)
        {
            _closedInvitation = Math.Max(_closedInvitation, through);
            foreach (Viewer watcher in _watchers.Where(watcher => watcher.Invitation <= _closedInvitation))
            {
                watcher.Abort();
                RemoveWatcher(watcher);
                ExpelGuest(watcher);
            }
        }
    }

    /// <summary>Handles a change of a viewer's frame rate.</summary>
    public void PaceChanged(Viewer viewer)
    {
        if (viewer.IsWatcher)
        {
            return;
        }

        lock (_gate)
        {
            _requests.SendViewers();
        }
    }

    /// <summary>Requests a keyframe for a viewer that cannot continue without one.</summary>
    public void RequestKeyframe(Viewer viewer)
    {
        lock (_gate)
        {
            RequestKeyframeFor(viewer);
        }
    }

    private string? JoinWatcher(Viewer watcher)
    {
        if (watcher.Invitation <= _closedInvitation)
        {
            return $"{CloseReasons.NotInvited}: The invitation was taken back.";
        }

        if (_watchers.Length >= _maxWatchers)
        {
            return $"{CloseReasons.TooManyWatchers}: {_maxWatchers} people watch this game already. Try again later.";
        }

        Replay(watcher);
        SetWatchers([.. _watchers, watcher]);
        ExecutorTelemetry.ViewerJoined();
        _requests.SendWatcherKeyframeRequest();
        if (!_guests.IsEmpty)
        {
            SendSeats(watcher);
        }

        return null;
    }

    private void RemoveWatcher(Viewer watcher)
    {
        if (_watchers.Contains(watcher))
        {
            SetWatchers([.. _watchers.Where(other => other != watcher)]);
            ExecutorTelemetry.ViewerLeft(watcher.Queue.DroppedFrames);
        }
    }

    /// <summary>Sends the history to a new viewer.</summary>
    private void Replay(Viewer viewer)
    {
        _history.Replay(viewer.Queue);
        if (_ended)
        {
            viewer.Queue.Complete();
        }
    }

    private void AddForWatchers(PooledMessage message)
    {
        if (!ViewerQueue.IsForWatchers(message.Type))
        {
            return;
        }

        bool keyframe = false;
        foreach (Viewer watcher in _watchers)
        {
            keyframe |= watcher.Queue.Add(message);
        }

        if (keyframe)
        {
            _requests.SendWatcherKeyframeRequest();
        }
    }

    private void RequestKeyframeFor(Viewer viewer)
    {
        if (viewer.IsWatcher)
        {
            _requests.SendWatcherKeyframeRequest();
        }
        else
        {
            _requests.SendKeyframeRequest();
        }
    }

    private void SetWatchers(Viewer[] watchers)
    {
        _watchers = watchers;
        _requests.Watchers = watchers;
    }

    /// <summary>Sends what waits for the watchers on another thread, so that the session's own windows and its link do not wait.</summary>
    private sealed class WatcherSender : IThreadPoolWorkItem
    {
        private Viewer[] _next = [];
        private int _isScheduled;

        public void Send(Viewer[] watchers)
        {
            if (watchers.Length == 0)
            {
                return;
            }

            Volatile.Write(ref _next, watchers);
            if (Interlocked.Exchange(ref _isScheduled, 1) == 0)
            {
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            }
        }

        void IThreadPoolWorkItem.Execute()
        {
            // First, because messages that come from now on need another turn.
            Interlocked.Exchange(ref _isScheduled, 0);
            foreach (Viewer watcher in Volatile.Read(ref _next))
            {
                watcher.Queue.Wake();
            }
        }
    }
}
