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

/// <summary>Tests what the pool does for starts: it gives sandboxes, creates and replaces them, and ends with the Executor.</summary>
public sealed class PoolQueueTests : PoolScene
{
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
                // GameHost lives on: the link stays open.
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
            // The last person has pressed Run in two windows. The second start of this person comes after the first start of everybody
            // else.
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
    public async Task A_full_pool_goes_at_once_when_the_Executor_stops()
    {
        await StartAsync(warm: 6, sessions: 20);
        await ReadyAsync(6);
        // Each removal ends only when all six have begun. If they ran one after the other, none would end.
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
        // The lesson is over. Sessions without viewers end.
        _clock.Advance(PoolDemand.BurstRetention + TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync(() => LookAt(host) == (1, 1), "one waits again");
    }
}
