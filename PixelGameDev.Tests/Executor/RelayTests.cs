using System.Net.WebSockets;
using System.Text;
using PixelGameDev.Executor.Links;
using PixelGameDev.Executor.Sandboxes;
using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Executor;

/// <summary>The way between sandbox and viewers, with a sandbox the test plays itself.</summary>
public sealed class RelayTests(RelayTests.Fixture fixture) : IClassFixture<RelayTests.Fixture>
{
    private readonly ScriptedSandboxFactory _sandboxes = fixture.Sandboxes;
    private readonly ExecutorHost _host = fixture.Host;

    /// <summary>One Executor for all tests: a session that is attacked must not matter to the others.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        internal ScriptedSandboxFactory Sandboxes { get; } = new();

        internal ExecutorHost Host { get; private set; } = null!;

        public async Task InitializeAsync() => Host = await ExecutorHost.StartScriptedAsync(Sandboxes, new()
        {
            ["MAX_CONCURRENT_SESSIONS"] = "1000",
            ["MAX_SESSION_TIME"] = "3600",
            ["SESSION_IDLE_TIME"] = "3600",
        });

        public async Task DisposeAsync() => await Host.DisposeAsync();
    }

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

        // 200 MB in all, ten times what the lazy one may keep; the keen one reads each before the next is sent.
        for (uint number = 1; number <= 400; number++)
        {
            await sandbox.SayFrameAsync(number, keyframe: false, data: 500_000);
            Assert.Equal(number, FrameNumber(await keen.UntilAsync(MessageType.Frame)));
            keen.Messages.Clear();
        }

        Assert.InRange(PixelGameDev.Executor.Links.PooledMessage.InUse, 0, 1000);
        Assert.Equal(2, (await _host.InfoAsync(id)).Viewers);

        // The lazy one wakes: what was kept for it, then it needs a keyframe, and it gets one that is new.
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
        // A ping after the Ack: when it has come through, so has the Ack.
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

    public static TheoryData<string, byte[]> Malformed() => new()
    {
        { "length zero", [0, 0, 0, 0] },
        { "length of 4 GiB", [255, 255, 255, 255, 1] },
        { "frame that says 16 MiB + 1", [1, 0, 0, 1, 1] },
        { "unknown type", [2, 0, 0, 0, 0x7F, 0] },
        { "a message only pages send", [10, 0, 0, 0, 0x82, 1, 0, 0, 0, 1, 0, 1, 0, 0] },
        { "a message only the Executor sends", [4, 0, 0, 0, 0xC4, 1, 0, 60] },
        { "console of 1 MiB", [0, 0, 16, 0, 0x02] },
        { "console of an unknown stream", [3, 0, 0, 0, 0x02, 9, 65] },
        { "frame shorter than its header", [5, 0, 0, 0, 0x01, 1, 1, 1, 1] },
        { "frame of 65535 × 65535 pixels", [22, 0, 0, 0, 0x01, 1, 255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] },
        { "state that is no JSON", [6, 0, 0, 0, 0x06, 123, 123, 123, 123, 123] },
        { "ended that is no JSON", [6, 0, 0, 0, 0x08, 0, 1, 2, 3, 4] },
        { "a second hello", [7, 0, 0, 0, 0x0B, 1, 0, 123, 125, 32, 32] },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task A_malformed_message_ends_the_session_and_no_other(string what, byte[] bytes)
    {
        (Guid id, ScriptedSandbox sandbox) = await StartAsync();
        (Guid neighbour, ScriptedSandbox other) = await StartAsync();
        await using TestViewer viewer = await TestViewer.ConnectAsync(_host, id);
        await sandbox.SayRawAsync(bytes);

        SessionEnded ended = await viewer.EndAsync();

        Assert.True(ended.Reason == EndReasons.ProtocolError, $"{what}: {ended}");
        Assert.False(string.IsNullOrWhiteSpace(ended.Detail));
        Assert.Equal(WebSocketCloseStatus.NormalClosure, viewer.CloseStatus);
        await Eventually.TrueAsync(() => sandbox.Disposed, "the sandbox is thrown away");
        await using TestViewer watching = await TestViewer.ConnectAsync(_host, neighbour);
        await Eventually.TrueAsync(() => other.Of(MessageType.KeyframeRequest).Any(), "the neighbour's viewer has joined");
        await other.SayFrameAsync(1, keyframe: true);
        await watching.UntilAsync(MessageType.Frame);
    }

    [Theory]
    [InlineData("time_limit")]
    [InlineData("idle")]
    [InlineData("shutting_down")]
    [InlineData("something_of_its_own")]
    public async Task A_sandbox_may_not_claim_an_end_that_is_not_its_own_to_give(string reason)
    {
        (Guid id, ScriptedSandbox sandbox) = await StartAsync();
        await sandbox.SayEndedAsync(reason);
        Assert.Equal(EndReasons.ProtocolError, (await _host.EndOfAsync(id)).EndReason);
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
    public async Task A_watcher_looks_and_does_not_play()
    {
        (Guid id, ScriptedSandbox sandbox) = await StartAsync();
        await using TestViewer watcher = await TestViewer.ConnectAsync(_host, id, "role=watcher");
        await watcher.SendAsync((byte)MessageType.ConsoleInput, 65);
        await watcher.SendAsync((byte)MessageType.Ping, 1, 2, 3, 4, 5, 6, 7, 8);
        await Eventually.TrueAsync(() => sandbox.Of(MessageType.Ping).Any(), "what came after the input has arrived");
        Assert.Empty(sandbox.Of(MessageType.ConsoleInput));
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
        // A pong nobody asked for is nobody's.
        await sandbox.SayAsync(SandboxMessages.Pong(ping, 78));
        await sandbox.SayAsync(SandboxMessages.Text(MessageType.Caption, "after"));

        byte[] pong = await asker.UntilAsync(MessageType.Pong);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 77, 0, 0, 0], pong[1..]);
        await asker.UntilAsync(MessageType.Caption);
        await other.UntilAsync(MessageType.Caption);
        Assert.Equal(1, asker.Messages.Count(message => (MessageType)message[0] == MessageType.Pong));
        Assert.DoesNotContain(other.Messages, message => (MessageType)message[0] == MessageType.Pong);
    }

    public static TheoryData<string, byte[]> BadInput() => new()
    {
        { "a frame from a page", [0x01, 1, 2, 3] },
        { "a file from a page", [0xC1, 1, 0, 97, 98] },
        { "stop from a page", [0xC3, 0, 0, 0, 0] },
        { "short mouse move", [0x82, 1, 0] },
        { "fourth mouse button", [0x83, 1, 0, 0, 0, 4, 1, 0, 0, 0, 0] },
        { "key neither up nor down", [0x81, 1, 0, 0, 0, 2, 0, 4, 0, 0, 0, 97, 0, 0, 0] },
        { "scancode 65535", [0x81, 1, 0, 0, 0, 1, 0, 255, 255, 0, 0, 97, 0, 0, 0] },
        { "text that is not UTF-8", [0x86, 0xFF, 0xFE] },
        { "two lines at once", [0x86, 65, 10, 66] },
        { "200 frames a second", [0x8A, 1, 200] },
        { "unknown type", [0xBF] },
        { "a long message", [0x86, .. Enumerable.Repeat((byte)65, 5000)] },
    };

    [Theory]
    [MemberData(nameof(BadInput))]
    public async Task A_viewer_that_breaks_the_rules_is_closed_with_1008_and_the_session_goes_on(string what, byte[] message)
    {
        (Guid id, ScriptedSandbox sandbox) = await StartAsync();
        await using TestViewer bad = await TestViewer.ConnectAsync(_host, id);
        await bad.SendAsync(message);
        Assert.True(await bad.ClosedAsync() == WebSocketCloseStatus.PolicyViolation, what);

        await using TestViewer good = await TestViewer.ConnectAsync(_host, id);
        await Eventually.TrueAsync(() => sandbox.Of(MessageType.KeyframeRequest).Count() == 2, "the good one has joined too");
        await sandbox.SayFrameAsync(1, keyframe: true);
        await good.UntilAsync(MessageType.Frame);
    }

    [Fact]
    public async Task A_viewer_that_floods_is_closed_with_1008()
    {
        (Guid id, _) = await StartAsync();
        await using TestViewer flooder = await TestViewer.ConnectAsync(_host, id);
        try
        {
            for (int count = 0; count < 20_000; count++)
            {
                await flooder.SendAsync((byte)MessageType.KeyframeRequest);
            }
        }
        catch (WebSocketException)
        {
            // Closed while it was still at it.
        }

        Assert.Equal(WebSocketCloseStatus.PolicyViolation, await flooder.ClosedAsync());
    }

    [Fact]
    public async Task Text_messages_are_refused()
    {
        (Guid id, _) = await StartAsync();
        await using TestViewer viewer = await TestViewer.ConnectAsync(_host, id);
        await viewer.SendTextAsync("hello");
        Assert.Equal(WebSocketCloseStatus.PolicyViolation, await viewer.ClosedAsync());
    }

    [Fact]
    public async Task A_flood_of_small_messages_is_a_stream_limit_and_a_flood_of_text_an_output_limit()
    {
        (Guid messages, ScriptedSandbox flooding) = await StartAsync();
        byte[] small = [2, 0, 0, 0, (byte)MessageType.Caption, 65];
        await FloodAsync(flooding, [.. Enumerable.Repeat(small, 20_000).SelectMany(static bytes => bytes)]);
        SessionInfo flooded = await _host.EndOfAsync(messages);
        Assert.Equal((EndReasons.StreamLimit, "Your game sent more pictures than can be shown."), (flooded.EndReason, flooded.EndMessage));
        Assert.Contains("messages a second", flooded.EndDetail, StringComparison.Ordinal);

        (Guid text, ScriptedSandbox printing) = await StartAsync();
        byte[] big = [0, 0xF0, 0, 0, (byte)MessageType.Console, 1, .. Enumerable.Repeat((byte)65, 0xF000 - 2)];
        await FloodAsync(printing, [.. Enumerable.Repeat(big, 100).SelectMany(static bytes => bytes)]);
        SessionInfo printed = await _host.EndOfAsync(text);
        Assert.Equal((EndReasons.OutputLimit, "Your game printed far too much. Is there a print in a loop?"),
            (printed.EndReason, printed.EndMessage));
        Assert.Contains("the console flooded", printed.EndDetail, StringComparison.Ordinal);
    }

    private static async Task FloodAsync(ScriptedSandbox sandbox, byte[] bytes)
    {
        try
        {
            await sandbox.SayRawAsync(bytes);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // The Executor hung up in the middle, as it should.
        }
    }

    private static uint FrameNumber(byte[] frame) => BitConverter.ToUInt32(frame, 6);

    private static (int Count, int Fps) Viewers(ScriptedSandbox sandbox) =>
        sandbox.Of(MessageType.Viewers).LastOrDefault() is { } last ? (BitConverter.ToUInt16(last, 1), last[3]) : (-1, -1);

    private async Task<(Guid Id, ScriptedSandbox Sandbox)> StartAsync()
    {
        string marker = "# " + Guid.NewGuid();
        SessionInfo info = await _host.RunAsync(ExecutorHost.Request(marker));
        ScriptedSandbox sandbox = await _sandboxes.OfSessionAsync(marker);
        await sandbox.SayRunningAsync();
        return (info.SessionId, sandbox);
    }
}
