using System.Net.WebSockets;
using Microsoft.Extensions.Time.Testing;
using PixelGameDev.Executor.Links;
using PixelGameDev.Executor.Viewers;
using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Unit.Executor;

/// <summary>Tests a hundred viewers that do not read, next to players that do.</summary>
public sealed class SilentViewerTests
{
    private const int Sessions = 25;
    private const int SilentOfEach = 3;
    private const int FrameBytes = 1_000_000;
    private const long Most = 48 << 20;

    [Fact]
    public async Task A_hundred_silent_viewers_hold_a_bounded_memory_and_cost_the_others_no_frame()
    {
        FakeTimeProvider clock = new();
        StreamBudget budget = new(Most);
        using CancellationTokenSource leave = new();
        List<Task> running = [];
        List<(SessionRelay Relay, CountingSocket Keen)> sessions = [];
        for (int session = 0; session < Sessions; session++)
        {
            SessionRelay relay = new(clock);
            for (int silent = 0; silent < SilentOfEach; silent++)
            {
                running.Add(Watch(new SilentSocket()));
            }

            CountingSocket keen = new();
            running.Add(Watch(keen));
            sessions.Add((relay, keen));

            Task Watch(WebSocket socket) =>
                Task.Run(() => new Viewer(socket, relay, new PingRouter(), clock, budget).RunAsync(leave.Token));
        }

        await Eventually.TrueAsync(() => sessions.TrueForAll(static session => session.Relay.Viewers == SilentOfEach + 1), "all have come");

        // Ten seconds of games that send a megabyte ten times a second.
        for (int frame = 0; frame < 100; frame++)
        {
            PooledMessage message = Frame(frame, keyframe: frame == 0);
            foreach ((SessionRelay relay, CountingSocket keen) in sessions)
            {
                relay.Publish(message);
                Assert.True(
                    SpinWait.SpinUntil(() => keen.Frames == frame + 1, TimeSpan.FromSeconds(60)),
                    $"A viewer that keeps up got {keen.Frames} of {frame + 1} frames.");
            }

            message.Release();

            // At most what the budget allows, and the frames of each viewer that is already leaving.
            Assert.InRange(budget.Used, 0, Most + (Sessions * SilentOfEach * 2L * FrameBytes * 11 / 10));
            clock.Advance(TimeSpan.FromMilliseconds(100));
            if (frame % 10 == 9)
            {
                sessions.ForEach(static session => session.Relay.Tick());
            }
        }

        // Viewers that took nothing for five seconds are cut and have released their frames.
        await Eventually.TrueAsync(() => sessions.TrueForAll(static session => session.Relay.Viewers == 1), "the silent ones are gone");
        Assert.InRange(budget.Used, 0, Most / 4);
        await leave.CancelAsync();
        await Task.WhenAll(running).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(0, budget.Used);
    }

    [Fact]
    public void Letters_printed_one_by_one_are_joined_and_counted_as_what_they_cost()
    {
        StreamBudget budget = new(Most);
        ViewerQueue queue = new(new FakeTimeProvider(), budget);
        StreamHistory history = new();
        for (int count = 0; count < 200_000; count++)
        {
            PooledMessage letter = PooledMessage.Create(MessageType.Console, [1, (byte)('a' + (count % 26))]);
            queue.Add(letter);
            history.Record(letter);
            letter.Release();
        }

        Assert.InRange(budget.Used, 200_000, ViewerQueue.MaxConsoleBytes);
        int messages = 0, letters = 0;
        while (queue.TryDequeue() is { } message)
        {
            messages++;
            letters += message.Length - 2;
            queue.MarkSent(message);
        }

        Assert.Equal(200_000, letters);
        Assert.InRange(messages, 1, 100);
        Assert.Equal(0, budget.Used);
        Assert.InRange(history.ConsoleTail(1_000_000).Length, StreamHistory.MaxConsoleBytes * 3 / 4, StreamHistory.MaxConsoleBytes);
        history.Clear();
    }

    [Fact]
    public void The_newest_of_what_is_replaced_comes_last_and_alone()
    {
        ViewerQueue queue = new(new FakeTimeProvider(), new StreamBudget(Most));
        for (int count = 0; count < 1000; count++)
        {
            Add(MessageType.Console, [1, (byte)'x']);
            Add(MessageType.Caption, [(byte)count]);
            Add(MessageType.Stats, "{}"u8);
        }

        List<MessageType> types = [];
        while (queue.TryDequeue() is { } message)
        {
            types.Add(message.Type);
            queue.MarkSent(message);
        }

        Assert.Equal([MessageType.Caption, MessageType.Stats], types.Where(static type => type != MessageType.Console));
        Assert.Equal(MessageType.Stats, types[^1]);

        void Add(MessageType type, ReadOnlySpan<byte> payload)
        {
            PooledMessage message = PooledMessage.Create(type, payload);
            queue.Add(message);
            message.Release();
        }
    }

    private static PooledMessage Frame(int number, bool keyframe)
    {
        byte[] payload = new byte[FrameBytes];
        payload[0] = keyframe ? (byte)1 : (byte)0;
        BitConverter.TryWriteBytes(payload.AsSpan(5), number);
        return PooledMessage.Create(MessageType.Frame, payload);
    }
}
