using System.Text.RegularExpressions;
using PixelGameDev.Tests.Unit.Habits;

namespace PixelGameDev.Tests.Unit.Docs;

/// <summary>Reads the documents of this repository.</summary>
internal static partial class Documents
{
    /// <summary>Holds paths relative to the root, and texts without their blocks of code.</summary>
    public static readonly IReadOnlyDictionary<string, string> WithoutBlocks = SourceFiles.WithEnding(".md")
        .Where(static file => !file.Contains('/') || file.StartsWith("docs/", StringComparison.Ordinal))
        .ToDictionary(static file => file, static file => Fence().Replace(File.ReadAllText(Path.Combine(SourceFiles.Root, file)), ""));

    /// <summary>Returns each text in backticks, with its document.</summary>
    public static IEnumerable<(string Document, string Code)> InlineCodes() =>
        from document in WithoutBlocks
        from Match match in InlineCode().Matches(document.Value)
        select (document.Key, match.Groups[1].Value);

    [GeneratedRegex(@"^ *(`{3,}|~{3,}).*?^ *\1 *$\n?", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("`([^`\n]+)`")]
    private static partial Regex InlineCode();
}
