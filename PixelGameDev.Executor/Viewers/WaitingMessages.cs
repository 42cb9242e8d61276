using PixelGameDev.Executor.Links;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Viewers;

/// <summary>
/// Holds the messages that wait for one viewer, in order, counted by type and in the budget. Any of them can be taken out at once, and a
/// steady stream allocates nothing. Guarded by its owner's lock.
/// </summary>
internal sealed class WaitingMessages(StreamBudget budget)
{
    private const int Types = 256;
    private const int SpareNodes = 64;

    private readonly LinkedList<PooledMessage> _items = new();
    private readonly Stack<LinkedListNode<PooledMessage>> _spare = new();

    /// <summary>The one that waits of each type of which only the newest counts.</summary>
    private readonly Dictionary<MessageType, LinkedListNode<PooledMessage>> _newest = [];
    private readonly int[] _counts = new int[Types];
    private readonly long[] _costs = new long[Types];

    public int Count => _items.Count;

    /// <summary>Returns how many of a type wait.</summary>
    public int CountOf(MessageType type) => _counts[(byte)type];

    /// <summary>Memory that those of a type take, bytes.</summary>
    public long CostOf(MessageType type) => _costs[(byte)type];

    /// <summary>Adds a message at the end and retains it.</summary>
    public void Append(PooledMessage message) => AppendNode(message);

    /// <summary>Adds a message at the end, in the place of the one of its type that still waits.</summary>
    public void Replace(PooledMessage message)
    {
        if (_newest.Remove(message.Type, out LinkedListNode<PooledMessage>? older))
        {
            Drop(older);
        }

        _newest[message.Type] = AppendNode(message);
    }

    /// <summary>Appends the text of a console message to the last one that waits; false when it cannot be joined with that.</summary>
    public bool TryJoin(PooledMessage message)
    {
        if (_items.Last is not { } last || last.Value.Type != message.Type)
        {
            return false;
        }

        int before = last.Value.Cost;
        if (!ConsoleText.TryJoin(ref last.ValueRef, message))
        {
            return false;
        }

        int more = last.Value.Cost - before;
        _costs[(byte)message.Type] += more;
        budget.Charge(more);
        return true;
    }

    /// <summary>Takes the first; it stays counted in the budget until the caller gives it back there.</summary>
    public PooledMessage? TakeFirst() => _items.First is { } first ? Detach(first) : null;

    /// <summary>Releases every message of a type, keeping the order of the others. Returns how many.</summary>
    public int DropAll(MessageType type)
    {
        int dropped = CountOf(type);
        for (LinkedListNode<PooledMessage>? node = _items.First; node is not null && CountOf(type) > 0;)
        {
            LinkedListNode<PooledMessage>? next = node.Next;
            if (node.Value.Type == type)
            {
                Drop(node);
            }

            node = next;
        }

        return dropped;
    }

    /// <summary>Releases everything.</summary>
    public void Clear()
    {
        while (_items.First is { } first)
        {
            Drop(first);
        }
    }

    private LinkedListNode<PooledMessage> AppendNode(PooledMessage message)
    {
        _counts[(byte)message.Type]++;
        _costs[(byte)message.Type] += message.Cost;
        budget.Charge(message.Cost);
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

    private void Drop(LinkedListNode<PooledMessage> node)
    {
        PooledMessage message = Detach(node);
        budget.Release(message.Cost);
        message.Release();
    }

    private PooledMessage Detach(LinkedListNode<PooledMessage> node)
    {
        PooledMessage message = node.Value;
        _items.Remove(node);
        if (_newest.GetValueOrDefault(message.Type) == node)
        {
            _newest.Remove(message.Type);
        }

        _counts[(byte)message.Type]--;
        _costs[(byte)message.Type] -= message.Cost;
        node.Value = null!;
        if (_spare.Count < SpareNodes)
        {
            _spare.Push(node);
        }

        return message;
    }
}
