using System.Diagnostics;
using System.Globalization;
using Microsoft.Playwright;
using PixelGameDev.Benchmarks.Play;

namespace PixelGameDev.Benchmarks.Journeys;

/// <summary>A seed that broke a promise, with the fewest steps that still break one.</summary>
internal sealed record FailedJourney(int Seed, string Failure, IReadOnlyList<string> Steps, bool Again);

/// <summary>The results of the journeys.</summary>
/// <param name="Typed">Pieces of text typed or uploaded, each looked for at every quiet time after.</param>
/// <param name="Checks">Quiet times at which all texts were looked for.</param>
internal sealed record JourneysResults(int Seeds, int Steps, int Typed, int Checks, double Seconds, IReadOnlyDictionary<string, int> Kinds,
    IReadOnlyList<FailedJourney> Failed);

/// <summary>Runs random journeys through the page against the whole system, seed after seed.</summary>
internal static class JourneysBenchmark
{
    private static readonly TimeSpan ShrinkLimit = TimeSpan.FromMinutes(2);

    public static async Task<JourneysResults> RunAsync(Options options)
    {
        int length = options.Int("length", 125);
        int steps = options.Int("steps", 5000);
        int first = options.Int("seed", 1);
        int seeds = options.Has("seed") ? options.Int("seeds", 1) : Math.Max(1, (steps + length - 1) / length);
        HashSet<int>? only = options["only"] is { Length: > 0 } numbers
            ? [.. numbers.Split(',').Select(number => int.Parse(number, CultureInfo.InvariantCulture))]
            : null;
        HashSet<string> without = [.. (options["without"] ?? "").Split(',')];
        await using RunningSystem running = await RunningSystem.StartAsync(null, new Dictionary<string, string> { ["SANDBOX_WARM"] = "1" });
        JourneySystem system = new(running.Address, running.ApiProcess, running.DatabaseProcess);
        using IPlaywright playwright = await Playwright.CreateAsync();
        long start = Stopwatch.GetTimestamp();
        SortedDictionary<string, int> kinds = new(StringComparer.Ordinal);
        List<FailedJourney> failed = [];
        (int done, int typed, int checks) = (0, 0, 0);
        for (int seed = first; seed < first + seeds; seed++)
        {
            IReadOnlyList<JourneyStep> list = [.. StepDeck.Deal(seed, length)
                .Where(step => only?.Contains(step.Number) != false && !without.Contains(step.Kind.ToString()))];
            JourneyResult result = await Journey.RunAsync(system, playwright, list);
            done += result.Done;
            typed += result.Typed;
            checks += result.Checked;
            foreach (JourneyStep step in list.Take(result.Done))
            {
                kinds[step.Kind.ToString()] = kinds.GetValueOrDefault(step.Kind.ToString()) + 1;
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"seed {seed}: {result.Done} steps, {result.Typed} texts, {Stopwatch.GetElapsedTime(start).TotalSeconds:0} " +
                $"s{(result.Failure is null ? "" : " FAILED: " + result.Failure)}"));
            if (options.Has("log") && result.Failure is null)
            {
                Console.WriteLine("  " + string.Join("\n  ", result.Log));
            }

            if (result.Failure is not null)
            {
                failed.Add(await ExplainAsync(system, playwright, seed, list, result, options.Has("whole") || only is not null));
            }
        }

        JourneysResults results =
            new(seeds, done, typed, checks, Math.Round(Stopwatch.GetElapsedTime(start).TotalSeconds, 1), kinds, failed);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{done} steps in {seeds} journeys, {typed} texts, {checks} quiet times, {results.Seconds:0} s: {failed.Count} failed"));
        return results;
    }

    /// <summary>Leaves out steps as long as the rest still fails, and prints the remaining steps.</summary>
    private static async Task<FailedJourney> ExplainAsync(
        JourneySystem system, IPlaywright playwright, int seed, IReadOnlyList<JourneyStep> list, JourneyResult result, bool whole)
    {
        List<JourneyStep> left = [.. list.Take(result.Done + 1)];
        string failure = result.Failure!;
        IReadOnlyList<string> log = result.Log;
        bool again = false;
        long start = Stopwatch.GetTimestamp();
        for (int part = whole ? 0 : left.Count / 2; part >= 1 && Stopwatch.GetElapsedTime(start) < ShrinkLimit; part /= 2)
        {
            for (int at = 0; at < left.Count && Stopwatch.GetElapsedTime(start) < ShrinkLimit;)
            {
                List<JourneyStep> fewer = [.. left.Take(at), .. left.Skip(at + part)];
                JourneyResult shorter = await Journey.RunAsync(system, playwright, fewer);
                // Another failure may have another cause.
                if (shorter.Failure?[..4] != failure[..4])
                {
                    at += part;
                    continue;
                }

                again = true;
                (left, failure, log) = ([.. fewer.Take(shorter.Done + 1)], shorter.Failure, shorter.Log);
            }
        }

        Console.WriteLine($"  {failure}\n  {string.Join("\n  ", log)}");
        Console.WriteLine(
            $"  again: ./pixel bench journeys --seed {seed} --length {list.Count} --only " +
            $"{string.Join(',', left.Select(step => step.Number))}");
        return new FailedJourney(seed, failure, [.. left.Select(step => step.ToString())], again);
    }
}
