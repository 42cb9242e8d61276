using System.Buffers;

namespace PixelGameDev.Streaming.Protocol;

/// <summary>Writes messages to a link, each with its length before it and in one write. Thread-safe.</summary>
public sealed class LinkWriter : IDisposable
{
    private readonly Stream _stream;
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Creates a writer to <paramref name="stream"/>, which the caller keeps.</summary>
    public LinkWriter(Stream stream) => _stream = stream;

    /// <summary>Sends one message, type byte first.</summary>
    /// <exception cref="ArgumentException">Empty or longer than <see cref="MessageRules.MaxLength"/>.</exception>
    /// <exception cref="IOException">The other side has gone.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken = default)
    {
        byte[] packet = Pack(message.Span);
        try
        {
            await _turn.WaitAsync(cancellationToken);
            try
            {
                // Cancellation cannot interrupt the write: half a message would make the rest of the link unreadable.
                await _stream.WriteAsync(packet.AsMemory(0, LinkFraming.HeaderBytes + message.Length), CancellationToken.None);
                await _stream.FlushAsync(CancellationToken.None);
            }
            finally
            {
                _turn.Release();
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(packet);
        }
    }

    /// <summary>Does the same as <see cref="WriteAsync"/>, and blocks the calling thread.</summary>
    public void Write(ReadOnlySpan<byte> message)
    {
        byte[] packet = Pack(message);
        try
        {
            _turn.Wait();
            try
            {
                _stream.Write(packet, 0, LinkFraming.HeaderBytes + message.Length);
                _stream.Flush();
            }
            finally
            {
                _turn.Release();
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(packet);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private static byte[] Pack(ReadOnlySpan<byte> message)
    {
        if (message.Length is 0 or > MessageRules.MaxLength)
        {
            throw new ArgumentException($"A message of {message.Length} bytes cannot be sent.", nameof(message));
        }

        byte[] packet = ArrayPool<byte>.Shared.Rent(LinkFraming.HeaderBytes + message.Length);
        LinkFraming.WriteLength(packet, message.Length);
        message.CopyTo(packet.AsSpan(LinkFraming.HeaderBytes));
        return packet;
    }
}
