using System.Net.Sockets;
using System.Threading.Tasks.Sources;

namespace PixelGameDev.Executor.Links;

/// <summary>
/// Reads a link's socket without the runtime's asynchronous socket engine: <see cref="LinkReactor"/> receives into the reader's buffer and
/// continues the reader on its own thread. So a frame wakes one thread.
/// </summary>
/// <remarks>
/// Only the reactor's thread receives and completes reads. A read by another thread waits for its turn there. The stream may be disposed at
/// any time and by any thread: a waiting read then ends with an exception, on the reactor's thread.
/// </remarks>
/// <param name="socket">A connected socket without asynchronous operations so far. The stream closes it.</param>
/// <param name="reactor">Reads the socket; null: that of the process.</param>
internal sealed class LinkSocketStream(Socket socket, LinkReactor? reactor = null) : Stream, IValueTaskSource<int>
{
    /// <summary>How long a write waits for a full socket before it tries again.</summary>
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(5);

    private readonly Socket _socket = SetNonBlocking(socket);

    /// <summary>Guards the registration: a socket must not be registered after its disposal.</summary>
    private readonly Lock _gate = new();
    private LinkReactor? _reactor = reactor;
    private long _id;
    private volatile bool _isDisposed;

    // The reader writes these and the reactor's thread takes them. The flag says that the others are complete.
    private ManualResetValueTaskSourceCore<int> _result;
    private Memory<byte> _target;
    private bool _isWaiting;

    // Only the reactor's thread uses these.
    private int _turnBytes;
    private bool _isReadable;
    private bool _isOver;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Gets or sets whether the link waits for a turn. Only the reactor uses it.</summary>
    internal bool IsQueued { get; set; }

    /// <summary>Gets or sets the last period in which the link sent something. Only the reactor uses it.</summary>
    internal long LastPeriod { get; set; }

    /// <summary>Reads what has arrived, or waits for it. One read at a time; disposal cancels it, the token does not.</summary>
    /// <exception cref="IOException">The other side has closed the connection.</exception>
    /// <exception cref="ObjectDisposedException">The link was disposed.</exception>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_id == 0)
        {
            Register();
        }

        bool isCurrent = _reactor!.IsCurrent;
        if (isCurrent && _isReadable && _turnBytes > 0 && TryReceive(buffer.Span, out int read))
        {
            return new(read);
        }

        _result.Reset();
        _target = buffer;
        ValueTask<int> waiting = new(this, _result.Version);
        Volatile.Write(ref _isWaiting, true);
        if (!isCurrent)
        {
            _reactor.Post(this);
        }
        else if (_isReadable)
        {
            _reactor.Enqueue(this);
        }

        return waiting;
    }

    /// <summary>Lets the reader continue if something has arrived or the link was disposed. Only the reactor calls it.</summary>
    internal void TakeTurn()
    {
        if (!Volatile.Read(ref _isWaiting))
        {
            return;
        }

        _turnBytes = LinkReactor.TurnBytes;
        try
        {
            ContinueReader();
        }
        finally
        {
            // From now on a read of the reactor's thread is not in a turn of this link.
            _turnBytes = 0;
        }
    }

    /// <summary>Records that something has arrived. Only the reactor calls it.</summary>
    /// <param name="isOver">Whether it is the last.</param>
    internal void MarkReadable(bool isOver)
    {
        _isReadable = true;
        _isOver |= isOver;
    }

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

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    int IValueTaskSource<int>.GetResult(short token) => _result.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _result.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _result.OnCompleted(continuation, state, token, flags);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            CloseSocket();
        }

        base.Dispose(disposing);
    }

    private void CloseSocket()
    {
        LinkReactor? reactor;
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            reactor = _id == 0 ? null : _reactor;
            // Before the socket is closed, because its number may then be that of another file.
            reactor?.Remove(_id, _socket.SafeHandle);
        }

        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The other side has closed the connection first.
        }

        _socket.Dispose();
        // The next turn finds the socket closed and ends a waiting read.
        reactor?.Post(this);
    }

    private void Register()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _reactor ??= LinkReactor.Shared;
            _id = _reactor.Add(this, _socket.SafeHandle);
        }
    }

    /// <summary>Lets the reader continue within this call. It reads on until nothing is there or the turn is over.</summary>
    private void ContinueReader()
    {
        int read = 0;
        Exception? end = null;
        try
        {
            if (!TryReceive(_target.Span, out read))
            {
                return;
            }
        }
        catch (Exception error)
        {
            end = error;
        }

        _target = default;
        Volatile.Write(ref _isWaiting, false);
        if (end is null)
        {
            _result.SetResult(read);
        }
        else
        {
            _result.SetException(end);
        }
    }

    /// <summary>Receives up to the end of the turn; false when nothing is there.</summary>
    private bool TryReceive(Span<byte> buffer, out int read)
    {
        Span<byte> target = buffer[..Math.Min(buffer.Length, _turnBytes)];
        read = _socket.Receive(target, SocketFlags.None, out SocketError error);
        switch (error)
        {
            case SocketError.Success when read == 0 && _isDisposed:
                // This end has closed the connection, and not the other one.
                throw new ObjectDisposedException(nameof(LinkSocketStream));
            case SocketError.Success:
                // A buffer that is not full has emptied the socket, and what arrives later is a new event. But the end may be there
                // already, whose event was the last.
                _isReadable = read == target.Length || _isOver;
                _turnBytes -= read;
                return true;
            case SocketError.WouldBlock:
                _isReadable = false;
                return false;
            default:
                throw Gone(error);
        }
    }

    private static Socket SetNonBlocking(Socket socket)
    {
        socket.Blocking = false;
        return socket;
    }

    private static IOException Gone(SocketError error)
    {
        SocketException inner = new((int)error);
        return new IOException(inner.Message, inner);
    }
}
