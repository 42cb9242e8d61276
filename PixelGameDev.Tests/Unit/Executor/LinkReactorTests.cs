using System.Net.Sockets;
using System.Security.Cryptography;
using System.Threading.Channels;
using PixelGameDev.Executor.Links;
using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Unit.Executor;

/// <summary>Tests the thread that reads all links. <see cref="LinkReactorDisposalTests"/> tests how links leave it.</summary>
public sealed class LinkReactorTests : IDisposable
{
    private const int Seed = 20261130;

    private readonly LinkReactor _reactor = new();

    public void Dispose() => _reactor.Dispose();

    [Fact]
    public async Task Forty_links_at_once_deliver_every_byte_on_one_thread()
    {
        HashSet<int> threads = [];
        await Task.WhenAll(Enumerable.Range(0, 40).Select(async number =>
        {
            (Socket inside, SandboxLink link) = await LinkSockets.ConnectAsync(_reactor);
            using (inside)
            await using (link)
            {
                using IncrementalHash received = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                TaskCompletionSource<LinkFault?> closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
                Assert.True(link.TryBind(new Receiver(
                    message =>
                    {
                        received.AppendData(message.Memory.Span);
                        lock (threads)
                        {
                            threads.Add(Environment.CurrentManagedThreadId);
                        }
                    },
                    closed.SetResult)));
                byte[] sent = await SendFramesAsync(inside, new Random(Seed + number));
                Assert.Null(await closed.Task.WaitAsync(Eventually.Limit));
                Assert.Equal(sent, received.GetHashAndReset());
            }
        }));
        Assert.Single(threads);
    }

    [Fact]
    public async Task A_flood_that_never_runs_dry_leaves_a_calm_link_its_turn()
    {
        (Socket source, Socket outside) = LinkSockets.Pair();
        using (source)
        {
            await using LinkSocketStream flood = new(outside, _reactor);
            byte[] bytes = new byte[1000];
            for (int some = 0; some < 20; some++)
            {
                source.Send(bytes);
            }

            Task flooding = Task.Run(async () =>
            {
                // What it reads it sends to itself again, on the same thread. So there is always more, however fast the machine is.
                while (await flood.ReadAsync(bytes) is > 0 and var read)
                {
                    source.Send(bytes.AsSpan(0, read));
                }
            });

            (Socket inside, SandboxLink calm) = await LinkSockets.ConnectAsync(_reactor);
            using (inside)
            await using (calm)
            {
                Channel<int> lengths = Channel.CreateBounded<int>(1);
                Assert.True(calm.TryBind(new Receiver(message => Assert.True(lengths.Writer.TryWrite(message.Length)))));
                for (int data = 0; data < 100; data++)
                {
                    byte[] frame = LinkSockets.Frame(data);
                    inside.Send(frame);
                    Assert.Equal(frame.Length - LinkFraming.HeaderBytes,
                        await lengths.Reader.ReadAsync().AsTask().WaitAsync(Eventually.Limit));
                }
            }

            Assert.False(flooding.IsCompleted);
            await flood.DisposeAsync();
            await Assert.ThrowsAnyAsync<Exception>(() => flooding.WaitAsync(Eventually.Limit));
        }
    }

    [Fact]
    public async Task A_receiver_that_throws_ends_its_own_link_only()
    {
        (Socket inside, SandboxLink calm) = await LinkSockets.ConnectAsync(_reactor);
        using (inside)
        await using (calm)
        {
            Channel<int> lengths = Channel.CreateBounded<int>(1);
            Assert.True(calm.TryBind(new Receiver(message => Assert.True(lengths.Writer.TryWrite(message.Length)))));
            foreach (Exception error in (Exception[])[new InvalidOperationException("no rule"), new ProtocolException("a rule")])
            {
                (Socket other, SandboxLink broken) = await LinkSockets.ConnectAsync(_reactor);
                using (other)
                await using (broken)
                {
                    TaskCompletionSource<LinkFault?> closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
                    Assert.True(broken.TryBind(new Receiver(_ => throw error, closed.SetResult)));
                    other.Send(LinkSockets.Frame(1));
                    await broken.Closed.WaitAsync(Eventually.Limit);
                    if (error is ProtocolException)
                    {
                        Assert.Equal("a rule", (await closed.Task.WaitAsync(Eventually.Limit))?.Detail);
                    }

                    inside.Send(LinkSockets.Frame(2));
                    Assert.Equal(LinkSockets.FrameHeaderBytes + 2 - LinkFraming.HeaderBytes,
                        await lengths.Reader.ReadAsync().AsTask().WaitAsync(Eventually.Limit));
                }
            }
        }
    }

    [Fact]
    public async Task An_end_right_after_the_last_message_is_seen()
    {
        for (int round = 0; round < 300; round++)
        {
            (Socket inside, SandboxLink link) = await LinkSockets.ConnectAsync(_reactor);
            await using (link)
            {
                int frames = 0;
                TaskCompletionSource<LinkFault?> closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
                Assert.True(link.TryBind(new Receiver(_ => frames++, closed.SetResult)));
                inside.Send(LinkSockets.Frame(round));
                inside.Dispose();
                Assert.Null(await closed.Task.WaitAsync(Eventually.Limit));
                Assert.Equal(1, frames);
            }
        }
    }

    [Fact]
    public async Task A_link_that_is_slowed_down_goes_on()
    {
        (Socket inside, SandboxLink link) = await LinkSockets.ConnectAsync(_reactor);
        using (inside)
        await using (link)
        {
            // More than the burst of 32 MiB.
            const int frames = 200;
            byte[] frame = LinkSockets.Frame(200_000);
            int received = 0;
            TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Assert.True(link.TryBind(new Receiver(_ =>
            {
                if (++received == frames)
                {
                    all.SetResult();
                }
            })));
            await Task.Run(() =>
            {
                for (int number = 0; number < frames; number++)
                {
                    inside.Send(frame);
                }
            });
            await all.Task.WaitAsync(Eventually.Limit);
        }
    }

    [Fact]
    public async Task A_reactor_that_ends_ends_its_links()
    {
        LinkReactor reactor = new();
        (Socket inside, SandboxLink link) = await LinkSockets.ConnectAsync(reactor);
        using (inside)
        await using (link)
        {
            reactor.Dispose();
            await link.Closed.WaitAsync(Eventually.Limit);
        }
    }

    /// <summary>
    /// Sends frames of random sizes in random pieces with random pauses, then the end. Returns the hash of the messages without lengths.
    /// </summary>
    private static async Task<byte[]> SendFramesAsync(Socket inside, Random random)
    {
        using IncrementalHash sent = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int number = 0; number < 60; number++)
        {
            byte[] frame = LinkSockets.Frame(random.Next(8) == 0 ? random.Next(300_000) : random.Next(5_000));
            random.NextBytes(frame.AsSpan(LinkSockets.FrameHeaderBytes));
            sent.AppendData(frame.AsSpan(LinkFraming.HeaderBytes));
            for (int done = 0; done < frame.Length;)
            {
                int piece = Math.Min(frame.Length - done, random.Next(4) == 0 ? random.Next(1, 10) : random.Next(1, 100_000));
                done += await inside.SendAsync(frame.AsMemory(done, piece));
                if (random.Next(4) == 0)
                {
                    await Task.Delay(random.Next(3));
                }
            }
        }

        inside.Shutdown(SocketShutdown.Send);
        return sent.GetHashAndReset();
    }

    private sealed class Receiver(Action<PooledMessage> receive, Action<LinkFault?>? closed = null) : ISandboxLinkReceiver
    {
        public void Receive(PooledMessage message) => receive(message);

        public void Closed(LinkFault? fault) => closed?.Invoke(fault);
    }
}
