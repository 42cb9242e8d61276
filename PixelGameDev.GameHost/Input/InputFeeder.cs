using PixelGameDev.GameHost.Game;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.GameHost.Input;

/// <summary>
/// Passes keys and mouse to the game in their order. Inputs wait here, up to a limit, while the game does not take its events.
/// </summary>
/// <remarks>
/// A mouse move joins a move that waits before it; so do fingers and gamepads that only move. Beyond the capacity, presses are dropped and
/// releases are kept. The whole state of held keys, the size of the window, pasted text and the end are never dropped: at most one of each
/// waits.
/// </remarks>
internal sealed class InputFeeder
{
    private const int Capacity = 512;
    private const int RetryMillis = 5;

    private readonly ControlChannel _control;
    private readonly LinkedList<byte[]> _waiting = new();
    private readonly Lock _gate = new();
    private readonly Timer _retry;

    public InputFeeder(ControlChannel control)
    {
        _control = control;
        _retry = new Timer(_ => Retry());
    }

    /// <summary>Takes one input message that its reader has checked.</summary>
    public void Post(ReadOnlySpan<byte> message)
    {
        lock (_gate)
        {
            Flush();
            if (_waiting.Count == 0 && _control.TrySend(message))
            {
                return;
            }

            if (_waiting.Last is { } last && InputMessages.Merge(last.Value, message) is { } both)
            {
                last.Value = both;
            }
            else if ((MessageType)message[0] is MessageType.Held or MessageType.Stop or MessageType.Room or MessageType.Paste)
            {
                ReplaceWaiting(message);
            }
            else if (_waiting.Count < Capacity || (_waiting.Count < 2 * Capacity && InputMessages.IsRelease(message)))
            {
                _waiting.AddLast(message.ToArray());
            }

            _retry.Change(RetryMillis, Timeout.Infinite);
        }
    }

    private void Retry()
    {
        lock (_gate)
        {
            Flush();
            if (_waiting.Count > 0)
            {
                _retry.Change(RetryMillis, Timeout.Infinite);
            }
        }
    }

    /// <summary>Appends the message and removes an earlier one of its type, because the newest one holds everything of the other.</summary>
    private void ReplaceWaiting(ReadOnlySpan<byte> message)
    {
        for (LinkedListNode<byte[]>? node = _waiting.Last; node is not null; node = node.Previous)
        {
            if (node.Value[0] == message[0])
            {
                _waiting.Remove(node);
                break;
            }
        }

        _waiting.AddLast(message.ToArray());
    }

    private void Flush()
    {
        while (_waiting.First is { } first && _control.TrySend(first.Value))
        {
            _waiting.RemoveFirst();
        }
    }
}
