using System.Text.RegularExpressions;

namespace PixelGameDev.Benchmarks.Library;

/// <summary>A game in a folder of this machine.</summary>
/// <param name="Name">Its folder.</param>
/// <param name="Folder">The folder that becomes the project.</param>
/// <param name="Entry">The file that starts, relative to the folder.</param>
internal sealed partial record LibraryGame(string Name, string Folder, string Entry)
{
    private static readonly string[] Entries =
        ["main.py", "run_game.py", "game.py", "run.py", "start.py", "__main__.py", "src/main.py", "game/main.py"];

    /// <summary>Returns the games of a folder: each of its folders with a file that looks like a start.</summary>
    public static IReadOnlyList<LibraryGame> FromFolder(string folder) =>
    [
        .. Directory.GetDirectories(folder).Order(StringComparer.Ordinal)
            .Select(static game => new LibraryGame(Path.GetFileName(game), game, FindEntry(game) ?? ""))
            .Where(static game => game.Entry.Length > 0),
    ];

    /// <summary>Reads a list: in each line a folder, a tab, and the file that starts. Lines with # are comments.</summary>
    public static IReadOnlyList<LibraryGame> FromList(string folder, string list) =>
    [
        .. File.ReadLines(list).Where(static line => line.Contains('\t') && !line.StartsWith('#'))
            .Select(line => line.Split('\t')).Select(parts => new LibraryGame(parts[0], Path.Combine(folder, parts[0]), parts[1])),
    ];

    /// <summary>Reads the files that the page would take from a dropped folder.</summary>
    public IReadOnlyList<(string Path, byte[] Content)> ReadFiles() =>
    [
        .. Directory.EnumerateFiles(Folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Select(file => (Path: System.IO.Path.GetRelativePath(Folder, file), File: file))
            .Where(static file => !file.Path.Split('/').Any(Leftover().IsMatch) && File.ResolveLinkTarget(file.File, true) is null)
            .OrderBy(static file => file.Path, StringComparer.Ordinal)
            .Select(static file => (file.Path, File.ReadAllBytes(file.File))),
    ];

    private static string? FindEntry(string game)
    {
        if (Array.Find(Entries, entry => File.Exists(Path.Combine(game, entry))) is { } known)
        {
            return known;
        }

        string[] own = Directory.GetFiles(game, "*.py");
        return own.Length == 1 ? Path.GetFileName(own[0]) : own.Select(Path.GetFileName).FirstOrDefault(name =>
            File.ReadAllText(Path.Combine(game, name!)).Contains("__main__", StringComparison.Ordinal));
    }

    /// <summary>The same names as in the page's <c>project/droppedFiles.ts</c>.</summary>
    [GeneratedRegex(
        @"^(\.git|\.svn|\.idea|\.vscode|\.venv|venv|__pycache__|__MACOSX|node_modules|\.DS_Store|Thumbs\.db|desktop\.ini)$|\.pyc$")]
    private static partial Regex Leftover();
}
