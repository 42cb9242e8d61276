using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using PixelGameDev.Api.Problems;

namespace PixelGameDev.Api.Accounts;

/// <summary>Rules for the names of people who sign in. Letters of every script are welcome.</summary>
internal static class AccountNames
{
    /// <summary>Characters a name has at least.</summary>
    public const int MinLength = 2;

    /// <summary>Characters a name has at most.</summary>
    public const int MaxLength = 30;

    /// <summary>
    /// A name as it is compared, as SQL over a parameter that <see cref="Fold"/> made. The database does the rest, because this
    /// server may run without Unicode tables for normal forms.
    /// </summary>
    public const string KeySql = "lower(normalize($1, NFKC))";

    /// <summary>The name without spaces around it.</summary>
    /// <exception cref="ProblemException">400 with the rule that is broken.</exception>
    public static string Check(string? name)
    {
        string clean = name?.Trim() ?? "";
        if (clean.Length is < MinLength or > MaxLength)
        {
            throw Problem.Invalid("name_length", "That name does not fit", $"A name has {MinLength} to {MaxLength} characters.");
        }

        return IsPossible(clean)
            ? clean
            : throw Problem.Invalid("name_characters", "That name does not fit", "A name is made of letters and digits, and single spaces, dots, dashes, underscores or apostrophes between them.");
    }

    /// <summary>True when somebody could have this name.</summary>
    public static bool IsPossible([NotNullWhen(true)] string? name)
    {
        if (name is not { Length: >= MinLength and <= MaxLength } || !char.IsLetterOrDigit(name[0]) || IsJoint(name[^1]))
        {
            return false;
        }

        for (int i = 1; i < name.Length; i++)
        {
            bool mark = CharUnicodeInfo.GetUnicodeCategory(name[i]) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
            if (!char.IsLetterOrDigit(name[i]) && !mark && !(IsJoint(name[i]) && !IsJoint(name[i - 1])))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The half of <see cref="KeySql"/> that no locale changes.</summary>
    public static string Fold(string name) => name.Trim().ToLowerInvariant();

    private static bool IsJoint(char c) => c is ' ' or '.' or '-' or '_' or '\'';
}
