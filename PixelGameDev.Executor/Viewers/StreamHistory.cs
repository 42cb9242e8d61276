using PixelGameDev.Executor.Links;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Viewers;

/// <summary>
/// Stores the messages for viewers that join later: the last state, caption, cursor, window and error, an open question of
/// <c>input()</c>, the tail of the console, and the last picture for those that join after the end. Its size is limited; the owner's
/// lock guards it.
/// </summary>
/// <param name="pictures">The memory for the last pictures of all sessions.</param>
internal sealed class StreamHistory(StreamBudget? pictures = null)
{
    /// <summary>The maximum memory in bytes of the console for later viewers and the session's record.</summary>
    internal const int MaxConsoleBytes = 64 * 1024;

    private readonly LinkedList<PooledMessage> _console = new();
    private readonly LastPicture _picture = new(pictures ?? StreamBudget.LastPictures);
    private int _consoleBytes;
    private PooledMessage? _state;
    private PooledMessage? _caption;
    private PooledMessage? _cursor;
    private PooledMessage? _cursorPicture;
    private PooledMessage? _window;
    private PooledMessage? _error;
    private PooledMessage? _question;
    private PooledMessage? _notSaved;
    private PooledMessage? _ended;

    /// <summary>Returns the memory of the console in bytes.</summary>
    internal int ConsoleCost => _consoleBytes;

    public void Record(PooledMessage message)
    {
        switch (message.Type)
        {
            case MessageType.Frame:
                _picture.Record(message);
                break;
            case MessageType.Console:
                RecordConsole(message);
                break;
            case MessageType.State:
                Replace(ref _state, message);
                break;
            case MessageType.Caption:
                Replace(ref _caption, message);
                break;
            case MessageType.Cursor:
                Replace(ref _cursor, message);
                break;
            case MessageType.CursorPicture:
                Replace(ref _cursorPicture, message);
                break;
            case MessageType.Window:
                Replace(ref _window, message);
                break;
            case MessageType.Error:
                Replace(ref _error, message);
                break;
            case MessageType.NotSaved:
                Replace(ref _notSaved, message);
                break;
            case MessageType.InputRequest:
                Replace(ref _question, message);
                break;
            case MessageType.Ended:
                ClearQuestion();
                Replace(ref _ended, message);
                break;
        }
    }

    /// <summary>Removes the open question after its answer.</summary>
    public void ClearQuestion()
    {
        _question?.Release();
        _question = null;
    }

    /// <summary>Sends all stored messages to a new viewer, in a meaningful order.</summary>
    public void Replay(ViewerQueue queue)
    {
        Offer(queue, _state);
        Offer(queue, _caption);
        Offer(queue, _cursorPicture);
        Offer(queue, _cursor);
        Offer(queue, _window);
        if (_ended is not null)
        {
            // Before the end, a new viewer's picture comes from the game.
            _picture.Replay(queue);
        }

        foreach (PooledMessage line in _console)
        {
            queue.Enqueue(line);
        }

        Offer(queue, _error);
        Offer(queue, _notSaved);
        Offer(queue, _question);
        Offer(queue, _ended);
    }

    /// <summary>Sends the end to a viewer, after the last picture if it does not have that.</summary>
    public void End(ViewerQueue queue)
    {
        _picture.Replay(queue);
        Offer(queue, _ended);
        queue.Complete();
    }

    /// <summary>Returns the text of the console's tail with all streams merged.</summary>
    public string ConsoleTail(int mostBytes)
    {
        byte[] text = new byte[_console.Sum(line => line.Length - 2)];
        int at = 0;
        foreach (PooledMessage line in _console)
        {
            line.Payload[1..].CopyTo(text.AsSpan(at));
            at += line.Length - 2;
        }

        return System.Text.Encoding.UTF8.GetString(text.AsSpan(Math.Max(0, text.Length - mostBytes)));
    }

    /// <summary>
    /// Moves messages from much larger buffers into fitting ones when the session has ended, because the history remains for some minutes.
    /// </summary>
    public void Shrink()
    {
        for (LinkedListNode<PooledMessage>? line = _console.First; line is not null; line = line.Next)
        {
            _consoleBytes -= line.Value.Cost;
            line.Value = PooledMessage.Shrink(line.Value);
            _consoleBytes += line.Value.Cost;
        }

        _picture.Shrink();
    }

    /// <summary>Returns all buffers.</summary>
    public void Clear()
    {
        foreach (PooledMessage line in _console)
        {
            line.Release();
        }

        _console.Clear();
        _picture.Clear();
        _consoleBytes = 0;
        foreach (PooledMessage? kept in (PooledMessage?[])
            [_state, _caption, _cursor, _cursorPicture, _window, _error, _notSaved, _question, _ended])
        {
            kept?.Release();
        }

        _state = _caption = _cursor = _cursorPicture = _window = _error = _notSaved = _question = _ended = null;
    }

    private void RecordConsole(PooledMessage message)
    {
        int before = _console.Last?.Value.Cost ?? 0;
        if (_console.Last is { } last && ConsoleText.TryJoin(ref last.ValueRef, message))
        {
            _consoleBytes += last.Value.Cost - before;
        }
        else
        {
            _console.AddLast(message.Retain());
            _consoleBytes += message.Cost;
        }

        while (_consoleBytes > MaxConsoleBytes && _console.Count > 1)
        {
            PooledMessage oldest = _console.First!.Value;
            _console.RemoveFirst();
            _consoleBytes -= oldest.Cost;
            oldest.Release();
        }
    }

    private static void Offer(ViewerQueue queue, PooledMessage? message)
    {
        if (message is not null)
        {
            queue.Enqueue(message);
        }
    }

    private static void Replace(ref PooledMessage? kept, PooledMessage message)
    {
        kept?.Release();
        kept = message.Retain();
    }
}
