using System.Text;
using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;
using PixelGameDev.Tests.Fixtures.Sandbox;
using static PixelGameDev.Tests.Sandbox.Games.ExampleGames;

namespace PixelGameDev.Tests.Sandbox.Games;

/// <summary>
/// Tests unmodified games of <c>pygame.examples</c> in containers, and some of them without. The picture of the game's n-th flip on the
/// link equals, pixel for pixel, the picture of its n-th flip under plain SDL with the same Python. Input has the right effect.
/// </summary>
/// <remarks>
/// <para>Games that use random numbers get the same seed in both runs: a first file sets it and then runs the game's own. No player is hit
/// there, because how long one lives would depend on when this test gets its turn.</para>
/// <para>The sandbox shows the newest picture and skips older ones, so how many of a game's first pictures arrive depends on the machine's
/// speed. The same first file therefore makes a moving game wait at every <see cref="Step"/>th of them until this test has seen it.</para>
/// </remarks>
public sealed class ExampleGameTests
{
    /// <summary>
    /// Names the games that also run without a container. Both kinds have the same runtime, so a few show it: sound and keys, random
    /// numbers and the mouse, text, pixels.
    /// </summary>
    private static readonly string[] AlsoAsProcess = ["aliens", "stars", "fonty", "pixelarray"];

    public static TheoryData<SandboxKind, string> All()
    {
        TheoryData<SandboxKind, string> all = [];
        foreach (string name in Examples.Keys)
        {
            all.Add(SandboxKind.Docker, name);
            if (AlsoAsProcess.Contains(name))
            {
                all.Add(SandboxKind.Process, name);
            }
        }

        return all;
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task An_example_plays_as_on_a_desktop(SandboxKind kind, string name)
    {
        Example example = Examples[name];
        Dictionary<string, byte[]> files = await FilesAsync(name);
        string first = (example.Seed ? Seeded : "") + ThenRun.Replace("GAME", name + ".py", StringComparison.Ordinal);
        files["first.py"] = Encoding.UTF8.GetBytes(first);

        using TestDirectory copy = new();
        foreach ((string path, byte[] content) in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(copy.Sub(path))!);
            await File.WriteAllBytesAsync(copy.Sub(path), content);
        }

        PlainGame plain = await PlainGame.RunAsync(kind, copy.Path, "first.py", Pictures, example.Moves ? Eventually.Limit
            : TimeSpan.FromSeconds(2));
        await using LinkHost host = await LinkHost.StartAsync(kind);
        int compared = 0;
        int moved = 0;
        GamePicture? before = null;
        List<string> wrong = [];
        host.Seen += picture =>
        {
            if (picture.InputSeq == 0 && example.Exact && plain.Differences(picture) is { } differences)
            {
                compared++;
                if (differences != 0)
                {
                    wrong.Add($"flip {picture.FrameNumber}: {differences} pixels");
                }

                moved += before is not null && !before.Rgba.AsSpan().SequenceEqual(picture.Rgba) ? 1 : 0;
                before = picture;
            }
        };
        bool stepped = example is { Moves: true, Exact: true };
        if (stepped)
        {
            string stops = Stepped.Replace("PICTURES", $"{Pictures}", StringComparison.Ordinal)
                .Replace("STEP", $"{Step}", StringComparison.Ordinal);
            files["first.py"] = Encoding.UTF8.GetBytes(stops + first);
        }

        await host.StartGameAsync(files, "first.py");
        for (uint stop = Step; stepped && stop <= Pictures; stop += Step)
        {
            await host.PictureAsync(p => p.FrameNumber == stop, $"picture {stop}");
            await host.SendAsync(SandboxMessages.Text(MessageType.ConsoleInput, ""));
        }

        await host.PictureAsync(static _ => true, "a picture");
        await example.Play(host);

        Assert.Empty(host.Messages(MessageType.Error));
        Assert.True(wrong.Count == 0, $"{name} looks different: {string.Join(", ", wrong)}");
        Assert.True(compared >= (stepped ? Pictures / Step : example.Exact ? 1 : 0), $"only {compared} pictures could be compared");
        Assert.True(moved >= (stepped ? 2 : 0), $"{moved} pictures changed");
    }

    private static async Task<Dictionary<string, byte[]>> FilesAsync(string name)
    {
        string examples = await PygameExamples.FindAsync();
        Dictionary<string, byte[]> files = new() { [name + ".py"] = await File.ReadAllBytesAsync(Path.Combine(examples, name + ".py")) };
        foreach (string asset in Directory.EnumerateFiles(Path.Combine(examples, "data")))
        {
            files["data/" + Path.GetFileName(asset)] = await File.ReadAllBytesAsync(asset);
        }

        return files;
    }
}
