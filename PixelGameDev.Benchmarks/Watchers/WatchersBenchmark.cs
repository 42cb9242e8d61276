using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;
using PixelGameDev.Benchmarks.Play;

namespace PixelGameDev.Benchmarks.Watchers;

/// <summary>One part of the run.</summary>
/// <param name="Watchers">How many watched.</param>
/// <param name="Key">From the owner's key to the pixel, ms.</param>
/// <param name="Fps">Pictures a second in the owner's page.</param>
/// <param name="WatcherFps">Pictures a second that the slowest watcher got; null: nobody watched.</param>
/// <param name="CpuPercent">Use of the processors by part, percent of a core.</param>
internal sealed record WatchersRow(
    int Watchers, Distribution Key, double Fps, double? WatcherFps, IReadOnlyDictionary<string, double> CpuPercent);

/// <summary>
/// Plays a real game in a real Chromium, in turns alone and while many people watch through the Api. Compares the owner's key → pixel and
/// rate, and what the services cost. The watchers run in this process, on the same machine.
/// </summary>
internal static class WatchersBenchmark
{
    /// <exception cref="InvalidOperationException">A watcher was disconnected.</exception>
    public static async Task<IReadOnlyList<WatchersRow>> RunAsync(Options options)
    {
        int most = options.Int("watchers", 100);
        await using RunningSystem system = await RunningSystem.StartAsync(options["address"], executor: options["executor"]);
        using IPlaywright playwright = await Playwright.CreateAsync();
        HashSet<int> before = [.. BenchBrowser.BrowserProcesses()];
        await using IBrowser browser = await BenchBrowser.LaunchAsync(playwright);
        int browserProcess = BenchBrowser.BrowserProcesses().Except(before).Order().FirstOrDefault();
        IPage page = await browser.NewPageAsync(new BrowserNewPageOptions { ViewportSize = new() { Width = 1366, Height = 768 } });
        await page.AddInitScriptAsync(GamePage.Spy);
        await GamePage.OpenAsync(
            page, system, new Dictionary<string, byte[]> { ["main.py"] = System.Text.Encoding.UTF8.GetBytes(Games.Key) });
        await GamePage.RunAsync(page);
        await GamePage.UntilSteadyAsync(page, system);
        await page.GetByTestId("game").ClickAsync();
        string code = await page.EvaluateAsync<string>(
            """
            async () => {
              const [{ id }] = await (await fetch('/api/sessions?running=true')).json();
              return (await (await fetch(`/api/sessions/${id}/invitation`, { method: 'POST' })).json()).code;
            }
            """);

        List<WatchersRow> rows = [];
        for (int block = 0; block < options.Int("blocks", 6); block++)
        {
            List<StreamWatcher> watchers = [];
            for (int count = 0; block % 2 == 1 && count < most; count++)
            {
                watchers.Add(await StreamWatcher.JoinAsync(system.Address, code));
            }

            await GamePage.UntilDrawnAsync(page, 120);
            rows.Add(await MeasureAsync(page, system.ProcessId, browserProcess, watchers, options.Int("keys", 80)));
            Console.WriteLine(Line(rows[^1]));
            foreach (StreamWatcher watcher in watchers)
            {
                await watcher.DisposeAsync();
            }
        }

        await GamePage.StopAsync(page);
        return rows;
    }

    private static async Task<WatchersRow> MeasureAsync(
        IPage page, int? system, int browserProcess, List<StreamWatcher> watchers, int keys)
    {
        await page.EvaluateAsync("spy.hud.length = 0");
        Dictionary<(int, string), double> before = ProcessTimes.Read(system, browserProcess);
        long[] frames = [.. watchers.Select(static watcher => watcher.Frames)];
        long start = Stopwatch.GetTimestamp();
        (Distribution key, _) = await GamePage.KeyToPixelAsync(page, keys);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        long[] later = [.. watchers.Select(static watcher => watcher.Frames)];
        IReadOnlyDictionary<string, double> cpu = ProcessTimes.Shares(before, ProcessTimes.Read(system, browserProcess), elapsed);
        if (watchers.Count(static watcher => watcher.HasEnded) is > 0 and int lost)
        {
            throw new InvalidOperationException($"{lost} of {watchers.Count} watchers were disconnected.");
        }

        JsonElement[] hud = JsonSerializer.Deserialize<JsonElement[]>(await page.EvaluateAsync<string>("JSON.stringify(spy.hud)"))!;
        double drawn = hud[^1].GetProperty("frames").GetDouble() - hud[0].GetProperty("frames").GetDouble();
        double millis = hud[^1].GetProperty("at").GetDouble() - hud[0].GetProperty("at").GetDouble();
        return new WatchersRow(
            watchers.Count, key, drawn * 1000 / millis,
            watchers.Count == 0 ? null : later.Zip(frames, static (a, b) => a - b).Min() / elapsed.TotalSeconds, cpu);
    }

    private static string Line(WatchersRow row)
    {
        string watched =
            row.WatcherFps is { } slowest ? string.Create(CultureInfo.InvariantCulture, $", slowest watcher {slowest:0.0}") : "";
        string cpu = string.Join(
            ", ", row.CpuPercent.Select(static part => string.Create(CultureInfo.InvariantCulture, $"{part.Key} {part.Value:0.0} %")));
        return string.Create(
            CultureInfo.InvariantCulture, $"{row.Watchers,4} watchers  key → pixel {row.Key} ms; fps {row.Fps:0.0}{watched}; {cpu}");
    }
}
