using System.Diagnostics;
using System.Globalization;
using Microsoft.Playwright;
using PixelGameDev.Benchmarks.Play;

namespace PixelGameDev.Benchmarks.Peers;

/// <summary>One game shown in one way. Times in ms, CPU in % of one core.</summary>
internal sealed record PeerRow(
    string Way,
    string Game,
    int Width,
    int Height,
    double StartToFirstPicture,
    double Fps,
    Distribution FrameAge,
    Distribution? KeyToPixel,
    double BytesPerSecond,
    IReadOnlyDictionary<string, double> CpuPercent)
{
    /// <summary>
    /// Returns the CPU of everything except the browser and the game, in % of one core. If game and encoder are one process, that counts
    /// too.
    /// </summary>
    public double ServerCpu => CpuPercent.Where(c => c.Key is not ("browser" or "game")).Sum(c => c.Value);
}

/// <summary>Start → first picture of several starts of one game, ms.</summary>
internal sealed record PeerStart(string Way, Distribution Millis);

internal sealed record PeersResults(string Load, IReadOnlyList<PeerStart> Starts, IReadOnlyList<PeerRow> Rows);

/// <summary>
/// Compares PixelGameDev and its peers: the same games, one after the other, in the same headless Chromium on the same machine in the same
/// run. <c>web/probe.js</c> reads what is seen from the picture on the page, the same way for all.
/// </summary>
internal static class PeersBenchmark
{
    private static readonly string[] Games = ["flat", "sprites", "scrolling", "noise", "hd", "aliens"];

    /// <summary>The games whose keys are measured too.</summary>
    private static readonly string[] KeyGames = ["flat", "aliens"];

    public static async Task<PeersResults> RunAsync(Options options)
    {
        bool quick = options.Has("quick");
        int seconds = options.Int("seconds", quick ? 2 : 3);
        int keys = options.Int("keys", quick ? 10 : 30);
        int starts = options.Int("starts", quick ? 1 : 4);
        IReadOnlyList<BenchGame> all = GameSet.FindExamples(Results.DataDirectory()) is { } examples ? GameSet.All(examples)
            : [.. GameSet.Own, .. GameSet.Templates];
        string[] names = options["games"]?.Split(',') ?? (quick ? ["flat", "aliens"] : Games);
        BenchGame[] games = GameSet.Choose(all, names);
        string[]? only = options["only"]?.Split(',');

        await using RunningSystem? system = only?.Contains("PixelGameDev", StringComparer.OrdinalIgnoreCase) == false ? null
            : await RunningSystem.StartAsync(options["address"], executor: options["executor"]);
        using IPlaywright playwright = await Playwright.CreateAsync();
        List<PeerRow> rows = [];
        List<PeerStart> begun = [];
        string load = File.ReadAllText("/proc/loadavg").Trim();
        (string Name, string? Missing, Func<Way> Make)[] ways = [.. Ways(system)];
        TimeSpan limit = TimeSpan.FromMinutes(options.Int("minutes", 8));
        long started = Stopwatch.GetTimestamp();
        for (int turn = 0; turn < ways.Length; turn++)
        {
            (string name, string? missing, Func<Way> make) = ways[turn];
            // Each way may use its part of the time that is left, so that a busy machine does not make this endless.
            TimeSpan end = Stopwatch.GetElapsedTime(started) + ((limit - Stopwatch.GetElapsedTime(started)) / (ways.Length - turn));
            if (only is not null && !only.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                continue;
            }

            if (missing is not null)
            {
                Console.WriteLine($"{name}: the package {missing} is missing; ./pixel bench peers installs it.");
                continue;
            }

            // A new browser for each way, so that none pays for what another left.
            HashSet<int> before = [.. BenchBrowser.BrowserProcesses()];
            await using IBrowser browser = await BenchBrowser.LaunchAsync(playwright);
            int process = BenchBrowser.BrowserProcesses().Except(before).Order().First();
            await using Way way = make();
            Console.WriteLine($"\n{way.Name}");
            List<double> first = [];
            for (int i = 0; i < starts && (i == 0 || Stopwatch.GetElapsedTime(started) < end); i++)
            {
                await using IBrowserContext context = await NewContextAsync(browser);
                try
                {
                    await way.PrepareAsync(context, games[0]);
                    first.Add(await StartAsync(way));
                }
                catch (Exception error) when (error is PlaywrightException or TimeoutException or InvalidOperationException)
                {
                    Console.WriteLine($"  start failed: {error.Message}");
                }
                finally
                {
                    await way.StopAsync();
                }
            }

            begun.Add(new PeerStart(way.Name, Distribution.Of(first)));
            Console.WriteLine($"  start → first picture   {begun[^1].Millis} ms");
            foreach (BenchGame game in games)
            {
                if (Stopwatch.GetElapsedTime(started) > end)
                {
                    Console.WriteLine($"  {game.Name,-10} left out: the time is up");
                    continue;
                }

                try
                {
                    rows.Add(await MeasureAsync(way, browser, process, game, seconds, KeyGames.Contains(game.Name) ? keys
                        : 0, options.Has("screenshots")));
                    Console.WriteLine(Line(rows[^1]));
                }
                catch (Exception error) when (error is PlaywrightException or TimeoutException or InvalidOperationException)
                {
                    // A failure is printed and does not end the run.
                    Console.WriteLine($"  {game.Name,-10} could not be measured: {error.Message}");
                }
            }
        }

        return new PeersResults(load, begun, rows);
    }

    public static string Line(PeerRow row) => string.Create(
        CultureInfo.InvariantCulture,
        $"  {row.Game,-10} {row.Width,4}×{row.Height,-4}  {row.Fps,5:0.0} fps  age p50 {row.FrameAge.P50,5:0.0} p95 " +
            $"{row.FrameAge.P95,5:0.0} ms  " +
            $"{(row.KeyToPixel is { } key ? $"key p50 {key.P50:0.0} p95 {key.P95:0.0} ms  " : string.Empty)}" +
            $"{row.BytesPerSecond / 1000,8:0.0} kB/s  " +
            $"{string.Join(", ", row.CpuPercent.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Key} {c.Value:0.0} %")))}");

    /// <summary>Returns the ways to show a game, and the package that is missing for one.</summary>
    internal static IEnumerable<(string Name, string? Missing, Func<Way> Make)> Ways(RunningSystem? system) =>
    [
        ("PixelGameDev", null, () => new OurWay(system!)),
        ("noVNC", NoVncWay.Missing, () => new NoVncWay()),
        ("Xpra", XpraWay.Missing, () => new XpraWay()),
        ("JPEG", PrototypeWay.Missing, () => new PrototypeWay()),
    ];

    internal static async Task<double> StartAsync(Way way)
    {
        // A person looks at the page first.
        await UntilIdleAsync(way.Page);
        await way.UntilQuietAsync();
        long start = Stopwatch.GetTimestamp();
        await way.StartAsync();
        try
        {
            await way.Page.EvaluateAsync("bench.first()");
        }
        catch (PlaywrightException)
        {
            await ScreenshotAsync(way, "failed");
            throw;
        }

        double millis = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        await way.CheckStartAsync();
        return millis;
    }

    /// <summary>Waits until the browser is idle after loading a page, three times in a row.</summary>
    private static async Task UntilIdleAsync(IPage page)
    {
        for (int i = 0; i < 3; i++)
        {
            await page.EvaluateAsync("new Promise((done) => requestIdleCallback(done))");
        }
    }

    private static async Task<PeerRow> MeasureAsync(
        Way way, IBrowser browser, int browserProcess, BenchGame game, int seconds, int keys, bool screenshot)
    {
        await using IBrowserContext context = await NewContextAsync(browser);
        try
        {
            await way.PrepareAsync(context, game);
            return await MeasureAsync(way, browserProcess, game, seconds, keys, screenshot);
        }
        finally
        {
            await way.StopAsync();
        }
    }

    private static async Task<PeerRow> MeasureAsync(Way way, int browserProcess, BenchGame game, int seconds, int keys, bool screenshot)
    {
        double start = await StartAsync(way);
        await way.FocusAsync();
        // The start is over when pictures come steadily.
        await way.Page.EvaluateAsync("bench.pictures(60)");

        // The first measurement reads no pictures, because reading them costs the browser time.
        Dictionary<(int, string), double> before = way.Times(browserProcess);
        Dictionary<string, long> bytesBefore = SocketBytes.ReceivedFrom(way.Port);
        long began = Stopwatch.GetTimestamp();
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        TimeSpan elapsed = Stopwatch.GetElapsedTime(began);
        long bytes = SocketBytes.Between(bytesBefore, SocketBytes.ReceivedFrom(way.Port));
        Dictionary<(int, string), double> after = way.Times(browserProcess);

        (IReadOnlyList<(double At, double Age)> seen, double millis) = await WayProbe.WatchAsync(way, seconds * 1000);
        Distribution? pressed = keys > 0 ? (await WayProbe.PressAsync(way, keys)).Times : null;
        if (screenshot)
        {
            await ScreenshotAsync(way, game.Name);
        }

        return new PeerRow(
            way.Name, game.Name, game.Width, game.Height, start, seen.Count * 1000 / millis, Distribution.Of(seen.Select(s => s.Age)),
            pressed, bytes / elapsed.TotalSeconds, ProcessTimes.Shares(before, after, elapsed));
    }

    private static Task<byte[]> ScreenshotAsync(Way way, string name) =>
        way.Page.ScreenshotAsync(
            new PageScreenshotOptions { Path = Path.Combine(Results.Folder, $"{way.Name.Replace(' ', '-')}-{name}.png") });

    internal static Task<IBrowserContext> NewContextAsync(IBrowser browser) =>
        browser.NewContextAsync(new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 1920, Height = 1200 } });
}
