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

/// <summary>Provides a pool of scripted sandboxes with a machine and a clock that the test controls.</summary>
public abstract class PoolScene : IAsyncLifetime
{
    private protected const long SandboxMegabytes = 256;

    private protected static readonly TimeSpan Step = TimeSpan.FromMilliseconds(500);

    private protected readonly TestDirectory _machine = new();
    private protected readonly SleepersClock _clock = new();
    private protected readonly ScriptedSandboxFactory _sandboxes = new();
    private protected readonly List<WarmSandbox> _taken = [];
    private protected WarmPool? _pool;

    private protected WarmPool Pool => _pool!;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
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

    /// <summary>Moves the clock a little and reads the health document.</summary>
    private protected (int Warm, int Wanted) LookAt(ExecutorHost host)
    {
        _clock.Advance(Step);
        HealthSessions games = host.Get<ExecutorHealth>().Describe().GameSessions;
        return (games.Warm, games.WarmWanted);
    }

    private protected async Task StartAsync(
        int warm, int sessions, long? ownLimitMegabytes = null, long available = 64_000, long? total = null)
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

    /// <summary>Starts <paramref name="times"/> sessions within a second and returns for each whether it got a warm sandbox.</summary>
    private protected async Task<List<bool>> TakeAsync(int times)
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

    private protected Task ReadyAsync(int count) => Eventually.TrueAsync(
        () =>
        {
            _clock.Advance(Step);
            return Pool.Ready == count;
        },
        $"{count} wait");

    /// <summary>Lets the pool check itself many times and runs <paramref name="check"/> in between.</summary>
    private protected async Task LooksAsync(int looks, Action check)
    {
        for (int i = 0; i < looks; i++)
        {
            int sleeps = _clock.Sleeps;
            _clock.Advance(TimeSpan.FromSeconds(5));
            await Eventually.TrueAsync(() => _clock.Sleeps > sleeps, "it has looked and sleeps again");
            check();
        }
    }

    /// <summary>Counts the sandboxes that no session has taken: those that wait, and one that is being created or removed.</summary>
    private protected int Waiting() =>
        _sandboxes.All.Count(sandbox => !sandbox.Disposed && !_taken.Any(one => ReferenceEquals(one.Sandbox, sandbox)));

    // "MemAvailable:   23267 kB"
    private protected void SetMemory(long megabytes)
    {
        string file = _machine.Sub("proc/meminfo");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        string next = file + ".next";
        File.WriteAllText(next,
            string.Create(CultureInfo.InvariantCulture, $"MemTotal: {64_000 * 1024} kB\nMemAvailable: {megabytes * 1024} kB\n"));
        File.Move(next, file, overwrite: true);
    }

    /// <summary>Counts the waits that begin on this clock.</summary>
    private protected sealed class SleepersClock : FakeTimeProvider
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
