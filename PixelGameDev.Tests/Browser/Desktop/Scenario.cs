using System.Globalization;
using System.Text.RegularExpressions;

namespace PixelGameDev.Tests.Browser.Desktop;

/// <summary>Describes why the page differs from a desktop window on purpose.</summary>
/// <param name="Reason">The reason, a sentence.</param>
/// <param name="Page">The lines that the page's game prints instead.</param>
internal sealed record Difference(string Reason, params string[] Page);

/// <summary>Holds one series of real events. README.md describes the steps.</summary>
/// <param name="Name">The name of the scenario.</param>
/// <param name="Layout">The keyboard layout as setxkbmap takes it: layout, or "layout variant".</param>
/// <param name="Steps">What is done, separated by spaces.</param>
/// <param name="Difference">Null when both windows see the same.</param>
internal sealed record Scenario(string Name, string Layout, string Steps, Difference? Difference = null)
{
    /// <summary>Gets the beginnings of the lines that are compared.</summary>
    public string[] Listen { get; init; } = ["KEY", "TEXT", "STATE"];

    /// <summary>Gets the zoom of the page in percent.</summary>
    public int Zoom { get; init; } = 100;

    /// <summary>Gets whether the scenario is one of the mouse: it begins at one place, and moves in a row count as one.</summary>
    public bool UsesMouse { get; init; }

    /// <summary>
    /// Gets the number of notches that are faster than the pictures of the screen. A browser joins these and lets keys overtake them, so
    /// the scenario ends when it has told the page all of them.
    /// </summary>
    public int FastNotches { get; init; }

    public override string ToString() => Name;

    /// <summary>Returns the steps in parts. Both windows have seen one part before the next begins.</summary>
    public string[] Parts() => Steps.Split('|');

    /// <summary>Returns the lines that are compared.</summary>
    public string[] Compared(IEnumerable<string> lines)
    {
        string[] listened = [.. lines.Where(line => Listen.Any(kind => line.StartsWith(kind, StringComparison.Ordinal)))];
        return UsesMouse ? [.. MouseLines.Join(listened)] : listened;
    }
}

/// <summary>Lists what may differ in every scenario: key codes that SDL itself gives differently on each system.</summary>
internal static partial class Allowance
{
    /// <summary>The first code that stands for a place of the keyboard.</summary>
    private const uint FirstPlace = 0x40000000;

    /// <summary>
    /// Returns both lists without the key codes that differ by system. On X11 a letter beyond Latin-1 is a key code of its own. On Windows
    /// its key is named after its place, so that W, A, S and D play on a Russian keyboard. The page does as on Windows, because most
    /// learners have it. All other fields are compared.
    /// </summary>
    public static (string[] Plain, string[] Page) Apply(string[] plain, string[] page)
    {
        if (plain.Length != page.Length)
        {
            return (plain, page);
        }

        (string Plain, string Page)[] pairs = [.. plain.Zip(page, static (desktop, ours) =>
            KeyOf(desktop) is { } key && key is > byte.MaxValue and < FirstPlace && KeyOf(ours) is >= ' ' and <= byte.MaxValue
                ? (Key().Replace(desktop, ""), Key().Replace(ours, "")) : (desktop, ours))];
        return ([.. pairs.Select(static pair => pair.Plain)], [.. pairs.Select(static pair => pair.Page)]);
    }

    private static uint? KeyOf(string line) =>
        Key().Match(line) is { Success: true } match ? uint.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : null;

    [GeneratedRegex(@"\bkey=(\d+)")]
    private static partial Regex Key();
}
