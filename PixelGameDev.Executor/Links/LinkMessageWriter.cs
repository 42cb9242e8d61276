using System.Buffers;
using System.Net.Sockets;
using System.Threading.Channels;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Links;

/// <summary>Writes messages to a sandbox: one bounded queue and one task, which joins what waits into a single write.</summary>
/// <remarks>
/// The input of a player reaches GameHost with one system call, and a sandbox that does not read can hold no more than the queue.
/// </remarks>
internal sealed class LinkMessageWriter(Stream stream)
{
    /// <summary>Messages that may wait; a sandbox that is this far behind has stopped reading.</summary>
    private const int Capacity = 1024;

    /// <summary>Places for what must arrive: the end, who watches, keyframe requests, what is held.</summary>
    private const int ReservedMessages = 128;

    private const int BufferBytes = 64 * 1024;

    private readonly Channel<PooledMessage> _waiting = Channel.CreateBounded<PooledMessage>(
        new BoundedChannelOptions(Capacity) { SingleReader = true });

    /// <summary>Queues a message, whose ownership passes to the writer; false (and released) when the sandbox is too far behind.</summary>
    public bool TrySend(PooledMessage message)
    {
        if (_waiting.Writer.TryWrite(message))
        {
            return true;
        }

        message.Release();
        return false;
    }

    /// <summary>Queues what may be lost, as <see cref="TrySend"/> does: it leaves room for what must arrive.</summary>
    public bool TrySendInput(PooledMessage message)
    {
        if (_waiting.Reader.Count < Capacity - ReservedMessages)
        {
            return TrySend(message);
        }

        message.Release();
        return false;
    }

    /// <summary>Queues a message and waits for room.</summary>
    /// <exception cref="ChannelClosedException">The link is over.</exception>
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

    /// <summary>Takes no message any more.</summary>
    public void Complete() => _waiting.Writer.TryComplete();

    /// <summary>Releases what was not written; <see cref="RunAsync"/> must have ended.</summary>
    public void Clear()
    {
        while (_waiting.Reader.TryRead(out PooledMessage? message))
        {
            message.Release();
        }
    }

    /// <summary>Writes until the link is over; never faults.</summary>
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
            // The reading side sees the same end and reports it.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(joined);
        }
    }
}
