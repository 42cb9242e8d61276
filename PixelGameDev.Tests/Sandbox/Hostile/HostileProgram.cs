using PixelGameDev.AppHost;

namespace PixelGameDev.Tests.Sandbox.Hostile;

/// <summary>What a program of the corpus must show.</summary>
internal enum Expectation
{
    /// <summary>Every attack was refused: at least one BLOCKED, no ESCAPED.</summary>
    Blocked,

    /// <summary>It was ended from outside, or ended itself; no ESCAPED.</summary>
    Ended,

    /// <summary>It says SURVIVED: the sandbox shrugged; no ESCAPED.</summary>
    Survived,
}

/// <summary>One idea, in a file of its own under <c>programs/</c>; what must come of it is in the comments at its beginning.</summary>
/// <param name="Name">File name without ending.</param>
/// <param name="Idea">What it tries, for people.</param>
/// <param name="StoppedBy">What must be in its way.</param>
/// <param name="Expect">What it must say.</param>
/// <param name="Ends">The named ends that are right.</param>
/// <param name="SubprocessGap">Why the subprocess sandbox does not promise to hold it; null: it does.</param>
/// <param name="Proof">Protections to take away so that it must say ESCAPED; null where that would harm the machine or is
/// impossible.</param>
/// <param name="Needs">What the machine must offer for that proof, a name of <see cref="MachineOffer"/>; null: nothing special.</param>
/// <param name="Source">The program.</param>
internal sealed record HostileProgram(
    string Name, string Idea, string StoppedBy, Expectation Expect, IReadOnlyList<string> Ends, string? SubprocessGap, string? Proof,
    string? Needs, string Source)
{
    private const string NotHeld = "not held, ";

    /// <summary>Where the programs are.</summary>
    public static string Folder => Path.Combine(Repository.Find().Project("PixelGameDev.Tests"), "Sandbox", "Hostile");

    /// <summary>The module that is uploaded beside each of them.</summary>
    public static string Support => File.ReadAllText(Path.Combine(Folder, "hostile.py"));

    /// <summary>
    /// While programs are written, <c>HOSTILE_PROGRAMS=name,name</c> runs only these; what is asked of the whole corpus then fails, and
    /// <c>artifacts/hostile.txt</c> has what was seen.
    /// </summary>
    private static readonly string[] Only = (Environment.GetEnvironmentVariable("HOSTILE_PROGRAMS") ?? "")
        .Split(',', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>All of them, by name.</summary>
    public static IReadOnlyList<HostileProgram> All { get; } =
    [
        .. Directory.GetFiles(Path.Combine(Folder, "programs"), "*.py").Order(StringComparer.Ordinal).Select(Read)
            .Where(static program => Only.Length == 0 || Only.Contains(program.Name)),
    ];

    // "# idea: every process forks for ever"
    private static HostileProgram Read(string path)
    {
        string source = File.ReadAllText(path);
        Dictionary<string, string> header = [];
        foreach (string line in source.Split('\n').TakeWhile(static line => line.StartsWith("# ", StringComparison.Ordinal)))
        {
            string[] parts = line[2..].Split(": ", 2);
            header.Add(parts[0], parts[1].Trim());
        }

        string name = Path.GetFileNameWithoutExtension(path);
        string Required(string key) => header.Remove(key, out string? value) ? value
            : throw new InvalidDataException($"{name}: '# {key}: …' is missing.");
        HostileProgram program = new(
            name,
            Required("idea"),
            Required("stopped-by"),
            Enum.Parse<Expectation>(Required("expect"), ignoreCase: true),
            Required("ends").Split('|'),
            header.Remove("subprocess", out string? gap) && gap.StartsWith(NotHeld, StringComparison.Ordinal)
                ? gap[NotHeld.Length..] : null,
            header.Remove("proof", out string? proof) ? proof : null,
            header.Remove("needs", out string? needs) ? needs : null,
            source);
        if (needs is not null && (proof is null || !MachineOffer.Known.Contains(needs)))
        {
            throw new InvalidDataException(
                $"{name}: '# needs: {needs}' goes with a proof, and is one of: {string.Join(", ", MachineOffer.Known)}.");
        }

        return header.Count == 0 ? program : throw new InvalidDataException($"{name}: unknown '# {header.Keys.First()}: …'.");
    }
}
