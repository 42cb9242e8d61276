using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using PixelGameDev.Executor.Configuration;
using PixelGameDev.Executor.Health;
using PixelGameDev.Executor.Links;
using PixelGameDev.Executor.Pool;
using PixelGameDev.Executor.Sandboxes;
using PixelGameDev.ServiceDefaults;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Executor;

/// <summary>Tests that the pool grows with demand and shrinks when it is quiet, with a clock and a memory that the test controls.</summary>
public sealed class WarmPoolTests : PoolScene
{
    [Fact]
    public async Task A_burst_makes_it_grow_and_quiet_minutes_make_it_shrink_to_the_setting()
    {
        ConcurrentQueue<DateTimeOffset> removed = new();
        _sandboxes.Removal = () =>
        {
            removed.Enqueue(_clock.GetUtcNow());
            return Task.CompletedTask;
        };
        await StartAsync(warm: 2, sessions: 40);
        await TakeAsync(9);
        await ReadyAsync(9);
        // Each start of the next burst of nine finds a warm sandbox.
        _clock.Advance(PoolDemand.ShortestBurst + Step);
        DateTimeOffset quiet = _clock.GetUtcNow() + PoolDemand.BurstRetention;
        Assert.All(await TakeAsync(9), Assert.True);
        await ReadyAsync(9);

        _clock.Advance(PoolDemand.BurstRetention + Step);
        await ReadyAsync(2);
        // One sandbox for each check. The clock may go on between the pool's decision and the removal, so a removal counts from the
        // beginning of the quiet time and not from the removal before.
        TimeSpan look = TimeSpan.FromSeconds(5);
        Assert.Equal(7, removed.Count);
        Assert.All(removed.Select(static (at, number) => (at, number)), removal =>
            Assert.True(removal.at >= quiet + (removal.number * look), $"removal {removal.number} at {removal.at - quiet}"));

        await LooksAsync(20, () => Assert.Equal(2, Waiting()));
        Assert.Equal((2, 2), (Pool.Ready, Pool.TargetSize));
        // A session got none of the removed sandboxes.
        Assert.All(_taken, static sandbox => Assert.False(((ScriptedSandbox)sandbox.Sandbox).Disposed));
    }

    [Fact]
    public async Task It_never_holds_more_than_memory_has_room_for_and_gives_back_what_memory_needs()
    {
        await StartAsync(warm: 2, sessions: 40);
        // 200 MB stay free for everything else.
        SetMemory(200 + (4 * SandboxMegabytes) + 100);
        await TakeAsync(12);
        // A waiting sandbox does not reduce this memory by itself. The test does it for each.
        int most = 0;
        await Eventually.TrueAsync(() =>
        {
            int waiting = Waiting();
            SetMemory(200 + 100 + ((4 - waiting) * SandboxMegabytes));
            most = Math.Max(most, waiting);
            _clock.Advance(Step);
            return waiting == 4;
        }, "as many as fit wait");
        await LooksAsync(20, () => Assert.InRange(Waiting(), 0, 4));
        Assert.Equal((4, 4), (Pool.Ready, Pool.TargetSize));

        // Another program needs memory.
        SetMemory(150);
        await ReadyAsync(2);
        await LooksAsync(20, () => Assert.Equal(2, Waiting()));
    }

    [Theory]
    // The published files: the Executor has 512 MB. The daemon runs on this machine or on another one.
    [InlineData(64_000L, 64_000, 8)]
    [InlineData(4_096L, 64_000, 8)]
    // (2048 - 200) / 256 = 7 sandboxes, running and waiting.
    [InlineData(2_048L, 64_000, 7)]
    public async Task The_Executors_own_limit_of_memory_is_not_the_sandboxes(long machineMegabytes, long available, int expected)
    {
        _sandboxes.MemoryTotal = machineMegabytes << 20;
        await StartAsync(warm: 2, sessions: 40, ownLimitMegabytes: 512, available: available);
        Assert.Equal(2, Pool.Ready);
        List<bool> warm = await TakeAsync(8);
        Assert.Equal(2, warm.Count(static one => one));
        await Task.WhenAll(_taken.Select(static sandbox => sandbox.DisposeAsync().AsTask()));
        await ReadyAsync(expected);
        await LooksAsync(5, () => Assert.InRange(Waiting(), 0, expected));
    }

    [Fact]
    public async Task A_setting_says_what_all_sandboxes_together_may_fill()
    {
        _sandboxes.MemoryTotal = 64_000L << 20;
        await StartAsync(warm: 2, sessions: 40, total: (200 + (5 * SandboxMegabytes)) << 20);
        await TakeAsync(4);
        // Five fit, four play.
        await ReadyAsync(1);
        await LooksAsync(5, () => Assert.InRange(Waiting(), 0, 2));
    }

    [Fact]
    public async Task It_leaves_the_places_that_are_taken_to_those_who_play()
    {
        await StartAsync(warm: 2, sessions: 20);
        await TakeAsync(14);
        await ReadyAsync(6);
        await LooksAsync(20, () => Assert.InRange(Waiting(), 0, 6));
        // Four stop, so their places are free.
        await Task.WhenAll(_taken.Take(4).Select(static sandbox => sandbox.DisposeAsync().AsTask()));
        await ReadyAsync(10);
        await LooksAsync(20, () => Assert.InRange(Waiting(), 0, 10));
    }

    [Fact]
    public async Task A_full_house_still_finds_the_setting()
    {
        await StartAsync(warm: 2, sessions: 5);
        await TakeAsync(5);
        await ReadyAsync(2);
        await LooksAsync(20, () => Assert.InRange(Waiting(), 0, 2));
    }

    [Fact]
    public async Task Without_a_pool_demand_makes_none()
    {
        await StartAsync(warm: 0, sessions: 20);
        Assert.All(await TakeAsync(10), Assert.False);
        await LooksAsync(20, () => Assert.Equal(0, Waiting()));
    }
}
