using PixelGameDev.Executor.Viewers;
using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Executor;

/// <summary>Tests that the Executor asks again for what is lost between sandbox and page, and that it corrects what is held.</summary>
public sealed class StreamHealTests(RelayTests.Fixture fixture) : IClassFixture<RelayTests.Fixture>
{
    private static readonly byte[] Ping = [(byte)MessageType.Ping, 1, 2, 3, 4, 5, 6, 7, 8];
    private static readonly byte[] FocusGained = [(byte)MessageType.Focus, 1, 0, 0, 0, 1];

    private readonly ExecutorHost _host = fixture.Host;

    [Fact]
    public async Task A_page_whose_acks_do_not_come_but_whose_pings_do_gets_a_complete_picture()
    {
        (Guid id, ScriptedSandbox sandbox) = await StartAsync();
        await using TestViewer viewer = await TestViewer.ConnectAsync(_host, id);
        await Eventually.TrueAsync(() => sandbox.Of(MessageType.KeyframeRequest).Any(), "the viewer has joined");
        await sandbox.SayFrameAsync(1, keyframe: true);
        await viewer.UntilAsync(MessageType.Frame);
        await viewer.SendAsync([(byte)MessageType.Ack, 1, 0, 0, 0, 9, 0, 0, 0]);
        await viewer.SendAsync(Ping);
        await Eventually.TrueAsync(() => sandbox.Of(MessageType.Ping).Any(), "the Ack has come");
        for (uint number = 2; number <= 100; number++)
        {
            await sandbox.SayFrameAsync(number, keyframe: false);
        }

        // A page after a stall that acknowledges nothing and sends only a ping now and then.
        int asked = sandbox.Of(MessageType.KeyframeRequest).Count();
        await Eventually.TrueAsync(
            async () =>
            {
                await viewer.SendAsync(Ping);
                await Task.Delay(100);
                return sandbox.Of(MessageType.KeyframeRequest).Count() > asked;
            },
            "a keyframe is asked for");
        await sandbox.SayFrameAsync(101, keyframe: true);
        Assert.Equal(101u, FrameNumber(await viewer.UntilAsync(MessageType.Frame, static frame => FrameNumber(frame) > 46)));
    }

    [Fact]
    public async Task A_keyframe_that_does_not_come_is_asked_for_again()
    {
        (Guid id, ScriptedSandbox sandbox) = await StartAsync();
        await sandbox.SayFrameAsync(1, keyframe: true);
        await Eventually.TrueAsync(async () => (await _host.InfoAsync(id)).Frames == 1, "the game has drawn");
        await using TestViewer late = await TestViewer.ConnectAsync(_host, id);
        await Eventually.TrueAsync(() => sandbox.Of(MessageType.KeyframeRequest).Count() >= 4, "it is asked again and again");
        await sandbox.SayFrameAsync(2, keyframe: true);
        await late.UntilAsync(MessageType.Frame);
    }

    [Fact]
    public async Task Who_comes_after_the_end_or_was_hidden_at_the_end_gets_the_last_picture()
    {
        (Guid id, ScriptedSandbox sandbox) = await StartAsync();
        await using TestViewer hidden = await TestViewer.ConnectAsync(_host, id);
        await Eventually.TrueAsync(() => sandbox.Of(MessageType.Viewers).LastOrDefault() is [_, 1, 0, ..], "the page watches");
        await hidden.SendAsync((byte)MessageType.View, 0, 60);
        await Eventually.TrueAsync(() => sandbox.Of(MessageType.Viewers).LastOrDefault() is [_, 0, 0, ..], "the page is hidden");
        await sandbox.SayFrameAsync(1, keyframe: true);
        await sandbox.SayFrameAsync(2, keyframe: false);
        await sandbox.SayFrameAsync(3, keyframe: true);
        await sandbox.SayFrameAsync(4, keyframe: false);
        await sandbox.SayEndedAsync(EndReasons.Finished);
        await hidden.EndAsync();
        await using TestViewer late = await TestViewer.ConnectAsync(_host, id);
        await late.EndAsync();
        foreach (TestViewer viewer in (TestViewer[])[hidden, late])
        {
            Assert.Equal([3u, 4u], viewer.Messages.Where(static message => message[0] == (byte)MessageType.Frame).Select(FrameNumber));
        }
    }

    [Fact]
    public async Task Frames_without_their_keyframe_are_no_last_picture()
    {
        (Guid id, ScriptedSandbox sandbox) = await StartAsync();
        for (uint number = 1; number <= LastPicture.MaxFrames + 2; number++)
        {
            await sandbox.SayFrameAsync(number, keyframe: number == 1);
        }

        await sandbox.SayEndedAsync(EndReasons.Finished);
        await Eventually.TrueAsync(async () => (await _host.InfoAsync(id)).EndReason is not null, "the end");
        await using TestViewer late = await TestViewer.ConnectAsync(_host, id);
        await late.EndAsync();
        Assert.DoesNotContain(late.Messages, static message => message[0] == (byte)MessageType.Frame);
    }

    [Fact]
    public async Task Pings_that_come_too_fast_wait_so_that_the_game_is_not_ended_for_its_answers()
    {
        (Guid id, ScriptedSandbox sandbox) = await StartAsync();
        await using TestViewer viewer = await TestViewer.ConnectAsync(_host, id);
        long started = System.Diagnostics.Stopwatch.GetTimestamp();
        for (int count = 0; count < 700; count++)
        {
            await viewer.SendAsync(Ping);
        }

        await viewer.SendAsync(FocusGained);
        await Eventually.TrueAsync(() => sandbox.Of(MessageType.Focus).Any(), "what came after the pings has arrived");
        double seconds = System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalSeconds;
        Assert.Equal(700, sandbox.Of(MessageType.Ping).Count());
        Assert.True(seconds >= (700 - 300) / 150.0 - 0.1, $"700 pings went through in {seconds:0.0} s.");
    }

    [Fact]
    public async Task What_all_windows_hold_is_held_and_who_closes_a_window_lets_go()
    {
        (Guid id, ScriptedSandbox sandbox) = await StartAsync();
        await using TestViewer first = await TestViewer.ConnectAsync(_host, id);
        await using TestViewer second = await TestViewer.ConnectAsync(_host, id);
        await second.SendAsync(Key(7, down: true));
        await Eventually.TrueAsync(() => sandbox.Of(MessageType.Key).Any(), "the second one's key has come");
        await first.SendAsync(Held(4));
        await Eventually.TrueAsync(() => LastHeld(sandbox) is [4, 7], "the keys of both");

        // The release was lost on its way here. The next state does not contain the key any more.
        await first.SendAsync(Held());
        await Eventually.TrueAsync(() => LastHeld(sandbox) is [7], "only the second one's");
        await second.CloseAsync();
        await Eventually.TrueAsync(() => LastHeld(sandbox) is [], "nothing is held");
    }

    /// <summary>Tests a page whose computer sleeps or whose network is gone: nothing closes its connection.</summary>
    [Fact]
    public async Task Who_disappears_without_a_word_lets_go_and_holds_again_when_it_is_back()
    {
        (Guid id, ScriptedSandbox sandbox) = await StartAsync();
        await using TestViewer viewer = await TestViewer.ConnectAsync(_host, id);
        await viewer.SendAsync(Held(4));
        await Eventually.TrueAsync(() => States().Any(IsHeld), "the key is held");
        await Eventually.TrueAsync(() => States().SkipWhile(IsFree).Any(IsFree), "the key is released");
        await viewer.SendAsync(Ping);
        await Eventually.TrueAsync(
            () => States().SkipWhile(IsFree).SkipWhile(IsHeld).SkipWhile(IsFree).Any(IsHeld), "the key is held again");

        IEnumerable<byte[]> States() => sandbox.Of(MessageType.Held);
        static bool IsFree(byte[] held) => held[5] == 0;
        static bool IsHeld(byte[] held) => held[5] == 1;
    }

    [Fact]
    public async Task Who_disappears_without_a_word_does_not_count_for_the_rate_until_it_is_back()
    {
        (Guid id, ScriptedSandbox sandbox) = await StartAsync();
        await using TestViewer silent = await TestViewer.ConnectAsync(_host, id);
        await using TestViewer slow = await TestViewer.ConnectAsync(_host, id);
        await silent.SendAsync(Ping);
        await slow.SendAsync([(byte)MessageType.View, 1, 25]);
        await WantedAsync(60);
        using CancellationTokenSource enough = new();
        Task staying = StayAsync(enough.Token);
        await WantedAsync(25);
        await silent.SendAsync(Ping);
        await WantedAsync(60);
        await enough.CancelAsync();
        await staying;

        Task WantedAsync(byte fps) => Eventually.TrueAsync(
            () => sandbox.Of(MessageType.Viewers).LastOrDefault() is [_, 2, 0, var rate] && rate == fps, $"{fps} frames a second");

        async Task StayAsync(CancellationToken cancellationToken)
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                await slow.SendAsync(Ping);
                await Task.Delay(300, CancellationToken.None);
            }
        }
    }

    [Fact]
    public async Task A_release_that_a_busy_sandbox_did_not_take_is_made_up_for()
    {
        (Guid id, ScriptedSandbox sandbox) = await StartAsync();
        await using TestViewer player = await TestViewer.ConnectAsync(_host, id);
        await using TestViewer typist = await TestViewer.ConnectAsync(_host, id);
        await player.SendAsync(Key(4, down: true));
        await Eventually.TrueAsync(() => sandbox.Of(MessageType.Key).Any(), "the press has come");

        // Long lines fill the buffers on the way until nothing more is accepted.
        sandbox.Reads.Reset();
        byte[] line = [(byte)MessageType.ConsoleInput, .. Enumerable.Repeat((byte)65, 4000)];
        for (int round = 0; round < 4; round++)
        {
            await using TestViewer other = await TestViewer.ConnectAsync(_host, id);
            for (int count = 0; count < 700; count++)
            {
                await other.SendAsync(line);
            }

            // A session accepts four viewers. The next one comes when this one has left.
            await other.CloseAsync();
            await Eventually.TrueAsync(async () => (await _host.InfoAsync(id)).Viewers == 2, "the other one has left");
        }

        await player.SendAsync(Key(4, down: false));
        await typist.SendAsync(Key(5, down: true));
        // The Executor answers a close when it has read everything before it.
        await player.CloseAsync();
        sandbox.Reads.Set();
        await Eventually.TrueAsync(
            async () =>
            {
                // A window that is silent for 5 s counts as holding nothing. A page pings, so this one does too.
                await typist.SendAsync(Ping);
                return LastHeld(sandbox) is [5];
            },
            "the game hears what is held now");
        Assert.Single(sandbox.Of(MessageType.Key));
    }

    [Fact]
    public async Task A_fifth_window_is_refused_while_the_others_are_there()
    {
        (Guid id, _) = await StartAsync();
        List<TestViewer> windows = [];
        for (int count = 0; count < 4; count++)
        {
            windows.Add(await TestViewer.ConnectAsync(_host, id));
        }

        await Eventually.TrueAsync(async () => (await _host.InfoAsync(id)).Viewers == 4, "all four have joined");
        await using TestViewer fifth = await TestViewer.ConnectAsync(_host, id);
        Assert.Equal(System.Net.WebSockets.WebSocketCloseStatus.PolicyViolation, await fifth.ClosedAsync());
        Assert.StartsWith(CloseReasons.TooManyViewers + ": ", fifth.CloseReason, StringComparison.Ordinal);
        foreach (TestViewer window in windows)
        {
            await window.DisposeAsync();
        }
    }

    private static uint FrameNumber(byte[] frame) => BitConverter.ToUInt32(frame, 6);

    private static byte[] Key(byte scancode, bool down) =>
        new KeyMessage(1, down, Repeat: false, scancode, 0, 97, "").ToMessage();

    private static byte[] Held(params byte[] scancodes)
    {
        HeldInput held = new();
        foreach (byte scancode in scancodes)
        {
            held.Apply(Key(scancode, down: true));
        }

        return held.ToMessage();
    }

    /// <summary>Returns the scancodes of the newest state that the sandbox got, in order; null if it got none.</summary>
    private static int[]? LastHeld(ScriptedSandbox sandbox) => sandbox.Of(MessageType.Held).LastOrDefault() is { } message
        ? [.. Enumerable.Range(0, message[5]).Select(key => (int)BitConverter.ToUInt16(message, 6 + (key * 6))).Order()]
        : null;

    private async Task<(Guid Id, ScriptedSandbox Sandbox)> StartAsync()
    {
        string marker = "# " + Guid.NewGuid();
        Guid id = (await _host.RunAsync(ExecutorHost.Request(marker))).SessionId;
        ScriptedSandbox sandbox = await fixture.Sandboxes.OfSessionAsync(marker);
        await sandbox.SayRunningAsync();
        return (id, sandbox);
    }
}
