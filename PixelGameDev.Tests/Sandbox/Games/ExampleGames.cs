using System.Text;
using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;
using PixelGameDev.Tests.Fixtures.Sandbox;

namespace PixelGameDev.Tests.Sandbox.Games;

/// <summary>Defines how each of pygame's own examples is played, and what makes two runs of it equal.</summary>
internal static class ExampleGames
{
    internal const int Pictures = 40;
    internal const int Step = 5;
    internal const int Escape = 41;
    internal const int Space = 44;

    internal const string Seeded = """
        import pygame, random
        random.seed(7)
        random.seed = lambda *ignored: None
        pygame.sprite.spritecollide = lambda *ignored: []

        """;

    internal const string Stepped = """
        import pygame
        shown = 0

        def stepped(show):
            def step(*rectangles):
                global shown
                show(*rectangles)
                shown += 1
                if shown <= PICTURES and shown % STEP == 0:
                    input()
            return step

        pygame.display.flip = stepped(pygame.display.flip)
        pygame.display.update = stepped(pygame.display.update)

        """;

    internal const string ThenRun = """
        import runpy
        runpy.run_path("GAME", run_name="__main__")
        """;

    internal static readonly Dictionary<string, Example> Examples = new()
    {
        ["aliens"] = new(Seed: true, Moves: true, async host =>
        {
            // The ship goes to the right edge and stays there. Nothing else stays.
            GamePicture first = host.Picture!;
            await host.KeyAsync(79, true, 0x4000004F);
            GamePicture there = await host.PictureAsync(p => Changed(first, p, 600, 440, 640, 480) > 200, "the ship at the right edge");
            await host.PictureAsync(p => p.FrameNumber > there.FrameNumber + 30
                && Changed(first, p, 600, 440, 640, 480) > 200, "the ship still at the right edge");
            await host.KeyAsync(Space, true, ' ', " ");
            await host.MessageAsync(MessageType.Audio, m => m.Length > 100);
            await host.KeyAsync(Escape, true, 27);
            await EndsAsync(host);
        }),
        ["chimp"] = new(Seed: false, Moves: true, async host =>
        {
            GamePicture first = host.Picture!;
            await host.MoveAsync(600, 300);
            await host.PictureAsync(p => Changed(first, p, 560, 300, 660, 400) > 300, "the fist under the mouse");
            await host.ButtonAsync(1, true, 600, 300);
            await host.MessageAsync(MessageType.Audio, m => m.AsSpan(17).IndexOfAnyExcept((byte)0) >= 0);
            await host.KeyAsync(Escape, true, 27);
            await EndsAsync(host);
        }),
        ["stars"] = new(Seed: true, Moves: true, async host =>
        {
            await host.ButtonAsync(1, true, 60, 420);
            GamePicture one = await host.PictureAsync(p => NewStars(p) > 5, "stars from the new centre");
            await host.PictureAsync(p => p.FrameNumber > one.FrameNumber + 10 && NewStars(p) > 5, "more stars from the new centre");
            await host.KeyAsync(Escape, true, 27);
            await host.KeyAsync(Escape, false, 27);
            await EndsAsync(host);

            // A new star is within a few pixels of the centre. Otherwise a star passes there only now and then.
            static int NewStars(GamePicture picture)
            {
                int count = 0;
                for (int y = 410; y < 431; y++)
                {
                    for (int x = 50; x < 71; x++)
                    {
                        count += picture[x, y] == 0xFFF0C8 ? 1 : 0;
                    }
                }

                return count;
            }
        }),
        ["moveit"] = new(Seed: false, Moves: true, AnyKeyEndsAsync),
        ["liquid"] = new(Seed: false, Moves: true, AnyKeyEndsAsync),
        ["mask"] = new(Seed: true, Moves: true, AnyKeyEndsAsync),
        ["testsprite"] = new(Seed: true, Moves: true, AnyKeyEndsAsync),
        ["fonty"] = new(Seed: false, Moves: false, AnyKeyEndsAsync),
        ["scroll"] = new(Seed: false, Moves: false, async host =>
        {
            // The first three flips, before the game waits, look different. This is about the last one.
            await Eventually.TrueAsync(() => host.Picture!.FrameNumber >= 3);
            GamePicture first = host.Picture!;
            await host.KeyAsync(79, true, 0x4000004F);
            await host.PictureAsync(p => Changed(first, p, 80, 80, p.Width - 80, p.Height - 80) > 1000, "the view scrolls");
            await host.KeyAsync(79, false, 0x4000004F);
            await host.KeyAsync(Escape, true, 27);
            await EndsAsync(host);
        }),
        ["blend_fill"] = new(Seed: false, Moves: false, async host =>
        {
            await host.KeyAsync(22, true, 's', "s");
            await host.KeyAsync(21, true, 'r', "r");
            await host.ConsoleAsync("Color: (5, 0, 0)");
            GamePicture first = host.Picture!;
            for (int i = 0; i < 20; i++)
            {
                await host.KeyAsync(21, false, 'r');
                await host.KeyAsync(21, true, 'r', "r");
            }

            await host.PictureAsync(p => Changed(first, p, 200, 10, 300, 60) > 1000, "another colour");
            await host.KeyAsync(Escape, true, 27);
            await EndsAsync(host);
        }),
        ["blit_blends"] = new(Seed: false, Moves: false, async host =>
        {
            await host.KeyAsync(4, true, 'a', "a");
            await host.PictureAsync(p => p[0, 0] != 0x640000, "the pictures added");
            await host.KeyAsync(Escape, true, 27);
            await EndsAsync(host);
        }),
        ["aacircle"] = new(Seed: false, Moves: false, async host =>
        {
            await host.KeyAsync(20, true, 'q', "q");
            await EndsAsync(host);
        }),
        ["cursors"] = new(Seed: false, Moves: false, async host =>
        {
            // Two clicks end it, if it reads its events between them.
            while (!host.Ended.IsCompleted)
            {
                await host.ButtonAsync(1, true, 10, 10);
                await host.ButtonAsync(1, false, 10, 10);
                await Task.Delay(50);
            }

            await EndsAsync(host);
        }),
        ["pixelarray"] = new(Seed: false, Moves: false, async host =>
        {
            GamePicture first = await host.PictureAsync(p => p.FrameNumber >= 2, "the gradient");
            await host.ButtonAsync(1, true, 10, 10);
            GamePicture second = await host.PictureAsync(p => Changed(first, p, 0, 0, 255, 255) > 60000, "the gradient turned over");
            Assert.Equal(first[7, 20], second[7, 234]);
            await host.KeyAsync(4, true, 'a', "a");
            await host.PictureAsync(p => p[0, 100] == 0x0000FF, "every second column blue");
            await host.StopAsync();
            await EndsAsync(host, EndReasons.Stopped);
        }),
        ["resizing_new"] = new(Seed: false, Moves: true, async host =>
        {
            await host.KeyAsync(20, true, 'q', "q");
            await EndsAsync(host);
        }),
        ["eventlist"] = new(Seed: false, Moves: false, async host =>
        {
            GamePicture first = host.Picture!;
            await host.KeyAsync(11, true, 'h', "h");
            await host.PictureAsync(p => Changed(first, p, 0, 130, 640, 480) > 2000, "the list of events");
            await host.KeyAsync(Escape, true, 27);
            await EndsAsync(host);
        },
        // Its list begins with what the sound and window systems reported at the start, which varies.
        Exact: false),
    };

    internal static async Task AnyKeyEndsAsync(LinkHost host)
    {
        await host.KeyAsync(Space, true, ' ', " ");
        await EndsAsync(host);
    }

    internal static async Task EndsAsync(LinkHost host, string reason = EndReasons.Finished)
    {
        SessionEnded end = await host.EndAsync();
        Assert.Equal((reason, 0), (end.Reason, end.ExitCode));
    }

    /// <summary>Counts the pixels inside a rectangle that differ between two pictures.</summary>
    internal static int Changed(GamePicture one, GamePicture other, int left, int top, int right, int bottom)
    {
        int count = 0;
        for (int y = top; y < bottom; y++)
        {
            for (int x = left; x < right; x++)
            {
                count += one[x, y] != other[x, y] ? 1 : 0;
            }
        }

        return count;
    }

    /// <param name="Seed">Whether it uses random numbers.</param>
    /// <param name="Moves">Whether its picture changes by itself.</param>
    /// <param name="Play">Plays it to its end.</param>
    /// <param name="Exact">Whether its picture is the same each time.</param>
    internal sealed record Example(bool Seed, bool Moves, Func<LinkHost, Task> Play, bool Exact = true);
}
