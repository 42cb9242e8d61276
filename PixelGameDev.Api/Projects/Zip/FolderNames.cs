using System.Globalization;
using System.Text;

namespace PixelGameDev.Api.Projects.Zip;

/// <summary>Makes a name of a folder that every file system takes.</summary>
internal static class FolderNames
{
    private const string Default = "game";

    // Linux allows 255 bytes, and a letter has up to four. Windows counts the whole path.
    private const int MaxLength = 60;

    // Windows takes these for devices, also with an ending.
    private const string DeviceNumbers = "0123456789¹²³";
    private static readonly HashSet<string> Devices = new(
        [
            "CON", "PRN", "AUX", "NUL",
            .. DeviceNumbers.Select(static number => $"COM{number}"), .. DeviceNumbers.Select(static number => $"LPT{number}"),
        ],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Returns the name of a project as a name of a folder. Letters, marks and symbols of every language stay.</summary>
    public static string Clean(string name)
    {
        StringBuilder folder = new();
        foreach (Rune rune in name.EnumerateRunes())
        {
            if (folder.Length + rune.Utf16SequenceLength > MaxLength)
            {
                break;
            }

            folder.Append(IsAllowed(rune) ? rune.ToString() : "_");
        }

        string clean = folder.ToString().Trim(' ', '.');
        return clean.Length == 0 ? Default : Devices.Contains(clean.Split('.')[0].TrimEnd()) ? $"_{clean}" : clean;
    }

    // Scripts and emoji need the two joiners; the other characters without a picture mislead.
    private static bool IsAllowed(Rune rune) =>
        rune.Value is 0x200C or 0x200D
        || (!Rune.IsControl(rune) && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned)
            && !(rune.IsAscii && "\\/:*?\"<>|".Contains((char)rune.Value, StringComparison.Ordinal)));
}
