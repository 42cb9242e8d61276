using PixelGameDev.Executor.Links;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Viewers;

/// <summary>
/// What waits to be sent to one viewer. Bounded in every kind of message, so a viewer that never reads costs a fixed amount of
/// memory and nobody else anything; what all viewers hold together is bounded by a <see cref="StreamBudget"/>.
/// </summary>
/// <remarks>
/// Drop rules: frames — all waiting ones are dropped and the next keyframe is awaited, also while too many that were sent have
/// not arrived (<see cref="ViewerPace"/>) and when the budget is used up; sound — the new piece is dropped;
/// caption, state, cursor, statistics, input request — the newest replaces the one that waits; console — neighbouring pieces are
/// joined, what does not fit is left out and the gap is told in the console itself; error and Ended — never dropped (a few at most exist).
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

    /// <summary>From so many waiting pieces on they are joined; a viewer that keeps up gets them as they are.</summary>
    private const int JoinedFrom = 8;

    /// <summary>A viewer whose connection has not taken a message for this long stands still.</summary>
    private static readonly TimeSpan StallTime = TimeSpan.FromSeconds(1);

    private static ReadOnlySpan<byte> GapText => "… some output was left out, because the connection is slow …\n"u8;

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

    /// <summary>Whether the frames that were sent arrive in time.</summary>
    public ViewerPace Pace { get; } = new(time);

    /// <summary>Frames that were not sent.</summary>
    public long DroppedFrames { get; private set; }

    /// <summary>Whether frames are left out until a keyframe comes, and one would be taken if it came.</summary>
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

    /// <summary>How long the message that leaves now has been leaving; zero when none does.</summary>
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

    /// <summary>The sender takes what waits, on the thread of the caller, who holds no lock.</summary>
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

    /// <summary>A viewer that does not look gets no frames and no sound; when it looks again it starts with a keyframe.</summary>
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

    /// <summary>Nothing more will come; what waits is still sent.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _completed = true;
        }

        _signal.Set();
    }

    /// <summary>
    /// The next message, to be given back by <see cref="MarkSent"/>; null when nothing waits: <see cref="IsOver"/> says whether more may
    /// come.
    /// </summary>
    public PooledMessage? TryDequeue()
    {
        lock (_gate)
        {
            PooledMessage? message;
            if (_consoleGap && _items.CostOf(MessageType.Console) < MaxConsoleBytes / 2)
            {
                _consoleGap = false;
                message = CreateGapNote();
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

    /// <summary>A message of <see cref="TryDequeue"/> has left, or never will.</summary>
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

    private static PooledMessage CreateGapNote()
    {
        const byte systemStream = 3;
        PooledMessage message = PooledMessage.Rent(GapText.Length + 2);
        message.Buffer.Span[0] = (byte)MessageType.Console;
        message.Buffer.Span[1] = systemStream;
        GapText.CopyTo(message.Buffer.Span[2..]);
        return message;
    }

    private bool AcceptFrame(PooledMessage message, out bool wantsKeyframe)
    {
        wantsKeyframe = false;
        bool keyframe = SandboxMessageRules.IsKeyframe(message.Payload);
        if (_paused || (_awaitsKeyframe && !keyframe))
        {
            DroppedFrames++;
            return false;
        }

        bool stuffed = Pace.IsCongested && !(keyframe && Pace.TryUsePass());
        if (stuffed || (IsStalled && _budget.IsTight))
        {
            // What is on the way already would only be followed by more that comes too late. When it has arrived, a keyframe is asked for.
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
