using System.Globalization;
using System.Runtime.Intrinsics.X86;
using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;
using PixelGameDev.Tests.Fixtures.Sandbox;

namespace PixelGameDev.Tests.Sandbox.Runtime;

/// <summary>Tests that the viewer sees what a game draws.</summary>
public sealed class ScreenTests
{
    private const string Forever = """

        while True:
            for event in pygame.event.get():
                if event.type == pygame.QUIT:
                    raise SystemExit
            pygame.time.wait(5)
        """;

    [Theory]
    [InlineData(SandboxKind.Process)]
    [InlineData(SandboxKind.Docker)]
    public async Task A_picture_arrives_as_it_was_drawn(SandboxKind kind)
    {
        await using LinkHost host = await LinkHost.RunAsync(
            """
            import pygame
            pygame.init()
            screen = pygame.display.set_mode((321, 203))
            pygame.display.set_caption("My game ☺")
            screen.fill((10, 20, 30))
            screen.fill((200, 100, 50), (300, 190, 21, 13))
            screen.set_at((0, 0), (255, 255, 255))
            pygame.display.flip()
            """ + Forever,
            kind);
        GamePicture picture = await host.PictureAsync(p => p[0, 0] == 0xFFFFFF, "the picture");
        Assert.Equal((321, 203), (picture.Width, picture.Height));
        Assert.Equal(0x0A141E, picture[1, 0]);
        Assert.Equal(0xC86432, picture[320, 202]);
        Assert.Equal(21 * 13, picture.Count(0xC86432));
        Assert.Equal((321 * 203) - (21 * 13) - 1, picture.Count(0x0A141E));
        byte[] caption = await host.MessageAsync(MessageType.Caption);
        Assert.Equal("My game ☺", SandboxMessages.ReadText(caption, MessageType.Caption));
        await host.StopAsync();
        SessionEnded end = await host.EndAsync();
        Assert.Equal((EndReasons.Stopped, 0), (end.Reason, end.ExitCode));

        // At the end, a small copy of it goes into the history of the project.
        SmallPicture small = SmallPictureMessage.Read(Assert.Single(host.Messages(MessageType.SmallPicture)));
        Assert.Equal((320, 202), (small.Width, small.Height));
        Assert.Equal([200, 100, 50], small.Pixels[^3..]);
        Assert.Equal([10, 20, 30], small.Pixels[3..6]);
    }

    // Only there is the library beside GameHost; the tests without Docker show that pictures arrive when whole ones are copied.
    [Fact]
    public async Task In_the_image_the_tiles_that_changed_are_found()
    {
        await using LinkHost host = await LinkHost.RunAsync(
            """
            import pygame
            from pixel_runtime import tiles
            pygame.init()
            screen = pygame.display.set_mode((320, 96))
            counted = []
            real = tiles._copy
            if real:
                tiles._copy = lambda *given: counted.append(real(*given))
            for number in range(6):
                # The fourth picture is the third again.
                screen.fill((10 * (number - (number == 3)), 0, 0), (100, 40, 5, 5))
                pygame.display.flip()
                pygame.time.wait(200)
            print("changed", counted[:6])
            """ + Forever,
            SandboxKind.Docker);
        // A place of 5×5 pixels lies in one tile of 30.
        string changed = Avx2.IsSupported ? "changed [30, 1, 1, 0, 1, 1]" : "changed []";
        await host.ConsoleAsync(changed);
        await host.StopAsync();
    }

    [Fact]
    public async Task The_window_may_change_its_size_while_the_game_runs()
    {
        await using LinkHost host = await LinkHost.RunAsync(
            """
            import pygame
            for size, colour in (((640, 480), "red"), ((100, 50), "green"), ((1920, 1080), "blue"), ((640, 480), "white")):
                screen = pygame.display.set_mode(size, pygame.RESIZABLE)
                screen.fill(colour)
                pygame.display.flip()
                input("next")
            """);
        foreach ((int width, int height, int colour) in new[] { (640, 480, 0xFF0000), (100, 50, 0x00FF00), (1920, 1080, 0x0000FF),
            (640, 480, 0xFFFFFF) })
        {
            GamePicture picture = await host.PictureAsync(p => p[0, 0] == colour, $"{width}×{height}");
            Assert.Equal((width, height), (picture.Width, picture.Height));
            Assert.Equal(width * height, picture.Count(colour));
            await host.SendAsync(SandboxMessages.Text(MessageType.ConsoleInput, ""));
        }

        Assert.Equal(EndReasons.Finished, (await host.EndAsync()).Reason);
    }

    [Fact]
    public async Task Rectangles_given_to_update_are_seen_even_when_many_follow_at_once()
    {
        await using LinkHost host = await LinkHost.RunAsync(
            """
            import pygame
            screen = pygame.display.set_mode((400, 400))
            pygame.display.flip()
            for i in range(400):
                pygame.display.update([screen.fill((0, 255, 0), (i, 0, 1, 200)), screen.fill((0, 0, 255), (i, 200, 1, 200))])
            pygame.display.update(screen.fill((255, 0, 0), (399, 399, 1, 1)))
            pygame.display.update(None)
            pygame.event.wait()
            input()
            """);
        GamePicture picture = await host.PictureAsync(p => p[399, 399] == 0xFF0000, "the last rectangle");
        Assert.Equal(400 * 200, picture.Count(0x00FF00));
        Assert.Equal((400 * 200) - 1, picture.Count(0x0000FF));
    }

    [Fact]
    public async Task The_last_picture_is_seen_although_the_game_ends_at_once()
    {
        await using LinkHost host = await LinkHost.RunAsync(
            """
            import pygame
            screen = pygame.display.set_mode((64, 64))
            for i in range(50):
                screen.fill((i, i, i))
                pygame.display.update(screen.get_rect())
            """);
        Assert.Equal(EndReasons.Finished, (await host.EndAsync()).Reason);
        Assert.Equal(64 * 64, host.Picture!.Count(0x313131));
    }

    [Theory]
    [InlineData("pygame.FULLSCREEN")]
    [InlineData("pygame.SCALED")]
    [InlineData("pygame.FULLSCREEN | pygame.SCALED, vsync=1")]
    [InlineData("pygame.HWSURFACE | pygame.DOUBLEBUF, 16")]
    [InlineData("pygame.NOFRAME, depth=8")]
    public async Task Flags_of_the_window_do_not_change_the_picture(string flags)
    {
        await using LinkHost host = await LinkHost.RunAsync(
            $$"""
            import pygame
            pygame.init()
            screen = pygame.display.set_mode((320, 180), {{flags}})
            assert screen.get_size() == (320, 180) and pygame.display.get_surface() is screen
            screen.fill((255, 0, 255))
            pygame.display.toggle_fullscreen()
            pygame.display.flip()
            input()
            """);
        GamePicture picture = await host.PictureAsync(p => p[0, 0] == 0xFF00FF, "the picture");
        Assert.Equal((320, 180), (picture.Width, picture.Height));
        Assert.Equal(320 * 180, picture.Count(0xFF00FF));
    }

    [Theory]
    [InlineData("(640, 480), pygame.OPENGL | pygame.DOUBLEBUF", "OPENGL")]
    [InlineData("(4000, 3000)", "4000×3000")]
    [InlineData("(1920, 1200)", "1920×1080")]
    public async Task A_window_that_is_not_possible_is_explained(string arguments, string words)
    {
        await using LinkHost host = await LinkHost.RunAsync($"import pygame\n\npygame.init()\npygame.display.set_mode({arguments})\n");
        ErrorReport error = await host.ErrorAsync();
        Assert.Equal(("main.py", 4), (error.File, error.Line));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Equal(EndReasons.Crashed, (await host.EndAsync()).Reason);
    }

    [Fact]
    public async Task Before_set_mode_there_is_no_window()
    {
        await using LinkHost host = await LinkHost.RunAsync(
            """
            import pygame
            print("surface", pygame.display.get_surface(), pygame.display.get_init())
            pygame.init()
            print("screen", pygame.display.Info().current_w)
            try:
                pygame.display.flip()
            except pygame.error as e:
                print("flip:", e)
            pygame.display.set_mode((50, 50))
            print("now", pygame.display.get_surface().get_size())
            pygame.quit()
            print("after quit", pygame.display.get_surface())
            pygame.init()
            pygame.display.set_mode((70, 70)).fill("red")
            pygame.display.flip()
            """);
        await host.EndAsync();
        Assert.Contains("surface None False", host.Console, StringComparison.Ordinal);
        Assert.Contains("screen 1024", host.Console, StringComparison.Ordinal);
        Assert.Contains("flip: ", host.Console, StringComparison.Ordinal);
        Assert.Contains("now (50, 50)", host.Console, StringComparison.Ordinal);
        Assert.Contains("after quit None", host.Console, StringComparison.Ordinal);
        Assert.Equal(70 * 70, host.Picture!.Count(0xFF0000));
    }

    [Fact]
    public async Task The_cursor_is_told()
    {
        await using LinkHost host = await LinkHost.RunAsync(
            """
            import pygame
            pygame.init()
            pygame.display.set_mode((50, 50))
            pygame.mouse.set_visible(False)
            input()
            pygame.event.set_grab(True)
            input()
            """);
        byte[] hidden = await host.MessageAsync(MessageType.Cursor);
        Assert.Equal([(byte)MessageType.Cursor, 0, 0, 0, 0], hidden);
        await host.SendAsync(SandboxMessages.Text(MessageType.ConsoleInput, ""));
        await host.MessageAsync(MessageType.Cursor, m => m[2] == 1);
    }

    /// <summary>Tests the pace of a game. Only a lower bound is strict, because a busy machine makes a game slower, never faster.</summary>
    [Theory]
    [InlineData("pygame.display.flip()", 119 / 60.0, 1000)]
    [InlineData("pygame.display.update()", 119 / 60.0, 1000)]
    [InlineData("pygame.display.flip(); clock.tick(60)", 119 / 60.0, 1000)]
    [InlineData("pygame.display.flip(); clock.tick_busy_loop(60)", 119 / 60.0, 1000)]
    [InlineData("clock.tick(30); pygame.display.flip()", 119 / 30.0, 1000)]
    // At least twice as fast as a 60 Hz display would allow: the game's own clock decides.
    [InlineData("pygame.display.flip(); clock.tick(1000)", 0.119, 119 / 60.0 * 0.9)]
    [InlineData("pygame.display.update(screen.get_rect())", 0, 119 / 60.0 * 0.9)]
    public async Task A_game_keeps_the_time_of_a_display_or_of_its_clock(string show, double atLeast, double atMost)
    {
        await using LinkHost host = await LinkHost.RunAsync(
            $$"""
            import pygame, time
            pygame.init()
            screen = pygame.display.set_mode((64, 64))
            clock = pygame.time.Clock()
            for i in range(121):
                {{show}}
                if i == 1:
                    start = time.perf_counter()
            print("took", time.perf_counter() - start)
            """);
        await host.EndAsync();
        double took = double.Parse(host.Console.Trim().Split(' ')[1], CultureInfo.InvariantCulture);
        // One frame less, because the first measured frame may have begun late.
        Assert.InRange(took, atLeast * 118 / 119, atMost);
    }

    [Fact]
    public async Task Ticks_count_from_the_start_of_the_game_and_the_clock_adds_up()
    {
        await using LinkHost host = await LinkHost.RunAsync(
            """
            import pygame, time
            print("before", pygame.time.get_ticks() < 5000)
            pygame.init()
            clock = pygame.time.Clock()
            start = pygame.time.get_ticks()
            clock.tick()
            total = sum(clock.tick(100) for _ in range(50))
            spent = pygame.time.get_ticks() - start
            print("adds up", abs(total - spent) <= 5, total >= 490)
            # After a late frame the next one may come up to a frame early: ten frames take nine to ten periods at least.
            print("fps", 1 < clock.get_fps() <= 112, clock.get_time() >= 0, clock.get_rawtime() >= 0, repr(clock).startswith("<Clock(fps="))
            """);
        await host.EndAsync();
        Assert.Contains("before True", host.Console, StringComparison.Ordinal);
        Assert.Contains("adds up True True", host.Console, StringComparison.Ordinal);
        Assert.Contains("fps True True True True", host.Console, StringComparison.Ordinal);
    }
}
