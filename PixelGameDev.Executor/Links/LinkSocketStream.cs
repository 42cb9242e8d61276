using System.Net.Sockets;

namespace PixelGameDev.Executor.Links;

/// <summary>
/// Is a link's socket without the machinery of asynchronous sockets: reading sleeps in <c>poll</c>, so it belongs on a thread of its
/// own, and the process's one thread for all sockets has no part in it.
/// </summary>
internal sealed class LinkSocketStream : Stream
{
    /// <summary>A sandbox whose socket is full does not read: what it should get can wait that long.</summary>
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(5);

    private readonly Socket _socket;

    /// <param name="socket">Connected; nothing asynchronous has been done with it. Closed with the stream.</param>
    public LinkSocketStream(Socket socket)
    {
        _socket = socket;
        _socket.Blocking = false;
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Blocks until something is there: it is complete when it returns. Ended by disposing, not by the token.</summary>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    /// <exception cref="IOException">The other side is gone.</exception>
    /// <exception cref="ObjectDisposedException">The link was disposed.</exception>
    public override int Read(Span<byte> buffer)
    {
        while (true)
        {
            int read = _socket.Receive(buffer, SocketFlags.None, out SocketError error);
            if (error == SocketError.Success)
            {
                return read;
            }

            if (error != SocketError.WouldBlock)
            {
                throw Gone(error);
            }

            _socket.Poll(Timeout.InfiniteTimeSpan, SelectMode.SelectRead);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            int sent = _socket.Send(buffer.Span, SocketFlags.None, out SocketError error);
            switch (error)
            {
                case SocketError.Success:
                    buffer = buffer[sent..];
                    break;
                case SocketError.WouldBlock:
                    await Task.Delay(Retry, cancellationToken);
                    break;
                default:
                    throw Gone(error);
            }
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private static IOException Gone(SocketError error)
    {
        SocketException inner = new((int)error);
        return new IOException(inner.Message, inner);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            try
            {
                // Wakes the thread that sleeps in poll.
                _socket.Shutdown(SocketShutdown.Both);
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                // The other side was faster.
            }

            _socket.Dispose();
        }

        base.Dispose(disposing);
    }
}
