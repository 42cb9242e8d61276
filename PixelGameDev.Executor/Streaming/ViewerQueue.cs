using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Streaming;

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
    internal const int MostFrames = 30;
    internal const int MostFrameBytes = 12 * 1024 * 1024;

    /// <summary>Of memory, objects included.</summary>
    internal const int MostConsoleBytes = 512 * 1024;
    internal const int MostAudio = 50;
    internal const int MostErrors = 8;
    internal const int MostPongs = 16;

    /// <summary>From so many waiting pieces on they are joined; a viewer that keeps up gets them as they are.</summary>
    private const int JoinedFrom = 8;
    private const int Types = 256;
    private const int SpareNodes = 64;

    /// <summary>A viewer whose connection has not taken a message for this long stands still.</summary>
    private static readonly TimeSpan HangTime = TimeSpan.FromSeconds(1);

    private static ReadOnlySpan<byte> GapText => "… some output was left out, because the connection is slow …\n"u8;

    private readonly Lock _gate = new();
    private readonly AsyncSignal _signal = new();
    private readonly StreamBudget _budget = budget ?? StreamBudget.OfProcess;
    private readonly LinkedList<PooledMessage> _items = new();

    /// <summary>Nodes to use again: a steady stream allocates nothing.</summary>
    private readonly Stack<LinkedListNode<PooledMessage>> _spare = new();

    /// <summary>The one that waits of each type of which only the newest counts.</summary>
    private readonly LinkedListNode<PooledMessage>?[] _newest = new LinkedListNode<PooledMessage>?[Types];
    private int _frames;
    private int _frameBytes;
    private int _consoles;
    private int _consoleBytes;
    private int _audio;
    private int _errors;
    private int _pongs;
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
                return _awaitsKeyframe && !_paused && !_completed && !Pace.IsStuffed && !(IsHanging && _budget.IsTight);
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

    private bool IsHanging => _sending is not null && time.GetElapsedTime(_sendStarted) > HangTime;

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
                        Append(message);
                    }

                    return wantsKeyframe;
                case MessageType.Console:
                    AddConsole(message);
                    return false;
                case MessageType.Audio when _paused || _audio >= MostAudio:
                case MessageType.Error when _errors >= MostErrors:
                case MessageType.Pong when _pongs >= MostPongs:
                    return false;
                case MessageType.State or MessageType.Caption or MessageType.Cursor or MessageType.Stats or MessageType.InputRequest:
                    if (_newest[(byte)message.Type] is { } older)
                    {
                        Remove(older);
                    }

                    _newest[(byte)message.Type] = Append(message);
                    return false;
            }

            Append(message);
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
                DropAll(MessageType.Audio);
            }
        }
    }

    /// <summary>Gives the waiting frames back when memory is short and the viewer does not move on.</summary>
    public void Shed()
    {
        lock (_gate)
        {
            if (IsHanging && _budget.IsTight)
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
    /// The next message, to be given back by <see cref="Sent"/>; null when nothing waits: <see cref="IsOver"/> says whether more may come.
    /// </summary>
    public PooledMessage? TryDequeue()
    {
        lock (_gate)
        {
            PooledMessage? message = null;
            if (_consoleGap && _consoleBytes < MostConsoleBytes / 2)
            {
                _consoleGap = false;
                message = Gap();
                _budget.Take(message.Cost);
            }
            else if (_items.First is { } first)
            {
                message = Detach(first);
            }

            _sending = message;
            _sendStarted = time.GetTimestamp();
            return message;
        }
    }

    /// <summary>A message of <see cref="TryDequeue"/> has left, or never will.</summary>
    public void Sent(PooledMessage message)
    {
        lock (_gate)
        {
            _sending = null;
        }

        _budget.Return(message.Cost);
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
            while (_items.First is { } first)
            {
                Remove(first);
            }
        }

        _signal.Set();
    }

    private static PooledMessage Gap()
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

        bool stuffed = Pace.IsStuffed && !(keyframe && Pace.TakePass());
        if (stuffed || (IsHanging && _budget.IsTight))
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
        bool behind = _frames > 0;
        bool tooMuch = behind && (_frames >= MostFrames || _frameBytes + message.Length > MostFrameBytes);
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
        if (_consoles >= JoinedFrom && _items.Last is { } last && last.Value.Type == MessageType.Console)
        {
            int before = last.Value.Cost;
            if (_consoleBytes + message.Length <= MostConsoleBytes && ConsoleText.TryJoin(ref last.ValueRef, message))
            {
                int more = last.Value.Cost - before;
                _consoleBytes += more;
                _budget.Take(more);
                return;
            }
        }

        if (_consoleBytes > 0 && _consoleBytes + message.Cost > MostConsoleBytes)
        {
            _consoleGap = true;
            return;
        }

        Append(message);
    }

    private void DropFrames()
    {
        DroppedFrames += _frames > 0 ? DropAll(MessageType.Frame) : 0;
        _awaitsKeyframe = true;
    }

    /// <summary>Takes every waiting message of a type out, keeping the order of the others.</summary>
    private int DropAll(MessageType type)
    {
        int dropped = 0;
        for (LinkedListNode<PooledMessage>? node = _items.First; node is not null;)
        {
            LinkedListNode<PooledMessage>? next = node.Next;
            if (node.Value.Type == type)
            {
                Remove(node);
                dropped++;
            }

            node = next;
        }

        return dropped;
    }

    private LinkedListNode<PooledMessage> Append(PooledMessage message)
    {
        Count(message, 1);
        _budget.Take(message.Cost);
        if (_spare.TryPop(out LinkedListNode<PooledMessage>? node))
        {
            node.Value = message.Retain();
        }
        else
        {
            node = new LinkedListNode<PooledMessage>(message.Retain());
        }

        _items.AddLast(node);
        return node;
    }

    private void Remove(LinkedListNode<PooledMessage> node)
    {
        PooledMessage message = Detach(node);
        _budget.Return(message.Cost);
        message.Release();
    }

    /// <summary>Takes a message out; it is still the viewer's, and counted in the budget.</summary>
    private PooledMessage Detach(LinkedListNode<PooledMessage> node)
    {
        PooledMessage message = node.Value;
        _items.Remove(node);
        if (_newest[(byte)message.Type] == node)
        {
            _newest[(byte)message.Type] = null;
        }

        if (_spare.Count < SpareNodes)
        {
            node.Value = null!;
            _spare.Push(node);
        }

        Count(message, -1);
        return message;
    }

    private void Count(PooledMessage message, int sign)
    {
        switch (message.Type)
        {
            case MessageType.Frame:
                _frames += sign;
                _frameBytes += sign * message.Length;
                break;
            case MessageType.Audio:
                _audio += sign;
                break;
            case MessageType.Console:
                _consoles += sign;
                _consoleBytes += sign * message.Cost;
                break;
            case MessageType.Error:
                _errors += sign;
                break;
            case MessageType.Pong:
                _pongs += sign;
                break;
        }
    }
}
