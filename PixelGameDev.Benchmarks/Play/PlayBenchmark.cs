using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;

namespace PixelGameDev.Benchmarks.Play;

/// <summary>Figures of the whole way: browser → Api → Executor → sandbox and back. Times in ms.</summary>
/// <param name="Load">Of the machine before, as <c>/proc/loadavg</c> says it.</param>
/// <param name="RunToFirstFrame">Click's time stamp → first picture drawn.</param>
/// <param name="KeyToPixel">Key's time stamp → the drawn picture that had seen it.</param>
/// <param name="KeysWithPixels">Presses after which the pixel read back from the canvas was another.</param>
/// <param name="Delivered">Games that were watched.</param>
/// <param name="PageBytes">The page before play, as it comes over the network, bytes.</param>
/// <param name="RunPhases">Click's time stamp → what the page notes on its way to the first picture, medians.</param>
internal sealed record PlayResults(
    string Load,
    Distribution RunToFirstFrame,
    Distribution KeyToPixel,
    int KeysWithPixels,
    IReadOnlyList<DeliveredRow> Delivered,
    long PageBytes,
    IReadOnlyDictionary<string, double>? RunPhases = null)
{
    /// <summary>Presses of Run that got a cold sandbox although the pool had been full: not in <see cref="RunToFirstFrame"/>.</summary>
    public int ColdRuns { get; init; }
}

/// <summary>One game that was watched: fps, ms, bytes, % of a core.</summary>
/// <param name="Age">From the game's flip to the drawn picture, read from the stamp in the picture.</param>
internal sealed record DeliveredRow(
    string Game,
    int Width,
    int Height,
    double Fps,
    Distribution FrameInterval,
    Distribution Age,
    double BytesPerSecond,
    double DecodeMillis,
    IReadOnlyDictionary<string, double> CpuPercent);

/// <summary>Sorted samples in short.</summary>
internal sealed record Distribution(int Count, double P50, double P95, double P99, double Min, double Max)
{
    public static Distribution Of(IEnumerable<double> samples)
    {
        double[] sorted = [.. samples.Order()];
        return sorted.Length == 0
            ? new Distribution(0, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN)
            : new Distribution(sorted.Length, At(0.5), At(0.95), At(0.99), sorted[0], sorted[^1]);
        double At(double share) => Math.Round(sorted[(int)((sorted.Length - 1) * share)], 2);
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"p50 {P50:0.0}, p95 {P95:0.0}, p99 {P99:0.0}, min {Min:0.0}, max {Max:0.0} (n = {Count})");
}

/// <summary>Plays in a real Chromium and measures what a person would notice.</summary>
internal static class PlayBenchmark
{
    /// <summary>Notes what the stream's worker tells the page; runs before the page's own scripts.</summary>
    internal const string Spy = """
        window.spy = { hud: [], frames: [] };
        const Real = window.Worker;
        window.Worker = class extends Real {
          constructor(...args) {
            super(...args);
            this.addEventListener('message', (event) => {
              if (event.data?.type === 'hud') window.spy.hud.push({ ...event.data, at: performance.now() });
            });
          }
        };
        addEventListener('click', (event) => { window.spy.click = event.timeStamp; }, { capture: true });
        """;

    public static async Task<PlayResults> RunAsync(Options options)
    {
        await using RunningSystem system = await RunningSystem.StartAsync(options["address"], executor: options["executor"]);
        Console.WriteLine($"system at {system.Address}");
        using IPlaywright playwright = await Playwright.CreateAsync();
        HashSet<int> before = [.. BrowserProcesses()];
        await using IBrowser browser = await LaunchAsync(playwright);
        int browserProcess = BrowserProcesses().Except(before).Order().FirstOrDefault();
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

    /// <summary>Bytes of everything that a new visitor's browser fetches before play but the project's own data.</summary>
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
            // A person reads and types between two presses; the pool is full again then.
            await system.UntilQuietAsync();
            await RunAsync(page);
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
            await StopAsync(page);
            if (!warm && ++cold > runs)
            {
                throw new InvalidOperationException(
                    $"{cold} presses of Run got a cold sandbox, only {samples.Count} a warm one, " +
                    "though the pool had been full before each.");
            }

            // The first run of a page loads what later ones have.
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
        await RunAsync(page);
        await UntilSteadyAsync(page, system);
        await page.GetByTestId("game").ClickAsync();
        await NextSampleAsync(page);
        // Whatever else the click has caused is drawn by then.
        await UntilDrawnAsync(page, 30);
        await page.EvaluateAsync("pixelgamedev.takeSamples()");
        Random random = new(1);
        List<double> samples = [];
        int seen = 0;
        for (int i = 0; i < keys; i++)
        {
            // Not in step with the game's ticks.
            await Task.Delay(30 + random.Next(50));
            byte[] old = await PixelAsync(page);
            await page.Keyboard.DownAsync("Space");
            if (await NextSampleAsync(page) is not { } millis)
            {
                continue;
            }

            samples.Add(millis);
            byte[] now = await PixelAsync(page);
            seen += now.AsSpan().SequenceEqual(old) ? 0 : 1;
            await page.Keyboard.UpAsync("Space");
            await NextSampleAsync(page);
        }

        await StopAsync(page);
        return (Distribution.Of(samples), seen);
    }

    private static async Task<DeliveredRow> DeliveredAsync(
        IBrowser browser, RunningSystem system, int browserProcess, BenchGame game, int seconds)
    {
        await using IBrowserContext context = await NewContextAsync(browser);
        IPage page = await context.NewPageAsync();
        await page.AddInitScriptAsync(Spy);
        await page.AddInitScriptAsync(await File.ReadAllTextAsync(
            Path.Combine(Results.RepositoryRoot(), "PixelGameDev.Benchmarks/Peers/web/probe.js")) + "\nbench.read = bench.fromWorker;");
        await OpenAsync(page, system, game.Staged());
        await RunAsync(page);
        await UntilSteadyAsync(page, system);

        // First without looking, because looking costs the browser something.
        await page.EvaluateAsync("spy.hud.length = 0");
        Dictionary<(int, string), double> before = ProcessTimes.Read(system.ProcessId, browserProcess);
        long start = Stopwatch.GetTimestamp();
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        Dictionary<(int, string), double> after = ProcessTimes.Read(system.ProcessId, browserProcess);
        JsonElement[] hud = JsonSerializer.Deserialize<JsonElement[]>(await page.EvaluateAsync<string>("JSON.stringify(spy.hud)"))!;
        JsonElement watched = JsonSerializer.Deserialize<JsonElement>(await page.EvaluateAsync<string>(
            "async (millis) => JSON.stringify(await bench.watch(millis))", seconds * 1000))!;
        await StopAsync(page);
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

    internal static Task<IBrowser> LaunchAsync(IPlaywright playwright) => playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
    {
        ExecutablePath = FindChromium(),
        Headless = true,
        Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--no-first-run"],
    });

    private static Task<IBrowserContext> NewContextAsync(IBrowser browser) =>
        browser.NewContextAsync(new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 1366, Height = 768 } });

    /// <summary>A new visitor whose project's main.py is this game.</summary>
    private static async Task<IPage> OpenAsync(IBrowserContext context, RunningSystem system, string game)
    {
        IPage page = await context.NewPageAsync();
        await page.AddInitScriptAsync(Spy);
        await OpenAsync(page, system, new Dictionary<string, byte[]> { ["main.py"] = System.Text.Encoding.UTF8.GetBytes(game) });
        return page;
    }

    /// <summary>A new visitor whose project has these files, <c>main.py</c> among them.</summary>
    internal static Task OpenAsync(IPage page, RunningSystem system, IReadOnlyDictionary<string, byte[]> files) =>
        OpenAsync(page, system.Address, files);

    /// <inheritdoc cref="OpenAsync(IPage, RunningSystem, IReadOnlyDictionary{string, byte[]})"/>
    internal static async Task OpenAsync(IPage page, Uri address, IReadOnlyDictionary<string, byte[]> files)
    {
        await page.GotoAsync(address.ToString());
        await page.Locator("[data-testid=run]:enabled").WaitForAsync();
        int[] statuses = await page.EvaluateAsync<int[]>(
            """
            async (files) => {
              const project = (await (await fetch('/api/projects')).json())[0];
              const statuses = [];
              for (const [path, content] of files) {
                const body = Uint8Array.from(atob(content), (c) => c.charCodeAt(0));
                statuses.push((await fetch(`/api/projects/${project.id}/files/${path}`, { method: 'PUT', body })).status);
              }
              return statuses;
            }
            """,
            files.Select(f => new[] { f.Key, Convert.ToBase64String(f.Value) }));
        if (statuses.Any(status => status is < 200 or > 299))
        {
            throw new InvalidOperationException($"The game could not be saved: status {string.Join(", ", statuses)}.");
        }

        await page.ReloadAsync();
        await page.Locator("[data-testid=run]:enabled").WaitForAsync();
    }

    /// <summary>Until the pool has replaced the sandbox that was taken, and the game has drawn three seconds' worth of pictures.</summary>
    private static async Task UntilSteadyAsync(IPage page, RunningSystem system)
    {
        await system.UntilQuietAsync(playing: 1);
        await UntilDrawnAsync(page, 180);
    }

    /// <summary>Until so many more pictures have been drawn, as the page's worker counts them.</summary>
    private static async Task UntilDrawnAsync(IPage page, int pictures)
    {
        double from = await page.EvaluateAsync<double>("spy.hud.at(-1)?.frames ?? 0");
        await page.WaitForFunctionAsync(
            "(goal) => (spy.hud.at(-1)?.frames ?? 0) >= goal", from + pictures,
            new PageWaitForFunctionOptions { PollingInterval = 100, Timeout = 60_000 });
    }

    private static async Task RunAsync(IPage page)
    {
        await page.GetByTestId("run").ClickAsync();
        await page.Locator("[data-state=playing]").WaitForAsync(new LocatorWaitForOptions { Timeout = 60_000 });
    }

    internal static async Task StopAsync(IPage page)
    {
        await page.GetByTestId("stop").ClickAsync();
        await page.Locator("[data-testid=stop]:disabled").WaitForAsync();
    }

    /// <summary>From the browser's own time stamp of the next input to the drawn picture that had seen it; null when none comes.</summary>
    private static async Task<double?> NextSampleAsync(IPage page)
    {
        for (int wait = 0; wait < 200; wait++)
        {
            await Task.Delay(10);
            double millis = await page.EvaluateAsync<double>(
                "pixelgamedev.takeSamples().then((all) => all.length ? all.at(-1).drawnAt - all.at(-1).inputAt : -1)");
            if (millis >= 0)
            {
                return millis;
            }
        }

        return null;
    }

    private static async Task<byte[]> PixelAsync(IPage page) =>
        [.. (await page.EvaluateAsync<int[]>("pixelgamedev.readPixels(150, 150, 1, 1).then((p) => [...p.data])")).Select(v => (byte)v)];

    internal static IEnumerable<int> BrowserProcesses() => Directory.EnumerateDirectories("/proc")
        .Select(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out int id) ? id : 0)
        .Where(id => id > 0 && IsBrowser(id));

    private static bool IsBrowser(int process)
    {
        try
        {
            string command = File.ReadAllText($"/proc/{process}/cmdline");
            return command.Contains("chrom", StringComparison.Ordinal) && !command.Contains("--type=", StringComparison.Ordinal)
                && command.Contains("--headless", StringComparison.Ordinal);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    internal static string FindChromium()
    {
        if (Environment.GetEnvironmentVariable("CHROMIUM_PATH") is { Length: > 0 } given)
        {
            return given;
        }

        foreach (string folder in (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':'))
        {
            foreach (string name in new[] { "chromium", "chromium-browser", "google-chrome" })
            {
                string path = Path.Combine(folder, name);
                if (File.Exists(path))
                {
                    return path;
                }
            }
        }

        throw new FileNotFoundException("No Chromium on PATH: install it (apt install chromium) or set CHROMIUM_PATH.");
    }
}
