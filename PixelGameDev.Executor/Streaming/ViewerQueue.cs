using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Streaming;

/// <summary>
/// What waits to be sent to one viewer. Bounded in every kind of message, so a viewer that never reads costs a fixed amount of
/// memory and nobody else anything.
/// </summary>
/// <remarks>
/// Drop rules: frames — all waiting ones are dropped and the next keyframe is awaited, also while too many that were sent have
/// not arrived (<see cref="ViewerPace"/>); sound — the new piece is dropped;
/// caption, state, cursor, statistics, input request — the newest replaces the one that waits; console — what does not fit is
/// left out and the gap is told in the console itself; error and Ended — never dropped (a few at most exist).
/// </remarks>
internal sealed class ViewerQueue(TimeProvider time)
{
    /// <summary>Half a second at 60 frames a second.</summary>
    internal const int MostFrames = 30;
    internal const int MostFrameBytes = 12 * 1024 * 1024;
    internal const int MostConsoleBytes = 512 * 1024;
    internal const int MostAudio = 50;
    internal const int MostErrors = 8;
    internal const int MostPongs = 16;

    private static ReadOnlySpan<byte> GapText => "… some output was left out, because the connection is slow …\n"u8;

    private readonly Lock _gate = new();
    private readonly AsyncSignal _signal = new();
    private readonly Queue<PooledMessage> _items = new();
    private int _frames;
    private int _frameBytes;
    private int _consoleBytes;
    private int _audio;
    private int _errors;
    private int _pongs;
    private bool _consoleGap;
    private bool _awaitsKeyframe = true;
    private bool _paused;
    private bool _completed;

    /// <summary>Whether the frames that were sent arrive in time.</summary>
    public ViewerPace Pace { get; } = new(time);

    /// <summary>Frames that were not sent.</summary>
    public long DroppedFrames { get; private set; }

    /// <summary>Whether frames are left out until a keyframe comes.</summary>
    public bool AwaitsKeyframe
    {
        get
        {
            lock (_gate)
            {
                return _awaitsKeyframe;
            }
        }
    }

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
                    if (!AcceptFrame(message, out wantsKeyframe))
                    {
                        return wantsKeyframe;
                    }

                    break;
                case MessageType.Audio:
                    if (_paused || _audio >= MostAudio)
                    {
                        return false;
                    }

                    _audio++;
                    break;
                case MessageType.Console:
                    if (_consoleBytes > 0 && _consoleBytes + message.Length > MostConsoleBytes)
                    {
                        _consoleGap = true;
                        return false;
                    }

                    _consoleBytes += message.Length;
                    break;
                case MessageType.Error:
                    if (_errors >= MostErrors)
                    {
                        return false;
                    }

                    _errors++;
                    break;
                case MessageType.Pong:
                    if (_pongs >= MostPongs)
                    {
                        return false;
                    }

                    _pongs++;
                    break;
                case MessageType.State or MessageType.Caption or MessageType.Cursor or MessageType.Stats or MessageType.InputRequest:
                    RemoveAll(message.Type);
                    break;
            }

            _items.Enqueue(message.Retain());
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
                RemoveAll(MessageType.Frame);
                RemoveAll(MessageType.Audio);
                _awaitsKeyframe = true;
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
    /// The next message, to be released by the caller; null when nothing waits: <see cref="IsOver"/> says whether more may come.
    /// </summary>
    public PooledMessage? TryDequeue()
    {
        lock (_gate)
        {
            if (_consoleGap && _consoleBytes < MostConsoleBytes / 2)
            {
                _consoleGap = false;
                return Gap();
            }

            if (_items.TryDequeue(out PooledMessage? message))
            {
                Forget(message);
            }

            return message;
        }
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
            while (_items.TryDequeue(out PooledMessage? message))
            {
                message.Release();
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

        if (Pace.IsStuffed)
        {
            // What is on the way already would only be followed by more that comes too late. The next Ack asks for a keyframe.
            DroppedFrames += RemoveAll(MessageType.Frame) + 1;
            _awaitsKeyframe = true;
            return false;
        }

        if (keyframe)
        {
            // Nothing before a keyframe is needed any more: a viewer that is behind is up to date at once.
            DroppedFrames += RemoveAll(MessageType.Frame);
            _awaitsKeyframe = false;
        }
        else if (_frames >= MostFrames || (_frames > 0 && _frameBytes + message.Length > MostFrameBytes))
        {
            DroppedFrames += RemoveAll(MessageType.Frame) + 1;
            _awaitsKeyframe = true;
            wantsKeyframe = true;
            return false;
        }

        _frames++;
        _frameBytes += message.Length;
        return true;
    }

    /// <summary>Takes every waiting message of a type out, keeping the order of the others; rare, so the whole queue turns once.</summary>
    private int RemoveAll(MessageType type)
    {
        int removed = 0;
        for (int left = _items.Count; left > 0; left--)
        {
            PooledMessage item = _items.Dequeue();
            if (item.Type == type)
            {
                Forget(item);
                item.Release();
                removed++;
            }
            else
            {
                _items.Enqueue(item);
            }
        }

        return removed;
    }

    private void Forget(PooledMessage message)
    {
        switch (message.Type)
        {
            case MessageType.Frame:
                _frames--;
                _frameBytes -= message.Length;
                break;
            case MessageType.Audio:
                _audio--;
                break;
            case MessageType.Console:
                _consoleBytes -= message.Length;
                break;
            case MessageType.Error:
                _errors--;
                break;
            case MessageType.Pong:
                _pongs--;
                break;
        }
    }
}
