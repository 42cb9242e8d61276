using System.Diagnostics;
using System.Globalization;
using Microsoft.Playwright;
using PixelGameDev.Benchmarks.Peers;
using PixelGameDev.Benchmarks.Play;

namespace PixelGameDev.Benchmarks.Network;

/// <summary>One game in one way over one network.</summary>
/// <param name="Way">How it is shown.</param>
/// <param name="Network">The name of the conditions.</param>
/// <param name="Fps">Different pictures a second on the page.</param>
/// <param name="Age">The age of each picture when it is seen, ms.</param>
/// <param name="Key">From the key to the picture that has seen it, ms.</param>
/// <param name="KeysLost">Presses that no picture showed within 3 s.</param>
/// <param name="BytesPerSecond">Bytes that arrive, with the headers of IP and TCP and what is sent twice.</param>
/// <param name="Recovery">After an outage of 5 s: ms until a picture is as young as before; null: none was in 12 s.</param>
internal sealed record NetworkRow(
    string Way, string Network, double Fps, Distribution Age, Distribution Key, int KeysLost, double BytesPerSecond, double? Recovery);

/// <summary>
/// Plays one game over emulated networks: the same browser on the other end of the same bad network, in our way and in those of our peers.
/// </summary>
internal static class NetworkBenchmark
{
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(12);

    /// <summary>A picture is as young as before up to this much above the 95th percentile, ms.</summary>
    private const double Young = 100;

    /// <exception cref="InvalidOperationException">The network cannot be made here; the message says why.</exception>
    public static async Task<IReadOnlyList<NetworkRow>> RunAsync(Options options)
    {
        string[]? only = options["only"]?.Split(',');
        IReadOnlyList<BenchGame> all = GameSet.FindExamples(Results.DataDirectory()) is { } examples ? GameSet.All(examples)
            : [.. GameSet.Own, .. GameSet.Templates];
        BenchGame game = GameSet.Choose(all, [options["game"] ?? "aliens"])[0];
        await using RunningSystem system = await RunningSystem.StartAsync(null);
        using IPlaywright playwright = await Playwright.CreateAsync();
        using EmulatedNetwork network = EmulatedNetwork.Create(BenchBrowser.FindChromium());
        List<NetworkRow> rows = [];
        foreach ((string name, string? missing, Func<Way> make) in PeersBenchmark.Ways(system).Where(way => way.Name != "JPEG"))
        {
            if (missing is not null)
            {
                Console.WriteLine($"{name}: the package {missing} is missing; ./pixel bench network installs it.");
            }
            else if (only is null || only.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                await PlayAsync(make, playwright, network, game, options, rows);
            }
        }

        return rows;
    }

    private static async Task PlayAsync(
        Func<Way> make, IPlaywright playwright, EmulatedNetwork network, BenchGame game, Options options, List<NetworkRow> rows)
    {
        await using IBrowser browser = await BenchBrowser.LaunchAsync(playwright, network.Program);
        await using Way way = make();
        Console.WriteLine($"\n{way.Name}, {game.Name} {game.Width}×{game.Height}");
        foreach (Conditions conditions in Conditions.All)
        {
            // Each network has its own page and its own connection, which begins on the good network.
            network.Conditions = Conditions.All[0];
            await using IBrowserContext context = await PeersBenchmark.NewContextAsync(browser);
            try
            {
                await way.PrepareAsync(context, game);
                await PeersBenchmark.StartAsync(way);
                await way.FocusAsync();
                await way.Page.EvaluateAsync("bench.pictures(60)");
                rows.Add(await MeasureAsync(way, network, conditions, options));
                Console.WriteLine(Line(rows[^1]));
            }
            catch (Exception error) when (error is PlaywrightException or TimeoutException or InvalidOperationException)
            {
                // A failure is printed and does not end the run.
                Console.WriteLine($"  {conditions.Name,-20} could not be measured: {error.Message}");
            }
            finally
            {
                network.Conditions = Conditions.All[0];
                network.Cut(false);
                await way.StopAsync();
            }
        }
    }

    private static async Task<NetworkRow> MeasureAsync(Way way, EmulatedNetwork network, Conditions conditions, Options options)
    {
        int seconds = options.Int("seconds", 6);
        int keys = options.Int("keys", 25);
        network.Conditions = conditions;
        // TCP and both ends get to know the network.
        await Task.Delay(TimeSpan.FromSeconds(3));
        long bytes = network.BytesThere;
        long began = Stopwatch.GetTimestamp();
        (IReadOnlyList<(double At, double Age)> seen, double millis) = await WayProbe.WatchAsync(way, seconds * 1000);
        double perSecond = (network.BytesThere - bytes) / Stopwatch.GetElapsedTime(began).TotalSeconds;
        Distribution age = Distribution.Of(seen.Select(s => s.Age));
        (Distribution pressed, int lost) = await WayProbe.PressAsync(way, keys);
        return new NetworkRow(
            way.Name, conditions.Name, seen.Count * 1000 / millis, age, pressed, lost, perSecond,
            await RecoverAsync(way, network, age.P95 + Young));
    }

    /// <summary>Returns how long after an outage a picture is young again, ms.</summary>
    private static async Task<double?> RecoverAsync(Way way, EmulatedNetwork network, double young)
    {
        Task<(IReadOnlyList<(double At, double Age)> Seen, double Millis)> watching =
            WayProbe.WatchAsync(way, (Outage + Longest).TotalMilliseconds);
        network.Cut(true);
        await Task.Delay(Outage);
        double mended = await way.Page.EvaluateAsync<double>("performance.now()");
        network.Cut(false);
        foreach ((double at, double age) in (await watching).Seen)
        {
            if (at > mended && age < young)
            {
                return at - mended;
            }
        }

        return null;
    }

    private static string Line(NetworkRow row) => string.Create(
        CultureInfo.InvariantCulture,
        $"  {row.Network,-20} {row.Fps,5:0.0} fps  age p50 {row.Age.P50,6:0.0} p95 {row.Age.P95,6:0.0} ms  key p50 {row.Key.P50,6:0.0} " +
            $"p95 {row.Key.P95,6:0.0} ms{(row.KeysLost > 0 ? $", {row.KeysLost} not seen" : "")} {row.BytesPerSecond / 1000,7:0.0} kB/s  " +
            $"after an outage {(row.Recovery is { } recovery ? $"{recovery:0} ms" : "not within 12 s")}");
}
