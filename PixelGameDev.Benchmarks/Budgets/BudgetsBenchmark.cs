using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using PixelGameDev.Benchmarks.Play;

namespace PixelGameDev.Benchmarks.Budgets;

/// <summary>Sends floods of hostile requests to a system with all its limits on, and compares its memory before and after.</summary>
internal static class BudgetsBenchmark
{
    private const int Concurrency = 32;
    private const int WarmUp = 300;

    /// <summary>The kind without requests: viewers that never read.</summary>
    private const string Silent = "silent";

    public static async Task<BudgetsResults> MeasureAsync(Options options)
    {
        int requests = options.Int("requests", 10_000);
        if (options["only"] == Silent)
        {
            return new BudgetsResults(0, 0, "", [], await WatchSilentlyAsync(options));
        }

        string[] kinds = options["only"] is { } only ? [only] : HostileRequests.Kinds;
        SilentResults? silent = options["only"] is null ? await WatchSilentlyAsync(options) : null;
        await using RunningSystem system = await RunningSystem.StartAsync(null, [KeyValuePair.Create("RATE_LIMITS", "on")]);
        using HostileRequests hostile = new(system.Address);
        await hostile.PrepareAsync();
        (long bytes, int status, string sentence) = await hostile.FillAsync();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"quota: {status} after {bytes / 1e6:0} MB: {sentence}"));

        foreach (string kind in kinds)
        {
            await FloodAsync(hostile, kind, 0, WarmUp);
        }

        List<FloodResult> floods = [];
        IReadOnlyDictionary<string, ServiceMemory> first = await SettledMemory.ReadAsync(system);
        IReadOnlyDictionary<string, ServiceMemory> before = first;
        foreach (string kind in kinds)
        {
            long start = Stopwatch.GetTimestamp();
            IReadOnlyDictionary<int, int> statuses = await FloodAsync(hostile, kind, WarmUp, requests);
            double seconds = Math.Round(Stopwatch.GetElapsedTime(start).TotalSeconds, 1);
            IReadOnlyDictionary<string, ServiceMemory> after = await SettledMemory.ReadAsync(system);
            FloodResult result = new(kind, requests, seconds, statuses, before, after);
            floods.Add(result);
            before = after;
            Console.WriteLine(BudgetsReport.Line(result));
        }

        floods.Add(new FloodResult("all of them", requests * kinds.Length, floods.Sum(flood => flood.Seconds), new Dictionary<int, int>(),
            first, before));
        Console.WriteLine(BudgetsReport.Line(floods[^1]));
        return new BudgetsResults(bytes, status, sentence, floods, silent);
    }

    private static async Task<SilentResults> WatchSilentlyAsync(Options options)
    {
        // Three next to a viewer that reads, and four in each other game except the one to compare with.
        int sessions = 2 + (int)Math.Ceiling((options.Int("silent", 100) - 3) / 4.0);
        await using RunningSystem system = await RunningSystem.StartAsync(
            null, [KeyValuePair.Create("MAX_CONCURRENT_SESSIONS", sessions.ToString(CultureInfo.InvariantCulture))]);
        SilentResults results =
            await SilentCrowd.MeasureAsync(system.Address, system.ExecutorAddress, sessions, bytes: 40_000_000, TimeSpan.FromMinutes(10));
        Console.WriteLine(results);
        return results;
    }

    private static async Task<IReadOnlyDictionary<int, int>> FloodAsync(HostileRequests hostile, string kind, int first, int count)
    {
        ConcurrentDictionary<int, int> statuses = new();
        await Parallel.ForEachAsync(
            Enumerable.Range(first, count),
            new ParallelOptions { MaxDegreeOfParallelism = Concurrency },
            async (i, _) => statuses.AddOrUpdate(await hostile.SendAsync(kind, i), 1, static (_, times) => times + 1));
        return new SortedDictionary<int, int>(statuses);
    }
}
