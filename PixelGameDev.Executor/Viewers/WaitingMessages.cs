using PixelGameDev.Executor.Links;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Viewers;

/// <summary>
/// Holds the messages that wait for one viewer in order, counts them by type, and charges the budget. Each message can be removed in
/// constant time, and a steady stream does not allocate. The owner's lock guards it.
/// </summary>
internal sealed class WaitingMessages(StreamBudget budget)
{
    private const int Types = 256;
    private const int SpareNodes = 64;

    private readonly LinkedList<PooledMessage> _items = new();
    private readonly Stack<LinkedListNode<PooledMessage>> _spare = new();

    /// <summary>The waiting message of each type for which only the newest counts.</summary>
    private readonly Dictionary<MessageType, LinkedListNode<PooledMessage>> _newest = [];
    private readonly int[] _counts = new int[Types];
    private readonly long[] _costs = new long[Types];

    public int Count => _items.Count;

    /// <summary>Returns the number of waiting messages of a type.</summary>
    public int CountOf(MessageType type) => _counts[(byte)type];

    /// <summary>Returns the memory of the messages of a type in bytes.</summary>
    public long CostOf(MessageType type) => _costs[(byte)type];

    /// <summary>Adds a message at the end and retains it.</summary>
    public void Append(PooledMessage message) => AppendNode(message);

    /// <summary>Adds a message at the end and removes the waiting one of its type.</summary>
    public void Replace(PooledMessage message)
    {
        if (_newest.Remove(message.Type, out LinkedListNode<PooledMessage>? older))
        {
            Drop(older);
        }

        _newest[message.Type] = AppendNode(message);
    }

    /// <summary>Appends the text of a console message to the last waiting message; false when they cannot be joined.</summary>
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

    /// <summary>Removes and returns the first message. It counts in the budget until the caller releases it there.</summary>
    public PooledMessage? TakeFirst() => _items.First is { } first ? Detach(first) : null;

    /// <summary>Releases all messages of a type and keeps the order of the others. Returns their number.</summary>
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

    /// <summary>Releases all messages.</summary>
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
