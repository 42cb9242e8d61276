using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Projects;

namespace PixelGameDev.Api.Accounts;

/// <summary>Checks the names of registered accounts. Letters of every script are allowed.</summary>
internal static class AccountNames
{
    /// <summary>The minimum length of a name in characters.</summary>
    public const int MinLength = 2;

    /// <summary>The maximum length of a name in characters.</summary>
    public const int MaxLength = 30;

    /// <summary>Returns the name without surrounding spaces, in composed Unicode form (NFC).</summary>
    /// <exception cref="ProblemException">400: the detail names the broken rule.</exception>
    public static string Check(string? name)
    {
        string clean = Clean(name);
        if (clean.Length is < MinLength or > MaxLength)
        {
            throw Problem.Invalid("name_length", "This name has the wrong length", $"A name has {MinLength} to {MaxLength} characters.",
                ("least", MinLength), ("most", MaxLength));
        }

        return IsPossible(clean) && !clean.EnumerateRunes().Any(FilePaths.IsFiller)
            ? clean
            : throw Problem.Invalid("name_characters", "This name has characters that do not work",
                "A name is made of letters and digits, and single spaces, dots, dashes, underscores or apostrophes between them.");
    }

    /// <summary>Returns true when the name follows the rules.</summary>
    public static bool IsPossible([NotNullWhen(true)] string? name)
    {
        if (name is not { Length: >= MinLength and <= MaxLength } || !char.IsLetterOrDigit(name[0]) || IsJoint(name[^1]))
        {
            return false;
        }

        for (int i = 1; i < name.Length; i++)
        {
            bool mark = CharUnicodeInfo.GetUnicodeCategory(name[i]) is UnicodeCategory.NonSpacingMark
                or UnicodeCategory.SpacingCombiningMark;
            if (!char.IsLetterOrDigit(name[i]) && !mark && !(IsJoint(name[i]) && !IsJoint(name[i - 1])))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Returns the name without surrounding spaces, in composed Unicode form (NFC); empty if the text is not valid Unicode. Limits are
    /// checked after this, because some letters become longer.
    /// </summary>
    public static string Clean(string? name) =>
        name is not null && FilePaths.IsWellFormed(name) ? name.Trim().Normalize(NormalizationForm.FormC) : "";

    /// <summary>Returns the form of the name for comparison: lower case and with compatible letters unified (NFKC).</summary>
    public static string KeyOf(string name) => Clean(name).ToLowerInvariant().Normalize(NormalizationForm.FormKC).ToLowerInvariant();

    private static bool IsJoint(char c) => c is ' ' or '.' or '-' or '_' or '\'';
}
