using System.Globalization;
using System.Security;
using System.Text;

namespace PixelGameDev.Benchmarks.Reports;

/// <summary>One bar: its length, and the end of a thin line that continues it (e.g. p95 after p50); NaN: no line.</summary>
internal readonly record struct Bar(string Series, double Value, double Whisker = double.NaN);

/// <summary>Bars that belong together.</summary>
internal sealed record BarGroup(string Label, IReadOnlyList<Bar> Bars);

/// <summary>
/// Draws horizontal bars as SVG for light and dark pages: without a background, with colours for the reader's scheme, and with each value
/// as text next to its bar.
/// </summary>
internal static class BarChart
{
    private const int Left = 160, Plot = 470, Right = 120, Thick = 13, Gap = 3, GroupGap = 12, Top = 64;

    /// <summary>Colours that people with any kind of colour vision can tell apart (Okabe and Ito), and that suit both schemes.</summary>
    private static readonly string[] Colours = ["#009E73", "#D55E00", "#5B8FD4", "#CC79A7", "#B08A00", "#8A8A8A"];

    /// <param name="title">The title.</param>
    /// <param name="unit">The unit of the values, e.g. <c>ms</c>.</param>
    /// <param name="groups">The groups from top to bottom.</param>
    /// <param name="logarithmic">Whether each step of the scale is ten times the last. Values of 0 get no bar.</param>
    /// <param name="target">The target, drawn as a line; NaN: none.</param>
    public static string Draw(
        string title, string unit, IReadOnlyList<BarGroup> groups, bool logarithmic = false, double target = double.NaN)
    {
        string[] series = [.. groups.SelectMany(g => g.Bars).Select(b => b.Series).Distinct().OrderBy(s => s == "PixelGameDev" ? 0 : 1)];
        double[] values = [.. groups.SelectMany(g => g.Bars).SelectMany(b => new[] { b.Value, b.Whisker }).Append(target)
            .Where(double.IsFinite)];
        double largest = values.DefaultIfEmpty(1).Max();
        double most = logarithmic ? Math.Pow(10, Math.Ceiling(Math.Log10(Math.Max(1, largest)))) : Nice(largest);
        double least = logarithmic
            ? Math.Pow(10, Math.Floor(Math.Log10(Math.Max(0.1, values.Where(v => v > 0).DefaultIfEmpty(1).Min())))) : 0;
        int height = Top + groups.Sum(g => (g.Bars.Count * (Thick + Gap)) + GroupGap) + 30;
        int width = Left + Plot + Right;
        StringBuilder svg = new();
        Line($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" " +
            $"role=\"img\" aria-label=\"{Text(title)}\">");
        Line($"<style>text{{font:12px system-ui,sans-serif;fill:#2B2440}}.t{{font-size:15px;font-weight:600}}.s{{fill:#6b6580}}" +
            $".g{{stroke:#2B2440;stroke-opacity:.15}}.w{{stroke:#2B2440;stroke-width:1.5}}.a{{stroke:#c0392b;stroke-dasharray:4 3}}" +
            $"@media(prefers-color-scheme:dark){{text{{fill:#f2ecff}}.s{{fill:#b6aecb}}" +
            $".g{{stroke:#f2ecff}}.w{{stroke:#f2ecff}}.a{{stroke:#ff8a7a}}}}</style>");
        Line($"<text class=\"t\" x=\"8\" y=\"20\">{Text(title)}</text>");
        double legend = 8;
        for (int i = 0; i < series.Length; i++)
        {
            Line($"<rect x=\"{legend}\" y=\"33\" width=\"11\" height=\"11\" rx=\"2\" fill=\"{Colours[i % Colours.Length]}\"/><text " +
                $"x=\"{legend + 15}\" y=\"43\">{Text(series[i])}</text>");
            legend += 32 + (series[i].Length * 7);
        }

        int bottom = height - 26;
        foreach (double tick in Ticks())
        {
            Line($"<line class=\"g\" x1=\"{X(tick)}\" x2=\"{X(tick)}\" y1=\"{Top - 8}\" y2=\"{bottom}\"/><text class=\"s\" " +
                $"x=\"{X(tick)}\" y=\"{bottom + 16}\" text-anchor=\"middle\">{Number(tick)}</text>");
        }

        Line($"<text class=\"s\" x=\"{Left + Plot + 24}\" y=\"{bottom + 16}\">{Text(unit)}</text>");
        int y = Top;
        foreach (BarGroup group in groups)
        {
            int tall = group.Bars.Count * (Thick + Gap);
            Line($"<text x=\"{Left - 8}\" y=\"{y + (tall / 2) + 3}\" text-anchor=\"end\">{Text(group.Label)}</text>");
            foreach (Bar bar in group.Bars)
            {
                string colour = Colours[Array.IndexOf(series, bar.Series) % Colours.Length];
                double end = double.IsFinite(bar.Value) ? X(bar.Value) : Left;
                Line($"<rect x=\"{Left}\" y=\"{y}\" width=\"{Math.Max(0, Math.Round(end - Left, 1))}\" height=\"{Thick}\" rx=\"2\" " +
                    $"fill=\"{colour}\"/>");
                string words = double.IsFinite(bar.Value) ? Number(bar.Value) : "not measured";
                if (double.IsFinite(bar.Whisker))
                {
                    double tip = X(bar.Whisker);
                    Line($"<path class=\"w\" fill=\"none\" d=\"M{end} {y + (Thick / 2.0)}H{tip}M{tip} {y + 2}v{Thick - 4}\"/>");
                    words += $" / {Number(bar.Whisker)}";
                    end = Math.Max(end, tip);
                }

                Line($"<text x=\"{Math.Round(end + 6, 1)}\" y=\"{y + 11}\">{words}</text>");
                y += Thick + Gap;
            }

            y += GroupGap;
        }

        if (double.IsFinite(target))
        {
            Line($"<line class=\"a\" x1=\"{X(target)}\" x2=\"{X(target)}\" y1=\"{Top - 8}\" y2=\"{bottom}\"/>");
        }

        svg.Append("</svg>\n");
        return svg.ToString();

        void Line(InvariantText text) => svg.Append(text.Build()).Append('\n');

        double X(double value) => Math.Round(
            Left + (Plot * Math.Clamp(logarithmic ? Math.Log10(Math.Max(value, least) / least) / Math.Log10(most / least)
                : value / most, 0, 1)), 1);

        IEnumerable<double> Ticks()
        {
            if (logarithmic)
            {
                for (double tick = least; tick <= most * 1.01; tick *= 10)
                {
                    yield return tick;
                }
            }
            else
            {
                for (int i = 0; i <= 4; i++)
                {
                    yield return most * i / 4;
                }
            }
        }
    }

    private static string Number(double value) => Math.Abs(value) switch
    {
        >= 1_000_000 => (value / 1_000_000).ToString("0.##", CultureInfo.InvariantCulture) + "M",
        >= 10_000 => (value / 1000).ToString("0.#", CultureInfo.InvariantCulture) + "k",
        >= 100 => value.ToString("#,0", CultureInfo.InvariantCulture),
        _ => value.ToString("0.##", CultureInfo.InvariantCulture),
    };

    /// <summary>Returns the smallest of 1, 2, 2.5, 4, 5, 8 × a power of ten that is at least <paramref name="value"/>.</summary>
    private static double Nice(double value)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(value, 1e-9))));
        return new[] { 1, 2, 2.5, 4, 5, 8, 10 }.Select(step => step * power).First(step => step >= value * 0.999);
    }

    private static string Text(string text) => SecurityElement.Escape(text);
}
