using System.Diagnostics;
using System.Globalization;
using Npgsql;
using PixelGameDev.Benchmarks.Play;

namespace PixelGameDev.Benchmarks.Installation;

/// <summary>
/// Measures a large installation: fills a database, sends the requests of every page to a real Api, and lets it clean up and delete
/// accounts while somebody works.
/// </summary>
internal static class InstallationBenchmark
{
    /// <summary>Statements below this are not interesting beside long work, ms.</summary>
    private const double Noticeable = 5;

    private const int WarmUp = 20;

    public static async Task<InstallationResults> RunAsync(Options options)
    {
        int people = options.Int("people", 10_000);
        int requests = options.Int("requests", 300);
        if (people < InstallationData.Least)
        {
            throw new ArgumentException($"--people is at least {InstallationData.Least}.");
        }

        InstallationData data = new(people);
        await using InstallationSystem system = await InstallationSystem.StartAsync();
        string hash = await system.HashAsync(InstallationData.Password);
        await system.StopApiAsync();
        long began = Stopwatch.GetTimestamp();
        await data.FillAsync(system.ConnectionString, hash, Console.WriteLine);
        TimeSpan fill = Stopwatch.GetElapsedTime(began);
        await system.RestartAsync();
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(system.ConnectionString);
        InstallationSize size = await InstallationData.MeasureAsync(database, fill);
        Console.WriteLine(size);
        using PageRequests pages = new(system.Address, data);
        try
        {
            List<PageRow> rows = [];
            foreach ((string page, Func<int, Task> send) in pages.Kinds.Where(kind => options["only"] is not { } only || kind.Page == only))
            {
                rows.Add(await MeasureAsync(system.Log, page, send, requests));
                Console.WriteLine(InstallationReport.Line(rows[^1]));
            }

            List<WorkRow> work = options.Has("only") ? [] : await WorkAsync(system, database, pages, data);
            return new InstallationResults(size, rows, work);
        }
        finally
        {
            string plans = Path.Combine(Results.Folder, "installation-plans.txt");
            await File.WriteAllTextAsync(plans, system.Log.Plans());
            Console.WriteLine($"The plans of slow statements: {plans}");
        }
    }

    private static async Task<PageRow> MeasureAsync(StatementLog log, string page, Func<int, Task> send, int requests)
    {
        for (int turn = 0; turn < WarmUp; turn++)
        {
            await send(requests + turn);
        }

        await log.ClearAsync();
        List<(double Begin, double End)> times = [];
        for (int turn = 0; turn < requests; turn++)
        {
            double begin = Now();
            await send(turn);
            times.Add((begin, Now()));
        }

        return new PageRow(
            page, Distribution.Of(times.Select(static time => 1000 * (time.End - time.Begin))), Distribution.Of(await log.SumAsync(times)));
    }

    private static async Task<List<WorkRow>> WorkAsync(
        InstallationSystem system, NpgsqlDataSource database, PageRequests pages, InstallationData data)
    {
        List<WorkRow> rows =
        [
            await DoAsync("clean-up of everything that has expired", () => system.OperateAsync("--clean-up", "now")),
        ];
        await AgeAsync(database);
        rows.Add(await DoAsync("clean-up of trees and blobs that it left", () => system.OperateAsync("--clean-up", "now")));
        // The requests never come from these two.
        rows.Add(await DoAsync("deletion of an account with 100 games and many sessions", () => DeleteAsync(1)));
        rows.Add(await DoAsync("deletion of an account as most are", () => DeleteAsync(data.Busy)));
        await AgeAsync(database);
        rows.Add(await DoAsync("clean-up of trees and blobs of both", () => system.OperateAsync("--clean-up", "now")));
        return rows;

        async Task<string> DeleteAsync(int person)
        {
            long before = await CountAsync(database, person);
            await pages.DeleteAsync(person);
            return string.Create(CultureInfo.InvariantCulture, $"Removed an account with {before:N0} sessions.");
        }

        async Task<WorkRow> DoAsync(string name, Func<Task<string>> begin)
        {
            (long Trees, long Blobs) before = await KeptAsync(database);
            await system.Log.ClearAsync();
            long began = Stopwatch.GetTimestamp();
            Task<string> work = begin();
            List<double> beside = [];
            for (int turn = 0; !work.IsCompleted; turn++)
            {
                double start = Now();
                await pages.BesideAsync(turn);
                beside.Add(1000 * (Now() - start));
            }

            string removed = await work;
            double seconds = Math.Round(Stopwatch.GetElapsedTime(began).TotalSeconds, 1);
            IReadOnlyList<double> statements = await system.Log.AllAsync(Noticeable);
            (long Trees, long Blobs) after = await KeptAsync(database);
            WorkRow row = new(
                name, seconds,
                removed + string.Create(
                    CultureInfo.InvariantCulture, $" Trees: {before.Trees - after.Trees:N0}, blobs: {before.Blobs - after.Blobs:N0}."),
                Distribution.Of(statements), Distribution.Of(beside));
            Console.WriteLine(InstallationReport.Line(row));
            return row;
        }
    }

    /// <summary>Makes the removal of trees and blobs two days older, so that the next clean-up deletes them.</summary>
    private static async Task AgeAsync(NpgsqlDataSource database)
    {
        await using NpgsqlCommand command = database.CreateCommand(
            "update discarded_trees set discarded_at = discarded_at - interval '2 days'; " +
            "update discarded_blobs set discarded_at = discarded_at - interval '2 days'");
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<(long Trees, long Blobs)> KeptAsync(NpgsqlDataSource database)
    {
        await using NpgsqlCommand command = database.CreateCommand("select (select count(*) from trees), (select count(*) from blobs)");
        command.CommandTimeout = 0;
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return (row.GetInt64(0), row.GetInt64(1));
    }

    private static async Task<long> CountAsync(NpgsqlDataSource database, int person)
    {
        await using NpgsqlCommand command = database.CreateCommand("select count(*) from sessions where account_id = $1");
        command.Parameters.Add(new NpgsqlParameter { Value = InstallationData.AccountOf(person) });
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static double Now() => (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds;
}
