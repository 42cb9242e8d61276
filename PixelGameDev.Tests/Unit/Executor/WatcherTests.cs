using System.Net.WebSockets;
using Microsoft.Extensions.Time.Testing;
using PixelGameDev.Api.Sessions.Execution;
using PixelGameDev.Executor.Links;
using PixelGameDev.Executor.Viewers;
using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Unit.Executor;

/// <summary>Tests what people who watch by an invitation cost.</summary>
public sealed class WatcherTests
{
    private const int Silent = 100;
    private const int FrameBytes = 100_000;

    /// <summary>The cost of a frame with its rented buffer.</summary>
    private const long FrameCost = 132_000;

    [Fact]
    public async Task A_hundred_watchers_that_never_read_hold_a_frame_each_cost_no_frame_of_others_and_are_cut()
    {
        FakeTimeProvider clock = new();
        StreamBudget budget = new(256 << 20);
        SessionRelay relay = new(clock, maxWatchers: Silent + 1);
        using CancellationTokenSource leave = new();
        CountingSocket player = new();
        CountingSocket keen = new();
        List<Task> running = [Join(player, relay, clock, new StreamBudget(1 << 20), null, leave.Token)];
        for (int count = 0; count < Silent; count++)
        {
            running.Add(Join(new SilentSocket(), relay, clock, budget, 1, leave.Token));
        }

        running.Add(Join(keen, relay, clock, budget, 1, leave.Token));
        await Eventually.TrueAsync(() => (relay.Viewers, relay.Watchers) == (1, Silent + 1), "all have come");

        // 40 seconds with ten frames a second.
        for (int frame = 0; frame < 400; frame++)
        {
            PooledMessage message = Frame(frame);
            relay.Publish(message);
            Assert.True(
                SpinWait.SpinUntil(() => player.Frames == frame + 1, TimeSpan.FromSeconds(60)), $"The player got {player.Frames} frames.");
            Assert.True(
                SpinWait.SpinUntil(() => keen.Frames == frame + 1, TimeSpan.FromSeconds(60)), $"A keen watcher got {keen.Frames} frames.");
            message.Release();
            clock.Advance(TimeSpan.FromMilliseconds(100));
            if (frame % 5 == 4)
            {
                relay.Tick();
                if (frame >= 20)
                {
                    // Each keeps only the frame that is being sent, as may the keen one at this moment.
                    Assert.InRange(budget.Used, 0, (Silent + 1) * FrameCost);
                }
            }
        }

        await Eventually.TrueAsync(() => relay.Watchers == 1, "the silent ones are cut");
        await leave.CancelAsync();
        await Task.WhenAll(running).WaitAsync(Eventually.Limit);
        Assert.Equal((0, 0, 0L), (relay.Viewers, relay.Watchers, budget.Used));
    }

    [Fact]
    public async Task A_thousand_watchers_that_join_and_leave_leave_nothing()
    {
        FakeTimeProvider clock = new();
        StreamBudget budget = new(64 << 20);
        SessionRelay relay = new(clock);
        for (int count = 0; count < 1000; count++)
        {
            using CancellationTokenSource leave = new();
            Task watching = Join(new SilentSocket(), relay, clock, budget, 1, leave.Token);
            Assert.True(SpinWait.SpinUntil(() => relay.Watchers == 1, Eventually.Limit), "The watcher has not come.");
            PooledMessage message = Frame(count);
            relay.Publish(message);
            message.Release();
            await leave.CancelAsync();
            await watching.WaitAsync(Eventually.Limit);
            Assert.Equal(0, relay.Watchers);
        }

        Assert.Equal(0, budget.Used);
    }

    /// <summary>A game that only watchers are left to see counts as one that nobody watches.</summary>
    [Fact]
    public async Task Watchers_do_not_keep_a_session_alive()
    {
        FakeTimeProvider clock = new();
        SessionRelay relay = new(clock);
        using CancellationTokenSource leave = new();
        Task watching = Join(new CountingSocket(), relay, clock, new StreamBudget(1 << 20), 1, leave.Token);
        await Eventually.TrueAsync(() => relay.Watchers == 1, "the watcher has come");
        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(TimeSpan.FromSeconds(30), relay.UnwatchedFor);
        await leave.CancelAsync();
        await watching.WaitAsync(Eventually.Limit);
    }

    [Fact]
    public void An_address_may_have_two_hundred_streams_and_as_many_are_told_that_it_is_too_much()
    {
        OpenWatchers open = new();
        List<StreamSlot?> slots = [.. Enumerable.Range(0, (2 * OpenWatchers.MaxPerAddress) + 1).Select(_ => open.Enter("192.0.2.1"))];
        Assert.Equal(OpenWatchers.MaxPerAddress, slots.Count(static slot => slot is { IsAllowed: true }));
        Assert.Equal(OpenWatchers.MaxPerAddress, slots.Count(static slot => slot is { IsAllowed: false }));
        Assert.Null(slots[^1]);
        using (StreamSlot? other = open.Enter("192.0.2.2"))
        {
            Assert.True(other!.IsAllowed);
        }

        slots.ForEach(static slot => slot?.Dispose());
        Assert.Equal(0, open.Count);
    }

    private static Task Join(
        WebSocket socket, SessionRelay relay, TimeProvider clock, StreamBudget budget, long? invitation, CancellationToken leave) =>
        Task.Run(() => new Viewer(socket, relay, new PingRouter(), clock, budget, invitation).RunAsync(leave), CancellationToken.None);

    private static PooledMessage Frame(int number)
    {
        byte[] payload = new byte[FrameBytes];
        payload[0] = number == 0 ? (byte)1 : (byte)0;
        BitConverter.TryWriteBytes(payload.AsSpan(5), number);
        return PooledMessage.Create(MessageType.Frame, payload);
    }
}
