using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.GameHost.Link;

/// <summary>
/// Everything but frames on its way to the link: a bounded queue and one thread that writes it, so that no slow link ever holds up
/// the threads that serve the game.
/// </summary>
/// <remarks>
/// Drop rules: Console and Audio beyond the capacity are dropped (newest first; the console says how much). Caption, Cursor and Stats
/// replace their predecessor that still waits. State, Error, InputRequest, Ended and Pong always go: their senders bound them.
/// </remarks>
internal sealed class Outbox
{
    private const int CapacityBytes = 1024 * 1024;

    private readonly LinkWriter writer;
    private readonly Queue<byte[]> queue = new();
    private readonly Dictionary<MessageType, byte[]> latest = [];
    private readonly Thread thread;
    private readonly Action failed;
    private int queuedBytes;
    private int droppedConsoleBytes;
    private bool completed;

    /// <param name="writer">The link.</param>
    /// <param name="failed">Called once when the link has gone.</param>
    public Outbox(LinkWriter writer, Action failed)
    {
        this.writer = writer;
        this.failed = failed;
        thread = new Thread(Run, 256 * 1024) { IsBackground = true, Name = "outbox" };
        thread.Start();
    }

    /// <summary>Queues a whole message, type byte first. Never blocks.</summary>
    public void Post(byte[] message)
    {
        MessageType type = (MessageType)message[0];
        lock (queue)
        {
            switch (type)
            {
                case MessageType.Caption or MessageType.Cursor or MessageType.Stats or MessageType.Use:
                    latest[type] = message;
                    break;
                case MessageType.Console or MessageType.Audio when queuedBytes + message.Length > CapacityBytes:
                    if (type == MessageType.Console)
                    {
                        droppedConsoleBytes += message.Length;
                    }

                    return;
                default:
                    queue.Enqueue(message);
                    queuedBytes += message.Length;
                    break;
            }

            Monitor.Pulse(queue);
        }
    }

    /// <summary>Sends what is queued, then ends the thread; false if that took longer than <paramref name="timeout"/>.</summary>
    public bool Complete(TimeSpan timeout)
    {
        lock (queue)
        {
            completed = true;
            Monitor.Pulse(queue);
        }

        return thread.Join(timeout);
    }

    private void Run()
    {
        try
        {
            while (Next() is { } message)
            {
                writer.Write(message);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            failed();
        }
    }

    private byte[]? Next()
    {
        lock (queue)
        {
            while (true)
            {
                if (queue.TryDequeue(out byte[]? message))
                {
                    queuedBytes -= message.Length;
                    return message;
                }

                if (droppedConsoleBytes > 0)
                {
                    string note = $"… {droppedConsoleBytes} bytes of output were left out: the connection is too slow …\n";
                    droppedConsoleBytes = 0;
                    return SandboxMessages.Console(ConsoleKind.System, note);
                }

                foreach ((MessageType type, byte[] newest) in latest)
                {
                    latest.Remove(type);
                    return newest;
                }

                if (completed)
                {
                    return null;
                }

                Monitor.Wait(queue);
            }
        }
    }
}
