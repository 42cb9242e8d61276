using System.Globalization;
using System.Text;
using PixelGameDev.Benchmarks.Health;

namespace PixelGameDev.Benchmarks.Reports;

/// <summary>Writes the section of docs/SPECIFICATION.md about health.</summary>
internal static class HealthReport
{
    public static string Health(HealthResults? results)
    {
        if (results is null)
        {
            return "Not measured.";
        }

        StringBuilder text = new(F(
            $"Asked for {results.Minutes:0.#} minutes, all at once; every dependency (Postgres, Executor, Docker) answers so late.\n\n| " +
                $"dependencies answer after | asked every | of | answers | unhealthy | p50, ms | max, ms |\n| --- | --- | --- | --- | " +
                $"--- | --- | --- |\n"));
        foreach (HealthRow row in results.Slow)
        {
            text.Append(F(
                $"| {row.Delay:0.0} s | {row.Every} s | {row.Service} | {row.Asked} | " +
                $"{row.Unhealthy} | {row.P50:0.0} | {row.Max:0.0} |\n"));
        }

        text.Append("\n| gone | unhealthy after, s | healthy again after, s | slowest answer, ms |\n| --- | --- | --- | --- |\n");
        foreach (GoneRow row in results.Gone)
        {
            text.Append(F($"| {row.What} | {row.Seconds:0.0} | {row.Back:0.0} | {row.Max:0.0} |\n"));
        }

        int wrong = results.Slow.Sum(static row => row.Unhealthy);
        double slowest = results.Slow.Max(static row => row.Max);
        double longest = results.Gone.Max(static row => row.Seconds);
        text.Append("\n| figure | asked | measured | |\n| --- | --- | --- | --- |\n");
        Row("answers that call a slow dependency unhealthy", "0", F($"{wrong}"), wrong == 0);
        Row("a dependency that is gone is unhealthy after, s", "≤ 5", F($"{longest:0.0}"), longest <= 5);
        Row("slowest answer, ms", "< 100", F($"{slowest:0.0}"), slowest < 100);
        return text.ToString();

        void Row(string figure, string asked, string measured, bool reached) =>
            text.Append(F($"| {figure} | {asked} | {measured} | {(reached ? "reached" : "**not reached**")} |\n"));
    }

    private static string F(InvariantText text) => text.Build();
}
