using System.Globalization;
using System.Text;
using PixelGameDev.Benchmarks.Reports;

namespace PixelGameDev.Benchmarks.Budgets;

/// <summary>Writes the section of docs/SPECIFICATION.md about budgets.</summary>
internal static class BudgetsReport
{
    public static string Table(BudgetsResults? results)
    {
        if (results is null)
        {
            return "Not measured.";
        }

        if (results.Floods.Count == 0)
        {
            return F($"{results.Silent}.\n");
        }

        StringBuilder text =
            new("| kind | answers | Api resident, MB | Api heap, MB | Executor resident, MB | Executor heap, MB | back |\n| --- | --- | " +
            "--- | --- | --- | --- | --- |\n");
        foreach (FloodResult flood in results.Floods)
        {
            text.Append(
                F($"| {flood.Kind} | {flood.Requests:N0} in {flood.Seconds:0} s: {Answers(flood)} | " +
                $"{Change(flood, "Api", m => m.Resident)} | {Change(flood, "Api", m => m.Heap)} | " +
                $"{Change(flood, "Executor", m => m.Resident)} | {Change(flood, "Executor", m => m.Heap)} | " +
                $"{(flood.IsBack ? "yes" : "**no**")} |\n"));
        }

        return text.Append(
            F($"\nA guest met its quota after {results.QuotaBytes / 1e6:0} MB, with {results.QuotaStatus}: " +
            $"“{results.QuotaSentence}”\n{(results.Silent is null ? "" : F($"\n{results.Silent}.\n"))}")).ToString();
    }

    public static string Line(FloodResult flood) => F(
        $"{flood.Kind}: {Answers(flood)} in {flood.Seconds:0.0} s; Api {Change(flood, "Api", m => m.Resident)} MB (heap " +
            $"{Change(flood, "Api", m => m.Heap)}), Executor {Change(flood, "Executor", m => m.Resident)} " +
            $"MB{(flood.IsBack ? "" : ": NOT BACK")}");

    private static string Answers(FloodResult flood) =>
        string.Join(", ", flood.Statuses.Select(status => F($"{(status.Key == 0 ? "closed" : status.Key)} × {status.Value:N0}")));

    private static string Change(FloodResult flood, string service, Func<ServiceMemory, double> figure) =>
        F($"{figure(flood.Before[service]):0.0} → {figure(flood.After[service]):0.0}");

    private static string F(InvariantText text) => text.Build();
}
