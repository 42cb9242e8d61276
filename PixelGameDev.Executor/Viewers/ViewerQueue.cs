using PixelGameDev.Executor.Links;
using PixelGameDev.Streaming.Codec;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Viewers;

/// <summary>
/// Holds what waits to be sent to one viewer. Every kind of message is bounded, so a viewer that never reads takes a fixed amount of
/// memory and does not disturb others; a <see cref="StreamBudget"/> bounds what all viewers hold together.
/// </summary>
/// <remarks>
/// Drop rules, by type. Frames: all waiting ones are dropped and the next keyframe is awaited, also while too many that were sent have
/// not arrived (<see cref="ViewerPace"/>) and when the budget is used up. Sound, and Pongs and errors beyond a few: the new one is
/// dropped. Caption, state, cursor, statistics, input request: the newest replaces the one that waits. Console: neighbouring pieces are
/// joined, what does not fit is left out, and a line in the console says so. Ended is never dropped.
/// </remarks>
internal sealed class ViewerQueue(TimeProvider time, StreamBudget? budget = null)
{
    /// <summary>Half a second at 60 frames a second.</summary>
    internal const int MaxFrames = 30;

    /// <summary>Of memory, objects included.</summary>
    internal const int MaxFrameBytes = 12 * 1024 * 1024;

    /// <summary>Of memory, objects included.</summary>
    internal const int MaxConsoleBytes = 512 * 1024;
    internal const int MaxAudio = 50;
    internal const int MaxErrors = 8;
    internal const int MaxPongs = 16;

    /// <summary>From this many waiting pieces on they are joined; a viewer that keeps up gets them as they are.</summary>
    private const int JoinedFrom = 8;

    /// <summary>A viewer whose connection has not taken a message for this long stands still.</summary>
    private static readonly TimeSpan StallTime = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly AsyncSignal _signal = new();
    private readonly StreamBudget _budget = budget ?? StreamBudget.Shared;
    private readonly WaitingMessages _items = new(budget ?? StreamBudget.Shared);
    private bool _consoleGap;
    private bool _awaitsKeyframe = true;
    private bool _paused;
    private bool _completed;
    private PooledMessage? _sending;
    private long _sendStarted;

    /// <summary>Gets whether the frames that were sent arrive in time.</summary>
    public ViewerPace Pace { get; } = new(time);

    /// <summary>Frames that were not sent.</summary>
    public long DroppedFrames { get; private set; }

    /// <summary>Gets whether frames are left out until a keyframe comes, and one would be taken if it came.</summary>
    public bool NeedsKeyframe
    {
        get
        {
            lock (_gate)
            {
                return _awaitsKeyframe && !_paused && !_completed && !Pace.IsCongested && !(IsStalled && _budget.IsTight);
            }
        }
    }

    /// <summary>Gets how long the message that leaves now has been leaving; zero when none does.</summary>
    public TimeSpan SendingFor
    {
        get
        {
            lock (_gate)
            {
                return _sending is null ? TimeSpan.Zero : time.GetElapsedTime(_sendStarted);
            }
        }
    }

    private bool IsStalled => _sending is not null && time.GetElapsedTime(_sendStarted) > StallTime;

    /// <summary>Adds a message and retains it, or drops it by the rules above. True when a keyframe is needed to go on.</summary>
    public bool Enqueue(PooledMessage message)
    {
        bool wantsKeyframe = Add(message);
        _signal.Set();
        return wantsKeyframe;
    }

    /// <summary>Lets the sender take what waits, on the thread of the caller, which must hold no lock.</summary>
    public void Wake() => _signal.Set(inline: true);

    /// <summary><see cref="Enqueue"/> for a caller that calls <see cref="Wake"/> soon.</summary>
    public bool Add(PooledMessage message)
    {
        bool wantsKeyframe = false;
        lock (_gate)
        {
            if (_completed)
            {
                return false;
            }

            switch (message.Type)
            {
                case MessageType.Frame:
                    if (AcceptFrame(message, out wantsKeyframe))
                    {
                        _items.Append(message);
                    }

                    break;
                case MessageType.Console:
                    AddConsole(message);
                    break;
                case MessageType.Audio when _paused || _items.CountOf(MessageType.Audio) >= MaxAudio:
                case MessageType.Error when _items.CountOf(MessageType.Error) >= MaxErrors:
                case MessageType.Pong when _items.CountOf(MessageType.Pong) >= MaxPongs:
                    break;
                case MessageType.State or MessageType.Caption or MessageType.Cursor or MessageType.Stats or MessageType.InputRequest:
                    _items.Replace(message);
                    break;
                default:
                    _items.Append(message);
                    break;
            }
        }

        return wantsKeyframe;
    }

    /// <summary>Stops frames and sound for a page that is not on screen; when it comes back it starts with a keyframe.</summary>
    public void Pause(bool paused)
    {
        lock (_gate)
        {
            _paused = paused;
            if (paused)
            {
                DropFrames();
                _items.DropAll(MessageType.Audio);
            }
        }
    }

    /// <summary>Gives the waiting frames back when memory is short and the viewer does not move on.</summary>
    public void DropFramesIfStalled()
    {
        lock (_gate)
        {
            if (IsStalled && _budget.IsTight)
            {
                DropFrames();
            }
        }
    }

    /// <summary>Takes no message any more; what waits is still sent.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _completed = true;
        }

        _signal.Set();
    }

    /// <summary>
    /// Returns the next message, to be given back by <see cref="MarkSent"/>; null when nothing waits: <see cref="IsOver"/> tells whether
    /// more may come.
    /// </summary>
    public PooledMessage? TryDequeue()
    {
        lock (_gate)
        {
            PooledMessage? message;
            if (_consoleGap && _items.CostOf(MessageType.Console) < MaxConsoleBytes / 2)
            {
                _consoleGap = false;
                message = ConsoleText.CreateGapNote();
                _budget.Charge(message.Cost);
            }
            else
            {
                message = _items.TakeFirst();
            }

            _sending = message;
            _sendStarted = time.GetTimestamp();
            return message;
        }
    }

    /// <summary>Releases a message of <see cref="TryDequeue"/> that has left, or never will.</summary>
    public void MarkSent(PooledMessage message)
    {
        lock (_gate)
        {
            _sending = null;
        }

        _budget.Release(message.Cost);
        message.Release();
    }

    /// <summary>The queue is complete and empty.</summary>
    public bool IsOver
    {
        get
        {
            lock (_gate)
            {
                return _completed && _items.Count == 0 && !_consoleGap;
            }
        }
    }

    /// <summary>Completes when something may have come since the last wait. One waiter at a time.</summary>
    public ValueTask WaitAsync() => _signal.WaitAsync();

    /// <summary>Releases all that was not sent.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _completed = true;
            _consoleGap = false;
            _items.Clear();
        }

        _signal.Set();
    }

    private bool AcceptFrame(PooledMessage message, out bool wantsKeyframe)
    {
        wantsKeyframe = false;
        bool keyframe = FrameHeader.IsKeyframeMessage(message.Memory.Span);
        if (_paused || (_awaitsKeyframe && !keyframe))
        {
            DroppedFrames++;
            return false;
        }

        bool stuffed = Pace.IsCongested && !(keyframe && Pace.TryUsePass());
        if (stuffed || (IsStalled && _budget.IsTight))
        {
            // More would come too late. When what is on its way has arrived, a keyframe is asked for.
            DropFrames();
            DroppedFrames++;
            return false;
        }

        if (keyframe)
        {
            // Nothing before a keyframe is needed any more: a viewer that is behind is up to date at once.
            DropFrames();
        }

        // A viewer that keeps up has nothing waiting: it gets its frame whatever the others hold.
        int frames = _items.CountOf(MessageType.Frame);
        bool behind = frames > 0;
        bool tooMuch = behind && (frames >= MaxFrames || _items.CostOf(MessageType.Frame) + message.Cost > MaxFrameBytes);
        if (tooMuch || ((behind || _sending is not null) && !_budget.HasRoomFor(message.Cost)))
        {
            DropFrames();
            DroppedFrames++;
            wantsKeyframe = true;
            return false;
        }

        _awaitsKeyframe = false;
        return true;
    }

    private void AddConsole(PooledMessage message)
    {
        long used = _items.CostOf(MessageType.Console);
        bool fits = used + message.Length <= MaxConsoleBytes;
        if (fits && _items.CountOf(MessageType.Console) >= JoinedFrom && _items.TryJoin(message))
        {
            return;
        }

        if (used > 0 && used + message.Cost > MaxConsoleBytes)
        {
            _consoleGap = true;
            return;
        }

        _items.Append(message);
    }

    private void DropFrames()
    {
        DroppedFrames += _items.DropAll(MessageType.Frame);
        _awaitsKeyframe = true;
    }
}
