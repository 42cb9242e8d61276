using System.Buffers.Binary;
using System.Net.Sockets;
using System.Net.WebSockets;
using PixelGameDev.Executor.Links;
using PixelGameDev.Executor.Viewers;
using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Unit.Executor;

/// <summary>Tests the way of a frame through the Executor: from the link's socket to the viewers' connections.</summary>
public sealed class RelayAllocationTests
{
    private const int Settled = 500;
    private const int Last = 2500;

    [Fact]
    public async Task A_frame_is_sent_by_the_thread_that_read_it_and_allocates_nothing()
    {
        (Socket inside, Socket outside) = Pair();
        using (inside)
        {
            await using SandboxLink link = new(new NetworkStream(outside, ownsSocket: true), TimeProvider.System);
            inside.Send(Message(MessageType.Hello, [1, 0, .. """{"pygame":"2","python":"3","pid":1}"""u8]));
            await link.HandshakeAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60));
            SessionRelay relay = new(TimeProvider.System);
            Assert.True(link.TryBind(new Publisher(relay)));
            relay.Attach(link);
            using CancellationTokenSource leave = new();
            List<RecordingSocket> sockets = [new(Settled - 1, Last), new(Settled - 1, Last)];
            Task[] viewers = [.. sockets.Select(socket =>
                new Viewer(socket, relay, new PingRouter(), TimeProvider.System).RunAsync(leave.Token))];

            byte[] frame = Frame(8000);
            for (uint number = 0; number <= Last; number++)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(10), number);
                frame[5] = number == 0 ? (byte)1 : (byte)0;
                inside.Send(frame);
                if (number == Settled - 1)
                {
                    // Before this point the viewers connect, each on its own thread.
                    await Task.WhenAll(sockets.Select(socket => socket.There)).WaitAsync(TimeSpan.FromSeconds(60));
                }
            }

            await Task.WhenAll(sockets.Select(socket => socket.All)).WaitAsync(TimeSpan.FromSeconds(60));
            foreach (RecordingSocket socket in sockets)
            {
                Assert.Single(socket.Threads.Skip(Settled).Distinct());
                // Without the last frame, because reporting that all have arrived allocates memory.
                SteadyState.AssertNothing(socket.Allocated.AsSpan(Settled..Last));
            }

            await leave.CancelAsync();
            await Task.WhenAll(viewers).WaitAsync(TimeSpan.FromSeconds(60));
        }
    }

    private static (Socket Inside, Socket Outside) Pair()
    {
        using TestDirectory directory = new();
        using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        UnixDomainSocketEndPoint address = new(directory.Sub("link.sock"));
        listener.Bind(address);
        listener.Listen(1);
        Socket inside = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        inside.Connect(address);
        return (inside, listener.Accept());
    }

    private static byte[] Message(MessageType type, ReadOnlySpan<byte> payload)
    {
        byte[] message = new byte[5 + payload.Length];
        BinaryPrimitives.WriteInt32LittleEndian(message, 1 + payload.Length);
        message[4] = (byte)type;
        payload.CopyTo(message.AsSpan(5));
        return message;
    }

    private static byte[] Frame(int data)
    {
        byte[] frame = Message(MessageType.Frame, new byte[21 + data]);
        BinaryPrimitives.WriteUInt16LittleEndian(frame.AsSpan(6), 320);
        BinaryPrimitives.WriteUInt16LittleEndian(frame.AsSpan(8), 240);
        return frame;
    }

    private sealed class Publisher(SessionRelay relay) : ISandboxLinkReceiver
    {
        public void Receive(PooledMessage message) => relay.Publish(message);

        public void Closed(LinkFault? fault)
        {
        }
    }

    /// <summary>Accepts everything at once and records the sending thread and its allocated bytes.</summary>
    private sealed class RecordingSocket(int settled, int last) : WebSocket
    {
        private readonly TaskCompletionSource _there = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource<ValueWebSocketReceiveResult> _nothing =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
        private WebSocketState _state = WebSocketState.Open;

        public long[] Allocated { get; } = new long[last + 1];

        public int[] Threads { get; } = new int[last + 1];

        public Task There => _there.Task;

        public Task All => _all.Task;

        public override WebSocketCloseStatus? CloseStatus => null;

        public override string? CloseStatusDescription => null;

        public override WebSocketState State => _state;

        public override string? SubProtocol => null;

        public override ValueTask SendAsync(
            ReadOnlyMemory<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken)
        {
            int number = BinaryPrimitives.ReadInt32LittleEndian(buffer.Span[6..]);
            Allocated[number] = GC.GetAllocatedBytesForCurrentThread();
            Threads[number] = Environment.CurrentManagedThreadId;
            if (number == settled)
            {
                _there.SetResult();
            }

            if (number == last)
            {
                _all.SetResult();
            }

            return ValueTask.CompletedTask;
        }

        public override ValueTask<ValueWebSocketReceiveResult> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
            new(_nothing.Task.WaitAsync(cancellationToken));

        public override void Abort() => _state = WebSocketState.Aborted;

        public override Task CloseAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) =>
            Task.CompletedTask;

        public override Task CloseOutputAsync(WebSocketCloseStatus closeStatus, string? statusDescription,
            CancellationToken cancellationToken) => Task.CompletedTask;

        public override void Dispose()
        {
        }

        public override Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public override Task SendAsync(ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage,
            CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
