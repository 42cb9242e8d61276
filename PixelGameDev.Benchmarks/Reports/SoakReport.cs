using System.Globalization;
using System.Text;
using PixelGameDev.Benchmarks.Journeys;
using PixelGameDev.Benchmarks.Soak;

namespace PixelGameDev.Benchmarks.Reports;

/// <summary>Writes the sections of docs/SPECIFICATION.md about the soak and the random journeys.</summary>
internal static class SoakReport
{
    public static string Journeys(JourneysResults? results)
    {
        if (results is null)
        {
            return "Not measured.";
        }

        StringBuilder text = new(F(
            $"{results.Steps:N0} steps in {results.Seeds} journeys took {results.Seconds / 60:0.0} minutes. {results.Typed:N0} pieces " +
                $"of text were typed or uploaded, and all of them were looked for at {results.Checks:N0} quiet times. " +
                $"{(results.Failed.Count == 0 ? "None was lost or misplaced." : $"**{results.Failed.Count} journeys failed.**")}\n\n"));
        text.Append(F($"Steps by kind: {List(results.Kinds)}.\n"));
        foreach (FailedJourney failed in results.Failed)
        {
            text.Append(F($"\n- seed {failed.Seed}: {failed.Failure}\n"));
        }

        return text.ToString();
    }

    public static string Soak(SoakResults? results)
    {
        if (results is null)
        {
            return "Not measured.";
        }

        StringBuilder text = new("| figure | asked | measured | |\n| --- | --- | --- | --- |\n");
        Row("games started", "≥ 1,000 in 30 minutes", F($"{results.Runs:N0} in {results.Minutes:0.0} minutes"), results.Runs >= 1000);
        Row("ends that were never told, told wrongly, or contradicted by the record", "0", F($"{results.Lost.Count}"),
            results.Lost.Count == 0);
        Row("containers, processes, links, temporary files, open sessions left over", "0", F($"{results.LeftOver.Count}"),
            results.LeftOver.Count == 0);
        Row("pictures that did not go on after a stall", "0", F($"{results.Frozen}"), results.Frozen == 0);
        foreach (MemoryTrend trend in results.Memory)
        {
            Row(
                $"memory of the {trend.Service}, slope, MB an hour", "≤ 1",
                F($"{trend.ResidentSlope:+0.00;−0.00} ± {trend.ResidentError:0.00} resident, {trend.HeapSlope:+0.00;−0.00} ± " +
                    $"{trend.HeapError:0.00} managed heap"),
                trend.ResidentSlope <= 1);
        }

        text.Append(
            F($"\nEnds: {List(results.Ends)}; the stream told {results.ByStream:N0} of them, the record the others. Killed: " +
            $"{List(results.Kills)}. Stalls: {results.Stalls:N0}. Refused or without an answer: {List(results.Refused)}.\n"));
        foreach (MemoryTrend trend in results.Memory)
        {
            text.Append(
                F($"\n{trend.Service}: {trend.Starts} processes; judged are the last {trend.Minutes:0.0} minutes of the longest life: " +
                $"{trend.ResidentFirst:0.0} → {trend.ResidentLast:0.0} MB resident, {trend.ResidentMost:0.0} MB at most.\n"));
        }

        foreach (string what in results.Lost.Concat(results.LeftOver).Take(20))
        {
            text.Append(F($"\n- {what}\n"));
        }

        return text.ToString();

        void Row(string figure, string asked, string measured, bool reached) =>
            text.Append(F($"| {figure} | {asked} | {measured} | {(reached ? "reached" : "**not reached**")} |\n"));
    }

    private static string List(IReadOnlyDictionary<string, int> counts) =>
        counts.Count == 0 ? "none"
            : string.Join(", ", counts.OrderByDescending(count => count.Value).Select(count => F($"{count.Key} {count.Value:N0}")));

    private static string F(InvariantText text) => text.Build();
}
