using System.Globalization;
using System.Text;

namespace PixelGameDev.Benchmarks;

/// <summary>A key of a script, which goes down or up at this frame.</summary>
internal readonly record struct ScriptedKey(int Frame, bool Down, string Key);

/// <summary>One game of the set, with its input as a script, so that all its runs are equal.</summary>
/// <param name="Name">The name in the results.</param>
/// <param name="Kind">What it covers.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Entry">The first file.</param>
/// <param name="Files">The game's files by path, without those of the benchmark.</param>
internal sealed record BenchGame(string Name, string Kind, int Width, int Height, string Entry, IReadOnlyDictionary<string, byte[]> Files)
{
    public IReadOnlyList<ScriptedKey> Keys { get; init; } = [];

    /// <summary>The number of frames after which the keys repeat; 0: they do not repeat.</summary>
    public int Period { get; init; }

    /// <summary>The number of frames in which the pointer makes one round; 0: the player moves it.</summary>
    public int Mouse { get; init; }

    /// <summary>Whether nothing hits the player, so that the game goes on.</summary>
    public bool Spare { get; init; }

    /// <summary>Returns the game's files with those that run it: <c>main.py</c> starts it under <c>bench_stage.py</c>.</summary>
    /// <param name="arguments">More arguments of <c>bench_stage.run</c>, e.g. <c>stamp=False</c>.</param>
    public Dictionary<string, byte[]> Staged(string arguments = "")
    {
        // The benchmark's own main.py starts the game's.
        string entry = Entry == "main.py" ? "game.py" : Entry;
        Dictionary<string, byte[]> files = Files.ToDictionary(f => f.Key == Entry ? entry : f.Key, f => f.Value, StringComparer.Ordinal);
        StringBuilder main = new("import bench_stage\n\nbench_stage.run(");
        main.Append(CultureInfo.InvariantCulture, $"\"{entry}\", period={Period}, mouse={Mouse}, spare={Spare}, keys=[");
        main.AppendJoin(", ", Keys.Select(k => $"({k.Frame.ToString(CultureInfo.InvariantCulture)}, {(k.Down ? 1 : 0)}, \"{k.Key}\")"));
        main.Append("], ").Append(arguments).Append(")\n");
        files["main.py"] = Encoding.UTF8.GetBytes(main.ToString());
        files["bench_stage.py"] = File.ReadAllBytes(Path.Combine(GameSet.Folder, "bench_stage.py"));
        return files;
    }

    /// <summary>Writes the staged files into a directory.</summary>
    public void WriteTo(string directory, string arguments = "")
    {
        foreach ((string path, byte[] content) in Staged(arguments))
        {
            string file = Path.Combine(directory, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllBytes(file, content);
        }
    }
}

/// <summary>
/// Lists the measured games: our own for still, flat, sprite-heavy, scrolling and noisy pictures from 320×240 to 1920×1080; the templates
/// that people start from; and games of <c>pygame.examples</c>, which other people wrote and which come from Debian's package
/// <c>python-pygame-doc</c>.
/// </summary>
internal static class GameSet
{
    public static string Folder { get; } = Path.Combine(Results.RepositoryRoot(), "PixelGameDev.Benchmarks", "Games");

    public static IReadOnlyList<BenchGame> Own { get; } =
    [
        Mine("still", "a picture that stands", 640, 480),
        Mine("tiny", "small pixels", 320, 240),
        Mine("flat", "plain colours", 800, 600),
        Mine("sprites", "forty shaded figures", 800, 600),
        Mine("scrolling", "grainy ground that scrolls", 800, 600),
        Mine("noise", "every pixel new", 640, 480),
        Mine("hd", "large screen", 1920, 1080),
    ];

    public static IReadOnlyList<BenchGame> Templates { get; } =
    [
        Template("starter", 640, 480) with { Keys = Hold(("right", 10, 70), ("down", 40, 60), ("left", 80, 140), ("up", 100, 120)),
            Period = 150 },
        Template("jumper", 400, 600) with { Keys = Hold(("right", 10, 60), ("left", 70, 120), ("space", 121, 123)), Period = 130 },
        Template("meteors", 480, 640) with { Keys = Hold(("right", 5, 45), ("left", 50, 90), ("space", 91, 93)), Period = 100 },
        Template("snake", 576, 480) with { Keys =
            Hold(("down", 30, 32), ("left", 60, 62), ("up", 90, 92), ("right", 118, 119), ("space", 119, 120)), Period = 120 },
        Template("painter", 560, 624) with { Mouse = 240 },
    ];

    /// <summary>A game whose work is mostly Python's, for the cost of a session next to such work. It is not in the set.</summary>
    public static BenchGame Crowd { get; } = Mine("crowd", "much to compute, little to draw", 640, 480);

    /// <summary>Returns the games of these names, in this order.</summary>
    /// <exception cref="ArgumentException">No game has one of the names.</exception>
    public static BenchGame[] Choose(IEnumerable<BenchGame> games, IEnumerable<string> names)
    {
        Dictionary<string, BenchGame> known = games.ToDictionary(g => g.Name);
        return [.. names.Select(name => known.GetValueOrDefault(name)
            ?? throw new ArgumentException($"There is no game '{name}' here; there are {string.Join(", ", known.Keys)}."))];
    }

    /// <summary>Returns all games.</summary>
    /// <param name="examples">The directory of pygame's examples.</param>
    public static IReadOnlyList<BenchGame> All(string examples) => [.. Own, .. Templates, .. Examples(examples)];

    public static IReadOnlyList<BenchGame> Examples(string folder) =>
    [
        Example(folder, "aliens", "sprites over a picture", 640, 480) with
        {
            Keys = Hold(("right", 10, 90), ("left", 100, 180), ("space", 30, 32), ("space", 60, 62), ("space", 120, 122),
                ("space", 150, 152)),
            Period = 200,
            Spare = true,
        },
        Example(folder, "stars", "a thousand single pixels", 640, 480),
        Example(folder, "moveit", "figures over a picture", 640, 480),
        Example(folder, "liquid", "every pixel moves", 640, 480),
        Example(folder, "mask", "turning shapes", 640, 480),
        Example(folder, "testsprite", "a hundred sprites", 640, 480),
    ];

    /// <summary>Finds pygame's examples: installed by their package, or unpacked by the tests or the benchmark.</summary>
    /// <param name="data">The directory of this person's data.</param>
    public static string? FindExamples(string data)
    {
        const string Installed = "/usr/share/doc/python-pygame-doc/examples";
        return new[] { Installed, Path.Combine(data, "tests", "python-pygame-doc") + Installed }
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "aliens.py")));
    }

    private static BenchGame Mine(string name, string kind, int width, int height) =>
        new(name, kind, width, height, name + ".py",
            new Dictionary<string, byte[]> { [name + ".py"] = File.ReadAllBytes(Path.Combine(Folder, name + ".py")) });

    private static BenchGame Template(string name, int width, int height)
    {
        string folder = Path.Combine(Results.RepositoryRoot(), "content", "templates", name);
        Dictionary<string, byte[]> files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(path => Path.GetFileName(path) != "template.json")
            .ToDictionary(path => Path.GetRelativePath(folder, path), File.ReadAllBytes, StringComparer.Ordinal);
        return new BenchGame(name, "template", width, height, "main.py", files);
    }

    private static BenchGame Example(string folder, string name, string kind, int width, int height)
    {
        string file = name + ".py";
        Dictionary<string, byte[]> files = new(StringComparer.Ordinal) { [file] = File.ReadAllBytes(Path.Combine(folder, file)) };
        // Only the files that its source names, because other games' music does not belong into its project.
        string source = File.ReadAllText(Path.Combine(folder, file));
        foreach (string asset in Directory.EnumerateFiles(Path.Combine(folder, "data")))
        {
            if (source.Contains(Path.GetFileName(asset), StringComparison.Ordinal))
            {
                files["data/" + Path.GetFileName(asset)] = File.ReadAllBytes(asset);
            }
        }

        return new BenchGame(name, kind, width, height, file, files);
    }

    private static IReadOnlyList<ScriptedKey> Hold(params (string Key, int From, int To)[] held) =>
        [.. held.SelectMany(h => new[] { new ScriptedKey(h.From, true, h.Key), new ScriptedKey(h.To, false, h.Key) })];
}
