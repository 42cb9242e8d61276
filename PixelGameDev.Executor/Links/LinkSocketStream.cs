using System.Net.Sockets;

namespace PixelGameDev.Executor.Links;

/// <summary>
/// Reads a link's socket without the runtime's asynchronous socket engine. A read blocks in <c>poll</c>, so it needs a dedicated thread,
/// and does not load the process's only thread for all sockets.
/// </summary>
internal sealed class LinkSocketStream : Stream
{
    /// <summary>How long a write waits for a full socket before it tries again.</summary>
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(5);

    private readonly Socket _socket;

    /// <param name="socket">A connected socket without asynchronous operations so far. The stream closes it.</param>
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

    /// <summary>Blocks until data is available and completes synchronously. Disposal cancels it; the token does not.</summary>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    /// <exception cref="IOException">The other side has closed the connection.</exception>
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
                // This wakes the thread that blocks in poll.
                _socket.Shutdown(SocketShutdown.Both);
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                // The other side has closed the connection first.
            }

            _socket.Dispose();
        }

        base.Dispose(disposing);
    }
}
