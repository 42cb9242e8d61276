using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using PixelGameDev.Executor.Pool;
using PixelGameDev.Executor.Sandboxes;
using PixelGameDev.Executor.Sessions;
using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Executor;

/// <summary>Tests starting, refusing and ending sessions, with sandboxes that the test plays.</summary>
public sealed class SessionTests
{
    [Fact]
    public async Task Files_reach_the_sandbox_whole_and_before_the_start()
    {
        ScriptedSandboxFactory sandboxes = new();
        await using ExecutorHost host = await ExecutorHost.StartScriptedAsync(sandboxes);
        byte[] picture = [.. Enumerable.Range(0, 3_000_000).Select(static number => (byte)(number * 31))];
        string marker = "# " + Guid.NewGuid();
        SessionInfo info = await host.RunAsync(ExecutorHost.Request(
            "ada", null, ("main.py", Encoding.UTF8.GetBytes(marker)), ("images/Häuschen.png", picture), ("empty.txt", [])));
        ScriptedSandbox sandbox = await sandboxes.OfSessionAsync(marker);

        Assert.Equal(("ada", "scripted"), (info.Owner, info.Sandbox));
        byte[][] messages = [.. sandbox.Received];
        Assert.Equal([MessageType.File, MessageType.File, MessageType.File, MessageType.Start], messages.Take(4)
            .Select(message => (MessageType)message[0]));
        (string path, int offset) = ExecutorMessages.ReadFile(messages[1]);
        Assert.Equal("images/Häuschen.png", path);
        Assert.True(messages[1].AsSpan(offset).SequenceEqual(picture));
        Assert.Equal("main.py", ExecutorMessages.ReadStart(messages[3]).Entry);
    }

    [Fact]
    public async Task Limits_say_which_one_was_met_and_when_to_try_again()
    {
        await using ExecutorHost host = await ExecutorHost.StartScriptedAsync(
            new ScriptedSandboxFactory(), new() { ["MAX_CONCURRENT_SESSIONS"] = "2", ["MAX_SESSIONS_PER_OWNER"] = "1" });
        SessionInfo first = await host.RunAsync(ExecutorHost.Request("# 1", "ada"));

        await RefusedAsync(ExecutorHost.Request("# again", "ada", first.SessionId), 409, "session_exists", "exists already",
            first.SessionId.ToString());
        await RefusedAsync(ExecutorHost.Request("# 2", "ada"), 429, "too_many_own_sessions", "Stop one of them first",
            "MAX_SESSIONS_PER_OWNER is 1");
        await host.RunAsync(ExecutorHost.Request("# 3", "grace"));
        await RefusedAsync(ExecutorHost.Request("# 4", "alan"), 503, "all_slots_taken", "Try again in a moment",
            "MAX_CONCURRENT_SESSIONS is 2");

        using HttpResponseMessage stopped = await host.SendAsync(HttpMethod.Post, $"/sessions/{first.SessionId}/stop");
        Assert.Equal(HttpStatusCode.Accepted, stopped.StatusCode);
        await host.EndOfAsync(first.SessionId);
        await host.RunAsync(ExecutorHost.Request("# 5", "ada"));
        await RefusedAsync(ExecutorHost.Request("# 6", "ada", first.SessionId), 409, "session_exists", "exists already",
            first.SessionId.ToString());

        async Task RefusedAsync(StartSessionRequest request, int status, string code, string sentence, string reason)
        {
            using HttpResponseMessage answer = await host.PostAsync(request);
            JsonElement problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal((status, code), ((int)answer.StatusCode, problem.GetProperty("code").GetString()));
            Assert.Equal(status is 429 or 503, answer.Headers.RetryAfter is not null);
            Assert.Contains(sentence, problem.GetProperty("title").GetString(), StringComparison.Ordinal);
            Assert.Contains(reason, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task No_sandbox_is_a_503_that_keeps_nothing()
    {
        ScriptedSandboxFactory sandboxes = new() { Failure = new SandboxUnavailableException("the daemon is on holiday") };
        await using ExecutorHost host = await ExecutorHost.StartScriptedAsync(sandboxes, new() { ["MAX_CONCURRENT_SESSIONS"] = "1" });
        StartSessionRequest request = ExecutorHost.Request("# x");
        for (int attempt = 0; attempt < 2; attempt++)
        {
            using HttpResponseMessage answer = await host.PostAsync(request);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.Contains("holiday", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        sandboxes.Failure = null;
        await host.RunAsync(request);
    }

    [Fact]
    public async Task Stop_gives_the_game_a_moment_and_then_ends_it_by_force()
    {
        ScriptedSandboxFactory sandboxes = new();
        await using ExecutorHost host = await ExecutorHost.StartScriptedAsync(sandboxes);
        SessionInfo polite = await host.RunAsync(ExecutorHost.Request("# polite"));
        SessionInfo stubborn = await host.RunAsync(ExecutorHost.Request("# stubborn"));
        ScriptedSandbox politeBox = await sandboxes.OfSessionAsync("# polite");
        ScriptedSandbox stubbornBox = await sandboxes.OfSessionAsync("# stubborn");
        await using TestViewer viewer = await TestViewer.ConnectAsync(host, stubborn.SessionId);

        await host.SendAsync(HttpMethod.Post, $"/sessions/{polite.SessionId}/stop");
        await host.SendAsync(HttpMethod.Post, $"/sessions/{stubborn.SessionId}/stop");
        await Eventually.TrueAsync(() => politeBox.Of(MessageType.Stop).Any() && stubbornBox.Of(MessageType.Stop).Any());
        Assert.Equal(2000u, ExecutorMessages.ReadStop(stubbornBox.Of(MessageType.Stop).Single()));
        // A game that crashes after a stop request counts as stopped.
        await politeBox.SayEndedAsync(EndReasons.Crashed, "Your game stopped because of an error.", "on the way out");
        politeBox.Die(new SandboxExit(0, OutOfMemory: false, "exit code 0"));

        SessionInfo politeEnd = await host.EndOfAsync(polite.SessionId);
        Assert.Equal(EndReasons.Stopped, politeEnd.EndReason);
        Assert.Contains("on the way out", politeEnd.EndDetail, StringComparison.Ordinal);
        Assert.Equal(EndReasons.Stopped, (await viewer.EndAsync()).Reason);
        Assert.Contains(viewer.Messages, message => (MessageType)message[0] == MessageType.State
            && Encoding.UTF8.GetString(message).Contains("stopping", StringComparison.Ordinal));
        await Eventually.TrueAsync(() => stubbornBox.Disposed && politeBox.Disposed);
    }

    [Fact]
    public async Task Time_and_nobody_watching_are_named_ends()
    {
        ScriptedSandboxFactory sandboxes = new();
        await using ExecutorHost host =
            await ExecutorHost.StartScriptedAsync(sandboxes, new() { ["MAX_SESSION_TIME"] = "3", ["SESSION_IDLE_TIME"] = "1" });
        SessionInfo watched = await host.RunAsync(ExecutorHost.Request("# watched"));
        await using TestViewer viewer = await TestViewer.ConnectAsync(host, watched.SessionId);
        SessionInfo alone = await host.RunAsync(ExecutorHost.Request("# alone"));

        SessionInfo idle = await host.EndOfAsync(alone.SessionId);
        SessionEnded late = await viewer.EndAsync();

        Assert.Equal(EndReasons.Idle, idle.EndReason);
        Assert.Equal(EndReasons.TimeLimit, late.Reason);
        Assert.Contains("3 seconds", late.Message, StringComparison.Ordinal);
        Assert.Contains("MAX_SESSION_TIME", late.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sandbox_that_somebody_else_stopped_is_a_lost_one_and_not_the_players_doing()
    {
        ScriptedSandboxFactory sandboxes = new();
        await using ExecutorHost host = await ExecutorHost.StartScriptedAsync(sandboxes);
        SessionInfo session = await host.RunAsync(ExecutorHost.Request("# x"));
        ScriptedSandbox sandbox = await sandboxes.OfSessionAsync("# x");
        await sandbox.SayEndedAsync(EndReasons.Stopped, "Your game was stopped.", "exit code 0");

        SessionInfo end = await host.EndOfAsync(session.SessionId);
        Assert.Equal(EndReasons.SandboxLost, end.EndReason);
        Assert.Contains("not your fault", end.EndMessage, StringComparison.Ordinal);
        Assert.Contains("somebody else", end.EndDetail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_shutdown_tells_the_viewers_and_throws_every_sandbox_away()
    {
        ScriptedSandboxFactory sandboxes = new();
        await using ExecutorHost host = await ExecutorHost.StartScriptedAsync(sandboxes, new() { ["SANDBOX_WARM"] = "2" });
        SessionInfo session = await host.RunAsync(ExecutorHost.Request("# x"));
        await using TestViewer viewer = await TestViewer.ConnectAsync(host, session.SessionId);
        Task stopping = host.StopAsync();
        Assert.Equal(EndReasons.ShuttingDown, (await viewer.EndAsync()).Reason);
        await stopping;
        Assert.All(sandboxes.All, static sandbox => Assert.True(sandbox.Disposed));
    }

    [Fact]
    public async Task A_shutdown_waits_until_the_Api_knows_how_its_sessions_ended()
    {
        ScriptedSandboxFactory sandboxes = new();
        // The clock stands still, so the session would wait for ever on any machine.
        FakeTimeProvider clock = new(TimeProvider.System.GetUtcNow());
        await using ExecutorHost host = await ExecutorHost.StartScriptedAsync(sandboxes, time: clock);
        SessionInfo session = await host.RunAsync(ExecutorHost.Request("# x"));
        await using TestViewer viewer = await TestViewer.ConnectAsync(host, session.SessionId);
        // The Api's watcher sends the same request.
        Assert.Single((await ListAsync())!);
        Task stopping = host.StopAsync();
        await viewer.EndAsync();
        ScriptedSandbox sandbox = await sandboxes.OfSessionAsync("# x");
        await Eventually.TrueAsync(() => sandbox.Disposed, "the sandbox is gone");
        Assert.Equal(EndReasons.ShuttingDown, Assert.Single((await ListAsync())!).EndReason);
        clock.Advance(TimeSpan.FromMinutes(1));
        await stopping;

        async Task<SessionInfo[]?> ListAsync()
        {
            using HttpResponseMessage answer = await host.SendAsync(HttpMethod.Get, "/sessions");
            return await answer.Content.ReadFromJsonAsync<SessionInfo[]>();
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_sandbox_that_takes_the_project_must_run_it_soon(bool runs)
    {
        ScriptedSandboxFactory sandboxes = new() { Starting = static sandbox => sandbox.SayStateAsync("starting") };
        FakeTimeProvider clock = new(TimeProvider.System.GetUtcNow());
        await using ExecutorHost host = await ExecutorHost.StartScriptedAsync(sandboxes, time: clock);
        Guid id = (await host.RunAsync(ExecutorHost.Request("# soon"))).SessionId;
        ScriptedSandbox sandbox = await sandboxes.OfSessionAsync("# soon");
        if (runs)
        {
            await sandbox.SayRunningAsync();
            await Eventually.TrueAsync(async () => (await host.InfoAsync(id)).State == "running", "it runs");
        }

        PixelGameDev.Executor.Sessions.Session session = host.Get<PixelGameDev.Executor.Sessions.SessionRegistry>().Find(id)!;
        clock.Advance(TimeSpan.FromSeconds(29));
        session.Tick();
        Assert.Null(session.EndedAt);
        clock.Advance(TimeSpan.FromSeconds(2));
        session.Tick();
        Assert.Equal(!runs, session.EndedAt is not null);
        if (!runs)
        {
            Assert.Equal(EndReasons.SandboxLost, (await host.EndOfAsync(id)).EndReason);
        }
    }

    [Fact]
    public async Task A_warm_sandbox_that_died_is_not_given_to_anybody()
    {
        ScriptedSandboxFactory sandboxes = new();
        await using ExecutorHost host = await ExecutorHost.StartScriptedAsync(sandboxes, new() { ["SANDBOX_WARM"] = "1" });
        await Eventually.TrueAsync(() => host.Get<WarmPool>().Ready == 1);
        ScriptedSandbox first = sandboxes.All.Single();
        first.Die(new SandboxExit(1, OutOfMemory: false, "exit code 1"));

        await host.RunAsync(ExecutorHost.Request("# lives"));
        ScriptedSandbox used = await sandboxes.OfSessionAsync("# lives");
        Assert.NotSame(first, used);
        await Eventually.TrueAsync(() => first.Disposed && host.Get<WarmPool>().Ready == 1, "the dead one is gone and replaced");
    }
}
