using System.Buffers;
using System.Net.Sockets;
using System.Threading.Channels;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Links;

/// <summary>
/// Writes messages to a sandbox with one bounded queue and one task, which combines waiting messages into a single write.
/// </summary>
/// <remarks>
/// A player's input takes one system call to GameHost. A sandbox that does not read can block only the messages in the queue.
/// </remarks>
internal sealed class LinkMessageWriter(Stream stream)
{
    /// <summary>The maximum number of waiting messages. A sandbox that is this far behind no longer reads.</summary>
    private const int Capacity = 1024;

    /// <summary>The places reserved for messages that must arrive: the end, the viewers, keyframe requests, and held keys.</summary>
    private const int ReservedMessages = 128;

    private const int BufferBytes = 64 * 1024;

    private readonly Channel<PooledMessage> _waiting = Channel.CreateBounded<PooledMessage>(
        new BoundedChannelOptions(Capacity) { SingleReader = true });

    /// <summary>Queues a message and takes ownership of it; releases it and returns false when the sandbox is too far behind.</summary>
    public bool TrySend(PooledMessage message)
    {
        if (_waiting.Writer.TryWrite(message))
        {
            return true;
        }

        message.Release();
        return false;
    }

    /// <summary>Queues a message that may be lost, like <see cref="TrySend"/>. It leaves the reserved places free.</summary>
    public bool TrySendInput(PooledMessage message)
    {
        if (_waiting.Reader.Count < Capacity - ReservedMessages)
        {
            return TrySend(message);
        }

        message.Release();
        return false;
    }

    /// <summary>Queues a message, and waits for a free place.</summary>
    /// <exception cref="ChannelClosedException">The link is closed.</exception>
    public async ValueTask SendAsync(PooledMessage message, CancellationToken cancellationToken)
    {
        try
        {
            await _waiting.Writer.WriteAsync(message, cancellationToken);
        }
        catch
        {
            message.Release();
            throw;
        }
    }

    /// <summary>Refuses all further messages.</summary>
    public void Complete() => _waiting.Writer.TryComplete();

    /// <summary>Releases the messages that were not written; <see cref="RunAsync"/> must have ended.</summary>
    public void Clear()
    {
        while (_waiting.Reader.TryRead(out PooledMessage? message))
        {
            message.Release();
        }
    }

    /// <summary>Writes until the link closes; never faults.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        byte[] joined = ArrayPool<byte>.Shared.Rent(BufferBytes);
        byte[] header = new byte[LinkFraming.HeaderBytes];
        try
        {
            while (await _waiting.Reader.WaitToReadAsync(cancellationToken))
            {
                int used = 0;
                while (_waiting.Reader.TryRead(out PooledMessage? message))
                {
                    try
                    {
                        int needed = LinkFraming.HeaderBytes + message.Length;
                        if (used > 0 && used + needed > joined.Length)
                        {
                            await stream.WriteAsync(joined.AsMemory(0, used), cancellationToken);
                            used = 0;
                        }

                        if (needed > joined.Length)
                        {
                            LinkFraming.WriteLength(header, message.Length);
                            await stream.WriteAsync(header, cancellationToken);
                            await stream.WriteAsync(message.Memory, cancellationToken);
                            continue;
                        }

                        LinkFraming.WriteLength(joined.AsSpan(used), message.Length);
                        message.Memory.Span.CopyTo(joined.AsSpan(used + LinkFraming.HeaderBytes));
                        used += needed;
                    }
                    finally
                    {
                        message.Release();
                    }
                }

                if (used > 0)
                {
                    await stream.WriteAsync(joined.AsMemory(0, used), cancellationToken);
                }
            }
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The reading side detects and reports the same end.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(joined);
        }
    }
}
