using System.Diagnostics;
using System.Globalization;
using PixelGameDev.Benchmarks.Capacity;
using PixelGameDev.Benchmarks.Play;
using PixelGameDev.Benchmarks.Start;

namespace PixelGameDev.Benchmarks.Burst;

/// <summary>How a class that presses Run together affects running games, and how long each start takes.</summary>
/// <param name="Load">The load of the machine before, from <c>/proc/loadavg</c>.</param>
/// <param name="System"><c>compose</c>: the published files with the production overrides; <c>plain</c>: as <c>./pixel run</c> starts
/// it.</param>
/// <param name="Players">The games that were played, in pictures a second.</param>
/// <param name="Warm">The number of starts that found a warm sandbox.</param>
/// <param name="Starts">Press → first picture, ms.</param>
/// <param name="Accepted">Press → answer of the server, ms.</param>
/// <param name="Refused">The server's answers to refused starts, one line each.</param>
/// <param name="Seconds">Seconds from the first press to the last first picture.</param>
internal sealed record BurstResults(
    string Load, string System, IReadOnlyList<PlayerRow> Players, int Warm, Distribution Starts, Distribution Accepted,
    IReadOnlyList<string> Refused, double Seconds);

/// <summary>One game that was played meanwhile, in pictures a second at its viewer.</summary>
/// <param name="Before">During five seconds before.</param>
/// <param name="Mean">From the first press to the last first picture.</param>
/// <param name="Least">The worst second of that time.</param>
/// <param name="After">During five seconds with all games running.</param>
internal sealed record PlayerRow(double Before, double Mean, double Least, double After);

/// <summary>Lets people press Run within two seconds while others play.</summary>
internal static class BurstBenchmark
{
    private static readonly TimeSpan Presses = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Sample = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);

    public static async Task<BurstResults> RunAsync(Options options)
    {
        int starts = options.Int("starts", 30), players = options.Int("players", 2);
        string kind = options["system"] ?? "compose";
        BenchGame game = GameSet.Templates.First(g => g.Name == (options["game"] ?? "starter"));
        string load = File.ReadAllText("/proc/loadavg").Trim();
        // As published, unless the options raise the limit. Then thirty games share the processors, and the figures show only that.
        Dictionary<string, string> settings = [];
        if (options["most"] is { } most)
        {
            settings["MAX_CONCURRENT_SESSIONS"] = most;
        }

        if (options["warm"] is { } warm)
        {
            settings["SANDBOX_WARM"] = warm;
        }

        await using ComposeSystem? compose = kind == "compose" ? await ComposeSystem.StartAsync(settings) : null;
        await using RunningSystem? plain = kind == "compose" ? null
            : await RunningSystem.StartAsync(options["address"], settings, options["executor"]);
        RunningSystem system = compose?.System ?? plain!;
        List<Guest> playing = [], starting = [];
        try
        {
            for (int i = 0; i < players + starts; i++)
            {
                (i < players ? playing : starting).Add(await Guest.ComeAsync(system, game));
            }

            foreach (Guest guest in playing)
            {
                await guest.PlayAsync();
            }

            await system.UntilQuietAsync(players);
            // The sandboxes have earned their full weight by then.
            await Task.Delay(Quiet);
            return await MeasureAsync(load, kind, playing, starting);
        }
        finally
        {
            foreach (Guest guest in starting.Concat(playing))
            {
                await guest.DisposeAsync();
            }
        }
    }

    private static async Task<BurstResults> MeasureAsync(string load, string kind, List<Guest> playing, List<Guest> starting)
    {
        double[] before = await FpsAsync(playing, Quiet);
        using CancellationTokenSource stop = new();
        Task<List<(double At, long[] Frames)>> sampling = SampleAsync(playing, stop.Token);
        long first = Stopwatch.GetTimestamp();
        List<string> refused = [];
        await Task.WhenAll(starting.Select(async (guest, i) =>
        {
            await Task.Delay(Presses * i / starting.Count);
            try
            {
                await guest.PlayAsync();
            }
            catch (Exception sentence) when (sentence is InvalidOperationException or TimeoutException)
            {
                lock (refused)
                {
                    refused.Add(sentence.Message);
                }
            }
        }));
        double seconds = Stopwatch.GetElapsedTime(first).TotalSeconds;
        await stop.CancelAsync();
        List<(double At, long[] Frames)> samples = await sampling;
        double[] after = await FpsAsync(playing, Quiet);
        List<Guest> started = [.. starting.Where(static guest => guest.Frames > 0)];
        BurstResults results = new(
            load, kind,
            [.. playing.Select((_, i) =>
                new PlayerRow(Round(before[i]), Round(Mean(samples, i)), Round(Least(samples, i)), Round(after[i])))],
            started.Count(static guest => guest.Warm), Distribution.Of(started.Select(static guest => guest.FirstPicture)),
            Distribution.Of(started.Select(static guest => guest.Accepted)), refused, Math.Round(seconds, 2));
        Console.WriteLine($"starts {results.Starts} ms, {results.Warm} warm, {refused.Count} refused, all within {results.Seconds:0.0} s");
        foreach (PlayerRow row in results.Players)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"player {row.Before:0.0} fps before; meanwhile {row.Mean:0.0}, worst second {row.Least:0.0}; " +
                    $"{row.After:0.0} with all games"));
        }

        return results;
    }

    private static double Round(double value) => Math.Round(value, 2);

    private static async Task<double[]> FpsAsync(List<Guest> guests, TimeSpan window)
    {
        long[] from = [.. guests.Select(static guest => guest.Frames)];
        long start = Stopwatch.GetTimestamp();
        await Task.Delay(window);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return [.. guests.Select((guest, i) => (guest.Frames - from[i]) / seconds)];
    }

    private static async Task<List<(double At, long[] Frames)>> SampleAsync(List<Guest> guests, CancellationToken cancellationToken)
    {
        List<(double, long[])> samples = [];
        long start = Stopwatch.GetTimestamp();
        while (!cancellationToken.IsCancellationRequested)
        {
            samples.Add((Stopwatch.GetElapsedTime(start).TotalSeconds, [.. guests.Select(static guest => guest.Frames)]));
            await Task.Delay(Sample, CancellationToken.None);
        }

        return samples;
    }

    private static double Mean(List<(double At, long[] Frames)> samples, int player) =>
        (samples[^1].Frames[player] - samples[0].Frames[player]) / (samples[^1].At - samples[0].At);

    /// <summary>
    /// Returns the worst of all windows of a second. Each window goes from one sample to the first that is a second later.
    /// </summary>
    private static double Least(List<(double At, long[] Frames)> samples, int player)
    {
        double least = double.PositiveInfinity;
        for (int from = 0, to = 0; from < samples.Count; from++)
        {
            while (to < samples.Count && samples[to].At - samples[from].At < 1)
            {
                to++;
            }

            if (to < samples.Count)
            {
                least = Math.Min(least, (samples[to].Frames[player] - samples[from].Frames[player]) / (samples[to].At - samples[from].At));
            }
        }

        return double.IsFinite(least) ? least : Mean(samples, player);
    }
}
