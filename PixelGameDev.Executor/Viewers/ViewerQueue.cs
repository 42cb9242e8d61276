using PixelGameDev.Executor.Links;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Viewers;

/// <summary>
/// Holds the messages that wait for one viewer. Every kind of message is limited, so a viewer that never reads uses a fixed amount of
/// memory and does not disturb others. A <see cref="StreamBudget"/> limits the memory of all viewers.
/// </summary>
/// <remarks>
/// Drop rules by type. Frames: all waiting frames are dropped until the next keyframe; this also happens while too many sent frames are
/// unacknowledged (<see cref="ViewerPace"/>) and when the budget is used up. Sound, Pongs and errors: above a small number the new message
/// is dropped. Caption, state, cursor, statistics, input request: the newest message replaces the waiting one. Console: adjacent pieces are
/// joined, pieces without room are omitted, and a line in the console reports that. Ended is never dropped.
/// </remarks>
internal sealed partial class ViewerQueue(TimeProvider time, StreamBudget? budget = null, bool isWatcher = false)
{
    /// <summary>The maximum number of waiting frames: half a second at 60 frames a second.</summary>
    internal const int MaxFrames = 30;

    /// <summary>The maximum memory of waiting frames in bytes, including objects.</summary>
    internal const int MaxFrameBytes = 12 * 1024 * 1024;

    /// <summary>The maximum memory of waiting console text in bytes, including objects.</summary>
    internal const int MaxConsoleBytes = 512 * 1024;
    internal const int MaxAudio = 50;
    internal const int MaxErrors = 8;
    internal const int MaxPongs = 16;

    /// <summary>The number of waiting pieces from which on pieces are joined. A viewer that keeps up gets them unchanged.</summary>
    private const int JoinedFrom = 8;

    /// <summary>The time without progress after which a viewer's connection counts as stalled.</summary>
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

    /// <summary>Gets the pace, which shows whether sent frames arrive in time.</summary>
    public ViewerPace Pace { get; } = new(time);

    /// <summary>Returns the number of frames that were not sent.</summary>
    public long DroppedFrames { get; private set; }

    /// <summary>Gets how long the current message has been in transmission; zero when there is none.</summary>
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

    /// <summary>
    /// Gets whether the connection has stalled and the viewer gets no frames until it goes on. Others than watchers give way
    /// only if memory is short.
    /// </summary>
    private bool GivesWay => IsStalled && (isWatcher || _budget.IsTight);

    private bool IsStalled => _sending is not null && time.GetElapsedTime(_sendStarted) > StallTime;

    /// <summary>
    /// Returns whether people who watch by an invitation get messages of this type: picture and sound, but not what the program prints,
    /// asks or reports, nor its clipboard. Those are the owner's.
    /// </summary>
    public static bool IsForWatchers(MessageType type) => type is MessageType.Frame or MessageType.Audio or MessageType.State
        or MessageType.Caption or MessageType.Cursor or MessageType.CursorPicture or MessageType.Stats or MessageType.Pong
        or MessageType.Ended or MessageType.Seats;

    /// <summary>
    /// Adds and retains a message, or drops it by the rules above. Returns true when the viewer needs a keyframe to continue.
    /// </summary>
    public bool Enqueue(PooledMessage message)
    {
        bool wantsKeyframe = Add(message);
        _signal.Set();
        return wantsKeyframe;
    }

    /// <summary>Lets the sender process the waiting messages on the caller's thread. The caller must hold no lock.</summary>
    public void Wake() => _signal.Set(inline: true);

    /// <summary>Adds a message like <see cref="Enqueue"/>, for a caller that calls <see cref="Wake"/> soon.</summary>
    public bool Add(PooledMessage message)
    {
        bool wantsKeyframe = false;
        lock (_gate)
        {
            if (_completed || (isWatcher && !IsForWatchers(message.Type)))
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
                case MessageType.State or MessageType.Caption or MessageType.Cursor or MessageType.CursorPicture or MessageType.Window
                    or MessageType.Clipboard or MessageType.Rumble or MessageType.Stats or MessageType.InputRequest
                    or MessageType.NotSaved or MessageType.Seats:
                    _items.Replace(message);
                    break;
                default:
                    _items.Append(message);
                    break;
            }
        }

        return wantsKeyframe;
    }

    /// <summary>Refuses further messages; waiting ones are still sent.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _completed = true;
        }

        _signal.Set();
    }

    /// <summary>
    /// Returns the next message, which the caller passes to <see cref="MarkSent"/>; null when none waits. <see cref="IsOver"/> tells
    /// whether more may follow.
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

    /// <summary>Releases a message from <see cref="TryDequeue"/> that has been sent or never will be.</summary>
    public void MarkSent(PooledMessage message)
    {
        lock (_gate)
        {
            _sending = null;
        }

        _budget.Release(message.Cost);
        message.Release();
    }

    /// <summary>Returns whether the queue is complete and empty.</summary>
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

    /// <summary>Completes when messages may have been added since the last wait. Only one waiter at a time.</summary>
    public ValueTask WaitAsync() => _signal.WaitAsync();

    /// <summary>Releases all unsent messages.</summary>
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
}
