using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;
using PixelGameDev.Tests.Fixtures.Sandbox;

namespace PixelGameDev.Tests.Sandbox.Runtime;

/// <summary>Tests frames on the link: viewers, keyframes, slow links and the last picture.</summary>
public sealed class StreamTests
{
    private const string Counter = """
        import pygame
        pygame.init()
        screen = pygame.display.set_mode((160, 120))
        clock = pygame.time.Clock()
        n = 0
        while True:
            for event in pygame.event.get():
                if event.type == pygame.QUIT:
                    raise SystemExit
            n += 1
            screen.fill((n & 255, (n >> 8) & 255, 7))
            pygame.display.flip()
            clock.tick(60)
        """;

    [Theory]
    [InlineData(SandboxKind.Process)]
    [InlineData(SandboxKind.Docker)]
    public async Task The_standard_streams_carry_the_same_link(SandboxKind kind)
    {
        await using LinkHost host = await LinkHost.StartAsync(kind, stdio: true);
        await host.StartGameAsync(new Dictionary<string, string> { ["main.py"] = "print('hi')\nname = input()\n" + Counter });
        await host.MessageAsync(MessageType.InputRequest);
        await host.SendAsync(SandboxMessages.Text(MessageType.ConsoleInput, "x"));
        await host.PictureAsync(p => p[0, 0] != 0, "a frame");
        await host.StopAsync();
        Assert.Equal(EndReasons.Stopped, (await host.EndAsync()).Reason);
        Assert.Equal("hi\n", host.Console);
    }

    [Fact]
    public async Task A_game_that_shows_pictures_without_a_pause_tears_none()
    {
        await using LinkHost host = await LinkHost.RunAsync(
            """
            import pygame
            pygame.init()
            screen = pygame.display.set_mode((640, 480))
            n = 0
            while True:
                n += 1
                screen.fill((n * 7 % 256, n // 3 % 256, 200 - n % 200))
                # A rectangle does not wait for the screen, so that this goes on as fast as it can.
                pygame.display.update(screen.get_rect())
            """);
        int seen = 0, torn = 0;
        host.Seen += picture =>
        {
            int colour = picture[0, 0];
            bool whole = true;
            for (int y = 0; y < 480; y++)
            {
                for (int x = 0; x < 640; x++)
                {
                    whole &= picture[x, y] == colour;
                }
            }

            torn += whole ? 0 : 1;
            Volatile.Write(ref seen, seen + 1);
        };
        await Eventually.TrueAsync(() => Volatile.Read(ref seen) >= 120, "two seconds of pictures");
        await host.StopAsync(0);
        await host.EndAsync();
        Assert.Equal(0, torn);
    }

    [Fact]
    public async Task Nobody_watching_means_no_frames_and_who_comes_gets_a_keyframe()
    {
        await using LinkHost host = await LinkHost.RunAsync(Counter);
        await host.PictureAsync(_ => true, "a frame");
        await host.ViewersAsync(0, 0);
        await host.SendAsync([(byte)MessageType.Ping, 0, 0, 0, 0, 0, 0, 0, 1]);
        await host.MessageAsync(MessageType.Pong);
        int stats = host.Messages(MessageType.Stats).Count;
        await Eventually.TrueAsync(() => host.Messages(MessageType.Stats).Count >= stats + 3, "three more seconds of figures");
        SandboxStats last = Stats(host)[^1];
        Assert.Equal((0, 0L), (last.Encoded, last.Bytes));
        Assert.True(last.Fps > 5, "the game goes on");
        int frames = host.Frames;
        int keyframes = host.Keyframes;
        await host.ViewersAsync(1, 60);
        await Eventually.TrueAsync(() => host.Frames > frames, "frames again");
        Assert.Equal(keyframes + 1, host.Keyframes);
    }

    [Fact]
    public async Task A_late_viewer_sees_a_game_that_stands_still()
    {
        await using LinkHost host = await LinkHost.RunAsync(
            """
            import pygame
            pygame.init()
            screen = pygame.display.set_mode((50, 40))
            screen.fill("orange")
            pygame.display.flip()
            input()
            """);
        await host.PictureAsync(p => p[0, 0] == 0xFFA500, "the picture");
        int keyframes = host.Keyframes;
        await host.ViewersAsync(2, 60);
        await Eventually.TrueAsync(() => host.Keyframes == keyframes + 1, "a keyframe for the second viewer");
        await host.SendAsync([(byte)MessageType.KeyframeRequest]);
        await Eventually.TrueAsync(() => host.Keyframes == keyframes + 2, "a keyframe on request");
        Assert.Equal(50 * 40, host.Picture!.Count(0xFFA500));
    }

    [Fact]
    public async Task A_game_that_drew_before_anybody_came_is_seen()
    {
        await using LinkHost host = await LinkHost.StartAsync();
        await host.SendAsync(ExecutorMessages.File("main.py",
            "import pygame\nscreen = pygame.display.set_mode((50, 40))\nscreen.fill('blue')\npygame.display.flip()\n"u8 +
            "screen.fill('red')\npygame.display.flip()\ninput()\n"u8));
        await host.SendAsync(ExecutorMessages.Start(new StartMessage("main.py")));
        await host.MessageAsync(MessageType.InputRequest);
        Assert.Equal(0, host.Frames);
        await host.ViewersAsync(1, 30);
        GamePicture picture = await host.PictureAsync(_ => true, "a frame");
        Assert.Equal(50 * 40, picture.Count(0xFF0000));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_program_ends_with_its_whole_exact_picture_whether_somebody_watches_or_not(ushort viewers)
    {
        await using LinkHost host = await LinkHost.StartAsync();
        await host.StartGameAsync(new Dictionary<string, string>
        {
            // Noise of 3.7 MB: too large for an exact keyframe, so the exact rest follows.
            ["main.py"] =
                """
                import pygame, random
                screen = pygame.display.set_mode((1280, 720))
                input()
                noise = random.randbytes(1280 * 720 * 4)
                for n in range(2):
                    screen.get_buffer().write(noise[n:] + noise[:n])
                    pygame.display.flip()
                print("sum", sum(pixel & 0xFFFFFF for pixel in memoryview(noise[1:] + noise[:1]).cast("I")))
                """,
        });
        await host.MessageAsync(MessageType.InputRequest);
        await host.ViewersAsync(viewers, 60);
        await host.SendAsync(SandboxMessages.Text(MessageType.ConsoleInput, "go"));
        Assert.Equal(EndReasons.Finished, (await host.EndAsync()).Reason);
        long sum = 0;
        for (int at = 0; at < 1280 * 720; at++)
        {
            sum += host.Picture![at % 1280, at / 1280];
        }

        Assert.Equal($"sum {sum}\n", host.Console);
        Assert.InRange(host.Keyframes, 1, host.Frames);
    }

    [Fact]
    public async Task A_program_that_ends_while_its_last_picture_is_copied_ends_with_that_picture()
    {
        await using LinkHost host = await LinkHost.RunAsync(
            """
            import pygame, threading, time
            from pixel_runtime import frames
            screen = pygame.display.set_mode((64, 48))
            screen.fill((255, 0, 0))
            pygame.display.flip()

            # Too early for another copy, so a thread makes it when the game does not look at its events: here a slow one.
            real, begun = frames._copy_now, threading.Event()
            def slow(surface):
                frames._pending = False
                begun.set()
                threading.Event().wait(0.5)
                real(surface)
            frames._copy_now = slow
            frames._busy_until = time.monotonic() + 60

            # The game has taken longer than a frame, so flip() does not wait for the next one, where it would copy the picture itself.
            threading.Event().wait(0.1)
            screen.fill((0, 0, 255))
            pygame.display.flip()
            begun.wait()
            """);
        Assert.Equal(EndReasons.Finished, (await host.EndAsync()).Reason);
        Assert.Equal(64 * 48, host.Picture!.Count(0x0000FF));
    }

    [Fact]
    public async Task Viewers_may_ask_for_fewer_frames_than_the_game_draws()
    {
        await using LinkHost host = await LinkHost.RunAsync(Counter);
        await host.PictureAsync(_ => true, "a frame");
        await host.ViewersAsync(1, 5);
        int before = Stats(host).Count;
        await Eventually.TrueAsync(() => Stats(host).Count >= before + 3, "three seconds of figures");
        Assert.InRange(Stats(host)[^1].Encoded, 1, 7);
    }

    [Fact]
    public async Task A_link_that_nobody_reads_does_not_hold_up_the_game()
    {
        await using LinkHost host = await LinkHost.StartAsync();
        await host.StartGameAsync(new Dictionary<string, string>
        {
            ["main.py"] =
                """
                import os, pygame, random
                pygame.init()
                screen = pygame.display.set_mode((640, 480))
                input()
                for i in range(150):
                    screen.get_buffer().write(random.randbytes(640 * 480 * 4))
                    pygame.display.set_caption(str(i))
                    print("x" * 2000)
                    pygame.display.flip()
                open("done", "w").close()
                screen.fill((0, 128, 0))
                pygame.display.flip()
                input()
                """,
        });
        await host.MessageAsync(MessageType.InputRequest);
        host.Pause();
        await host.SendAsync(SandboxMessages.Text(MessageType.ConsoleInput, "go"));
        await Eventually.TrueAsync(() => File.Exists(Path.Combine(host.Work, "done")), "150 frames although nobody reads");
        host.Resume();
        GamePicture last = await host.PictureAsync(p => p.Count(0x008000) == 640 * 480, "the latest frame wins");
        Assert.True(last.FrameNumber >= 151);
        Assert.InRange(host.Frames, 2, 120);
    }

    [Fact]
    public async Task Phases_and_figures_are_told()
    {
        await using LinkHost host = await LinkHost.RunAsync(Counter);
        await Eventually.TrueAsync(() => Stats(host).Any(s => s.Fps > 1), "figures of a game that draws");
        await Eventually.TrueAsync(() => State(host).Phases!.Count == 3, "all phases");
        SessionStateMessage state = State(host);
        Assert.Equal("running", state.State);
        Assert.Equal(["files", "code", "firstFrame"], state.Phases!.OrderBy(p => p.Value).Select(p => p.Key));
    }

    private static SessionStateMessage State(LinkHost host) =>
        SandboxMessages.ReadJson(host.Messages(MessageType.State)[^1], MessageType.State, ProtocolJson.Default.SessionStateMessage);

    private static List<SandboxStats> Stats(LinkHost host) =>
        [.. host.Messages(MessageType.Stats)
            .Select(m => SandboxMessages.ReadJson(m, MessageType.Stats, ProtocolJson.Default.SandboxStats))];
}
