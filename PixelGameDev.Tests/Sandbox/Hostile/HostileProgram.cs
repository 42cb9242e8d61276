using PixelGameDev.AppHost;

namespace PixelGameDev.Tests.Sandbox.Hostile;

/// <summary>The result that a program of the corpus must show.</summary>
internal enum Expectation
{
    /// <summary>Every attack was refused: at least one BLOCKED, no ESCAPED.</summary>
    Blocked,

    /// <summary>It ended from outside or by itself; no ESCAPED.</summary>
    Ended,

    /// <summary>It says SURVIVED: the attack had no effect on the sandbox; no ESCAPED.</summary>
    Survived,
}

/// <summary>
/// One idea in a file of its own under <c>programs/</c>. The comments at the beginning of the file state the right result.
/// </summary>
/// <param name="Name">The file name without its ending.</param>
/// <param name="Idea">A description of the attack.</param>
/// <param name="StoppedBy">The protection that stops it.</param>
/// <param name="Expect">The result that it must print.</param>
/// <param name="Ends">The allowed named ends.</param>
/// <param name="SubprocessGap">The reason why the subprocess sandbox does not promise to contain it; null: it does.</param>
/// <param name="Proof">The protections to remove so that it must say ESCAPED; null where that would harm the machine or is
/// impossible.</param>
/// <param name="Needs">What the machine must offer for that proof, a name of <see cref="MachineOffer"/>; null: nothing special.</param>
/// <param name="Source">The program's text.</param>
internal sealed record HostileProgram(
    string Name, string Idea, string StoppedBy, Expectation Expect, IReadOnlyList<string> Ends, string? SubprocessGap, string? Proof,
    string? Needs, string Source)
{
    private const string NotHeld = "not held, ";

    /// <summary>The directory of the programs.</summary>
    public static string Folder => Path.Combine(Repository.Find().Project("PixelGameDev.Tests"), "Sandbox", "Hostile");

    /// <summary>Returns the text of the module that is uploaded with each of them.</summary>
    public static string Support => File.ReadAllText(Path.Combine(Folder, "hostile.py"));

    /// <summary>
    /// Limits a run to these programs while somebody writes one: <c>HOSTILE_PROGRAMS=name,name</c>. Checks of the whole corpus fail then;
    /// <c>artifacts/hostile.txt</c> has the results.
    /// </summary>
    private static readonly string[] Only = (Environment.GetEnvironmentVariable("HOSTILE_PROGRAMS") ?? "")
        .Split(',', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Lists all programs by name.</summary>
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
