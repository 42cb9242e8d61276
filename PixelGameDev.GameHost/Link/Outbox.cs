using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.GameHost.Link;

/// <summary>
/// Writes everything but frames to the link: a bounded queue and one thread that writes. A slow link never blocks the threads that serve
/// the game.
/// </summary>
/// <remarks>
/// Drop rules: beyond the capacity, Console and Audio are dropped (newest first; the console tells how much). Caption, Cursor, its picture,
/// Window, Clipboard, Rumble, Stats and Use replace an earlier one that waits. State, Error, InputRequest, SavedFile, NotSaved, Ended and
/// Pong always go: their senders limit them.
/// </remarks>
internal sealed class Outbox
{
    private const int CapacityBytes = 1024 * 1024;

    private readonly LinkWriter _writer;
    private readonly Queue<byte[]> _queue = new();
    private readonly Dictionary<MessageType, byte[]> _latest = [];
    private readonly Thread _thread;
    private readonly Action _failed;
    private int _queuedBytes;
    private int _droppedConsoleBytes;
    private bool _completed;

    /// <param name="writer">The link.</param>
    /// <param name="failed">Called once, when the link is lost.</param>
    public Outbox(LinkWriter writer, Action failed)
    {
        _writer = writer;
        _failed = failed;
        _thread = new Thread(Run, 256 * 1024) { IsBackground = true, Name = "outbox" };
        _thread.Start();
    }

    /// <summary>Queues a whole message, type byte first. Never blocks.</summary>
    public void Post(byte[] message)
    {
        MessageType type = (MessageType)message[0];
        lock (_queue)
        {
            switch (type)
            {
                case MessageType.Caption or MessageType.Cursor or MessageType.CursorPicture or MessageType.Window
                    or MessageType.Clipboard or MessageType.Rumble or MessageType.Stats or MessageType.Use:
                    _latest[type] = message;
                    break;
                case MessageType.Console or MessageType.Audio when _queuedBytes + message.Length > CapacityBytes:
                    if (type == MessageType.Console)
                    {
                        _droppedConsoleBytes += message.Length;
                    }

                    return;
                default:
                    _queue.Enqueue(message);
                    _queuedBytes += message.Length;
                    break;
            }

            Monitor.Pulse(_queue);
        }
    }

    /// <summary>Sends what is queued, then ends the thread; false if that took longer than <paramref name="timeout"/>.</summary>
    public bool Complete(TimeSpan timeout)
    {
        lock (_queue)
        {
            _completed = true;
            Monitor.Pulse(_queue);
        }

        return _thread.Join(timeout);
    }

    private void Run()
    {
        try
        {
            while (Next() is { } message)
            {
                _writer.Write(message);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            _failed();
        }
    }

    private byte[]? Next()
    {
        lock (_queue)
        {
            while (true)
            {
                if (_queue.TryDequeue(out byte[]? message))
                {
                    _queuedBytes -= message.Length;
                    return message;
                }

                if (_droppedConsoleBytes > 0)
                {
                    string note = $"… {_droppedConsoleBytes} bytes of output were left out: the connection is too slow …\n";
                    _droppedConsoleBytes = 0;
                    return SandboxMessages.Console(ConsoleKind.System, note);
                }

                foreach ((MessageType type, byte[] newest) in _latest)
                {
                    _latest.Remove(type);
                    return newest;
                }

                if (_completed)
                {
                    return null;
                }

                Monitor.Wait(_queue);
            }
        }
    }
}
