using System.Globalization;
using Microsoft.Playwright;
using PixelGameDev.Benchmarks.Play;

namespace PixelGameDev.Benchmarks.Stalls;

/// <summary>The results of the stalls: how many left a frozen picture or a stuck key, and how soon the picture was right again.</summary>
internal sealed record StallResults(int Stalls, int Frozen, int Stuck, Distribution Recovery, IReadOnlyList<StallRow> Rows);

/// <summary>The stalls of one game, or of one kind.</summary>
internal sealed record StallRow(string Of, int Stalls, int Frozen, int Stuck, Distribution Recovery);

/// <summary>
/// Plays several games in a real Chromium, each over a connection with its own delay, and stalls the connections or the browser's
/// processes. <c>--pages</c> is the number of pages that play at the same time (default: the number of processors, which the pages share
/// with the server). <c>--game</c> plays only one game.
/// </summary>
internal static class StallsBenchmark
{
    private const int Shortest = 300;
    private const int Longest = 10_000;

    private static readonly int[] RoundTrips = [0, 10, 30, 60];

    private static readonly StallGame[][] Sets =
        [[StallGame.Driven, StallGame.Pauses, StallGame.Noise, StallGame.Starter],
            [StallGame.Noise, StallGame.Driven, StallGame.Hd, StallGame.Pauses]];

    public static async Task<StallResults> RunAsync(Options options)
    {
        int wanted = options.Int("stalls", 200);
        int seed = options.Int("seed", 10);
        int longest = options.Int("longest", Longest);
        Random random = new(seed);
        await using RunningSystem system = await RunningSystem.StartAsync(
            options["address"],
            [new("MAX_SESSION_TIME", "3600"), new("MAX_CONCURRENT_SESSIONS", "8")],
            options["executor"]);
        using IPlaywright playwright = await Playwright.CreateAsync();
        await using IBrowser browser = await BenchBrowser.LaunchAsync(playwright);
        List<StallSample> samples = [];
        int together = options.Int("pages", Math.Clamp(Environment.ProcessorCount, 1, RoundTrips.Length));
        (StallGame Game, int RoundTrip)[][] sets =
            [.. Sets.SelectMany(set =>
                set.Zip(RoundTrips).Where(one => options["game"] is not { } only || one.First.Name == only).Chunk(together))];
        for (int set = 0; set < sets.Length; set++)
        {
            List<StalledPage> pages = [];
            try
            {
                foreach ((StallGame game, int roundTrip) in sets[set])
                {
                    pages.Add(await StalledPage.OpenAsync(browser, system.Address, game, roundTrip));
                }

                StallRun run = new(browser, pages, random);
                for (int goal = wanted * (set + 1) / sets.Length; samples.Count < goal;)
                {
                    // Mostly the network, because that happens to people most.
                    StallKind kind = random.Next(4) switch
                    {
                        0 => StallKind.Renderers,
                        1 => StallKind.NetworkService,
                        _ =>
                        StallKind.Network
                    };
                    // As many short stalls as long ones, on a logarithmic scale.
                    double length = Shortest * Math.Pow((double)longest / Shortest, random.NextDouble());
                    IReadOnlyList<StallSample> round = await run.StallAsync(kind, TimeSpan.FromMilliseconds(length));
                    samples.AddRange(round);
                    Console.WriteLine(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{samples.Count,4}/{wanted}  {kind,-14} {length,6:0} ms   " +
                            $"{string.Join("   ", round.Select(Recovery))}"));
                    for (int i = 0; i < pages.Count; i++)
                    {
                        if (round[i].RecoveredMillis is null)
                        {
                            await run.RestartAsync(pages[i]);
                        }
                    }
                }
            }
            finally
            {
                foreach (StalledPage page in pages)
                {
                    await page.DisposeAsync();
                }
            }
        }

        return Sum(samples);
    }

    internal static StallResults Sum(IReadOnlyList<StallSample> samples)
    {
        StallRow all = Row("all", samples);
        return new StallResults(all.Stalls, all.Frozen, all.Stuck, all.Recovery, [
            .. samples.GroupBy(s => s.Game).Select(g => Row(g.Key, g)),
            .. samples.GroupBy(s => s.RoundTrip).OrderBy(g => g.Key)
                .Select(g => Row(string.Create(CultureInfo.InvariantCulture, $"{g.Key} ms of round trip"), g)),
            .. samples.GroupBy(s => s.Kind).Select(g => Row(g.Key, g)),
        ]);
    }

    private static StallRow Row(string of, IEnumerable<StallSample> stalls)
    {
        StallSample[] samples = [.. stalls];
        return new StallRow(
            of, samples.Length, samples.Count(s => s.RecoveredMillis is null), samples.Count(s => s.KeyMillis is null),
            Distribution.Of(samples.Select(s => s.RecoveredMillis).OfType<double>()));
    }

    private static string Recovery(StallSample stall) =>
        $"{stall.Game} {Text(stall.RecoveredMillis, "frozen")}, key {Text(stall.KeyMillis, "stuck")}";

    private static string Text(double? millis, string otherwise) => millis is { } time
        ? string.Create(CultureInfo.InvariantCulture, $"{time:0}") : otherwise;
}
