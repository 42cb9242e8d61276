using System.Net.Sockets;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Links;

/// <summary>Represents the Executor's end of the link to one sandbox.</summary>
/// <remarks>
/// Step 1: <see cref="HandshakeAsync"/> waits for Hello. Step 2: the reading loop starts. A sandbox in the pool must not send
/// anything: a message from it means that it is about to end, and makes the link unusable at once, like the end of the stream.
/// Step 3: <see cref="TryBind"/> sets the receiver.
/// <para>
/// One thread reads all links that are sockets (<see cref="LinkReactor"/>). A frame wakes only that thread, and the same thread passes
/// the frame to the viewers' connections. So nothing that a message causes may block.
/// </para>
/// </remarks>
internal sealed class SandboxLink : IAsyncDisposable
{
    // A noisy full-screen game can produce more than any viewer can receive. Above this rate the link is read more slowly, so GameHost
    // drops frames. Too many messages cannot be slowed down like this and end the session.
    private const double BytesPerSecond = 48 * 1024 * 1024;
    private const double BurstBytes = 32 * 1024 * 1024;
    private const double MessagesPerSecond = 1000;
    private const double BurstMessages = 4000;

    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(2);

    private readonly Stream _stream;
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

    /// <param name="stream">The stream of a socket or of a container. The link closes it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="reactor">Reads the link if it is a socket; null: <see cref="LinkReactor.Shared"/>.</param>
    public SandboxLink(Stream stream, TimeProvider time, LinkReactor? reactor = null)
    {
        _stream = stream is NetworkStream { Socket: { } socket } ? new LinkSocketStream(socket, reactor) : stream;
        _time = time;
        _reader = new LinkMessageReader(_stream);
        _writer = new LinkMessageWriter(_stream);
        _bytes = new TokenBucket(BytesPerSecond, BurstBytes, time);
        _messages = new TokenBucket(MessagesPerSecond, BurstMessages, time);
    }

    /// <summary>Gets GameHost's Hello.</summary>
    public HelloInfo? Hello { get; private set; }

    /// <summary>Completes when the link closes or, before <see cref="TryBind"/>, becomes unusable; never faults.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Gets whether the sandbox appears to run and has sent nothing since its Hello.</summary>
    public bool IsUsable => !_closed.Task.IsCompleted;

    /// <summary>Waits for GameHost's Hello, and starts to read and write.</summary>
    /// <exception cref="ProtocolException">The first message is not a Hello of this version.</exception>
    /// <exception cref="EndOfStreamException">The link closed before the Hello.</exception>
    public async Task<HelloInfo> HandshakeAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource<HelloInfo> hello = new(TaskCreationOptions.RunContinuationsAsynchronously);
        // On the pool, because the caller's synchronization context must not get the loop. The first read of a socket leaves the pool.
        _reading = Task.Run(() => ReadToEndAsync(hello), CancellationToken.None);
        Hello = await hello.Task.WaitAsync(cancellationToken);
        _writing = Task.Run(() => _writer.RunAsync(_stop.Token), CancellationToken.None);
        return Hello;
    }

    /// <summary>
    /// Passes all messages to <paramref name="receiver"/> from now on. Call it once; false when the sandbox has ended already.
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

    /// <summary>Copies a whole message (type byte first) and queues it; false when the sandbox is too far behind.</summary>
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

    private async Task ReadToEndAsync(TaskCompletionSource<HelloInfo> hello)
    {
        try
        {
            await ReadLoopAsync(hello);
        }
        finally
        {
            // Also after an exception that nothing expects. It concerns only this link.
            _closed.TrySetResult();
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
            // The caller may no longer wait, so observe the exception here.
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
                    await Task.Delay(wait, _time, _stop.Token);
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
            // The sandbox or the session has ended: a normal end of the link.
        }

        ISandboxLinkReceiver? receiver = ReceiverOrUnusable();
        _closed.TrySetResult();
        receiver?.Closed(fault);
    }

    /// <summary>Passes a message on. A message without a receiver is dropped and makes the link unusable.</summary>
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

    /// <summary>Returns the receiver; null if there is none, and then none can be bound any more.</summary>
    private ISandboxLinkReceiver? ReceiverOrUnusable()
    {
        lock (_binding)
        {
            _unusable |= _receiver is null;
            return _receiver;
        }
    }
}
