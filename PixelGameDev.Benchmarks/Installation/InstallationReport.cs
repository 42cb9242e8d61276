using System.Text;
using PixelGameDev.Benchmarks.Reports;

namespace PixelGameDev.Benchmarks.Installation;

/// <summary>Writes the section of docs/SPECIFICATION.md about a large installation.</summary>
internal static class InstallationReport
{
    public static string Table(InstallationResults? results)
    {
        if (results is null)
        {
            return "Not measured.";
        }

        InstallationSize size = results.Size;
        StringBuilder text = new(F(
            $"{size.Accounts:N0} accounts, {size.Projects:N0} games with {size.Files:N0} files, {size.Revisions:N0} revisions " +
            $"({size.Trees:N0} trees, {size.Blobs:N0} blobs), {size.Sessions:N0} sessions: {size.Bytes / 1e9:0.0} GB.\n\n" +
            $"| page | statements p50, ms | p99, ms | whole request p50, ms | p99, ms | asked: p50 ≤ 20, p99 ≤ 100 |\n" +
            $"| --- | --- | --- | --- | --- | --- |\n"));
        foreach (PageRow row in results.Pages)
        {
            text.Append(F(
                $"| {row.Page} | {row.Database.P50:0.0} | {row.Database.P99:0.0} | {row.Whole.P50:0.0} | {row.Whole.P99:0.0} | " +
                $"{(row.IsReached ? "reached" : "**not reached**")} |\n"));
        }

        text.Append(
            "\n| work | s | | statements ≥ 5 ms: p50, ms | longest, ms | requests of others meanwhile: p50, ms | p99, ms |\n" +
            "| --- | --- | --- | --- | --- | --- | --- |\n");
        foreach (WorkRow row in results.Work)
        {
            text.Append(F(
                $"| {row.Work} | {row.Seconds:0.0} | {row.Removed} | {row.Statements.P50:0} | {row.Statements.Max:0} | " +
                $"{row.Beside.P50:0.0} | {row.Beside.P99:0.0} |\n"));
        }

        return text.ToString();
    }

    public static string Line(PageRow row) =>
        F($"{row.Page,-28} statements {row.Database}; whole {row.Whole}{(row.IsReached ? "" : "  NOT REACHED")}");

    public static string Line(WorkRow row) =>
        F($"{row.Work}: {row.Seconds:0.0} s. {row.Removed} Statements {row.Statements}; others meanwhile {row.Beside}");

    private static string F(InvariantText text) => text.Build();
}
