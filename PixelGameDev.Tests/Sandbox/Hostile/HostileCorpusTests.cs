using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Sandbox.Hostile;

/// <summary>Tests that a hostile program in a sandbox gains nothing and does not harm its neighbours.</summary>
[Collection(SystemCollection.Name)]
public sealed class HostileCorpusTests(CorpusRun run) : IClassFixture<CorpusRun>
{
    /// <summary>The smallest allowed number of programs. The corpus may grow.</summary>
    private const int LeastPrograms = 158;

    [Fact]
    public void Every_program_is_stopped_by_what_should_stop_it_and_ends_with_its_name()
    {
        Assert.True(run.Docker.Count >= LeastPrograms, $"Only {run.Docker.Count} programs were run.");
        Assert.Equal(HostileProgram.All.Select(static program => program.Name), run.Docker.Select(static outcome => outcome.Program.Name));
        AssertNone(run.Docker.Select(static outcome => outcome.Failure));
    }

    [Fact]
    public void A_neighbour_loses_less_than_a_twentieth_of_its_frames_to_any_program()
    {
        List<Outcome> measured = [.. run.Docker.Where(static outcome => outcome.NeighbourLost is not null)];
        Assert.True(measured.Count >= LeastPrograms, $"The neighbour was watched in the time of {measured.Count} programs only.");
        AssertNone(measured.Where(static outcome => outcome.NeighbourLost >= CorpusRun.MostLost)
            .Select(static outcome => string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"{outcome.Program.Name} took {outcome.NeighbourLost:P1} of its neighbour's frames.")));
    }

    [Fact]
    public void The_subprocess_sandbox_holds_what_it_promises() =>
        AssertNone(run.Subprocess.Select(static outcome => outcome.Failure));

    [Fact]
    public void No_container_process_link_or_temporary_file_is_left() => AssertNone(run.Leftovers);

    [Fact]
    public void Every_end_is_a_sentence_a_child_understands_and_a_reason_for_the_operator() =>
        AssertNone(run.Docker.Where(static outcome => outcome.End is not null
                && (outcome.End.Message.Length is < 10 or > 200 || !outcome.End.Message.EndsWith('.') && !outcome.End.Message.EndsWith('?')
                    || string.IsNullOrWhiteSpace(outcome.End.Detail)))
            .Select(static outcome => $"{outcome.Program.Name}: {outcome.End}"));

    [Fact]
    public void The_document_says_what_this_run_has_shown()
    {
        string now = EscapesDocument.Write(
            [.. run.Docker.Where(static outcome => outcome.Failure is null)],
            [.. run.Subprocess.Where(static outcome => outcome.Failure is null)]);
        string committed = File.Exists(EscapesDocument.FilePath) ? File.ReadAllText(EscapesDocument.FilePath) : "";
        if (now != committed && run.Docker.Concat(run.Subprocess).All(static outcome => outcome.Failure is null))
        {
            File.WriteAllText(EscapesDocument.FilePath, now);
            Assert.Fail("docs/ESCAPES.md said something else than this run has shown; it has been written anew: look at it and commit it.");
        }

        Assert.Equal(committed, now);
    }

    private static void AssertNone(IEnumerable<string?> failures)
    {
        List<string?> found = [.. failures.Where(static failure => failure is not null)];
        Assert.True(found.Count == 0, string.Join("\n\n", found));
    }
}
