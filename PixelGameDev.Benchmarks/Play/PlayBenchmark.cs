using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;

namespace PixelGameDev.Benchmarks.Play;

/// <summary>Plays in a real Chromium and measures what a person would notice.</summary>
internal static class PlayBenchmark
{
    public static async Task<PlayResults> RunAsync(Options options)
    {
        await using RunningSystem system = await RunningSystem.StartAsync(options["address"], executor: options["executor"]);
        Console.WriteLine($"system at {system.Address}");
        using IPlaywright playwright = await Playwright.CreateAsync();
        HashSet<int> before = [.. BenchBrowser.BrowserProcesses()];
        await using IBrowser browser = await BenchBrowser.LaunchAsync(playwright);
        int browserProcess = BenchBrowser.BrowserProcesses().Except(before).Order().FirstOrDefault();
        string load = File.ReadAllText("/proc/loadavg").Trim();
        (Distribution run, IReadOnlyDictionary<string, double> phases, int cold) =
            await RunToFirstFrameAsync(browser, system, options.Int("runs", 40));
        Console.WriteLine(
            $"Run → first frame       {run} ms; medians: " +
            $"{string.Join(", ", phases.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Key} {p.Value:0.0}")))}" +
            $"{(cold > 0 ? $"; {cold} more were cold and do not count" : string.Empty)}");
        if (options["only"] == "run")
        {
            return new PlayResults(load, run, Distribution.Of([]), 0, [], 0, phases) { ColdRuns = cold };
        }

        (Distribution key, int seen) = await KeyToPixelAsync(browser, system, options.Int("keys", 150));
        Console.WriteLine($"key down → pixel        {key} ms; {seen} seen on the canvas");
        List<DeliveredRow> delivered = [];
        foreach (BenchGame game in GameSet.Own.Where(g => g.Width == 800))
        {
            DeliveredRow row = await DeliveredAsync(browser, system, browserProcess, game, options.Int("seconds", 8));
            delivered.Add(row);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{row.Game,-10} {row.Width}×{row.Height}  {row.Fps:0.00} fps, interval p95 {row.FrameInterval.P95:0.0} ms, age p50 " +
                    $"{row.Age.P50:0.0} p95 {row.Age.P95:0.0} ms, {row.BytesPerSecond / 1000:0.0} kB/s, decode and draw " +
                    $"{row.DecodeMillis:0.00} ms"));
            Console.WriteLine("           " +
                string.Join(", ", row.CpuPercent.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Key} {c.Value:0.0} %"))));
        }

        long weight = await PageWeightAsync(browser, system);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"page before play        {weight / 1000.0:0.0} kB"));
        return new PlayResults(load, run, key, seen, delivered, weight, phases) { ColdRuns = cold };
    }

    /// <summary>Returns the bytes that a new visitor's browser fetches before play, without the project's own data.</summary>
    private static async Task<long> PageWeightAsync(IBrowser browser, RunningSystem system)
    {
        await using IBrowserContext context = await NewContextAsync(browser);
        IPage page = await context.NewPageAsync();
        List<IRequest> requests = [];
        page.RequestFinished += (_, request) =>
        {
            lock (requests)
            {
                requests.Add(request);
            }
        };
        await page.GotoAsync(system.Address.ToString(), new PageGotoOptions { WaitUntil = WaitUntilState.NetworkIdle });
        await page.Locator("[data-testid=run]:enabled").WaitForAsync();
        long bytes = 0;
        foreach (IRequest request in requests.ToArray())
        {
            bytes += new Uri(request.Url).AbsolutePath.StartsWith("/api/", StringComparison.Ordinal) ? 0
                : (await request.SizesAsync()).ResponseBodySize;
        }

        return bytes;
    }

    private static async Task<(Distribution Warm, IReadOnlyDictionary<string, double> Phases, int Cold)> RunToFirstFrameAsync(
        IBrowser browser, RunningSystem system, int runs)
    {
        await using IBrowserContext context = await NewContextAsync(browser);
        IPage page = await OpenAsync(context, system, Games.Key);
        StartedSessions sessions = new(page);
        List<double> samples = [];
        int cold = 0;
        string[] marks = ["sent", "answered", "asked", "stream"];
        List<double?[]> marked = [];
        for (bool first = true; samples.Count < runs; first = false)
        {
            // A person reads and types between two presses. The pool is full again by then.
            await system.UntilQuietAsync();
            await GamePage.RunAsync(page);
            double millis =
                await page.EvaluateAsync<double>("performance.getEntriesByName('pixel:first-frame').at(-1).startTime - spy.click");
            bool warm = await sessions.WasWarmAsync();
            double?[] times = await page.EvaluateAsync<double?[]>(
                """
                (names) => {
                  const request = performance.getEntriesByType('resource').filter((entry) => entry.name.endsWith('/api/sessions')).at(-1);
                  const times = { sent: request?.requestStart, answered: request?.responseEnd };
                  return names.map((name) => (times[name] ?? performance.getEntriesByName('pixel:' + name).at(-1)?.startTime ?? NaN) - spy.click);
                }
                """,
                marks);
            await GamePage.StopAsync(page);
            if (!warm && ++cold > runs)
            {
                throw new InvalidOperationException(
                    $"{cold} presses of Run got a cold sandbox, only {samples.Count} a warm one, " +
                    "though the pool had been full before each.");
            }

            // The first run of a page loads what later runs reuse.
            if (warm && !first)
            {
                samples.Add(millis);
                marked.Add(times);
            }
        }

        Dictionary<string, double> phases = marks
            .Select((name, i) => (name, times: marked.Select(times => times[i]).OfType<double>().Where(double.IsFinite)))
            .Where(mark => mark.times.Any())
            .ToDictionary(mark => mark.name, mark => Distribution.Of(mark.times).P50);
        return (Distribution.Of(samples), phases, cold);
    }

    private static async Task<(Distribution Samples, int Seen)> KeyToPixelAsync(IBrowser browser, RunningSystem system, int keys)
    {
        await using IBrowserContext context = await NewContextAsync(browser);
        IPage page = await OpenAsync(context, system, Games.Key);
        await GamePage.RunAsync(page);
        await GamePage.UntilSteadyAsync(page, system);
        await page.GetByTestId("game").ClickAsync();
        await GamePage.NextSampleAsync(page);
        // Everything else that the click caused is drawn by then.
        await GamePage.UntilDrawnAsync(page, 30);
        (Distribution, int) measured = await GamePage.KeyToPixelAsync(page, keys);
        await GamePage.StopAsync(page);
        return measured;
    }

    private static async Task<DeliveredRow> DeliveredAsync(
        IBrowser browser, RunningSystem system, int browserProcess, BenchGame game, int seconds)
    {
        await using IBrowserContext context = await NewContextAsync(browser);
        IPage page = await context.NewPageAsync();
        await page.AddInitScriptAsync(GamePage.Spy);
        await page.AddInitScriptAsync(await File.ReadAllTextAsync(
            Path.Combine(Results.RepositoryRoot(), "PixelGameDev.Benchmarks/Peers/web/probe.js")) + "\nbench.read = bench.fromWorker;");
        await GamePage.OpenAsync(page, system, game.Staged());
        await GamePage.RunAsync(page);
        await GamePage.UntilSteadyAsync(page, system);

        // The first measurement reads no pictures, because reading them costs the browser time.
        await page.EvaluateAsync("spy.hud.length = 0");
        Dictionary<(int, string), double> before = ProcessTimes.Read(system.ProcessId, browserProcess);
        long start = Stopwatch.GetTimestamp();
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        Dictionary<(int, string), double> after = ProcessTimes.Read(system.ProcessId, browserProcess);
        JsonElement[] hud = JsonSerializer.Deserialize<JsonElement[]>(await page.EvaluateAsync<string>("JSON.stringify(spy.hud)"))!;
        JsonElement watched = JsonSerializer.Deserialize<JsonElement>(await page.EvaluateAsync<string>(
            "async (millis) => JSON.stringify(await bench.watch(millis))", seconds * 1000))!;
        await GamePage.StopAsync(page);
        double frames = hud[^1].GetProperty("frames").GetDouble() - hud[0].GetProperty("frames").GetDouble();
        double millis = hud[^1].GetProperty("at").GetDouble() - hud[0].GetProperty("at").GetDouble();
        double[] seen = [.. watched.GetProperty("seen").EnumerateArray().Select(s => s[0].GetDouble())];
        return new DeliveredRow(
            game.Name,
            game.Width,
            game.Height,
            frames * 1000 / millis,
            Distribution.Of(seen.Zip(seen.Skip(1), (a, b) => b - a)),
            Distribution.Of(watched.GetProperty("seen").EnumerateArray().Skip(1).Select(s => s[1].GetDouble())),
            hud.Average(h => h.GetProperty("bytes").GetDouble()),
            hud.Average(h => h.GetProperty("decode").GetDouble()),
            ProcessTimes.Shares(before, after, elapsed));
    }

    private static Task<IBrowserContext> NewContextAsync(IBrowser browser) =>
        browser.NewContextAsync(new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 1366, Height = 768 } });

    /// <summary>Opens the page as a new visitor whose main.py is this game.</summary>
    private static async Task<IPage> OpenAsync(IBrowserContext context, RunningSystem system, string game)
    {
        IPage page = await context.NewPageAsync();
        await page.AddInitScriptAsync(GamePage.Spy);
        await GamePage.OpenAsync(page, system, new Dictionary<string, byte[]> { ["main.py"] = System.Text.Encoding.UTF8.GetBytes(game) });
        return page;
    }
}
