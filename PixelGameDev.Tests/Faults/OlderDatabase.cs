using System.Text.RegularExpressions;
using Npgsql;
using PixelGameDev.Api.Database;

namespace PixelGameDev.Tests.Faults;

/// <summary>Takes back what scripts have added to a database, as if they had not run yet.</summary>
internal static partial class OlderDatabase
{
    /// <summary>Takes back the chosen scripts, the newest first.</summary>
    public static async Task MakeAsync(NpgsqlDataSource database, Func<Migration, bool> isChosen)
    {
        foreach (Migration script in Migration.ReadEmbedded().Where(isChosen).Reverse())
        {
            string[] statements =
            [
                .. Trigger().Matches(script.Sql).Select(static made => $"drop trigger {made.Groups[1].Value} on {made.Groups[2].Value}"),
                .. Index().Matches(script.Sql).Select(static made => $"drop index {made.Groups[1].Value}"),
                .. Column().Matches(script.Sql)
                    .Select(static made => $"alter table {made.Groups[1].Value} drop column {made.Groups[2].Value}"),
                .. Table().Matches(script.Sql).Select(static made => $"drop table {made.Groups[1].Value}"),
            ];
            Assert.True(statements.Length > 0, $"Nothing of {script.Name} can be taken back.");
            await using NpgsqlCommand command = database.CreateCommand(
                $"{string.Join("; ", statements)}; delete from schema_migrations where number = {script.Number}");
            await command.ExecuteNonQueryAsync();
        }
    }

    [GeneratedRegex(@"create or replace trigger (\w+) [^;]*? on (\w+)")]
    private static partial Regex Trigger();

    [GeneratedRegex(@"create (?:unique )?index (?:concurrently )?if not exists (\w+)")]
    private static partial Regex Index();

    [GeneratedRegex(@"alter table (\w+) add column if not exists (\w+)")]
    private static partial Regex Column();

    [GeneratedRegex(@"create table if not exists (\w+)")]
    private static partial Regex Table();
}
