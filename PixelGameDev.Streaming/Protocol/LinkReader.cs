using System.Buffers;
using System.Buffers.Binary;

namespace PixelGameDev.Streaming.Protocol;

/// <summary>
/// Reads the messages of a link: <c>u32 length</c>, then that many bytes of which the first is the type.
/// </summary>
/// <remarks>
/// One pooled buffer that grows to the largest message seen and shrinks again; a read takes what the stream has, so that many
/// small messages cost one system call. Not thread-safe. The buffer grows only as bytes really arrive, not because a header says so.
/// </remarks>
public sealed class LinkReader : IDisposable
{
    private const int SmallBuffer = 64 * 1024;
    private const int HeaderSize = 4;

    private readonly Stream stream;
    private readonly MessageRoute allowed;
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(SmallBuffer);
    private int start;
    private int end;

    /// <summary>Reads from <paramref name="stream"/>, which stays the caller's.</summary>
    /// <param name="stream">A socket's or a pipe's stream.</param>
    /// <param name="allowed">Routes a message here may have; anything else is a <see cref="ProtocolException"/>.</param>
    public LinkReader(Stream stream, MessageRoute allowed)
    {
        this.stream = stream;
        this.allowed = allowed;
    }

    /// <summary>Next whole message, type byte first, valid until the next call; empty at the end of the stream.</summary>
    /// <exception cref="ProtocolException">Impossible length, unknown type, or a type that may not travel in this direction.</exception>
    /// <exception cref="EndOfStreamException">The stream ended inside a message.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            if (TryTake(out ReadOnlyMemory<byte> message))
            {
                return message;
            }

            int count = await stream.ReadAsync(Free(), cancellationToken);
            if (!Added(count))
            {
                return default;
            }
        }
    }

    /// <summary><see cref="ReadAsync"/> on a thread of the caller's own.</summary>
    public ReadOnlyMemory<byte> Read()
    {
        while (true)
        {
            if (TryTake(out ReadOnlyMemory<byte> message))
            {
                return message;
            }

            if (!Added(stream.Read(Free().Span)))
            {
                return default;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        byte[] rented = buffer;
        buffer = [];
        start = end = 0;
        if (rented.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private bool TryTake(out ReadOnlyMemory<byte> message)
    {
        message = default;
        int available = end - start;
        if (available < HeaderSize)
        {
            return false;
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(start));
        if (length is 0 or > MessageRules.MaxLength)
        {
            throw new ProtocolException($"A message of {length} bytes; 1 to {MessageRules.MaxLength} are possible.");
        }

        if (available > HeaderSize)
        {
            // The type is known before its payload has arrived: refuse an impossible one without waiting for, or buffering, the rest.
            MessageType type = (MessageType)buffer[start + HeaderSize];
            (int min, int max) = MessageRules.LengthOf(type);
            if ((MessageRules.RouteOf(type) & allowed) == 0)
            {
                throw new ProtocolException($"A message of type 0x{(byte)type:x2} may not be sent here.");
            }

            if (length < min || length > max)
            {
                throw new ProtocolException($"A {type} message of {length} bytes; {min} to {max} are possible.");
            }
        }

        if (available - HeaderSize < length)
        {
            return false;
        }

        message = buffer.AsMemory(start + HeaderSize, (int)length);
        start += HeaderSize + (int)length;
        return true;
    }

    private Memory<byte> Free()
    {
        ObjectDisposedException.ThrowIf(buffer.Length == 0, this);
        int pending = end - start;
        if (pending == 0)
        {
            start = end = 0;
            if (buffer.Length > SmallBuffer * 16)
            {
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = ArrayPool<byte>.Shared.Rent(SmallBuffer);
            }
        }
        else if (start > 0 && (end == buffer.Length || start >= buffer.Length / 2))
        {
            buffer.AsSpan(start, pending).CopyTo(buffer);
            start = 0;
            end = pending;
        }

        if (end == buffer.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Min(buffer.Length * 2, MessageRules.MaxLength + HeaderSize));
            buffer.AsSpan(start, pending).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
            start = 0;
            end = pending;
        }

        return buffer.AsMemory(end);
    }

    private bool Added(int count)
    {
        if (count > 0)
        {
            end += count;
            return true;
        }

        return end == start
            ? false
            : throw new EndOfStreamException("The link ended inside a message.");
    }
}
