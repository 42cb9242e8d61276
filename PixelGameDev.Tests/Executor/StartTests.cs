using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using PixelGameDev.Executor.Pool;
using PixelGameDev.Executor.Sandboxes;
using PixelGameDev.Executor.Sessions;
using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Executor;

/// <summary>
/// Tests a start from the press of Run until a sandbox has taken the project: sandboxes that die on the way, and starts that wait.
/// </summary>
public sealed class StartTests
{
    private readonly ScriptedSandboxFactory _sandboxes = new();

    [Theory]
    [InlineData("the link closes")]
    [InlineData("it says that it stops")]
    [InlineData("it says that it has ended")]
    public async Task A_sandbox_that_dies_before_it_has_taken_the_project_is_replaced_and_nobody_notices(string how)
    {
        await using ExecutorHost host = await ExecutorHost.StartScriptedAsync(_sandboxes, new() { ["SANDBOX_WARM"] = "2" });
        await Eventually.TrueAsync(() => host.Get<WarmPool>().Ready == 2, "two wait");
        int starts = 0;
        TaskCompletionSource<ScriptedSandbox> living = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _sandboxes.Starting = async sandbox =>
        {
            if (Interlocked.Increment(ref starts) > 2)
            {
                await sandbox.SayRunningAsync();
                living.SetResult(sandbox);
            }
            else if (how == "the link closes")
            {
                sandbox.Die(new SandboxExit(137, OutOfMemory: false, "killed"));
            }
            else if (how == "it says that it stops")
            {
                await sandbox.SayAsync("\u0006{\"state\":\"stopping\"}"u8.ToArray());
            }
            else
            {
                await sandbox.SayEndedAsync(EndReasons.Stopped);
            }
        };

        SessionInfo info = await host.RunAsync(ExecutorHost.Request("# three lives"));
        await using TestViewer viewer = await TestViewer.ConnectAsync(host, info.SessionId);
        ScriptedSandbox third = await living.Task.WaitAsync(Eventually.Limit);
        await Eventually.TrueAsync(() => third.Of(MessageType.KeyframeRequest).Any(), "it knows of the viewer");
        await third.SayFrameAsync(1, keyframe: true);
        await viewer.UntilAsync(MessageType.Frame);
        Assert.DoesNotContain(viewer.Messages, static message => (MessageType)message[0] == MessageType.Ended);
        Assert.Equal(3, starts);
        await Eventually.TrueAsync(() => _sandboxes.All.Count(static sandbox => sandbox.Disposed) == 2, "the dead are thrown away");
        Assert.Equal("running", (await host.InfoAsync(info.SessionId)).State);
    }

    [Fact]
    public async Task A_start_under_which_every_sandbox_dies_is_refused_with_a_sentence()
    {
        await using ExecutorHost host = await ExecutorHost.StartScriptedAsync(_sandboxes);
        _sandboxes.Starting = sandbox =>
        {
            sandbox.Die(new SandboxExit(137, OutOfMemory: false, "killed"));
            return Task.CompletedTask;
        };
        using HttpResponseMessage answer = await host.PostAsync(ExecutorHost.Request("# nothing lives"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        using JsonDocument problem = (await answer.Content.ReadFromJsonAsync<JsonDocument>())!;
        Assert.Equal("no_sandbox", problem.RootElement.GetProperty("code").GetString());
        await Eventually.TrueAsync(() => host.Get<SessionRegistry>().Active == 0, "its place is free again");
    }

    [Fact]
    public async Task A_start_that_waits_is_answered_told_its_place_and_begins_when_its_turn_comes()
    {
        using SemaphoreSlim go = new(0);
        _sandboxes.MachineProcessors = 1;
        _sandboxes.Delay = go.WaitAsync;
        await using ExecutorHost host = await ExecutorHost.StartScriptedAsync(_sandboxes, new() { ["SANDBOX_WARM"] = "0" });
        Task<SessionInfo> earlier = host.RunAsync(ExecutorHost.Request("# earlier", "first"));
        await Eventually.TrueAsync(() => host.Get<WarmPool>().Waiting == 1, "the first waits");
        SessionInfo later = await host.RunAsync(ExecutorHost.Request("# later", "second"));
        SessionInfo first = await earlier;
        Assert.Equal(("starting", "starting"), (first.State, later.State));

        await using TestViewer viewer = await TestViewer.ConnectAsync(host, later.SessionId);
        Assert.Equal(1, Waiting(await viewer.UntilAsync(MessageType.State)));
        go.Release();
        Assert.Equal(0, Waiting(await viewer.UntilAsync(MessageType.State)));
        go.Release();
        ScriptedSandbox sandbox = await AliveAsync("later");
        await sandbox.SayFrameAsync(1, keyframe: true);
        await viewer.UntilAsync(MessageType.Frame);
        await Eventually.TrueAsync(() => sandbox.Of(MessageType.Viewers).Any(), "it knows that somebody watches");
        Assert.Equal("running", (await host.InfoAsync(later.SessionId)).State);
    }

    [Fact]
    public async Task Stop_while_a_start_waits_ends_it_at_once_and_gives_its_place_back()
    {
        _sandboxes.Delay = static cancellationToken => Task.Delay(Timeout.Infinite, cancellationToken);
        await using ExecutorHost host = await ExecutorHost.StartScriptedAsync(_sandboxes, new() { ["SANDBOX_WARM"] = "0" });
        SessionInfo info = await host.RunAsync(ExecutorHost.Request("# waits"));
        await using TestViewer viewer = await TestViewer.ConnectAsync(host, info.SessionId);
        using HttpResponseMessage stop = await host.SendAsync(HttpMethod.Post, $"/sessions/{info.SessionId}/stop");
        stop.EnsureSuccessStatusCode();
        Assert.Equal(EndReasons.Stopped, (await viewer.EndAsync()).Reason);
        await Eventually.TrueAsync(() => host.Get<WarmPool>().Waiting == 0, "nobody waits");
        Assert.Equal(0, host.Get<SessionRegistry>().Active);
    }

    [Fact]
    public async Task A_start_that_fails_while_it_waits_ends_with_a_sentence()
    {
        TaskCompletionSource fail = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _sandboxes.Delay = _ => fail.Task;
        await using ExecutorHost host = await ExecutorHost.StartScriptedAsync(_sandboxes, new() { ["SANDBOX_WARM"] = "0" });
        SessionInfo info = await host.RunAsync(ExecutorHost.Request("# waits"));
        await using TestViewer viewer = await TestViewer.ConnectAsync(host, info.SessionId);
        fail.SetException(new SandboxUnavailableException("the disk is full"));
        SessionEnded end = await viewer.EndAsync();
        Assert.Equal((EndReasons.NotStarted, EndReasons.SentenceOf(EndReasons.NotStarted), "the disk is full"),
            (end.Reason, end.Message, end.Detail));
    }

    [Fact]
    public async Task A_sandbox_that_takes_the_project_and_never_begins_does_not_sit_in_starting()
    {
        FakeTimeProvider clock = new();
        _sandboxes.Starting = static sandbox => sandbox.SayAsync("\u0006{\"state\":\"starting\"}"u8.ToArray());
        await using ExecutorHost host = await ExecutorHost.StartScriptedAsync(
            _sandboxes, new() { ["SESSION_IDLE_TIME"] = "3600", ["MAX_SESSION_TIME"] = "3600" }, clock);
        SessionInfo info = await host.RunAsync(ExecutorHost.Request("# never begins"));
        SessionInfo? end = null;
        await Eventually.TrueAsync(
            async () =>
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                return (end = await host.InfoAsync(info.SessionId)).State == "ended";
            },
            "it ends");
        Assert.Equal(EndReasons.SandboxLost, end!.EndReason);
        Assert.Contains("did not run it within 30 s", end.EndDetail, StringComparison.Ordinal);
        Assert.InRange(end.EndedAt!.Value - end.StartedAt, TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task A_file_beyond_one_message_of_the_link_is_refused_with_a_sentence()
    {
        await using ExecutorHost host = await ExecutorHost.StartScriptedAsync(_sandboxes);
        using HttpResponseMessage answer = await host.PostAsync(
            ExecutorHost.Request("somebody", null, ("main.py", "pass"u8.ToArray()), ("big.png", new byte[(16 << 20) + 1])));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        using JsonDocument problem = (await answer.Content.ReadFromJsonAsync<JsonDocument>())!;
        Assert.Equal("file_too_large", problem.RootElement.GetProperty("code").GetString());
        Assert.Equal("big.png is too large: 16777217 bytes, and a file may have 16 MB.", problem.RootElement.GetProperty("title")
            .GetString());
    }

    private async Task<ScriptedSandbox> AliveAsync(string marker)
    {
        ScriptedSandbox? found = null;
        await Eventually.TrueAsync(
            () => (found = _sandboxes.All.FirstOrDefault(sandbox => !sandbox.Disposed
                && sandbox.Of(MessageType.File)
                    .Any(file => System.Text.Encoding.UTF8.GetString(file).Contains(marker, StringComparison.Ordinal))
                && sandbox.Of(MessageType.Start).Any())) is not null,
            "a living sandbox has the project");
        return found!;
    }

    private static int? Waiting(byte[] state) =>
        SandboxMessages.ReadJson(state, MessageType.State, ProtocolJson.Default.SessionStateMessage).Waiting;
}
