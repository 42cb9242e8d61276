using System.Globalization;
using System.Text;

namespace PixelGameDev.Api.Projects;

/// <summary>Works on names that people choose.</summary>
internal static class NameText
{
    /// <summary>
    /// Returns the beginning of a text, at most <paramref name="max"/> UTF-16 units, without half a character at its end.
    /// </summary>
    public static string CutTo(string text, int max)
    {
        if (text.Length <= max)
        {
            return text;
        }

        bool splits = max > 0 && char.IsHighSurrogate(text[max - 1]) && char.IsLowSurrogate(text[max]);
        return text[..(splits ? max - 1 : max)];
    }

    /// <summary>
    /// Returns the name if it is not taken, else the name with the first free number from 2 on: <c>Star Catcher 2</c>. Upper and lower
    /// case are the same.
    /// </summary>
    public static string MakeUnique(string name, IEnumerable<string> taken)
    {
        HashSet<string> known = new(taken, StringComparer.OrdinalIgnoreCase);
        string free = name;
        for (int number = 2; known.Contains(free); number++)
        {
            string suffix = string.Create(CultureInfo.InvariantCulture, $" {number}");
            free = CutTo(name, ProjectLimits.MaxNameLength - suffix.Length) + suffix;
        }

        return free;
    }

    /// <summary>
    /// Returns true when the text contains characters that turn the direction of the text around it, so that it reads as another one.
    /// </summary>
    public static bool ChangesDirection(string text) =>
        text.EnumerateRunes().Any(static rune => rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069));

    /// <summary>
    /// Returns true for a code point that Unicode never gives to a character, such as U+FFFE. A text with it may have no normal form.
    /// </summary>
    public static bool IsNoncharacter(Rune rune) => (rune.Value & 0xFFFE) == 0xFFFE || rune.Value is >= 0xFDD0 and <= 0xFDEF;
}
