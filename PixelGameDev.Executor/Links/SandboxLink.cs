using System.Net.Sockets;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Links;

/// <summary>Is the Executor's end of the link to one sandbox.</summary>
/// <remarks>
/// Step 1: <see cref="HandshakeAsync"/> waits for Hello. Step 2: the reading loop runs from then on. A sandbox that waits in the
/// pool has nothing to say: a message from it means that it is about to die, and like the end of the stream it makes the link unusable
/// at once. Step 3: <see cref="TryBind"/> names the receiver.
/// <para>
/// A link that is a socket is read by a thread of its own which sleeps in the kernel (<see cref="LinkSocketStream"/>): a frame
/// wakes that thread and no other, and the same thread hands it to the viewers' connections.
/// </para>
/// </remarks>
internal sealed class SandboxLink : IAsyncDisposable
{
    private const int ThreadStackBytes = 512 * 1024;

    // A noisy full-screen game can produce more than any viewer takes: beyond this the link is read slower, which makes
    // GameHost drop frames. The count of messages has no such remedy and ends the session.
    private const double BytesPerSecond = 48 * 1024 * 1024;
    private const double BurstBytes = 32 * 1024 * 1024;
    private const double MessagesPerSecond = 1000;
    private const double BurstMessages = 4000;

    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(2);

    private readonly Stream _stream;
    private readonly bool _ownThread;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly TokenBucket _bytes;
    private readonly TokenBucket _messages;
    private readonly LinkMessageReader _reader;
    private readonly LinkMessageWriter _writer;
    private readonly Lock _binding = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ISandboxLinkReceiver? _receiver;
    private bool _unusable;
    private Task _reading = Task.CompletedTask;
    private Task _writing = Task.CompletedTask;
    private int _disposed;

    public SandboxLink(Stream stream, TimeProvider time)
    {
        _ownThread = stream is NetworkStream;
        _stream = stream is NetworkStream { Socket: { } socket } ? new LinkSocketStream(socket) : stream;
        _time = time;
        _reader = new LinkMessageReader(_stream);
        _writer = new LinkMessageWriter(_stream);
        _bytes = new TokenBucket(BytesPerSecond, BurstBytes, time);
        _messages = new TokenBucket(MessagesPerSecond, BurstMessages, time);
    }

    /// <summary>Gets what GameHost said of itself.</summary>
    public HelloInfo? Hello { get; private set; }

    /// <summary>Completes when the link is over or, before <see cref="TryBind"/>, cannot be used any more; never faults.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Gets whether the sandbox lives, as far as is known, and has sent nothing since its Hello.</summary>
    public bool IsUsable => !_closed.Task.IsCompleted;

    /// <summary>Waits for GameHost's Hello and starts to read and write.</summary>
    /// <exception cref="ProtocolException">The first message is not a Hello of this version.</exception>
    /// <exception cref="EndOfStreamException">The link closed before it came.</exception>
    public async Task<HelloInfo> HandshakeAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource<HelloInfo> hello = new(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_ownThread)
        {
            TaskCompletionSource over = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _reading = over.Task;
            // It waits for this link only, and on this thread, so it never leaves it.
            new Thread(() =>
            {
                try
                {
                    ReadLoopAsync(hello).GetAwaiter().GetResult();
                    over.SetResult();
                }
                catch (Exception error)
                {
                    // An exception that leaves a thread ends the process; this one concerns a single session.
                    _closed.TrySetResult();
                    over.SetException(error);
                }
            }, ThreadStackBytes)
            { IsBackground = true, Name = "link" }.Start();
        }
        else
        {
            _reading = Task.Run(() => ReadLoopAsync(hello), CancellationToken.None);
        }

        Hello = await hello.Task.WaitAsync(cancellationToken);
        _writing = Task.Run(() => _writer.RunAsync(_stop.Token), CancellationToken.None);
        return Hello;
    }

    /// <summary>
    /// Gives everything to <paramref name="receiver"/> from now on. Call it once; false when the sandbox is dead already.
    /// </summary>
    public bool TryBind(ISandboxLinkReceiver receiver)
    {
        lock (_binding)
        {
            if (_unusable)
            {
                return false;
            }

            _receiver = receiver;
            return true;
        }
    }

    /// <inheritdoc cref="LinkMessageWriter.TrySend"/>
    public bool TrySend(PooledMessage message) => _writer.TrySend(message);

    /// <summary>Copies a whole message, type byte first, and queues it; false when the sandbox is too far behind.</summary>
    public bool TrySend(ReadOnlySpan<byte> message) => _writer.TrySend(PooledMessage.Create(message));

    /// <inheritdoc cref="LinkMessageWriter.TrySendInput"/>
    public bool TrySendInput(PooledMessage message) => _writer.TrySendInput(message);

    /// <inheritdoc cref="LinkMessageWriter.SendAsync"/>
    public ValueTask SendAsync(PooledMessage message, CancellationToken cancellationToken) => _writer.SendAsync(message, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        _writer.Complete();
        await _stop.CancelAsync();
        await _stream.DisposeAsync();
        await Task.WhenAny(Task.WhenAll(_reading, _writing), Task.Delay(CloseTimeout, _time));
        _writer.Clear();
        _closed.TrySetResult();
        _stop.Dispose();
    }

    private async Task<HelloInfo> ReadHelloAsync()
    {
        PooledMessage first = await _reader.ReadAsync(_stop.Token)
            ?? throw new EndOfStreamException("the sandbox closed the link before it said Hello");
        try
        {
            return SandboxMessages.ReadHello(first.Memory.Span);
        }
        finally
        {
            first.Release();
        }
    }

    private async Task ReadLoopAsync(TaskCompletionSource<HelloInfo> hello)
    {
        try
        {
            hello.SetResult(await ReadHelloAsync());
        }
        catch (Exception error)
        {
            hello.SetException(error);
            // The caller may have given up already: then nobody else observes the exception.
            _ = hello.Task.Exception;
            _closed.TrySetResult();
            return;
        }

        LinkFault? fault = null;
        try
        {
            while (await _reader.ReadAsync(_stop.Token) is { } message)
            {
                int length = message.Length;
                try
                {
                    Receive(message);
                }
                finally
                {
                    message.Release();
                }

                TimeSpan wait = _bytes.Charge(length);
                if (wait > TimeSpan.Zero)
                {
                    await WaitOnOwnThreadAsync(DelayAsync(wait));
                }
            }
        }
        catch (ProtocolException broken)
        {
            fault = new LinkFault(EndReasons.ProtocolError, broken.Message);
        }
        catch (LinkLimitException limit)
        {
            fault = new LinkFault(limit.Reason, limit.Message);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The sandbox is gone or the session is over: an ordinary end of the link.
        }

        ISandboxLinkReceiver? receiver = ReceiverOrUnusable();
        _closed.TrySetResult();
        receiver?.Closed(fault);
    }

    /// <summary>Hands a message on. One that comes before there is a receiver is dropped, and makes the link unusable.</summary>
    private void Receive(PooledMessage message)
    {
        if (message.Type == MessageType.Hello)
        {
            throw new ProtocolException("A second Hello.");
        }

        if (!_messages.TryTake())
        {
            throw new LinkLimitException(EndReasons.StreamLimit, $"more than {MessagesPerSecond} messages a second");
        }

        if ((_receiver ?? ReceiverOrUnusable()) is { } receiver)
        {
            receiver.Receive(message);
        }
        else
        {
            _closed.TrySetResult();
        }
    }

    /// <summary>Returns the receiver. Null: there is none, and from now on none can be bound.</summary>
    private ISandboxLinkReceiver? ReceiverOrUnusable()
    {
        lock (_binding)
        {
            _unusable |= _receiver is null;
            return _receiver;
        }
    }

    private async Task<bool> DelayAsync(TimeSpan wait)
    {
        await Task.Delay(wait, _time, _stop.Token);
        return true;
    }

    /// <summary>Blocks until the task has ended, where this thread is the link's own: awaiting it then continues on this thread.</summary>
    private Task<T> WaitOnOwnThreadAsync<T>(Task<T> task)
    {
        if (_ownThread && !task.IsCompleted)
        {
            ((IAsyncResult)task).AsyncWaitHandle.WaitOne();
        }

        return task;
    }
}
