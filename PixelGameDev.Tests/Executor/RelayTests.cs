using System.Net.WebSockets;
using System.Text;
using PixelGameDev.Executor.Links;
using PixelGameDev.Executor.Sandboxes;
using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Executor;

/// <summary>Tests the relay between sandbox and viewers, with a sandbox that the test plays.</summary>
public sealed class RelayTests(RelayScene.Fixture fixture) : RelayScene(fixture)
{
    [Fact]
    public async Task A_late_viewer_gets_what_it_missed_and_then_frames_from_the_next_keyframe()
    {
        (Guid id, ScriptedSandbox sandbox) = await StartAsync();
        await sandbox.SayAsync("\u0006{\"state\":\"running\"}"u8.ToArray());
        await sandbox.SayAsync(SandboxMessages.Text(MessageType.Caption, "old caption"));
        await sandbox.SayAsync(SandboxMessages.Text(MessageType.Caption, "Snake"));
        await sandbox.SayAsync(SandboxMessages.Console(ConsoleKind.Output, "hello\n"));
        await sandbox.SayAsync(SandboxMessages.Text(MessageType.InputRequest, "Name? "));
        await sandbox.SayFrameAsync(1, keyframe: true);
        await Eventually.TrueAsync(async () => (await _host.InfoAsync(id)).Frames == 1);

        await using TestViewer viewer = await TestViewer.ConnectAsync(_host, id);
        await viewer.UntilAsync(MessageType.InputRequest);
        await Eventually.TrueAsync(() => sandbox.Of(MessageType.KeyframeRequest).Any(), "a keyframe is asked for");
        await sandbox.SayFrameAsync(2, keyframe: false);
        await sandbox.SayFrameAsync(3, keyframe: true);
        await sandbox.SayFrameAsync(4, keyframe: false);
        byte[] first = await viewer.UntilAsync(MessageType.Frame);
        byte[] second = await viewer.UntilAsync(MessageType.Frame);

        Assert.Equal(3u, FrameNumber(first));
        Assert.Equal(4u, FrameNumber(second));
        Assert.Equal(
            [MessageType.State, MessageType.Caption, MessageType.Console, MessageType.InputRequest],
            viewer.Messages.Take(4).Select(message => (MessageType)message[0]));
        Assert.Equal("Snake", Encoding.UTF8.GetString(viewer.Messages[1].AsSpan(1)));
    }

    [Fact]
    public async Task Every_viewer_gets_the_same_bytes_and_the_sandbox_hears_how_many_look()
    {
        (Guid id, ScriptedSandbox sandbox) = await StartAsync();
        await using TestViewer first = await TestViewer.ConnectAsync(_host, id);
        await using TestViewer second = await TestViewer.ConnectAsync(_host, id);
        await Eventually.TrueAsync(() => Viewers(sandbox) == (2, 60), "two viewers are told");

        await second.SendAsync((byte)MessageType.View, 1, 30);
        await first.SendAsync((byte)MessageType.View, 0, 60);
        await Eventually.TrueAsync(() => Viewers(sandbox) == (1, 30), "one is hidden, the other wants 30");
        await first.SendAsync((byte)MessageType.View, 1, 60);
        await Eventually.TrueAsync(() => Viewers(sandbox) == (2, 60));

        await sandbox.SayFrameAsync(1, keyframe: true, data: 70_000);
        await sandbox.SayFrameAsync(2, keyframe: false, data: 5);
        foreach (TestViewer viewer in (TestViewer[])[first, second])
        {
            byte[] key = await viewer.UntilAsync(MessageType.Frame);
            Assert.Equal(70_022, key.Length);
            Assert.Equal(2u, FrameNumber(await viewer.UntilAsync(MessageType.Frame)));
        }

        await first.CloseAsync();
        await second.CloseAsync();
        await Eventually.TrueAsync(() => Viewers(sandbox) == (0, 0), "nobody looks");
    }

    [Fact]
    public async Task A_viewer_that_never_reads_costs_the_others_no_frame_and_the_executor_no_memory()
    {
        (Guid id, ScriptedSandbox sandbox) = await StartAsync();
        await using TestViewer lazy = await TestViewer.ConnectAsync(_host, id, receiveBuffer: 1024);
        await using TestViewer keen = await TestViewer.ConnectAsync(_host, id);
        await Eventually.TrueAsync(() => Viewers(sandbox).Count == 2);
        await sandbox.SayFrameAsync(0, keyframe: true);
        await keen.UntilAsync(MessageType.Frame);

        // 200 MB in all, ten times what the Executor may keep for the slow viewer. The fast viewer reads each frame before the next is
        // sent.
        for (uint number = 1; number <= 400; number++)
        {
            await sandbox.SayFrameAsync(number, keyframe: false, data: 500_000);
            Assert.Equal(number, FrameNumber(await keen.UntilAsync(MessageType.Frame)));
            keen.Messages.Clear();
        }

        Assert.InRange(PixelGameDev.Executor.Links.PooledMessage.InUse, 0, 1000);
        Assert.Equal(2, (await _host.InfoAsync(id)).Viewers);

        // The slow viewer reads again: first the kept frames. Then it needs a keyframe, and gets a new one.
        await sandbox.SayFrameAsync(999, keyframe: true);
        Assert.Equal(999u, FrameNumber(await lazy.UntilAsync(MessageType.Frame, frame => FrameNumber(frame) == 999)));
        Assert.True(lazy.Messages.Count < 300, $"{lazy.Messages.Count} frames were kept for a viewer that did not read");
    }

    [Fact]
    public async Task A_page_that_falls_behind_gets_nothing_more_until_it_has_shown_what_is_on_its_way()
    {
        (Guid id, ScriptedSandbox sandbox) = await StartAsync();
        await using TestViewer viewer = await TestViewer.ConnectAsync(_host, id);
        await Eventually.TrueAsync(() => sandbox.Of(MessageType.KeyframeRequest).Count() == 1, "the viewer has joined");
        await sandbox.SayFrameAsync(1, keyframe: true);
        await viewer.UntilAsync(MessageType.Frame);
        await viewer.SendAsync([(byte)MessageType.Ack, 1, 0, 0, 0, 9, 0, 0, 0]);
        // This ping follows the Ack. When the ping has arrived, the Ack has too.
        await viewer.SendAsync([(byte)MessageType.Ping, 1, 2, 3, 4, 5, 6, 7, 8]);
        await Eventually.TrueAsync(() => sandbox.Of(MessageType.Ping).Any());

        for (uint number = 2; number <= 200; number++)
        {
            await sandbox.SayFrameAsync(number, keyframe: false);
        }

        await sandbox.SayAsync(SandboxMessages.Text(MessageType.Caption, "after the frames"));
        await viewer.UntilAsync(MessageType.Caption, caption => Encoding.UTF8.GetString(caption.AsSpan(1)) == "after the frames");
        uint[] shown = [.. viewer.Messages.Where(message => message[0] == (byte)MessageType.Frame).Select(FrameNumber)];
        Assert.Equal(Enumerable.Range(1, 46).Select(number => (uint)number), shown);
        Assert.Single(sandbox.Of(MessageType.KeyframeRequest));

        await viewer.SendAsync([(byte)MessageType.Ack, 46, 0, 0, 0, 9, 0, 0, 0]);
        await Eventually.TrueAsync(() => sandbox.Of(MessageType.KeyframeRequest).Count() == 2, "it goes on with a complete picture");
        await sandbox.SayFrameAsync(201, keyframe: true);
        Assert.Equal(201u, FrameNumber(await viewer.UntilAsync(MessageType.Frame, frame => FrameNumber(frame) > 46)));
    }

    [Fact]
    public async Task A_sandbox_that_dies_is_a_named_end()
    {
        (Guid id, ScriptedSandbox sandbox) = await StartAsync();
        await using TestViewer viewer = await TestViewer.ConnectAsync(_host, id);
        sandbox.Die(new SandboxExit(139, OutOfMemory: false, "exit code 139"));
        SessionEnded ended = await viewer.EndAsync();
        Assert.Equal(EndReasons.SandboxLost, ended.Reason);
        Assert.Contains("139", ended.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_kill_for_memory_is_named_so_whether_gamehost_or_its_child_was_hit(bool child)
    {
        (Guid id, ScriptedSandbox sandbox) = await StartAsync();
        if (child)
        {
            await sandbox.SayEndedAsync(EndReasons.Crashed, "Python itself crashed.", "signal 9");
        }

        sandbox.Die(new SandboxExit(child ? 0 : 137, OutOfMemory: true, "killed for memory"));
        SessionInfo ended = await _host.EndOfAsync(id);
        Assert.Equal(EndReasons.MemoryLimit, ended.EndReason);
        Assert.Contains("memory", ended.EndMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_comes_after_the_end_is_told_how_it_ended()
    {
        (Guid id, ScriptedSandbox sandbox) = await StartAsync();
        await sandbox.SayAsync(SandboxMessages.Console(ConsoleKind.Output, "last words\n"));
        await sandbox.SayEndedAsync(EndReasons.Finished, "Your game finished.");
        await _host.EndOfAsync(id);

        await using TestViewer viewer = await TestViewer.ConnectAsync(_host, id);
        Assert.Contains("last words", await viewer.ConsoleUntilAsync("last words"), StringComparison.Ordinal);
        Assert.Equal(EndReasons.Finished, (await viewer.EndAsync()).Reason);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, viewer.CloseStatus);
    }

    [Fact]
    public async Task Input_reaches_the_game_as_it_is_and_what_is_not_for_the_game_does_not()
    {
        (Guid id, ScriptedSandbox sandbox) = await StartAsync();
        await using TestViewer viewer = await TestViewer.ConnectAsync(_host, id);
        byte[] move = [(byte)MessageType.MouseMove, 7, 0, 0, 0, 10, 0, 20, 0, 1];
        byte[] key = [(byte)MessageType.Key, 8, 0, 0, 0, 1, 0, 4, 0, 0, 0, 97, 0, 0, 0, 97];
        byte[] line = [(byte)MessageType.ConsoleInput, .. "Ada"u8];
        await viewer.SendAsync((byte)MessageType.Ack, 1, 0, 0, 0, 9, 0, 0, 0);
        await viewer.SendAsync(move);
        await viewer.SendAsync(key);
        await viewer.SendAsync(line);

        await Eventually.TrueAsync(() => sandbox.Of(MessageType.ConsoleInput).Any());
        Assert.Equal(move, sandbox.Of(MessageType.MouseMove).Single());
        Assert.Equal(key, sandbox.Of(MessageType.Key).Single());
        Assert.Equal(line, sandbox.Of(MessageType.ConsoleInput).Single());
        Assert.Empty(sandbox.Of(MessageType.Ack));
        Assert.Empty(sandbox.Of(MessageType.View));
    }

    [Fact]
    public async Task A_pong_goes_to_the_viewer_that_asked_and_carries_its_own_number()
    {
        (Guid id, ScriptedSandbox sandbox) = await StartAsync();
        await using TestViewer asker = await TestViewer.ConnectAsync(_host, id);
        await using TestViewer other = await TestViewer.ConnectAsync(_host, id);
        await asker.SendAsync((byte)MessageType.Ping, 1, 2, 3, 4, 5, 6, 7, 8);
        await Eventually.TrueAsync(() => sandbox.Of(MessageType.Ping).Any());
        byte[] ping = sandbox.Of(MessageType.Ping).Single();
        await sandbox.SayAsync(SandboxMessages.Pong(ping, 77));
        // A pong without a ping goes to no viewer.
        await sandbox.SayAsync(SandboxMessages.Pong(ping, 78));
        await sandbox.SayAsync(SandboxMessages.Text(MessageType.Caption, "after"));

        byte[] pong = await asker.UntilAsync(MessageType.Pong);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 77, 0, 0, 0], pong[1..]);
        await asker.UntilAsync(MessageType.Caption);
        await other.UntilAsync(MessageType.Caption);
        Assert.Equal(1, asker.Messages.Count(message => (MessageType)message[0] == MessageType.Pong));
        Assert.DoesNotContain(other.Messages, message => (MessageType)message[0] == MessageType.Pong);
    }
}
