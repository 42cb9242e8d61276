using System.Globalization;
using System.Text;
using PixelGameDev.Api.Problems;

namespace PixelGameDev.Api.Projects;

/// <summary>
/// Checks the path of a file in a project. The sandbox writes files to its disk under these paths, so a path must not leave the project, be
/// ambiguous, or mislead a reader.
/// </summary>
internal static class FilePaths
{
    /// <summary>The maximum length of a path in UTF-16 units.</summary>
    public const int MaxLength = 120;

    /// <summary>The maximum number of path segments: folders and the file name.</summary>
    public const int MaxDepth = 8;

    // A Linux file name has at most 255 bytes.
    private const int MaxSegmentBytes = 200;
    private const string Punctuation = " -_.,;()[]{}+=&'@!#~^$";

    /// <summary>
    /// Returns the path in composed Unicode form (NFC), if it follows the rules: an "é" typed on two different machines must name the same
    /// file. Every method that gets a path from outside calls this.
    /// </summary>
    /// <exception cref="ProblemException">400: the detail names the broken rule and how to follow it.</exception>
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

        // Normalize before the limits are checked, because some letters become longer.
        path = path.Normalize(NormalizationForm.FormC);
        if (path.Length > MaxLength)
        {
            throw TooLong();
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

    /// <summary>
    /// Returns false when the text contains unpaired surrogates, which UTF-8 cannot encode, or code points that are no characters.
    /// </summary>
    public static bool IsWellFormed(string text)
    {
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar || NameText.IsNoncharacter(rune))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Creates the problem of a path that is longer than <see cref="MaxLength"/>.</summary>
    public static ProblemException TooLong() => CreateProblem(
        $"The name is too long: at most {MaxLength} letters, folders included.", ("kind", "too_long"), ("limit", MaxLength));

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
                string shown = Rune.IsControl(rune) || IsFiller(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format
                    ? $"U+{rune.Value:X4}"
                    : rune.ToString();
                throw CreateProblem(
                    $"The character {shown} cannot be part of a file name. Letters of every language, digits, spaces and - _ . are fine.",
                    ("kind", "sign"), ("sign", shown));
            }
        }
    }

    /// <summary>True for a character that Unicode counts as a letter, mark or symbol, and that draws nothing.</summary>
    public static bool IsFiller(Rune rune) => rune.Value is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x2800 or 0x3164 or 0xFFA0;

    /// <summary>True when the text shows something.</summary>
    public static bool IsVisible(string text) => text.EnumerateRunes().Any(static rune =>
        !Rune.IsWhiteSpace(rune) && !IsFiller(rune)
        && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Format or UnicodeCategory.Control or UnicodeCategory.NonSpacingMark));

    private static bool IsAllowed(Rune rune) =>
        rune.IsAscii
            ? Rune.IsLetterOrDigit(rune) || Punctuation.Contains((char)rune.Value)
            : !IsFiller(rune) && Rune.GetUnicodeCategory(rune) is
                UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.LetterNumber
                or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
                or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.OtherNumber
                or UnicodeCategory.OtherSymbol or UnicodeCategory.OtherPunctuation or UnicodeCategory.DashPunctuation;

    private static ProblemException CreateProblem(string detail, params (string Name, object Value)[] parameters) =>
        Problem.Invalid("bad_path", "That file name does not work", detail, parameters);
}
