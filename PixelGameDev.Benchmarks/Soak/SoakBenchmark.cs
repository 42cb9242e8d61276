using System.Diagnostics;
using System.Globalization;
using Microsoft.Playwright;
using Npgsql;
using PixelGameDev.Benchmarks.Play;

namespace PixelGameDev.Benchmarks.Soak;

/// <summary>The results of a soak.</summary>
/// <param name="Runs">The number of games that were started.</param>
/// <param name="Ends">The number of runs by the end that the person was told.</param>
/// <param name="ByStream">The number of runs whose end the stream told. The record told the others.</param>
/// <param name="Refused">Runs and saves that were refused or got no answer, by status.</param>
/// <param name="Kills">The parts that were killed.</param>
/// <param name="Stalls">The number of viewers, pages and services that were stalled for a while.</param>
/// <param name="Frozen">The number of pictures that did not go on after a stall.</param>
/// <param name="Lost">Runs whose end was never told, was told wrongly, or contradicts the record.</param>
/// <param name="LeftOver">Containers, processes, links, temporary files and open sessions after the end.</param>
internal sealed record SoakResults(
    double Minutes, int Runs, IReadOnlyDictionary<string, int> Ends, int ByStream, IReadOnlyDictionary<string, int> Refused,
    IReadOnlyDictionary<string, int> Kills, int Stalls, int Frozen, IReadOnlyList<string> Lost, IReadOnlyList<string> LeftOver,
    IReadOnlyList<MemoryTrend> Memory);

/// <summary>
/// Lets people play for a long time, kills and stalls parts of the system meanwhile, and counts everything that goes wrong.
/// </summary>
internal static class SoakBenchmark
{
    private const int People = 3;

    public static async Task<SoakResults> RunAsync(Options options)
    {
        TimeSpan length = TimeSpan.FromMinutes(options.Int("minutes", 30));
        int seed = options.Int("seed", 1);
        // Short: the link directory below it contains sockets, whose paths must be short.
        string temporary = Directory.CreateTempSubdirectory("px-").FullName;
        File.SetUnixFileMode(temporary, (UnixFileMode)0b111_111_111);
        SoakLedger ledger = new();
        using SoakMemory memory = new();
        List<string> left = [];
        double minutes;
        await using (RunningSystem system = await RunningSystem.StartAsync(null, new Dictionary<string, string>
        {
            ["SANDBOX_WARM"] = "2",
            ["TMPDIR"] = temporary,
            // The runtime's own debugging sockets do not count as left over.
            ["DOTNET_EnableDiagnostics"] = "0",
        }))
        {
            string connection = system.ConnectionString();
            string identity = system.Identity() ?? "";
            long start = Stopwatch.GetTimestamp();
            using CancellationTokenSource people = new(length);
            using CancellationTokenSource watching = new();
            Task sampling = memory.LiveAsync(system, watching.Token);
            Task faults = new SoakFaults(system, ledger, length, seed).LiveAsync(people.Token);
            Task playing = PlayAsync(system, ledger, seed, people.Token);
            Task saying = SayAsync(ledger, start, people.Token);
            await Task.WhenAll(faults, playing, saying);
            minutes = Stopwatch.GetElapsedTime(start).TotalMinutes;
            await watching.CancelAsync();
            await sampling;
            left.AddRange(await CompareWithRecordsAsync(connection, ledger));
            left.AddRange(await LeftOverAsync(system));
            await system.StopAsync();
            left.AddRange(Docker.Sandboxes(identity).Select(id => $"container {id}"));
            left.AddRange(ProcessTimes.Naming(system.DataDirectory!).Select(command => $"process {command}"));
        }

        left.AddRange(Directory.GetFileSystemEntries(temporary, "*", SearchOption.AllDirectories)
            .Select(path => $"temporary file {Path.GetRelativePath(temporary, path)}"));
        Directory.Delete(temporary, recursive: true);
        SoakResults results = new(
            Math.Round(minutes, 1), ledger.Runs.Count,
            new SortedDictionary<string, int>(ledger.Runs.Where(run => !run.Withdrawn).GroupBy(run => run.Told ?? "never told")
                .ToDictionary(end => end.Key, end => end.Count()), StringComparer.Ordinal),
            ledger.Runs.Count(run => run.ToldByStream), ledger.Refused, ledger.Faults, ledger.Stalls, ledger.Frozen, [.. ledger.Lost], left,
            memory.Trends());
        Print(results);
        return results;
    }

    private static async Task PlayAsync(RunningSystem system, SoakLedger ledger, int seed, CancellationToken stop)
    {
        using IPlaywright playwright = await Playwright.CreateAsync();
        await using IBrowser browser = await BenchBrowser.LaunchAsync(playwright);
        IBrowserContext context =
            await browser.NewContextAsync(new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 1366, Height = 768 } });
        List<Task> lives = [];
        for (int window = 0; window < 2; window++)
        {
            SoakPage page = new(await context.NewPageAsync(), ledger, seed + 100 + window);
            lives.Add(page.LiveAsync(system.Address, stop));
        }

        SoakPerson[] people = [.. Enumerable.Range(0, People).Select(number => new SoakPerson(system.Address, ledger, seed + number))];
        lives.AddRange(people.Select(person => person.LiveAsync(stop)));
        await Task.WhenAll(lives);
        foreach (SoakPerson person in people)
        {
            person.Dispose();
        }
    }

    private static async Task SayAsync(SoakLedger ledger, long start, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await Task.Delay(TimeSpan.FromMinutes(1), stop);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Stopwatch.GetElapsedTime(start).TotalMinutes:0} min: {ledger.Runs.Count} runs, {ledger.Faults.Values.Sum()} " +
                    $"kills, {ledger.Lost.Count} lost, {ledger.Frozen} frozen"));
            }
        }
        catch (OperationCanceledException)
        {
            // The time is over.
        }
    }

    /// <summary>Compares every session's record with what the person was told. Each session must have ended.</summary>
    private static async Task<List<string>> CompareWithRecordsAsync(string connection, SoakLedger ledger)
    {
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(connection);
        Dictionary<Guid, string?> records = [];
        List<string> open = [];
        for (long start = Stopwatch.GetTimestamp(); ; await Task.Delay(500))
        {
            try
            {
                records.Clear();
                await using NpgsqlCommand command = database.CreateCommand("select id, end_reason, ended_at is null from sessions");
                await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
                open = [];
                while (await reader.ReadAsync())
                {
                    records[reader.GetGuid(0)] = await reader.IsDBNullAsync(1) ? null : reader.GetString(1);
                    if (reader.GetBoolean(2))
                    {
                        open.Add($"open session {reader.GetGuid(0)}");
                    }
                }

                if (open.Count == 0 || Stopwatch.GetElapsedTime(start) > TimeSpan.FromSeconds(90))
                {
                    break;
                }
            }
            catch (NpgsqlException) when (Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(90))
            {
                // The service restarts after a kill.
            }
        }

        foreach (SoakRun run in ledger.Runs.Where(run => run.Told is not null))
        {
            if (!records.TryGetValue(run.Session, out string? reason))
            {
                if (ledger.RecordMayBeGone(run))
                {
                    ledger.Refuse("run, gone with the database");
                    continue;
                }

                ledger.Lose($"no record of {run.Session}, told {run.Told}");
            }
            else if (reason is not null && reason != run.Told && (run.Told, reason) is not ("too_many_games", "not_started")
                && !(reason is "sandbox_lost" or "stopped" && ledger.KilledSoonAfter(run)))
            {
                ledger.Lose(
                    $"told {run.Told}, on record {reason}: {run.Session}, a game that {run.Game}, by " +
                    $"{(run.ToldByStream ? "stream" : "record")}");
            }
        }

        return open;
    }

    private static async Task<List<string>> LeftOverAsync(RunningSystem system)
    {
        List<string> left = [];
        try
        {
            await system.UntilQuietAsync();
            int links = system.LinkDirectory() is { } folder && Directory.Exists(folder)
                ? Directory.GetFileSystemEntries(folder).Length : 0;
            int sandboxes = Docker.Sandboxes(system.Identity() ?? "").Length;
            if (links > sandboxes)
            {
                left.Add(string.Create(CultureInfo.InvariantCulture, $"{links} links for {sandboxes} sandboxes"));
            }
        }
        catch (InvalidOperationException error)
        {
            left.Add(error.Message);
        }

        return left;
    }

    private static void Print(SoakResults results)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{results.Runs} runs in {results.Minutes:0.0} min: {List(results.Ends)}; {results.ByStream} told by the stream"));
        Console.WriteLine(
            $"kills: {List(results.Kills)}; {results.Stalls} stalls, {results.Frozen} frozen; refused: {List(results.Refused)}");
        Console.WriteLine(
            $"lost {results.Lost.Count}, left over " +
            $"{results.LeftOver.Count}{string.Concat(results.LeftOver.Select(what => "\n  left over: " + what))}");
        foreach (MemoryTrend trend in results.Memory)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{trend.Service}: {trend.Starts} processes; over the last {trend.Minutes:0.0} min of the longest life " +
                    $"{trend.ResidentFirst:0.0} → {trend.ResidentLast:0.0} MB resident, {trend.ResidentSlope:+0.00;-0.00} ± " +
                    $"{trend.ResidentError:0.00} MB/h; managed heap {trend.HeapSlope:+0.00;-0.00} ± {trend.HeapError:0.00} MB/h"));
        }
    }

    private static string List(IReadOnlyDictionary<string, int> counts) =>
        counts.Count == 0 ? "none"
            : string.Join(", ", counts.Select(count => string.Create(CultureInfo.InvariantCulture, $"{count.Key} {count.Value}")));
}
