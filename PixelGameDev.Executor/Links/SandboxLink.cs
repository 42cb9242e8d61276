using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text.Json;
using System.Threading.Channels;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Links;

/// <summary>Takes what comes out of a sandbox, on the link's one reading task, in order.</summary>
internal interface ISandboxLinkReceiver
{
    /// <summary>A message that keeps the rules. The receiver retains it if it needs it longer than the call.</summary>
    /// <exception cref="ProtocolViolationException">The message is not allowed now.</exception>
    void Receive(PooledMessage message);

    /// <summary>The link is over; called once, last. <paramref name="fault"/>: how the sandbox broke the rules, if it did.</summary>
    void Closed(LinkFault? fault);
}

/// <summary>
/// The Executor's end of the link to one sandbox.
/// </summary>
/// <remarks>
/// Step 1: <see cref="HandshakeAsync"/> waits for Hello. Step 2: the reading loop runs from then on. A sandbox that waits in the
/// pool has nothing to say: a message from it is its last words, and like the end of the stream it makes the link unusable at once.
/// Step 3: <see cref="TryBind"/> names the receiver. Outgoing messages go
/// through one bounded queue and one writing task, which joins whatever is waiting into a single write: input of a player
/// reaches GameHost with one system call, and a sandbox that does not read can hold no more than the queue.
/// <para>
/// A link that is a socket is read by a thread of its own which sleeps in the kernel (<see cref="LinkSocketStream"/>): a frame
/// wakes that thread and no other, and the same thread hands it to the viewers' connections. By way of the thread pool each
/// frame woke three, which cost more than all else together.
/// </para>
/// </remarks>
internal sealed class SandboxLink : IAsyncDisposable
{
    /// <summary>Messages waiting to be written; a sandbox that is this far behind has stopped reading.</summary>
    private const int OutgoingCapacity = 1024;

    /// <summary>Places for what must arrive: the end, who watches, keyframe requests, what is held.</summary>
    private const int ReservedMessages = 128;

    private const int LengthBytes = 4;
    private const int ReadBufferBytes = 64 * 1024;
    private const int WriteBufferBytes = 64 * 1024;
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
    private readonly byte[] _readBuffer = new byte[ReadBufferBytes];
    private readonly Lock _binding = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<PooledMessage> _outgoing = Channel.CreateBounded<PooledMessage>(
        new BoundedChannelOptions(OutgoingCapacity) { SingleReader = true });

    private ISandboxLinkReceiver? _receiver;
    private bool _unusable;
    private int _readStart;
    private int _readEnd;
    private int _lastLength;
    private Task _reading = Task.CompletedTask;
    private Task _writing = Task.CompletedTask;
    private int _disposed;

    public SandboxLink(Stream stream, TimeProvider time)
    {
        _ownThread = stream is NetworkStream;
        _stream = stream is NetworkStream { Socket: { } socket } ? new LinkSocketStream(socket) : stream;
        _time = time;
        _bytes = new TokenBucket(BytesPerSecond, BurstBytes, time);
        _messages = new TokenBucket(MessagesPerSecond, BurstMessages, time);
    }

    /// <summary>What GameHost said of itself.</summary>
    public HelloInfo? Hello { get; private set; }

    /// <summary>Completes when the link is over or, before <see cref="TryBind"/>, cannot be used any more; never faults.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Whether the sandbox lives, as far as is known, and has kept silent since its Hello.</summary>
    public bool IsUsable => !_closed.Task.IsCompleted;

    /// <summary>Waits for GameHost's Hello and starts to read and write.</summary>
    /// <exception cref="ProtocolViolationException">The first message is not a Hello of this version.</exception>
    /// <exception cref="EndOfStreamException">The link closed before it came.</exception>
    public async Task<HelloInfo> HandshakeAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource<HelloInfo> hello = new(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_ownThread)
        {
            TaskCompletionSource over = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _reading = over.Task;
            // Nothing in it waits but for this link, and what else it awaits it waits for here: it never leaves its thread.
            new Thread(() =>
            {
                try
                {
                    ReadLoopAsync(hello).GetAwaiter().GetResult();
                    over.SetResult();
                }
                catch (Exception error)
                {
                    // A fault of one session's, as it would be on the pool, not the end of all.
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
        _writing = Task.Run(WriteLoopAsync, CancellationToken.None);
        return Hello;
    }

    /// <summary>From now on <paramref name="receiver"/> gets everything. Once; false when the sandbox is dead already.</summary>
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

    /// <summary>Queues a message, whose ownership passes to the link; false (and released) when the sandbox is too far behind.</summary>
    public bool TrySend(PooledMessage message)
    {
        if (_outgoing.Writer.TryWrite(message))
        {
            return true;
        }

        message.Release();
        return false;
    }

    /// <summary><see cref="TrySend(PooledMessage)"/> for what may be lost: it leaves room for what must arrive.</summary>
    public bool TrySendInput(PooledMessage message)
    {
        if (_outgoing.Reader.Count < OutgoingCapacity - ReservedMessages)
        {
            return TrySend(message);
        }

        message.Release();
        return false;
    }

    /// <inheritdoc cref="TrySend(PooledMessage)"/>
    public bool TrySend(MessageType type, ReadOnlySpan<byte> payload) => TrySend(PooledMessage.Create(type, payload));

    /// <summary>Queues a message and waits for room.</summary>
    public async ValueTask SendAsync(PooledMessage message, CancellationToken cancellationToken)
    {
        try
        {
            await _outgoing.Writer.WriteAsync(message, cancellationToken);
        }
        catch
        {
            message.Release();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        _outgoing.Writer.TryComplete();
        await _stop.CancelAsync();
        await _stream.DisposeAsync();
        await Task.WhenAny(Task.WhenAll(_reading, _writing), Task.Delay(CloseTimeout, _time));
        while (_outgoing.Reader.TryRead(out PooledMessage? message))
        {
            message.Release();
        }

        _closed.TrySetResult();
        _stop.Dispose();
    }

    private static HelloInfo ParseHello(PooledMessage message)
    {
        ReadOnlySpan<byte> payload = message.Payload;
        if (message.Type != MessageType.Hello || payload.Length < 2)
        {
            throw new ProtocolViolationException($"the first message is {message.Type}, not Hello");
        }

        int version = BinaryPrimitives.ReadUInt16LittleEndian(payload);
        if (version != 1)
        {
            throw new ProtocolViolationException($"GameHost speaks version {version} of the protocol, 1 is known");
        }

        try
        {
            return JsonSerializer.Deserialize(payload[2..], ProtocolJson.Default.HelloInfo)
                ?? throw new ProtocolViolationException("Hello is null");
        }
        catch (JsonException)
        {
            throw new ProtocolViolationException("Hello is not the JSON it should be");
        }
    }

    private async Task<HelloInfo> ReadHelloAsync()
    {
        PooledMessage first = await ReadAsync(_stop.Token)
            ?? throw new EndOfStreamException("the sandbox closed the link before it said Hello");
        try
        {
            return ParseHello(first);
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
            // Who waited may have given up before: then nobody is left to look at it.
            _ = hello.Task.Exception;
            _closed.TrySetResult();
            return;
        }

        LinkFault? fault = null;
        try
        {
            while (await ReadAsync(_stop.Token) is { } message)
            {
                try
                {
                    Receive(message);
                }
                finally
                {
                    message.Release();
                }

                TimeSpan wait = _bytes.Charge(_lastLength);
                if (wait > TimeSpan.Zero)
                {
                    await WaitOnOwnThreadAsync(DelayAsync(wait));
                }
            }
        }
        catch (ProtocolViolationException broken)
        {
            fault = new LinkFault(broken.Reason, broken.Message);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The sandbox is gone or the session is over: an ordinary end of the link.
        }

        ISandboxLinkReceiver? receiver = ReceiverOrUnusable();
        _closed.TrySetResult();
        receiver?.Closed(fault);
    }

    /// <summary>Hands a message on. What comes before there is anybody to take it is thrown away, and the link with it.</summary>
    private void Receive(PooledMessage message)
    {
        if (message.Type == MessageType.Hello)
        {
            throw new ProtocolViolationException("a second Hello");
        }

        if (!_messages.TryTake())
        {
            throw new ProtocolViolationException($"more than {MessagesPerSecond} messages a second", EndReasons.StreamLimit);
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

    /// <summary>The receiver; null: there is none, and from now on there will be none.</summary>
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

    /// <summary>The task, completed on return where this thread is the link's own, so that awaiting it goes on here.</summary>
    private Task<T> WaitOnOwnThreadAsync<T>(Task<T> task)
    {
        if (_ownThread && !task.IsCompleted)
        {
            ((IAsyncResult)task).AsyncWaitHandle.WaitOne();
        }

        return task;
    }

    /// <summary>The next message, checked; null at the end of the stream.</summary>
    private async ValueTask<PooledMessage?> ReadAsync(CancellationToken cancellationToken)
    {
        if (!await FillAsync(LengthBytes, cancellationToken))
        {
            return null;
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(_readBuffer.AsSpan(_readStart));
        if (length is < 1 or > MessageRules.MaxLength)
        {
            throw new ProtocolViolationException($"a message of {length} bytes");
        }

        if (!await FillAsync(LengthBytes + 1, cancellationToken))
        {
            return null;
        }

        // The type decides how much may be rented: a forged length costs nothing before it is believed.
        MessageType type = (MessageType)_readBuffer[_readStart + LengthBytes];
        SandboxMessageRules.CheckHeader(type, (int)length);
        _readStart += LengthBytes;

        PooledMessage message = PooledMessage.Rent((int)length);
        try
        {
            int have = Math.Min((int)length, _readEnd - _readStart);
            _readBuffer.AsSpan(_readStart, have).CopyTo(message.Buffer.Span);
            _readStart += have;
            while (have < (int)length)
            {
                int read = await _stream.ReadAsync(message.Buffer[have..], cancellationToken);
                if (read == 0)
                {
                    message.Release();
                    return null;
                }

                have += read;
            }

            SandboxMessageRules.CheckPayload(type, message.Payload);
            _lastLength = (int)length;
            return message;
        }
        catch
        {
            message.Release();
            throw;
        }
    }

    /// <summary>Makes <paramref name="count"/> bytes available in the buffer; false at the end of the stream.</summary>
    private async ValueTask<bool> FillAsync(int count, CancellationToken cancellationToken)
    {
        if (_readEnd - _readStart >= count)
        {
            return true;
        }

        if (_readStart == _readEnd)
        {
            _readStart = _readEnd = 0;
        }
        else if (_readBuffer.Length - _readStart < count)
        {
            _readBuffer.AsSpan(_readStart, _readEnd - _readStart).CopyTo(_readBuffer);
            _readEnd -= _readStart;
            _readStart = 0;
        }

        while (_readEnd - _readStart < count)
        {
            int read = await _stream.ReadAsync(_readBuffer.AsMemory(_readEnd), cancellationToken);
            if (read == 0)
            {
                return false;
            }

            _readEnd += read;
        }

        return true;
    }

    private async Task WriteLoopAsync()
    {
        byte[] joined = ArrayPool<byte>.Shared.Rent(WriteBufferBytes);
        byte[] header = new byte[LengthBytes];
        try
        {
            while (await _outgoing.Reader.WaitToReadAsync(_stop.Token))
            {
                int used = 0;
                while (_outgoing.Reader.TryRead(out PooledMessage? message))
                {
                    try
                    {
                        if (used > 0 && used + LengthBytes + message.Length > joined.Length)
                        {
                            await _stream.WriteAsync(joined.AsMemory(0, used), _stop.Token);
                            used = 0;
                        }

                        if (LengthBytes + message.Length > joined.Length)
                        {
                            BinaryPrimitives.WriteInt32LittleEndian(header, message.Length);
                            await _stream.WriteAsync(header, _stop.Token);
                            await _stream.WriteAsync(message.Memory, _stop.Token);
                            continue;
                        }

                        BinaryPrimitives.WriteInt32LittleEndian(joined.AsSpan(used), message.Length);
                        message.Memory.Span.CopyTo(joined.AsSpan(used + LengthBytes));
                        used += LengthBytes + message.Length;
                    }
                    finally
                    {
                        message.Release();
                    }
                }

                if (used > 0)
                {
                    await _stream.WriteAsync(joined.AsMemory(0, used), _stop.Token);
                }
            }
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The reading side sees the same end and tells it.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(joined);
        }
    }
}
