namespace PixelGameDev.Tests.Unit.Habits;

/// <summary>Tests that lines of C# have at most 140 columns. (Biome formats the page to the same width.)</summary>
public sealed class LineLengthTests
{
    private const int Columns = 140;

    /// <summary>Files that contain tables: a row stays on one line.</summary>
    private static readonly Dictionary<string, string> Tables = new()
    {
        ["PixelGameDev.Api/Accounts/WeakPasswords.cs"] = "the list of words",
    };

    [Fact]
    public void No_line_of_C_sharp_is_longer_than_140_columns()
    {
        IReadOnlyList<string> files = SourceFiles.WithEnding(".cs");
        Assert.InRange(files.Count, 300, int.MaxValue);
        Assert.Empty(files.Where(static file => !Tables.ContainsKey(file)).SelectMany(TooLong));
        Assert.All(Tables.Keys, static file => Assert.Contains(SourceFiles.Lines(file), static line => line.Length > Columns));
    }

    [Fact]
    public void A_long_line_is_found_and_a_text_in_another_language_is_not()
    {
        string text = new('x', Columns);
        Assert.Equal([2, 6], LongLines(["short", text + "1", "Run(\"\"\"", text + text, "    \"\"\");", text + "6"]));
    }

    private static IEnumerable<string> TooLong(string file) =>
        LongLines(SourceFiles.Lines(file)).Select(number => $"{file}:{number}");

    /// <summary>
    /// Returns the numbers of the lines that are too long. Lines of Python, SQL and YAML between <c>"""</c> may be longer.
    /// </summary>
    private static IEnumerable<int> LongLines(string[] lines)
    {
        bool quoted = false;
        for (int i = 0; i < lines.Length; i++)
        {
            int quotes = lines[i].Split("\"\"\"").Length - 1;
            if (!quoted && quotes == 0 && lines[i].Length > Columns)
            {
                yield return i + 1;
            }

            quoted ^= quotes % 2 == 1;
        }
    }
}
