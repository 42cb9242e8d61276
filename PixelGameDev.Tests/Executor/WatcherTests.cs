using System.Net;
using System.Net.WebSockets;
using System.Text;
using PixelGameDev.Executor.Viewers;
using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Executor;

/// <summary>Tests people who watch a session by an invitation: they see it, and nothing of theirs reaches it.</summary>
public sealed class WatcherTests(RelayScene.Fixture fixture) : RelayScene(fixture)
{
    /// <summary>Every kind of input that a page can send, with what a forger would most like to arrive.</summary>
    internal static readonly byte[][] ForgedInput =
    [
        [(byte)MessageType.Key, 1, 0, 0, 0, 1, 0, 4, 0, 0, 0, 97, 0, 0, 0, 97],
        [(byte)MessageType.MouseMove, 1, 0, 0, 0, 1, 0, 1, 0, 0],
        [(byte)MessageType.MouseButton, 1, 0, 0, 0, 1, 1, 1, 0, 1, 0],
        [(byte)MessageType.Wheel, 1, 0, 0, 0, 0, 0, 1, 0],
        [(byte)MessageType.Focus, 1, 0, 0, 0, 1],
        [(byte)MessageType.ConsoleInput, 65],
        [(byte)MessageType.Held, 1, 1, 0, 0, 1, 4, 0, 97, 0, 0, 0],
        [(byte)MessageType.MouseTurn, 1, 0, 0, 0, 1, 0, 1, 0, 0],
        [(byte)MessageType.MouseInside, 1, 0, 0, 0, 1],
        [(byte)MessageType.Fingers, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        [(byte)MessageType.Text, 1, 0, 0, 0, 1, 0, 0, 0, 0, 65],
        [(byte)MessageType.Room, 1, 0, 0, 0, 100, 0, 100, 0],
        [(byte)MessageType.Paste, 1, 0, 0, 0, 65],
    ];

    [Fact]
    public async Task Nothing_that_a_watcher_sends_reaches_the_game()
    {
        (Guid id, ScriptedSandbox sandbox) = await StartAsync();
        await using TestViewer owner = await TestViewer.ConnectAsync(_host, id);
        await Eventually.TrueAsync(() => sandbox.Of(MessageType.KeyframeRequest).Any(), "the owner has joined");
        await using TestViewer watcher = await WatchAsync(id);
        // All inputs that the protocol knows are tried.
        Assert.Equal(
            Enum.GetValues<MessageType>().Where(MessageRules.IsInput).Where(static type => type != MessageType.Gamepad).Order(),
            ForgedInput.Select(static message => (MessageType)message[0]).Order());
        foreach (byte[] message in ForgedInput)
        {
            await watcher.SendAsync(message);
        }

        await watcher.SendAsync((byte)MessageType.View, 1, 1);
        await watcher.SendAsync((byte)MessageType.Ping, 1, 2, 3, 4, 5, 6, 7, 8);
        // The Executor answers by itself, after all that came before.
        byte[] pong = await watcher.UntilAsync(MessageType.Pong);
        Assert.Equal(new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 }, pong[1..9]);
        await owner.SendAsync((byte)MessageType.Focus, 7, 0, 0, 0, 1);
        await Eventually.TrueAsync(() => sandbox.Of(MessageType.Focus).Any(), "the owner's own input has arrived");

        Assert.Equal(7, sandbox.Of(MessageType.Focus).Single()[1]);
        Assert.Equal(
            [MessageType.KeyframeRequest, MessageType.Viewers],
            sandbox.Received.Select(static message => (MessageType)message[0])
                .Where(static type => type is not (MessageType.File or MessageType.Start or MessageType.Focus)).Distinct().Order());
        // The frame rate is that of the owner's window.
        Assert.Equal((1, 60), Viewers(sandbox));
    }

    [Fact]
    public async Task A_watcher_gets_picture_and_sound_at_once_and_nothing_that_is_the_owners()
    {
        (Guid id, ScriptedSandbox sandbox) = await StartAsync();
        await using TestViewer owner = await TestViewer.ConnectAsync(_host, id);
        await Eventually.TrueAsync(() => sandbox.Of(MessageType.KeyframeRequest).Any(), "the owner has joined");
        await sandbox.SayFrameAsync(1, keyframe: true);
        await sandbox.SayAsync([(byte)MessageType.Console, 1, .. "secret"u8]);
        await sandbox.SayAsync(SandboxMessages.Text(MessageType.Caption, "Stars"));
        await owner.UntilAsync(MessageType.Caption);

        int requests = sandbox.Of(MessageType.KeyframeRequest).Count();
        await using TestViewer watcher = await WatchAsync(id);
        await Eventually.TrueAsync(() => sandbox.Of(MessageType.KeyframeRequest).Count() > requests, "its picture is asked for");
        foreach (byte[] owned in (byte[][])
        [
            [(byte)MessageType.Console, 1, .. "secret"u8], SandboxMessages.Text(MessageType.Clipboard, "secret"),
            SandboxMessages.Text(MessageType.InputRequest, "secret"), [(byte)MessageType.Error, .. "{\"type\":\"secret\"}"u8],
        ])
        {
            await sandbox.SayAsync(owned);
        }

        await sandbox.SayFrameAsync(2, keyframe: true);
        await sandbox.SayFrameAsync(3, keyframe: false);
        await sandbox.SayEndedAsync(EndReasons.Finished);
        await owner.EndAsync();
        await watcher.EndAsync();
        Assert.Equal(
            owner.Messages.Where(static message => (MessageType)message[0] == MessageType.Frame).Skip(1).Select(FrameNumber),
            watcher.Messages.Where(static message => (MessageType)message[0] == MessageType.Frame).Select(FrameNumber));
        Assert.Contains(watcher.Messages, static message => (MessageType)message[0] == MessageType.Caption);
        Assert.Contains(owner.Messages, IsSecret);
        Assert.DoesNotContain(watcher.Messages, IsSecret);

        static bool IsSecret(byte[] message) => Encoding.Latin1.GetString(message).Contains("secret", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watchers_have_places_of_their_own_beside_the_four_windows()
    {
        (Guid id, _) = await StartAsync();
        List<TestViewer> all = [];
        try
        {
            for (int count = 0; count < SessionRelay.MaxViewers; count++)
            {
                all.Add(await TestViewer.ConnectAsync(_host, id));
            }

            for (int count = 0; count < MaxWatchers; count++)
            {
                all.Add(await WatchAsync(id));
            }

            await Eventually.TrueAsync(
                async () => await _host.InfoAsync(id) is { Viewers: SessionRelay.MaxViewers, Watchers: MaxWatchers }, "all have joined");
            await using TestViewer tooMany = await WatchAsync(id);
            Assert.Equal(WebSocketCloseStatus.PolicyViolation, await tooMany.ClosedAsync());
            Assert.StartsWith(CloseReasons.TooManyWatchers + ":", tooMany.CloseReason, StringComparison.Ordinal);
            await all[^1].CloseAsync();
            await Eventually.TrueAsync(async () => (await _host.InfoAsync(id)).Watchers == MaxWatchers - 1, "one has left");
            all.Add(await WatchAsync(id));
            await Eventually.TrueAsync(async () => (await _host.InfoAsync(id)).Watchers == MaxWatchers, "its place is free again");
        }
        finally
        {
            foreach (TestViewer viewer in all)
            {
                await viewer.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task An_invitation_that_is_taken_back_disconnects_its_watchers_and_lets_nobody_in()
    {
        (Guid id, ScriptedSandbox sandbox) = await StartAsync();
        await using TestViewer owner = await TestViewer.ConnectAsync(_host, id);
        await using TestViewer first = await WatchAsync(id, 3);
        await Eventually.TrueAsync(async () => await _host.InfoAsync(id) is { Viewers: 1, Watchers: 1 }, "both have joined");

        using HttpResponseMessage closed = await _host.SendAsync(HttpMethod.Delete, $"/sessions/{id}/watchers?through=3");
        Assert.Equal(HttpStatusCode.NoContent, closed.StatusCode);
        Assert.Equal(0, (await _host.InfoAsync(id)).Watchers);
        await Assert.ThrowsAsync<WebSocketException>(first.ClosedAsync);
        foreach (string query in new[] { "role=watcher&invitation=3", "role=watcher&invitation=2", "role=watcher" })
        {
            await using TestViewer late = await TestViewer.ConnectAsync(_host, id, query);
            Assert.Equal(WebSocketCloseStatus.PolicyViolation, await late.ClosedAsync());
            Assert.StartsWith(CloseReasons.NotInvited + ":", late.CloseReason, StringComparison.Ordinal);
        }

        await using TestViewer again = await WatchAsync(id, 4);
        await sandbox.SayFrameAsync(1, keyframe: true);
        await again.UntilAsync(MessageType.Frame);
        await owner.UntilAsync(MessageType.Frame);
        using HttpResponseMessage unknown = await _host.SendAsync(HttpMethod.Delete, $"/sessions/{Guid.NewGuid()}/watchers?through=3");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    /// <summary>All viewers get each keyframe, so watchers that come one after the other must not cause one each.</summary>
    [Fact]
    public async Task Watchers_that_come_and_go_cause_few_keyframes()
    {
        (Guid id, ScriptedSandbox sandbox) = await StartAsync();
        await using TestViewer owner = await TestViewer.ConnectAsync(_host, id);
        await Eventually.TrueAsync(() => sandbox.Of(MessageType.KeyframeRequest).Any(), "the owner has joined");
        long begun = Environment.TickCount64;
        // Without a limit of their own they would cause four a second.
        int joined = 0;
        for (; Environment.TickCount64 - begun < 4000 || joined < 30; joined++)
        {
            await using TestViewer watcher = await WatchAsync(id);
            await watcher.SendAsync((byte)MessageType.KeyframeRequest);
            await watcher.SendAsync((byte)MessageType.Ping, 1, 2, 3, 4, 5, 6, 7, 8);
            await watcher.UntilAsync(MessageType.Pong);
            await watcher.CloseAsync();
        }

        // Two at once, then one a second; and that of the owner.
        double seconds = (Environment.TickCount64 - begun) / 1000.0;
        Assert.InRange(sandbox.Of(MessageType.KeyframeRequest).Count(), 4, 4 + (int)seconds);
    }

    private Task<TestViewer> WatchAsync(Guid id, long invitation = 1) =>
        TestViewer.ConnectAsync(_host, id, $"role=watcher&invitation={invitation}");
}
