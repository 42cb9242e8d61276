using System.Globalization;
using System.Text;

namespace PixelGameDev.Streaming.Protocol;

/// <summary>Says which files that a game writes are kept for its player. GameHost, the Executor and the Api use the same rules.</summary>
/// <remarks>
/// Code is never kept: what the editor shows is what runs. A file that a game wrote once could otherwise stand before a module of the
/// project or of Python in every later run.
/// </remarks>
public static class SavedFileRules
{
    /// <summary>Most bytes that are kept for one player of one project.</summary>
    public const int MaxBytes = 1_000_000;

    /// <summary>Most files that are kept for one player of one project.</summary>
    public const int MaxFiles = 64;

    /// <summary>Most different paths that one session may report, files that it deleted again included.</summary>
    public const int MaxPaths = 256;

    /// <summary>Longest path, UTF-16 units; the same as of a project's file.</summary>
    public const int MaxPathLength = 120;

    /// <summary>Most parts of a path: folders and the name.</summary>
    public const int MaxDepth = 8;

    private const int MaxPartBytes = 200;
    private const string Punctuation = " -_.,;()[]{}+=&'@!#~^$";

    private static readonly string[] CodeExtensions = [".py", ".pyw", ".pyc", ".pyo", ".pyd", ".so", ".pth"];

    /// <summary>Folders of caches and tools, which nobody misses.</summary>
    private static readonly string[] IgnoredFolders = ["__pycache__", ".cache", ".git"];

    /// <summary>Returns whether a folder is left out silently.</summary>
    public static bool IsIgnoredFolder(string name) => IgnoredFolders.Contains(name, StringComparer.Ordinal);

    /// <summary>Returns why a path is not kept, one of <see cref="NotSavedReasons"/>; null if it may be kept.</summary>
    public static string? GetRefusal(string path)
    {
        if (!ExecutorMessages.IsValidPath(path) || path.Length > MaxPathLength)
        {
            return NotSavedReasons.Name;
        }

        string[] parts = path.Split('/');
        if (parts.Length > MaxDepth || !parts.All(IsPlain) || parts.SkipLast(1).Any(IsIgnoredFolder))
        {
            return NotSavedReasons.Name;
        }

        return CodeExtensions.Any(extension => path.EndsWith(extension, StringComparison.OrdinalIgnoreCase)) ? NotSavedReasons.Code : null;
    }

    private static bool IsPlain(string part) =>
        part[0] != ' ' && part[^1] is not (' ' or '.') && Encoding.UTF8.GetByteCount(part) <= MaxPartBytes
        && part.EnumerateRunes().All(IsAllowed);

    private static bool IsAllowed(Rune rune) => rune.IsAscii
        ? Rune.IsLetterOrDigit(rune) || Punctuation.Contains((char)rune.Value)
        : rune != Rune.ReplacementChar && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.SpaceSeparator
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}

/// <summary>Names why a file that a game wrote is not kept.</summary>
public static class NotSavedReasons
{
    /// <summary>All kept files together would be larger than <see cref="SavedFileRules.MaxBytes"/>.</summary>
    public const string Size = "size";

    /// <summary>The player's account has no room for it.</summary>
    public const string Space = "space";

    /// <summary>There would be more than <see cref="SavedFileRules.MaxFiles"/> files.</summary>
    public const string Files = "files";

    /// <summary>The name is not one that a project's file can have.</summary>
    public const string Name = "name";

    /// <summary>It is a file of code.</summary>
    public const string Code = "code";

    /// <summary>Returns whether a reason exists.</summary>
    public static bool Exists(string? reason) => reason is Size or Space or Files or Name or Code;
}
