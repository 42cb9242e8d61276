using System.Globalization;
using System.Text;
using PixelGameDev.Api.Problems;

namespace PixelGameDev.Api.Projects;

/// <summary>
/// Rules for the path of a file inside a project. The sandbox writes these paths to its disk, so nothing may point outside, mean
/// two things, or fool a reader.
/// </summary>
internal static class FilePaths
{
    /// <summary>Characters (UTF-16 units) of a whole path.</summary>
    public const int MaxLength = 120;

    /// <summary>Folders and the name together.</summary>
    public const int MaxDepth = 8;

    // A Linux file name has at most 255 bytes.
    private const int MaxSegmentBytes = 200;
    private const string Punctuation = " -_.,;()[]{}+=&'@!#~^$";

    /// <summary>
    /// Returns the path in composed Unicode form, if it keeps the rules: "é" typed on one machine and on another must be one file.
    /// Everything that takes a path from outside calls this, so that all of them mean the same file.
    /// </summary>
    /// <exception cref="ProblemException">400: which rule is broken and what would be right.</exception>
    public static string Check(string? path)
    {
        if (string.IsNullOrEmpty(path))
        {
            throw CreateProblem("The file needs a name, for example player.py.");
        }

        if (!IsWellFormed(path))
        {
            throw CreateProblem("The name holds characters that are broken.");
        }

        // Before the limits: some letters become longer.
        path = path.Normalize(NormalizationForm.FormC);
        if (path.Length > MaxLength)
        {
            throw CreateProblem($"The name is too long: at most {MaxLength} letters, folders included.", ("kind", "too_long"),
                ("limit", MaxLength));
        }

        if (path[0] == '/' || path.Contains('\\') || path.Contains(':'))
        {
            throw CreateProblem(
                "Names start inside your project, with / between folders: images/hero.png, not /images/hero.png, C:\\hero.png or " +
                "images\\hero.png.");
        }

        string[] segments = path.Split('/');
        if (segments.Length > MaxDepth)
        {
            throw CreateProblem($"Too many folders inside each other: at most {MaxDepth - 1}.");
        }

        foreach (string segment in segments)
        {
            CheckSegment(segment);
        }

        return path;
    }

    /// <summary>False for half surrogates, which UTF-8 cannot carry.</summary>
    public static bool IsWellFormed(string text)
    {
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar)
            {
                return false;
            }
        }

        return true;
    }

    private static void CheckSegment(string segment)
    {
        if (segment is "." or "..")
        {
            throw CreateProblem("Names cannot go up with \"..\": a game sees only its own project.");
        }

        if (segment.Length == 0)
        {
            throw CreateProblem("There is a folder without a name: write images/hero.png, with one / between.");
        }

        if (segment[0] == ' ' || segment[^1] is ' ' or '.')
        {
            throw CreateProblem("A name cannot start with a space or end with a space or a dot.");
        }

        if (Encoding.UTF8.GetByteCount(segment) > MaxSegmentBytes)
        {
            throw CreateProblem("One of the names in it is too long.");
        }

        foreach (Rune rune in segment.EnumerateRunes())
        {
            if (!IsAllowed(rune))
            {
                string shown = Rune.IsControl(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format
                    ? $"U+{rune.Value:X4}"
                    : rune.ToString();
                throw CreateProblem(
                    $"The character {shown} cannot be part of a file name. Letters of every language, digits, spaces and - _ . are fine.",
                    ("kind", "sign"), ("sign", shown));
            }
        }
    }

    private static bool IsAllowed(Rune rune) =>
        rune.IsAscii
            ? Rune.IsLetterOrDigit(rune) || Punctuation.Contains((char)rune.Value)
            : Rune.GetUnicodeCategory(rune) is
                UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.LetterNumber
                or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
                or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.OtherNumber
                or UnicodeCategory.OtherSymbol or UnicodeCategory.OtherPunctuation or UnicodeCategory.DashPunctuation;

    private static ProblemException CreateProblem(string detail, params (string Name, object Value)[] parameters) =>
        Problem.Invalid("bad_path", "That file name does not work", detail, parameters);
}
