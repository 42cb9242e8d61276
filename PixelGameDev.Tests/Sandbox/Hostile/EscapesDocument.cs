using System.Text;
using PixelGameDev.AppHost;

namespace PixelGameDev.Tests.Sandbox.Hostile;

/// <summary>Writes docs/ESCAPES.md: the results of the run without the figures that differ from run to run.</summary>
internal static class EscapesDocument
{
    public static string FilePath => Path.Combine(Repository.Find().Root, "docs", "ESCAPES.md");

    public static string Write(IReadOnlyList<Outcome> docker, IReadOnlyList<Outcome> subprocess)
    {
        StringBuilder text = new();
        text.Append("# What was tried to get out\n\n");
        text.Append("Written by the test run (`HostileCorpusTests`); a run that shows less, or something else, fails. ");
        text.Append("Every program is a file of\n");
        text.Append(
            "`PixelGameDev.Tests/Sandbox/Hostile/programs/`, run through a real Executor as any learner's game. *Proved* means that\n");
        text.Append("the same program, run in the same image without the protection, does say that it escaped, ");
        text.Append("so the test can see an escape; it is\n");
        text.Append(
            "left out where that would harm the machine or the kernel has nothing to attack. Where only some machines have what a " +
            "program\n");
        text.Append("attacks, the summary of `./pixel test` lists the proofs that could not be made there.\n\n");
        text.Append("## Docker\n\n");
        text.Append(System.Globalization.CultureInfo.InvariantCulture,
            $"{docker.Count} programs. *Lost* is the part of its frames that a neighbour's game at 60 frames a second lost meanwhile; " +
            $"afterwards no container,\n");
        text.Append("process, link or temporary file was left.\n\n");
        text.Append(
            "| program | what it tries | what stops it | how the session ends | lost | proved |\n| --- | --- | --- | --- | --- | --- |\n");
        foreach ((HostileProgram program, double? lost) in docker.Select(static outcome => (outcome.Program, outcome.NeighbourLost)))
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture,
                $"| `{program.Name}` | {Cell(program.Idea)} | {Cell(program.StoppedBy)} | {Ends(program)} | " +
                $"{(lost < CorpusRun.MostLost ? "<" : "≥")} {CorpusRun.MostLost:P0} | {(program.Proof is null ? "" : "yes")} |\n");
        }

        text.Append("\n## Subprocess (development only)\n\n");
        text.Append(
            "Without Docker, games run in bubblewrap's namespaces under resource limits. It is no sandbox for strangers, and production " +
            "refuses\n");
        text.Append("it. ");
        text.Append(System.Globalization.CultureInfo.InvariantCulture,
            $"{subprocess.Count} programs of the same corpus are held by it too:\n\n");
        text.AppendJoin(", ", subprocess.Select(static outcome => $"`{outcome.Program.Name}`")).Append(".\n\n");
        text.Append("These are not, or are not promised:\n\n| program | why |\n| --- | --- |\n");
        foreach (HostileProgram program in docker.Select(static outcome => outcome.Program)
            .Where(static program => program.SubprocessGap is not null))
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"| `{program.Name}` | {Cell(program.SubprocessGap!)} |\n");
        }

        return text.ToString();
    }

    private static string Ends(HostileProgram program) => string.Join(" or ", program.Ends.Select(static end => $"`{end}`"));

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
