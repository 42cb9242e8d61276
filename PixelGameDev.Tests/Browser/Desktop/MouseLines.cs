using System.Globalization;
using System.Text.RegularExpressions;

namespace PixelGameDev.Tests.Browser.Desktop;

/// <summary>Joins moves of the mouse: a browser sends one for each picture of the screen, an X server one for each step.</summary>
internal static partial class MouseLines
{
    /// <summary>Returns the lines with moves in a row as one: the last place, the whole way.</summary>
    public static IEnumerable<string> Join(IEnumerable<string> lines)
    {
        Match? move = null;
        (int X, int Y) way = default;
        foreach (string line in lines)
        {
            Match next = Motion().Match(line);
            if (move is not null && !(next.Success && next.Groups["buttons"].Value == move.Groups["buttons"].Value))
            {
                yield return Text(move, way);
                (move, way) = (null, default);
            }

            if (next.Success)
            {
                (move, way) = (next, (way.X + Number(next, "dx"), way.Y + Number(next, "dy")));
            }
            else
            {
                yield return line;
            }
        }

        if (move is not null)
        {
            yield return Text(move, way);
        }
    }

    private static string Text(Match move, (int X, int Y) way) =>
        $"MOUSEMOTION pos={move.Groups["pos"].Value} rel=({way.X}, {way.Y}) buttons={move.Groups["buttons"].Value}";

    private static int Number(Match move, string name) => int.Parse(move.Groups[name].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^MOUSEMOTION pos=(?<pos>\(.*?\)) rel=\((?<dx>-?\d+), (?<dy>-?\d+)\) buttons=(?<buttons>.*)$")]
    private static partial Regex Motion();
}
