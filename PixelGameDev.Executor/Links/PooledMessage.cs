using System.Buffers;
using System.Collections.Concurrent;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Links;

/// <summary>
/// Holds one message (type byte and payload) in a rented buffer and counts its users. The message is read once from the link, and each
/// viewer's queue keeps it until it is sent. The last <see cref="Release"/> returns the buffer and the object to their pools, so a steady
/// stream does not allocate.
/// </summary>
internal sealed class PooledMessage
{
    private const int KeptObjects = 1024;
    private const int ObjectBytes = 128;
    private static readonly ConcurrentQueue<PooledMessage> Pool = new();
    private static int _pooled;
    private static int _inUse;

    private byte[] _buffer = [];
    private int _length;
    private int _users;

    private PooledMessage()
    {
    }

    /// <summary>Returns the type byte and the payload, as WebSocket viewers receive them.</summary>
    public ReadOnlyMemory<byte> Memory => _buffer.AsMemory(0, _length);

    /// <summary>Returns the type byte and the payload; writable while the message is filled.</summary>
    public Memory<byte> Buffer => _buffer.AsMemory(0, _length);

    public MessageType Type => (MessageType)_buffer[0];

    public ReadOnlySpan<byte> Payload => _buffer.AsSpan(1, _length - 1);

    /// <summary>Gets the number of messages in use in this process; for tests.</summary>
    internal static int InUse => Volatile.Read(ref _inUse);

    /// <summary>Returns the length of the type byte and the payload in bytes.</summary>
    public int Length => _length;

    /// <summary>Returns the memory use in bytes: the whole buffer, its objects, and a place in a queue.</summary>
    public int Cost => _buffer.Length + ObjectBytes;

    /// <summary>Rents a message of <paramref name="length"/> bytes (including the type) with the caller as its only user.</summary>
    public static PooledMessage Rent(int length)
    {
        if (Pool.TryDequeue(out PooledMessage? message))
        {
            Interlocked.Decrement(ref _pooled);
        }
        else
        {
            message = new PooledMessage();
        }

        message._buffer = ArrayPool<byte>.Shared.Rent(length);
        message._length = length;
        Volatile.Write(ref message._users, 1);
        Interlocked.Increment(ref _inUse);
        return message;
    }

    /// <summary>Copies a whole message, with the type byte first.</summary>
    public static PooledMessage Create(ReadOnlySpan<byte> whole)
    {
        PooledMessage message = Rent(whole.Length);
        whole.CopyTo(message._buffer);
        return message;
    }

    /// <summary>Copies a payload after its type byte.</summary>
    public static PooledMessage Create(MessageType type, ReadOnlySpan<byte> payload)
    {
        PooledMessage message = Rent(payload.Length + 1);
        message._buffer[0] = (byte)type;
        payload.CopyTo(message._buffer.AsSpan(1));
        return message;
    }

    /// <summary>
    /// Rents a message with room for <paramref name="capacity"/> bytes and the current content of <paramref name="start"/>. The caller is
    /// its only user.
    /// </summary>
    public static PooledMessage Begin(PooledMessage start, int capacity)
    {
        PooledMessage message = Rent(capacity);
        start.Memory.Span.CopyTo(message._buffer);
        message._length = start._length;
        return message;
    }

    /// <summary>
    /// Copies the message into a much smaller buffer if possible. Takes over the caller's use of <paramref name="message"/>.
    /// </summary>
    public static PooledMessage Shrink(PooledMessage message)
    {
        if (message._length > message._buffer.Length / 2)
        {
            return message;
        }

        PooledMessage small = Begin(message, message._length);
        message.Release();
        return small;
    }

    /// <summary>Appends bytes; false when the message has another user or no room.</summary>
    public bool TryAppend(ReadOnlySpan<byte> bytes)
    {
        if (Volatile.Read(ref _users) != 1 || bytes.Length > _buffer.Length - _length)
        {
            return false;
        }

        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += bytes.Length;
        return true;
    }

    /// <summary>Adds a user.</summary>
    public PooledMessage Retain()
    {
        Interlocked.Increment(ref _users);
        return this;
    }

    /// <summary>Removes a user; the last one returns the buffer.</summary>
    public void Release()
    {
        int left = Interlocked.Decrement(ref _users);
        ObjectDisposedException.ThrowIf(left < 0, this);
        if (left > 0)
        {
            return;
        }

        Interlocked.Decrement(ref _inUse);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _length = 0;
        if (Interlocked.Increment(ref _pooled) <= KeptObjects)
        {
            Pool.Enqueue(this);
        }
        else
        {
            Interlocked.Decrement(ref _pooled);
        }
    }
}
