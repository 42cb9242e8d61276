using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using PixelGameDev.Executor.Configuration;
using PixelGameDev.Executor.Health;
using PixelGameDev.Executor.Sandboxes;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Executor;

/// <summary>A pool that grows with demand and shrinks when it is quiet, on a clock and with a memory that the test moves.</summary>
public sealed class WarmPoolTests : IAsyncDisposable
{
    private const long SandboxMegabytes = 256;

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(500);

    private readonly TestDirectory machine = new();
    private readonly SleepersClock clock = new();
    private readonly ScriptedSandboxFactory sandboxes = new();
    private readonly List<WarmSandbox> taken = [];
    private WarmPool? pool;

    private WarmPool Pool => pool!;

    public async ValueTask DisposeAsync()
    {
        sandboxes.Removal = null;
        await Task.WhenAll(taken.Select(static sandbox => sandbox.DisposeAsync().AsTask()));
        if (pool is not null)
        {
            await pool.StopAsync(CancellationToken.None);
            pool.Dispose();
        }

        machine.Dispose();
    }

    [Fact]
    public async Task A_burst_makes_it_grow_and_quiet_minutes_make_it_shrink_to_the_setting()
    {
        ConcurrentQueue<DateTimeOffset> removed = new();
        sandboxes.Removal = () =>
        {
            removed.Enqueue(clock.GetUtcNow());
            return Task.CompletedTask;
        };
        await StartAsync(warm: 2, sessions: 40);
        await TakeAsync(9);
        await ReadyAsync(9);
        // The next burst of nine finds one each.
        clock.Advance(PoolDemand.ShortestBurst + Step);
        Assert.All(await TakeAsync(9), Assert.True);
        await ReadyAsync(9);

        clock.Advance(PoolDemand.Quiet + Step);
        await ReadyAsync(2);
        // One for each look around.
        TimeSpan look = TimeSpan.FromSeconds(5);
        Assert.Equal(7, removed.Count);
        Assert.All(removed.Zip(removed.Skip(1)), pair => Assert.True(pair.Second - pair.First >= look, $"{pair.Second - pair.First} between two"));

        await LooksAsync(20, () => Assert.Equal(2, Waiting()));
        Assert.Equal((2, 2), (Pool.Ready, Pool.Wanted));
        // What was thrown away was not given to anybody.
        Assert.All(taken, static sandbox => Assert.False(((ScriptedSandbox)sandbox.Sandbox).Disposed));
    }

    [Fact]
    public async Task It_never_holds_more_than_memory_has_room_for_and_gives_back_what_memory_needs()
    {
        await StartAsync(warm: 2, sessions: 40);
        // 200 MB stay free for everything else.
        SetMemory(200 + (4 * SandboxMegabytes) + 100);
        await TakeAsync(12);
        // What waits is not taken out of this memory by itself: the test does it, whenever one more waits.
        int most = 0;
        await Eventually.TrueAsync(() =>
        {
            int waiting = Waiting();
            SetMemory(200 + 100 + ((4 - waiting) * SandboxMegabytes));
            most = Math.Max(most, waiting);
            clock.Advance(Step);
            return waiting == 4;
        }, "as many as fit wait");
        await LooksAsync(20, () => Assert.InRange(Waiting(), 0, 4));
        Assert.Equal((4, 4), (Pool.Ready, Pool.Wanted));

        // Something else needs memory.
        SetMemory(150);
        await ReadyAsync(2);
        await LooksAsync(20, () => Assert.Equal(2, Waiting()));
    }

    [Fact]
    public async Task It_leaves_the_places_that_are_taken_to_those_who_play()
    {
        await StartAsync(warm: 2, sessions: 20);
        await TakeAsync(14);
        await ReadyAsync(6);
        await LooksAsync(20, () => Assert.InRange(Waiting(), 0, 6));
        // Four stop; their places are free.
        await Task.WhenAll(taken.Take(4).Select(static sandbox => sandbox.DisposeAsync().AsTask()));
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

    [Fact]
    public async Task A_full_pool_goes_at_once_when_the_Executor_stops()
    {
        await StartAsync(warm: 6, sessions: 20);
        await ReadyAsync(6);
        // Each is gone only when the removal of all six has begun: one after the other, none would ever be.
        using CountdownEvent begun = new(6);
        TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        foreach (ScriptedSandbox sandbox in sandboxes.All)
        {
            sandbox.Removal = () =>
            {
                if (begun.Signal())
                {
                    all.SetResult();
                }

                return all.Task;
            };
        }

        await Pool.StopAsync(CancellationToken.None).WaitAsync(Eventually.Limit);
        Assert.All(sandboxes.All, static sandbox => Assert.True(sandbox.Disposed));
    }

    [Fact]
    public async Task A_sandbox_that_cannot_be_removed_holds_up_no_shutdown_beyond_its_limit()
    {
        await StartAsync(warm: 3, sessions: 20);
        await ReadyAsync(3);
        TaskCompletionSource never = new();
        sandboxes.All.First().Removal = () => never.Task;
        using CancellationTokenSource limit = new();
        Task stopping = Pool.StopAsync(limit.Token);
        await Eventually.TrueAsync(() => sandboxes.All.All(static sandbox => sandbox.Disposed), "all are told to go");
        await limit.CancelAsync();
        await stopping.WaitAsync(Eventually.Limit);
        never.SetResult();
    }

    [Fact]
    public async Task Pupils_who_press_Run_together_find_warm_sandboxes_the_next_time()
    {
        await using ExecutorHost host = await ExecutorHost.StartAsync(
            new() { ["SANDBOX_WARM"] = "1", ["MAX_CONCURRENT_SESSIONS"] = "16" },
            services =>
            {
                services.RemoveAll<ISandboxFactory>();
                services.AddSingleton<ISandboxFactory>(sandboxes);
                services.AddSingleton<TimeProvider>(clock);
                SetMemory(64_000);
                services.AddSingleton(new SystemNumbers(machine.Path, machine.Path));
            });
        await Eventually.TrueAsync(() => LookAt(host).Warm == 1, "one waits");
        for (int i = 0; i < 8; i++)
        {
            await host.RunAsync(ExecutorHost.Request("# first"));
        }

        await Eventually.TrueAsync(() => LookAt(host) == (8, 8), "as many wait as came");
        List<bool> warm = [];
        for (int i = 0; i < 8; i++)
        {
            warm.Add((await host.RunAsync(ExecutorHost.Request("# second"))).Warm);
        }

        Assert.All(warm, Assert.True);
        // The lesson is over; sessions nobody watches end.
        clock.Advance(PoolDemand.Quiet + TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync(() => LookAt(host) == (1, 1), "one waits again");
    }

    /// <summary>Moves the clock a little and reads the health document.</summary>
    private (int Warm, int Wanted) LookAt(ExecutorHost host)
    {
        clock.Advance(Step);
        HealthSessions games = host.Get<ExecutorHealth>().Describe().GameSessions;
        return (games.Warm, games.WarmWanted);
    }

    private async Task StartAsync(int warm, int sessions)
    {
        SetMemory(64_000);
        ExecutorOptions options = new()
        {
            ForceDocker = false, ServiceKey = [], LinkDirectory = machine.Path, ContentRoot = machine.Path, Identity = "test",
            Warm = warm, MaxSessions = sessions, Policy = new SandboxPolicy { MemoryBytes = SandboxMegabytes << 20 },
        };
        pool = new WarmPool(sandboxes, options, new SystemNumbers(machine.Path, machine.Path), clock, NullLogger<WarmPool>.Instance);
        await pool.StartAsync(CancellationToken.None);
        await ReadyAsync(warm);
    }

    /// <summary>So many press Run within a second; whether each got a warm one.</summary>
    private async Task<List<bool>> TakeAsync(int times)
    {
        List<bool> warm = [];
        for (int i = 0; i < times; i++)
        {
            (WarmSandbox sandbox, bool wasWarm) = await Pool.TakeAsync(CancellationToken.None);
            taken.Add(sandbox);
            warm.Add(wasWarm);
        }

        return warm;
    }

    private Task ReadyAsync(int count) => Eventually.TrueAsync(
        () =>
        {
            clock.Advance(Step);
            return Pool.Ready == count;
        },
        $"{count} wait");

    /// <summary>Gives the pool many looks around, and looks itself in between.</summary>
    private async Task LooksAsync(int looks, Action check)
    {
        for (int i = 0; i < looks; i++)
        {
            int sleeps = clock.Sleeps;
            clock.Advance(TimeSpan.FromSeconds(5));
            await Eventually.TrueAsync(() => clock.Sleeps > sleeps, "it has looked and sleeps again");
            check();
        }
    }

    /// <summary>Sandboxes that exist and that nobody has taken: those that wait, and one that is on its way in or out.</summary>
    private int Waiting() => sandboxes.All.Count(sandbox => !sandbox.Disposed && !taken.Any(one => ReferenceEquals(one.Sandbox, sandbox)));

    // "MemAvailable:   23267 kB"
    private void SetMemory(long megabytes)
    {
        string file = machine.Sub("proc/meminfo");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        string next = file + ".next";
        File.WriteAllText(next, string.Create(CultureInfo.InvariantCulture, $"MemTotal: 64000000 kB\nMemAvailable: {megabytes * 1024} kB\n"));
        File.Move(next, file, overwrite: true);
    }

    /// <summary>Knows how often somebody went to sleep.</summary>
    private sealed class SleepersClock : FakeTimeProvider
    {
        private int sleeps;

        public int Sleeps => Volatile.Read(ref sleeps);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            ITimer timer = base.CreateTimer(callback, state, dueTime, period);
            Interlocked.Increment(ref sleeps);
            return timer;
        }
    }
}
