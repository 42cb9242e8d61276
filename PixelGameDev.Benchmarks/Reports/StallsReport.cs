using System.Globalization;
using System.Text;
using PixelGameDev.Benchmarks.Stalls;

namespace PixelGameDev.Benchmarks.Reports;

/// <summary>Writes the section of docs/SPECIFICATION.md about stalls.</summary>
internal static class StallsReport
{
    public static string Write(StallResults? results)
    {
        if (results is null)
        {
            return "Not measured.";
        }

        StringBuilder text =
            new("| stalls | number | frozen | keys stuck | right again p50 / p95 / most, ms |\n| --- | --- | --- | --- | --- |\n");
        foreach (
            StallRow row in results.Rows.Prepend(new StallRow("**all**", results.Stalls, results.Frozen, results.Stuck, results.Recovery)))
        {
            text.Append(string.Create(
                CultureInfo.InvariantCulture,
                $"| {row.Of} | {row.Stalls} | {row.Frozen} | {row.Stuck} | {row.Recovery.P50:0} / {row.Recovery.P95:0} / " +
                    $"{row.Recovery.Max:0} |\n"));
        }

        return text.ToString();
    }
}
