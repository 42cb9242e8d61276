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

/// <summary>A pool that grows with demand and shrinks when it is quiet, on a clock and with a memory that the test moves.</summary>
public sealed class WarmPoolTests : IAsyncDisposable
{
    private const long SandboxMegabytes = 256;

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(500);

    private readonly TestDirectory _machine = new();
    private readonly SleepersClock _clock = new();
    private readonly ScriptedSandboxFactory _sandboxes = new();
    private readonly List<WarmSandbox> _taken = [];
    private WarmPool? _pool;

    private WarmPool Pool => _pool!;

    public async ValueTask DisposeAsync()
    {
        _sandboxes.Removal = null;
        await Task.WhenAll(_taken.Select(static sandbox => sandbox.DisposeAsync().AsTask()));
        if (_pool is not null)
        {
            await _pool.StopAsync(CancellationToken.None);
            _pool.Dispose();
        }

        _machine.Dispose();
    }

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
        // The next burst of nine finds one each.
        _clock.Advance(PoolDemand.ShortestBurst + Step);
        Assert.All(await TakeAsync(9), Assert.True);
        await ReadyAsync(9);

        _clock.Advance(PoolDemand.BurstRetention + Step);
        await ReadyAsync(2);
        // One for each look around.
        TimeSpan look = TimeSpan.FromSeconds(5);
        Assert.Equal(7, removed.Count);
        Assert.All(removed.Zip(removed.Skip(1)), pair =>
            Assert.True(pair.Second - pair.First >= look, $"{pair.Second - pair.First} between two"));

        await LooksAsync(20, () => Assert.Equal(2, Waiting()));
        Assert.Equal((2, 2), (Pool.Ready, Pool.TargetSize));
        // What was thrown away was not given to anybody.
        Assert.All(_taken, static sandbox => Assert.False(((ScriptedSandbox)sandbox.Sandbox).Disposed));
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
            _clock.Advance(Step);
            return waiting == 4;
        }, "as many as fit wait");
        await LooksAsync(20, () => Assert.InRange(Waiting(), 0, 4));
        Assert.Equal((4, 4), (Pool.Ready, Pool.TargetSize));

        // Something else needs memory.
        SetMemory(150);
        await ReadyAsync(2);
        await LooksAsync(20, () => Assert.Equal(2, Waiting()));
    }

    [Theory]
    // The published files: the Executor has 512 MB, the daemon's machine is this one, or another.
    [InlineData(64_000L, 64_000, 8)]
    [InlineData(4_096L, 64_000, 8)]
    // (2048 - 200) / 256 = 7 for those that exist and those that wait.
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

    [Theory]
    [InlineData("killed")]
    [InlineData("ended in words")]
    [InlineData("told to stop")]
    public async Task A_sandbox_that_dies_while_it_waits_is_replaced_and_never_handed_out(string how)
    {
        await StartAsync(warm: 2, sessions: 20);
        ScriptedSandbox[] first = [.. _sandboxes.All];
        foreach (ScriptedSandbox sandbox in first)
        {
            await (how switch
            {
                "killed" => Task.Run(() => sandbox.Die(new SandboxExit(137, OutOfMemory: true, "killed for memory"))),
                // GameHost goes on living: the link stays open.
                "ended in words" => sandbox.SayEndedAsync("crashed"),
                _ => sandbox.SayAsync("\u0006{\"state\":\"stopping\"}"u8.ToArray()),
            });
        }

        await Eventually.TrueAsync(() => first.All(static sandbox => sandbox.Disposed), "the dead are thrown away");
        await ReadyAsync(2);
        Assert.All(await TakeAsync(2), Assert.True);
        Assert.All(_taken, one => Assert.DoesNotContain(one.Sandbox, first));
    }

    [Fact]
    public async Task Starts_that_wait_get_their_sandboxes_in_turn_and_no_more_are_made_at_once_than_there_are_processors()
    {
        _sandboxes.MachineProcessors = 2;
        await StartAsync(warm: 2, sessions: 40);
        int now = 0, most = 0;
        using SemaphoreSlim next = new(0);
        _sandboxes.Delay = async cancellationToken =>
        {
            most = Math.Max(most, Interlocked.Increment(ref now));
            await next.WaitAsync(cancellationToken);
            Interlocked.Decrement(ref now);
        };

        ConcurrentQueue<int> served = new();
        int[] places = new int[30];
        List<Task> starts = [];
        for (int i = 0; i < 30; i++)
        {
            int pupil = i;
            // The last one has pressed Run in two windows: its second start comes after everybody's first.
            string owner = pupil is 5 or 6 ? "impatient" : $"pupil {pupil}";
            Task<(WarmSandbox Sandbox, bool Warm)> start = Pool.TakeAsync(owner, before => places[pupil] = before, CancellationToken.None);
            starts.Add(ServeAsync(start, pupil));
        }

        await Eventually.TrueAsync(() => served.Count == 2
            && Volatile.Read(ref now) == 2, "the warm ones are given at once, two more are made");
        Assert.Equal(27, places[6]);
        for (int left = 28; left > 0; left--)
        {
            next.Release();
            int count = 31 - left;
            await Eventually.TrueAsync(() => served.Count == count, $"{count} are served");
        }

        await Task.WhenAll(starts);
        Assert.Equal([.. Enumerable.Range(0, 30).Where(static pupil => pupil != 6), 6], served);
        Assert.Equal(2, most);
        _sandboxes.Delay = null;

        async Task ServeAsync(Task<(WarmSandbox Sandbox, bool Warm)> start, int pupil)
        {
            (WarmSandbox sandbox, _) = await start;
            served.Enqueue(pupil);
            lock (_taken)
            {
                _taken.Add(sandbox);
            }
        }
    }

    [Fact]
    public async Task A_start_that_is_given_up_leaves_its_place_and_its_sandbox_to_the_next()
    {
        await StartAsync(warm: 1, sessions: 20);
        await TakeAsync(1);
        await ReadyAsync(1);
        await TakeAsync(1);
        TaskCompletionSource go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _sandboxes.Delay = _ => go.Task;
        using CancellationTokenSource givenUp = new();
        Task<(WarmSandbox Sandbox, bool Warm)> first = Pool.TakeAsync("one", null, givenUp.Token);
        Task<(WarmSandbox Sandbox, bool Warm)> second = Pool.TakeAsync("other", null, CancellationToken.None);
        await givenUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        go.SetResult();
        _taken.Add((await second.WaitAsync(Eventually.Limit)).Sandbox);
        Assert.Equal(0, Pool.Waiting);
    }

    [Fact]
    public async Task A_failed_start_is_one_persons_and_the_next_one_is_tried()
    {
        await StartAsync(warm: 0, sessions: 20);
        _sandboxes.MachineProcessors = 1;
        int tries = 0;
        _sandboxes.Delay = _ => Interlocked.Increment(ref tries) == 1 ? throw new InvalidOperationException("unforeseen")
            : Task.CompletedTask;
        Task<(WarmSandbox Sandbox, bool Warm)> first = Pool.TakeAsync("one", null, CancellationToken.None);
        Task<(WarmSandbox Sandbox, bool Warm)> second = Pool.TakeAsync("other", null, CancellationToken.None);
        SandboxUnavailableException failed = await Assert.ThrowsAsync<SandboxUnavailableException>(() => first);
        Assert.Contains("unforeseen", failed.Message, StringComparison.Ordinal);
        _taken.Add((await second.WaitAsync(Eventually.Limit)).Sandbox);
    }

    [Fact]
    public async Task It_leaves_the_places_that_are_taken_to_those_who_play()
    {
        await StartAsync(warm: 2, sessions: 20);
        await TakeAsync(14);
        await ReadyAsync(6);
        await LooksAsync(20, () => Assert.InRange(Waiting(), 0, 6));
        // Four stop; their places are free.
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

    [Fact]
    public async Task A_full_pool_goes_at_once_when_the_Executor_stops()
    {
        await StartAsync(warm: 6, sessions: 20);
        await ReadyAsync(6);
        // Each is gone only when the removal of all six has begun: one after the other, none would ever be.
        using CountdownEvent begun = new(6);
        TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        foreach (ScriptedSandbox sandbox in _sandboxes.All)
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
        Assert.All(_sandboxes.All, static sandbox => Assert.True(sandbox.Disposed));
    }

    [Fact]
    public async Task A_sandbox_that_cannot_be_removed_holds_up_no_shutdown_beyond_its_limit()
    {
        await StartAsync(warm: 3, sessions: 20);
        await ReadyAsync(3);
        TaskCompletionSource never = new();
        _sandboxes.All.First().Removal = () => never.Task;
        using CancellationTokenSource limit = new();
        Task stopping = Pool.StopAsync(limit.Token);
        await Eventually.TrueAsync(() => _sandboxes.All.All(static sandbox => sandbox.Disposed), "all are told to go");
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
                services.AddSingleton<ISandboxFactory>(_sandboxes);
                services.AddSingleton<TimeProvider>(_clock);
                SetMemory(64_000);
                services.AddSingleton(new SystemNumbers(_machine.Path, _machine.Path));
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
        _clock.Advance(PoolDemand.BurstRetention + TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync(() => LookAt(host) == (1, 1), "one waits again");
    }

    /// <summary>Moves the clock a little and reads the health document.</summary>
    private (int Warm, int Wanted) LookAt(ExecutorHost host)
    {
        _clock.Advance(Step);
        HealthSessions games = host.Get<ExecutorHealth>().Describe().GameSessions;
        return (games.Warm, games.WarmWanted);
    }

    private async Task StartAsync(int warm, int sessions, long? ownLimitMegabytes = null, long available = 64_000, long? total = null)
    {
        SetMemory(available);
        if (ownLimitMegabytes is { } limit)
        {
            string group = _machine.Sub("sys/fs/cgroup");
            Directory.CreateDirectory(group);
            File.WriteAllText(Path.Combine(group, "memory.max"), (limit << 20).ToString(CultureInfo.InvariantCulture));
            File.WriteAllText(Path.Combine(group, "memory.current"), (135L << 20).ToString(CultureInfo.InvariantCulture));
        }

        ExecutorOptions options = new()
        {
            ForceDocker = false,
            ServiceKey = [],
            LinkDirectory = _machine.Path,
            ContentRoot = _machine.Path,
            Identity = "test",
            Warm = warm,
            MaxSessions = sessions,
            SandboxMemoryTotal = total,
            Policy = new SandboxPolicy { MemoryBytes = SandboxMegabytes << 20 },
        };
        _pool = new WarmPool(_sandboxes, options, new SystemNumbers(_machine.Path, _machine.Path),
            new BackgroundWork(_clock, NullLogger<BackgroundWork>.Instance),
            _clock, NullLogger<WarmPool>.Instance);
        await _pool.StartAsync(CancellationToken.None);
        await ReadyAsync(warm);
    }

    /// <summary>So many press Run within a second; whether each got a warm one.</summary>
    private async Task<List<bool>> TakeAsync(int times)
    {
        List<bool> warm = [];
        for (int i = 0; i < times; i++)
        {
            (WarmSandbox sandbox, bool wasWarm) = await Pool.TakeAsync("somebody", progress: null, CancellationToken.None);
            _taken.Add(sandbox);
            warm.Add(wasWarm);
        }

        return warm;
    }

    private Task ReadyAsync(int count) => Eventually.TrueAsync(
        () =>
        {
            _clock.Advance(Step);
            return Pool.Ready == count;
        },
        $"{count} wait");

    /// <summary>Gives the pool many looks around, and looks itself in between.</summary>
    private async Task LooksAsync(int looks, Action check)
    {
        for (int i = 0; i < looks; i++)
        {
            int sleeps = _clock.Sleeps;
            _clock.Advance(TimeSpan.FromSeconds(5));
            await Eventually.TrueAsync(() => _clock.Sleeps > sleeps, "it has looked and sleeps again");
            check();
        }
    }

    /// <summary>Sandboxes that exist and that nobody has taken: those that wait, and one that is on its way in or out.</summary>
    private int Waiting() =>
        _sandboxes.All.Count(sandbox => !sandbox.Disposed && !_taken.Any(one => ReferenceEquals(one.Sandbox, sandbox)));

    // "MemAvailable:   23267 kB"
    private void SetMemory(long megabytes)
    {
        string file = _machine.Sub("proc/meminfo");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        string next = file + ".next";
        File.WriteAllText(next,
            string.Create(CultureInfo.InvariantCulture, $"MemTotal: {64_000 * 1024} kB\nMemAvailable: {megabytes * 1024} kB\n"));
        File.Move(next, file, overwrite: true);
    }

    /// <summary>Knows how often somebody went to sleep.</summary>
    private sealed class SleepersClock : FakeTimeProvider
    {
        private int _sleeps;

        public int Sleeps => Volatile.Read(ref _sleeps);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            ITimer timer = base.CreateTimer(callback, state, dueTime, period);
            Interlocked.Increment(ref _sleeps);
            return timer;
        }
    }
}
