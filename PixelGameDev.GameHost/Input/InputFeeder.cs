using PixelGameDev.GameHost.Game;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.GameHost.Input;

/// <summary>
/// Passes keys and mouse to the game in their order. The inputs of a game that does not take its events wait here, within bounds:
/// mouse moves replace the move before them, and beyond the capacity presses are dropped while releases still go. The whole state of
/// what is held and the end are never dropped: one of each waits at most.
/// </summary>
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

    /// <summary>Takes one input message that has been checked by its reader.</summary>
    public void Post(ReadOnlySpan<byte> message)
    {
        lock (_gate)
        {
            Flush();
            if (_waiting.Count == 0 && _control.TrySend(message))
            {
                return;
            }

            bool move = message[0] == (byte)MessageType.MouseMove;
            if (move && _waiting.Last is { } last && last.Value[0] == (byte)MessageType.MouseMove)
            {
                last.Value = message.ToArray();
            }
            else if ((MessageType)message[0] is MessageType.Held or MessageType.Stop)
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

    /// <summary>Puts the message at the end and removes an earlier one of its type: the newest holds all that the other did.</summary>
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
