using PixelGameDev.AppHost;

namespace PixelGameDev.Tests.Unit.Habits;

/// <summary>Lists the files of this repository that people wrote, without packages, build outputs and results.</summary>
internal static class SourceFiles
{
    private static readonly string[] NotOurs = ["bin", "obj", "node_modules", "wwwroot", "artifacts", ".git", ".aspire", "TestResults"];

    public static readonly string Root = Repository.Find().Root;

    /// <summary>Returns the paths of all files with one of these endings, relative to the root.</summary>
    public static IReadOnlyList<string> WithEnding(params string[] endings) =>
        [.. Below(Root).Where(file => endings.Any(ending => file.EndsWith(ending, StringComparison.Ordinal)))
            .Select(static file => Path.GetRelativePath(Root, file)).Order(StringComparer.Ordinal)];

    /// <summary>Returns the lines of a file of <see cref="WithEnding"/>.</summary>
    public static string[] Lines(string file) => File.ReadAllLines(Path.Combine(Root, file));

    private static IEnumerable<string> Below(string folder) => Directory.EnumerateFiles(folder)
        .Concat(Directory.EnumerateDirectories(folder)
            .Where(static child => !NotOurs.Contains(Path.GetFileName(child)) && new DirectoryInfo(child).LinkTarget is null)
            .SelectMany(Below));
}
