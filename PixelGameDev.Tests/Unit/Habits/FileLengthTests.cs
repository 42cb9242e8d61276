namespace PixelGameDev.Tests.Unit.Habits;

/// <summary>
/// Tests that no file has more than 300 lines: a longer one holds two ideas. Each exception gives a reason. (<c>habits.test.ts</c> does the
/// same for the page.)
/// </summary>
public sealed class FileLengthTests
{
    private const int Lines = 300;

    private static readonly Dictionary<string, string> Exceptions = [];

    [Fact]
    public void No_file_has_more_than_300_lines()
    {
        IReadOnlyList<string> files = [.. SourceFiles.WithEnding(".cs", ".sh", ".py"), "pixel", ".ci/run"];
        Assert.InRange(files.Count, 500, int.MaxValue);
        Assert.Empty(files.Where(static file => IsLong(file) && !Exceptions.ContainsKey(file))
            .Select(static file => $"{file} has {SourceFiles.Lines(file).Length} lines"));
        // An exception that is no longer needed must be removed.
        Assert.DoesNotContain(Exceptions.Keys, file => !files.Contains(file) || !IsLong(file));
    }

    private static bool IsLong(string file) => SourceFiles.Lines(file).Length > Lines;
}
