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
        // Other tests' links would allocate on the thread of the process's own reactor.
        using LinkReactor reactor = new();
        (Socket inside, SandboxLink connected) = await LinkSockets.ConnectAsync(reactor);
        using (inside)
        {
            await using SandboxLink link = connected;
            SessionRelay relay = new(TimeProvider.System);
            Assert.True(link.TryBind(new Publisher(relay)));
            relay.Attach(link);
            using CancellationTokenSource leave = new();
            List<RecordingSocket> sockets = [new(Settled - 1, Last), new(Settled - 1, Last)];
            Task[] viewers = [.. sockets.Select(socket =>
                new Viewer(socket, relay, new PingRouter(), TimeProvider.System).RunAsync(leave.Token))];

            byte[] frame = LinkSockets.Frame(8000);
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
