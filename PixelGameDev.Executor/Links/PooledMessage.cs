using System.Buffers;
using System.Collections.Concurrent;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Links;

/// <summary>
/// Holds one message (type byte and payload) in a rented buffer and counts its users: it is read once from the link, then every
/// viewer's queue keeps it until it is sent. The last <see cref="Release"/> gives buffer and object back, so a steady stream allocates
/// nothing.
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

    /// <summary>Type byte and payload, as WebSocket viewers get it.</summary>
    public ReadOnlyMemory<byte> Memory => _buffer.AsMemory(0, _length);

    /// <summary>Type byte and payload, writable while the message is being filled.</summary>
    public Memory<byte> Buffer => _buffer.AsMemory(0, _length);

    public MessageType Type => (MessageType)_buffer[0];

    public ReadOnlySpan<byte> Payload => _buffer.AsSpan(1, _length - 1);

    /// <summary>Gets how many messages of this process are in use; for tests.</summary>
    internal static int InUse => Volatile.Read(ref _inUse);

    /// <summary>Bytes of type and payload.</summary>
    public int Length => _length;

    /// <summary>Bytes of memory that it takes: its whole buffer, the objects around it, a place in a queue.</summary>
    public int Cost => _buffer.Length + ObjectBytes;

    /// <summary>A message of <paramref name="length"/> bytes (type included) with one user, the caller.</summary>
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

    /// <summary>Copies a whole message, type byte first.</summary>
    public static PooledMessage Create(ReadOnlySpan<byte> whole)
    {
        PooledMessage message = Rent(whole.Length);
        whole.CopyTo(message._buffer);
        return message;
    }

    /// <summary>Copies a payload behind its type byte.</summary>
    public static PooledMessage Create(MessageType type, ReadOnlySpan<byte> payload)
    {
        PooledMessage message = Rent(payload.Length + 1);
        message._buffer[0] = (byte)type;
        payload.CopyTo(message._buffer.AsSpan(1));
        return message;
    }

    /// <summary>
    /// A message with room for <paramref name="capacity"/> bytes that holds the same as <paramref name="start"/> so far; one user, the
    /// caller.
    /// </summary>
    public static PooledMessage Begin(PooledMessage start, int capacity)
    {
        PooledMessage message = Rent(capacity);
        start.Memory.Span.CopyTo(message._buffer);
        message._length = start._length;
        return message;
    }

    /// <summary>
    /// The same message in a smaller buffer, if there is one that is much smaller; takes over the caller's use of
    /// <paramref name="message"/>.
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

    /// <summary>Adds bytes at the end; false when the message has another user too, or there is no room.</summary>
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

    /// <summary>Removes a user; the last one gives the buffer back.</summary>
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
