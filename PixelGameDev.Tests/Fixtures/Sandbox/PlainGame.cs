using System.Diagnostics;
using System.Globalization;
using System.Text;
using Docker.DotNet.Models;

namespace PixelGameDev.Tests.Fixtures.Sandbox;

/// <summary>Holds the pictures of a game under plain SDL with the same Python and pygame as a sandbox.</summary>
internal sealed class PlainGame
{
    private readonly Dictionary<uint, (int Width, int Height, byte[] Rgb)> _pictures = [];

    public int Count => _pictures.Count;

    /// <summary>Runs a game until it has shown <paramref name="count"/> pictures or stands still.</summary>
    /// <param name="kind">The sandbox whose Python runs it.</param>
    /// <param name="files">The directory of the game.</param>
    /// <param name="entry">The game's first file.</param>
    /// <param name="count">Pictures to keep.</param>
    /// <param name="stillAfter">The time without a new picture after which the game counts as standing still, in whole seconds.</param>
    public static async Task<PlainGame> RunAsync(SandboxKind kind, string files, string entry, int count, TimeSpan stillAfter)
    {
        using TestDirectory output = new();
        string script = Path.Combine(GameHostBinary.Repository, "PixelGameDev.Tests/Sandbox/Games");
        string[] limits = [count.ToString(CultureInfo.InvariantCulture),
            stillAfter.TotalSeconds.ToString("F0", CultureInfo.InvariantCulture)];
        if (kind == SandboxKind.Process)
        {
            using Process process = Process.Start(new ProcessStartInfo(
                "/usr/bin/python3", ["-B", Path.Combine(script, "plain.py"), files, entry, output.Path, .. limits])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            Task<string> text = process.StandardOutput.ReadToEndAsync();
            await process.StandardError.ReadToEndAsync();
            await text;
            await process.WaitForExitAsync();
        }
        else
        {
            await RunInContainerAsync(files, entry, script, output.Path, limits);
        }

        PlainGame game = new();
        foreach (string file in Directory.EnumerateFiles(output.Path))
        {
            byte[] content = await File.ReadAllBytesAsync(file);
            int end = content.AsSpan().IndexOf((byte)'\n');
            string[] size = Encoding.ASCII.GetString(content, 0, end).Split(' ');
            (int width, int height) = (int.Parse(size[0], CultureInfo.InvariantCulture), int.Parse(size[1], CultureInfo.InvariantCulture));
            if (content.Length == end + 1 + (width * height * 3))
            {
                game._pictures[uint.Parse(Path.GetFileName(file), CultureInfo.InvariantCulture)] = (width, height, content[(end + 1)..]);
            }
        }

        Assert.True(game.Count > 0, $"{entry} showed nothing under plain SDL.");
        return game;
    }

    /// <summary>
    /// Returns how many pixels of a picture differ from what the game showed at that flip; null when there is nothing to compare with.
    /// </summary>
    public int? Differences(GamePicture picture)
    {
        if (!_pictures.TryGetValue(picture.FrameNumber, out (int Width, int Height, byte[] Rgb) plain))
        {
            return null;
        }

        if ((plain.Width, plain.Height) != (picture.Width, picture.Height))
        {
            return int.MaxValue;
        }

        int differences = 0;
        for (int i = 0, p = 0; i < plain.Rgb.Length; i += 3, p += 4)
        {
            differences += plain.Rgb[i] == picture.Rgba[p] && plain.Rgb[i + 1] == picture.Rgba[p + 1]
                && plain.Rgb[i + 2] == picture.Rgba[p + 2] ? 0 : 1;
        }

        return differences;
    }

    private static async Task RunInContainerAsync(string files, string entry, string script, string output, string[] limits)
    {
        Docker.DotNet.IContainerOperations containers = TestGameImage.Docker.Client.Containers;
        string id = (await containers.CreateContainerAsync(new CreateContainerParameters
        {
            Image = await TestGameImage.EnsureAsync(),
            User = "0:0",
            Entrypoint = ["/usr/bin/python3"],
            Cmd = ["-B", "/script/plain.py", "/files", entry, "/output", .. limits],
            WorkingDir = "/tmp",
            HostConfig = new HostConfig
            {
                NetworkMode = "none",
                Binds = [$"{files}:/files:ro", $"{script}:/script:ro", $"{output}:/output"],
            },
        })).ID;
        try
        {
            await containers.StartContainerAsync(id, new ContainerStartParameters());
            using CancellationTokenSource limit = new(Eventually.Limit);
            await containers.WaitContainerAsync(id, limit.Token);
        }
        finally
        {
            await containers.RemoveContainerAsync(id, new ContainerRemoveParameters { Force = true });
        }
    }
}
