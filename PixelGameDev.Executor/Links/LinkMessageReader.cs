using System.Runtime.CompilerServices;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Links;

/// <summary>Reads the messages of a sandbox, each into its own buffer, which can be passed on.</summary>
/// <remarks>
/// All data from a sandbox is untrusted: length and type are checked before a buffer is rented, and the content before the message is
/// passed on. Pixels are not parsed here.
/// <para>
/// The methods wait for each frame, so the objects of their waits are pooled. A task that one of them returns must be awaited exactly once.
/// </para>
/// </remarks>
internal sealed class LinkMessageReader(Stream stream)
{
    private const int BufferBytes = 64 * 1024;
    private const MessageRoute FromSandbox = MessageRoute.SandboxToPage | MessageRoute.SandboxToExecutor;

    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _start;
    private int _end;

    /// <summary>Reads the next message.</summary>
    /// <returns>The checked message with the caller as its only user; null at the end of the stream, even within a message.</returns>
    /// <exception cref="ProtocolException">A sandbox must not send this message.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<PooledMessage?> ReadAsync(CancellationToken cancellationToken)
    {
        if (!await FillAsync(LinkFraming.HeaderBytes, cancellationToken))
        {
            return null;
        }

        LinkFraming.ReadLength(_buffer.AsSpan(_start, LinkFraming.HeaderBytes), FromSandbox);
        if (!await FillAsync(LinkFraming.HeaderBytes + 1, cancellationToken))
        {
            return null;
        }

        // The type limits the buffer size, so a forged length does not cause a large allocation.
        int length = LinkFraming.ReadLength(_buffer.AsSpan(_start, LinkFraming.HeaderBytes + 1), FromSandbox);
        _start += LinkFraming.HeaderBytes;

        PooledMessage message = PooledMessage.Rent(length);
        try
        {
            int have = Math.Min(length, _end - _start);
            _buffer.AsSpan(_start, have).CopyTo(message.Buffer.Span);
            _start += have;
            while (have < length)
            {
                int read = await stream.ReadAsync(message.Buffer[have..], cancellationToken);
                if (read == 0)
                {
                    message.Release();
                    return null;
                }

                have += read;
            }

            MessageRules.CheckContent(message.Memory.Span);
            return message;
        }
        catch
        {
            message.Release();
            throw;
        }
    }

    /// <summary>Waits until <paramref name="count"/> bytes are in the buffer; false at the end of the stream.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> FillAsync(int count, CancellationToken cancellationToken)
    {
        if (_end - _start >= count)
        {
            return true;
        }

        if (_start == _end)
        {
            _start = _end = 0;
        }
        else if (_buffer.Length - _start < count)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        while (_end - _start < count)
        {
            int read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            if (read == 0)
            {
                return false;
            }

            _end += read;
        }

        return true;
    }
}
