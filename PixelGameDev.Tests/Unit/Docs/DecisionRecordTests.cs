using System.Globalization;
using System.Text.RegularExpressions;
using PixelGameDev.Tests.Unit.Habits;

namespace PixelGameDev.Tests.Unit.Docs;

/// <summary>Tests that the decision records of <c>docs/adr</c> have numbers without gaps and the same form.</summary>
public sealed partial class DecisionRecordTests
{
    private static readonly string[] Records =
        [.. SourceFiles.WithEnding(".md").Where(static file => file.StartsWith("docs/adr/", StringComparison.Ordinal))];

    [Fact]
    public void They_are_numbered_without_gaps()
    {
        Assert.NotEmpty(Records);
        Assert.Equal(
            Enumerable.Range(1, Records.Length).Select(static number => number.ToString("0000", CultureInfo.InvariantCulture)),
            Records.Select(static file => Path.GetFileName(file)[..4]));
    }

    [Fact]
    public void Each_has_its_number_and_its_decision_as_the_title_and_the_same_sections()
    {
        Assert.All(Records, static file =>
        {
            string[] headings =
                [.. SourceFiles.Lines(file).Where(static line => line.StartsWith("# ", StringComparison.Ordinal)
                    || line.StartsWith("## ", StringComparison.Ordinal))];
            int number = int.Parse(Path.GetFileName(file)[..4], CultureInfo.InvariantCulture);
            Assert.StartsWith($"# ADR {number}: ", headings[0], StringComparison.Ordinal);
            Assert.Equal(["## Status", "## Context", "## Decision", "## Consequences"], headings[1..]);
        });
    }

    [Fact]
    public void Every_number_in_code_and_documents_is_that_of_a_record()
    {
        (string File, int Number)[] named =
        [
            .. from file in SourceFiles.WithEnding(".cs", ".ts", ".tsx", ".py", ".sh", ".md", ".yaml")
               from Match match in Reference().Matches(string.Join('\n', SourceFiles.Lines(file)))
               select (file, int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)),
        ];
        Assert.NotEmpty(named);
        Assert.DoesNotContain(named, static one => one.Number < 1 || one.Number > Records.Length);
    }

    [GeneratedRegex(@"\bADR (\d+)\b")]
    private static partial Regex Reference();
}
