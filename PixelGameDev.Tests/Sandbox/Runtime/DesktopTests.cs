using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;
using PixelGameDev.Tests.Fixtures.Sandbox;

namespace PixelGameDev.Tests.Sandbox.Runtime;

/// <summary>Tests small things that programs meet on a desktop and must meet here.</summary>
public sealed class DesktopTests
{
    [Theory]
    [InlineData(SandboxKind.Process)]
    [InlineData(SandboxKind.Docker)]
    public async Task Old_driver_names_device_names_wrong_arguments_and_ticks_behave_as_on_a_desktop(SandboxKind kind)
    {
        await using LinkHost host = await LinkHost.RunAsync(
            """
            import os
            os.environ["SDL_VIDEODRIVER"] = "windib"
            os.environ["SDL_AUDIODRIVER"] = "directx"
            import pygame
            print("before init", pygame.time.get_ticks())
            pygame.mixer.pre_init(44100, -16, 2, 512, "Speakers")
            pygame.init()
            print(pygame.mixer.get_init(), os.environ["SDL_VIDEODRIVER"])
            pygame.mixer.quit()
            pygame.mixer.init(22050, -16, 1, 512, "Speakers")
            # The image has its list of fonts; nothing makes one in the game's folder.
            pygame.font.SysFont("arial", 20)
            print(pygame.mixer.get_init(), os.listdir())
            for attempt in (
                lambda: pygame.time.Clock().tick("60"), lambda: pygame.time.Clock().tick(None),
                lambda: pygame.display.set_mode("ab"), lambda: pygame.display.set_mode(5),
            ):
                try:
                    print("no error", attempt())
                except TypeError as error:
                    print("TypeError:", error)
            pygame.quit()
            print("after quit", pygame.time.get_ticks())
            """,
            kind);
        Assert.Equal(EndReasons.Finished, (await host.EndAsync()).Reason);
        Assert.Equal(
            """
            before init 0
            (44100, -16, 2) windib
            (22050, -16, 1) ['main.py']
            TypeError: must be real number, not str
            TypeError: must be real number, not NoneType
            TypeError: size must be two numbers
            TypeError: size must be two numbers
            after quit 0

            """,
            host.Console);
    }

    [Fact]
    public async Task Update_shows_only_the_rectangles_that_it_is_given()
    {
        await using LinkHost host = await LinkHost.RunAsync(
            """
            import pygame
            screen = pygame.display.set_mode((60, 40))
            screen.fill("red")
            pygame.display.flip()
            screen.fill("blue")
            pygame.display.update((0, 0, 10, 10))
            pygame.display.update([pygame.Rect(50, 30, 10, 10), None, pygame.Rect(-5, 38, 10, 10)])
            input("parts")
            screen.fill("green")
            pygame.display.flip()
            screen.fill("white")
            pygame.display.update(pygame.Rect(0, 0, 1, 1))
            input("again")
            pygame.display.update()
            input("whole")
            """);
        GamePicture parts = await host.PictureAsync(p => p[4, 39] == 0x0000FF, "the parts");
        Assert.Equal((200 + 10, (60 * 40) - 210), (parts.Count(0x0000FF), parts.Count(0xFF0000)));
        await host.SendAsync(SandboxMessages.Text(MessageType.ConsoleInput, ""));
        GamePicture again = await host.PictureAsync(p => p[0, 0] == 0xFFFFFF, "one pixel of white");
        Assert.Equal((1, (60 * 40) - 1), (again.Count(0xFFFFFF), again.Count(0x008000) + again.Count(0x00FF00)));
        await host.SendAsync(SandboxMessages.Text(MessageType.ConsoleInput, ""));
        await host.PictureAsync(p => p.Count(0xFFFFFF) == 60 * 40, "all white");
    }

    [Fact]
    public async Task A_picture_that_was_shown_is_seen_although_the_game_then_only_calculates()
    {
        await using LinkHost host = await LinkHost.RunAsync(
            """
            import os
            import pygame
            from pixel_runtime import frames
            screen = pygame.display.set_mode((60, 40))
            pygame.display.flip()
            # As right after a copy that took long.
            frames._busy_until = float("inf")
            screen.fill("red")
            pygame.display.update(screen.get_rect())
            while not os.path.exists("go"):
                pass
            """);
        await host.PictureAsync(p => p[0, 0] == 0xFF0000, "the last picture, while the game calculates");
        await File.WriteAllTextAsync(Path.Combine(host.Work, "go"), "");
        Assert.Equal(EndReasons.Finished, (await host.EndAsync()).Reason);
    }

    [Fact]
    public async Task Another_thread_that_waits_does_not_send_a_picture_that_is_being_drawn()
    {
        await using LinkHost host = await LinkHost.RunAsync(
            """
            import threading, time
            import pygame
            from pixel_runtime import frames
            screen = pygame.display.set_mode((60, 40))
            pygame.display.flip()
            frames._busy_until = float("inf")
            frames._LATE = 3600
            # Unlike flip(), this does not wait for the next sixtieth of a second.
            pygame.display.update(screen.get_rect())
            other = threading.Thread(target=time.sleep, args=(0.001,))
            other.start()
            other.join()
            print(frames._pending, end=" ")
            time.sleep(0.001)
            print(frames._pending)
            """);
        Assert.Equal(EndReasons.Finished, (await host.EndAsync()).Reason);
        Assert.Equal("True False\n", host.Console);
    }

    [Fact]
    public async Task Windows_of_sdl2_say_what_to_use_instead()
    {
        await using LinkHost host = await LinkHost.RunAsync(
            """
            import pygame
            from pygame._sdl2 import Renderer, Window
            from pygame._sdl2.video import Texture
            pygame.display.set_mode((60, 40))
            print(Window.from_display_module().size)
            Window("My game")
            """,
            SandboxKind.Docker);
        ErrorReport error = await host.ErrorAsync();
        await host.EndAsync();
        Assert.Equal("(60, 40)\n", host.Console);
        Assert.Equal(("error", 6), (error.Type, error.Line));
        Assert.Contains("Use pygame.display.set_mode()", error.Message, StringComparison.Ordinal);
    }
}
