using System.Buffers;

namespace PixelGameDev.Streaming.Protocol;

/// <summary>Reads the messages of a link: <c>u32 length</c>, then that many bytes. The first of them is the type.</summary>
/// <remarks>
/// One pooled buffer grows to the largest message and shrinks again. A read takes what the stream has, so that many small messages
/// cost one system call. The buffer grows only as bytes arrive, not because a header announces them. Not thread-safe.
/// </remarks>
public sealed class LinkReader : IDisposable
{
    private const int SmallBuffer = 64 * 1024;

    private readonly Stream _stream;
    private readonly MessageRoute _allowed;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(SmallBuffer);
    private int _start;
    private int _end;

    /// <summary>Creates a reader of <paramref name="stream"/>, which the caller keeps.</summary>
    /// <param name="stream">A socket's or a pipe's stream.</param>
    /// <param name="allowed">Routes that a message may have here; any other is a <see cref="ProtocolException"/>.</param>
    public LinkReader(Stream stream, MessageRoute allowed)
    {
        _stream = stream;
        _allowed = allowed;
    }

    /// <summary>Returns the next whole message, type byte first, valid until the next call; empty at the end of the stream.</summary>
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

            int count = await _stream.ReadAsync(Free(), cancellationToken);
            if (!Added(count))
            {
                return default;
            }
        }
    }

    /// <summary>Does the same as <see cref="ReadAsync"/>, and blocks the calling thread.</summary>
    public ReadOnlyMemory<byte> Read()
    {
        while (true)
        {
            if (TryTake(out ReadOnlyMemory<byte> message))
            {
                return message;
            }

            if (!Added(_stream.Read(Free().Span)))
            {
                return default;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        byte[] rented = _buffer;
        _buffer = [];
        _start = _end = 0;
        if (rented.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private bool TryTake(out ReadOnlyMemory<byte> message)
    {
        message = default;
        int available = _end - _start;
        if (available < LinkFraming.HeaderBytes)
        {
            return false;
        }

        int length = LinkFraming.ReadLength(_buffer.AsSpan(_start, available), _allowed);
        if (available - LinkFraming.HeaderBytes < length)
        {
            return false;
        }

        message = _buffer.AsMemory(_start + LinkFraming.HeaderBytes, length);
        _start += LinkFraming.HeaderBytes + length;
        return true;
    }

    private Memory<byte> Free()
    {
        ObjectDisposedException.ThrowIf(_buffer.Length == 0, this);
        int pending = _end - _start;
        if (pending == 0)
        {
            _start = _end = 0;
            if (_buffer.Length > SmallBuffer * 16)
            {
                ArrayPool<byte>.Shared.Return(_buffer);
                _buffer = ArrayPool<byte>.Shared.Rent(SmallBuffer);
            }
        }
        else if (_start > 0 && (_end == _buffer.Length || _start >= _buffer.Length / 2))
        {
            _buffer.AsSpan(_start, pending).CopyTo(_buffer);
            _start = 0;
            _end = pending;
        }

        if (_end == _buffer.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Min(_buffer.Length * 2, MessageRules.MaxLength + LinkFraming.HeaderBytes));
            _buffer.AsSpan(_start, pending).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
            _start = 0;
            _end = pending;
        }

        return _buffer.AsMemory(_end);
    }

    private bool Added(int count)
    {
        if (count > 0)
        {
            _end += count;
            return true;
        }

        return _end == _start
            ? false
            : throw new EndOfStreamException("The link ended inside a message.");
    }
}
