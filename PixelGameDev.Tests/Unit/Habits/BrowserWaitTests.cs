using System.Text.RegularExpressions;

namespace PixelGameDev.Tests.Unit.Habits;

/// <summary>Tests how tests and benchmarks wait for something in a page.</summary>
public sealed partial class BrowserWaitTests
{
    [Fact]
    public void A_wait_in_a_page_is_a_function()
    {
        // Playwright evaluates an expression again at each look. The page forbids that (Content-Security-Policy), so such a wait works
        // only when the first look finds what it waits for. A function is evaluated once and then called.
        (string File, string Argument)[] waits = [.. SourceFiles.WithEnding(".cs").SelectMany(static file =>
            Wait().Matches(string.Join('\n', SourceFiles.Lines(file))).Select(match => (file, match.Groups[1].Value)))];
        Assert.InRange(waits.Length, 8, int.MaxValue);
        Assert.All(waits, static wait => Assert.True(wait.Argument.StartsWith('('), $"{wait.File}: {wait.Argument} is no function."));
    }

    [GeneratedRegex("""\bWaitForFunctionAsync\(\s*\$*"+\s*([^"\n]*)""")]
    private static partial Regex Wait();
}
