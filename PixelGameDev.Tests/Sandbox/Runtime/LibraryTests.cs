using System.Text.RegularExpressions;
using PixelGameDev.AppHost;
using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;
using PixelGameDev.Tests.Fixtures.Sandbox;

namespace PixelGameDev.Tests.Sandbox.Runtime;

/// <summary>Tests the libraries, fonts and instruments of the game image.</summary>
public sealed partial class LibraryTests
{
    [Fact]
    public async Task Every_library_that_the_page_promises_is_there_and_letters_of_all_scripts_and_midi_music_too()
    {
        string source = await File.ReadAllTextAsync(
            Path.Combine(Repository.Find().Root, "PixelGameDev.Api/Web/src/console/libraries.ts"));
        string[] libraries = [.. Name().Matches(Promised().Match(source).Groups[1].Value).Select(static match => match.Groups[1].Value)];
        Assert.Contains("pygame", libraries);

        await using LinkHost host = await LinkHost.RunAsync(
            $"""
            import importlib, struct
            for name in {$"[{string.Join(", ", libraries.Select(static name => $"'{name}'"))}]"}:
                print(importlib.import_module(name).__name__)

            import pygame
            pygame.init()
            def draw(font, letter):
                return pygame.image.tobytes(pygame.font.SysFont(font, 30).render(letter, True, "white", "black"), "RGB")
            for font, letter in (("simhei", "你"), ("msgothic", "こ"), ("malgungothic", "한"), ("segoeuiemoji", "😀"),
                                 ("traditionalarabic", "م"), ("arialhebrew", "ש"), ("arial", "ж")):
                print(letter, draw(font, letter) != draw(font, "\u0378"))

            notes = b"".join(b"\0\x90" + bytes((n, 100)) + b"\x60\x80" + bytes((n, 0)) for n in (60, 64, 67)) + b"\0\xff\x2f\0"
            with open("tune.mid", "wb") as file:
                file.write(b"MThd" + struct.pack(">IHHH", 6, 0, 1, 96) + b"MTrk" + struct.pack(">I", len(notes)) + notes)
            print(pygame.mixer.Sound("tune.mid").get_length() > 0.5, pygame.mixer.Sound("tune.mid").get_raw().strip(b"\0") != b"")
            pygame.mixer.music.load("tune.mid")
            pygame.mixer.music.play()
            print(pygame.mixer.music.get_busy())
            """,
            SandboxKind.Docker);
        SessionEnded end = await host.EndAsync();
        string[] expected =
        [
            .. libraries, "你 True", "こ True", "한 True", "😀 True", "م True", "ש True", "ж True", "True True", "True",
        ];
        Assert.Equal(string.Join('\n', expected) + "\n", host.Console);
        Assert.Equal(EndReasons.Finished, end.Reason);
    }

    [Fact]
    public async Task Numpy_is_loaded_when_a_game_uses_it_and_not_before()
    {
        await using LinkHost host = await LinkHost.RunAsync(
            """
            import sys
            import pygame
            from pygame import surfarray
            print("numpy" in sys.modules)
            surface = pygame.Surface((3, 2))
            surface.fill("red")
            print(surfarray.array3d(surface).shape, pygame.surfarray.array3d(surface)[2, 1].tolist(), "numpy" in sys.modules)
            import numpy
            import pygame.sndarray as sounds
            pygame.mixer.init(channels=2)
            print(sounds.array(sounds.make_sound(numpy.ones((4, 2), "int16"))).sum(), sounds is pygame.sndarray)
            """,
            SandboxKind.Docker);
        SessionEnded end = await host.EndAsync();
        Assert.Equal("False\n(3, 2, 3) [255, 0, 0] True\n8 True\n", host.Console);
        Assert.Equal(EndReasons.Finished, end.Reason);
    }

    [Fact]
    public async Task A_program_of_Pygame_Zero_plays()
    {
        await using LinkHost host = await LinkHost.RunAsync(
            """
            import pgzrun
            WIDTH, HEIGHT = 120, 80

            def draw():
                screen.fill((0, 128, 0))
                screen.draw.filled_rect(Rect((10, 10), (20, 20)), "red" if keyboard.space else "blue")

            pgzrun.go()
            """,
            SandboxKind.Docker);
        GamePicture picture = await host.PictureAsync(p => p[0, 0] == 0x008000 && p[15, 15] == 0x0000FF, "the picture");
        Assert.Equal((120, 80), (picture.Width, picture.Height));
        await host.StopAsync();
        Assert.Equal(EndReasons.Stopped, (await host.EndAsync()).Reason);
    }

    [GeneratedRegex(@"libraries = \[(.*?)\]")]
    private static partial Regex Promised();

    [GeneratedRegex(@"'(\w+)'")]
    private static partial Regex Name();
}
