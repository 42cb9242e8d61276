using System.Globalization;
using System.Text;

namespace PixelGameDev.Benchmarks;

/// <summary>A key of a script: at this frame it goes down or up.</summary>
internal readonly record struct ScriptedKey(int Frame, bool Down, string Key);

/// <summary>One game of the set, with its input as a script, so that every run of it is the same.</summary>
/// <param name="Name">Its name in the results.</param>
/// <param name="Kind">What it covers.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Entry">Its file.</param>
/// <param name="Files">Its files by path, without those of the benchmark.</param>
internal sealed record BenchGame(string Name, string Kind, int Width, int Height, string Entry, IReadOnlyDictionary<string, byte[]> Files)
{
    public IReadOnlyList<ScriptedKey> Keys { get; init; } = [];

    /// <summary>After so many frames the keys come again; 0: once.</summary>
    public int Period { get; init; }

    /// <summary>Frames of one round of the pointer; 0: it is the player's.</summary>
    public int Mouse { get; init; }

    /// <summary>Nobody is hit, so that the game goes on.</summary>
    public bool Spare { get; init; }

    /// <summary>The files with those that run it: <c>main.py</c> starts it under <c>bench_stage.py</c>.</summary>
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
/// The games that are measured: our own for still, flat, sprite-heavy, scrolling and noisy pictures from 320×240 to 1920×1080; the
/// templates that people start from; and games of <c>pygame.examples</c>, which are other people's and come from Debian's package
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

    /// <summary>Not of the set: a game whose work is Python's, for what a session costs beside such a one.</summary>
    public static BenchGame Crowd { get; } = Mine("crowd", "much to compute, little to draw", 640, 480);

    /// <summary>The games of these names, in this order.</summary>
    /// <exception cref="ArgumentException">There is none of a name.</exception>
    public static BenchGame[] Choose(IEnumerable<BenchGame> games, IEnumerable<string> names)
    {
        Dictionary<string, BenchGame> known = games.ToDictionary(g => g.Name);
        return [.. names.Select(name => known.GetValueOrDefault(name)
            ?? throw new ArgumentException($"There is no game '{name}' here; there are {string.Join(", ", known.Keys)}."))];
    }

    /// <summary>Everything.</summary>
    /// <param name="examples">Directory of pygame's examples.</param>
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

    /// <summary>Where pygame's examples are: installed by their package, or unpacked by the tests or the benchmark.</summary>
    /// <param name="data">Directory of this person's data.</param>
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
        // Only what its source names: a project is no place for other games' music.
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
