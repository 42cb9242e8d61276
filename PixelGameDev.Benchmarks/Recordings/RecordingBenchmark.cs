using System.Globalization;
using Microsoft.Playwright;
using PixelGameDev.Benchmarks.Play;

namespace PixelGameDev.Benchmarks.Recordings;

/// <summary>
/// Records games, and measures how soon the first recorded picture is there in a Chromium behind an emulated 3G connection (150 ms,
/// 1.6 Mbit/s): in the owner's list, and on the page behind a link that somebody opens for the first time.
/// </summary>
internal static class RecordingBenchmark
{
    private const string Keep =
        """
        async () => {
          const [{ id, projectId }] = await (await fetch('/api/sessions?running=true')).json();
          const body = JSON.stringify({ session: id });
          const headers = { 'content-type': 'application/json' };
          const answer = await fetch(`/api/projects/${projectId}/recordings`, { method: 'POST', headers, body });
          return [await answer.json()].map(({ size, millis, frames }) => [size, millis, frames])[0];
        }
        """;

    /// <summary>Returns ms from the press in the menu, and from the request for the file, to the first picture on the canvas.</summary>
    private const string Watch =
        """
        () => new Promise((resolve) => {
          const began = performance.now();
          new MutationObserver(() => {
            if (document.querySelector('[data-testid=replay] canvas[data-frame]') === null) return;
            const now = performance.now();
            resolve([now - began, now - window.askedAt]);
          }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-frame'] });
          document.querySelector('[data-testid=menu-recordings]').click();
        })
        """;

    /// <summary>Notes ms from the beginning of the visit to the picture in the document, and to the first one of the recording.</summary>
    private const string NotePictures =
        """
        window.seen = {};
        new MutationObserver(() => {
          const still = document.querySelector('#still img');
          if (still !== null && window.seen.still === undefined) {
            window.seen.still = null;
            still.decode().then(() => requestAnimationFrame(() => { window.seen.still = performance.now(); }));
          }
          if (window.seen.recorded === undefined && document.querySelector('canvas[data-frame]') !== null)
            window.seen.recorded = performance.now();
        }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-frame'] });
        """;

    private const string MakeLink =
        """
        async () => {
          const project = location.pathname.split('/').pop();
          const headers = { 'content-type': 'application/json' };
          const answer = await fetch(`/api/projects/${project}/links`, { method: 'POST', headers, body: '{}' });
          return (await answer.json()).code;
        }
        """;

    private const string NoteRequest =
        """
        const real = window.fetch;
        window.fetch = (...args) => {
          if (/recordings\/[0-9a-f]{64}$/.test(String(args[0]))) window.askedAt = performance.now();
          return real(...args);
        };
        """;

    public static async Task<IReadOnlyList<RecordingRow>> RunAsync(Options options)
    {
        await using RunningSystem system = await RunningSystem.StartAsync(options["address"]);
        using IPlaywright playwright = await Playwright.CreateAsync();
        await using IBrowser browser = await BenchBrowser.LaunchAsync(playwright);
        List<RecordingRow> rows = [];
        foreach (BenchGame game in GameSet.Own.Concat(GameSet.Templates).Where(g => options["only"] is not { } only || g.Name == only))
        {
            RecordingRow row = await MeasureAsync(browser, system, game, options.Int("runs", 5));
            rows.Add(row);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{row.Game,-14} {row.Frames,4} pictures, {row.Millis / 1000.0:0.0} s, {row.Bytes / 1000.0,7:0.0} kB; request → " +
                    $"first picture {row.Request.P50:0} ms (max {row.Request.Max:0}), menu → first picture {row.Press.P50:0} ms; " +
                    $"link → picture {row.Still.P50:0} ms (max {row.Still.Max:0}), link → recording {row.Recorded.P50:0} ms"));
        }

        return rows;
    }

    private static async Task<RecordingRow> MeasureAsync(IBrowser browser, RunningSystem system, BenchGame game, int runs)
    {
        await using IBrowserContext context = await browser.NewContextAsync(new BrowserNewContextOptions { Locale = "en-GB" });
        await context.AddInitScriptAsync(GamePage.Spy + NoteRequest);
        IPage page = await context.NewPageAsync();
        await GamePage.OpenAsync(page, system, game.Staged());
        await page.GetByTestId("run").ClickAsync();
        await page.Locator("[data-testid=game]:not([data-frames='0'])").WaitForAsync();
        await Task.Delay(TimeSpan.FromSeconds(11));
        int[] kept = await page.EvaluateAsync<int[]>(Keep);
        await GamePage.StopAsync(page);

        ICDPSession tools = await context.NewCDPSessionAsync(page);
        await tools.SendAsync("Network.enable");
        List<double> presses = [];
        List<double> requests = [];
        for (int run = 0; run <= runs; run++)
        {
            await page.GetByTestId("menu").ClickAsync();
            await page.GetByTestId("menu-recordings").WaitForAsync();
            if (run > 0)
            {
                // From here on nothing comes from the browser's cache except code that is there already.
                await tools.SendAsync("Network.setCacheDisabled", new() { ["cacheDisabled"] = true });
                await SlowDownAsync(tools);
            }

            double[] times = await page.EvaluateAsync<double[]>(Watch);
            if (run > 0)
            {
                presses.Add(times[0]);
                requests.Add(times[1]);
            }

            await page.Keyboard.PressAsync("Escape");
            await page.GetByTestId("recordings-dialog").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        }

        string code = await page.EvaluateAsync<string>(MakeLink);
        (Distribution still, Distribution recorded) = await OpenLinkAsync(browser, system, code, runs);
        return new RecordingRow(
            game.Name, kept[0], kept[1], kept[2], Distribution.Of(requests), Distribution.Of(presses), still, recorded);
    }

    /// <summary>Opens the page behind a link as a stranger does, each time with an empty cache.</summary>
    private static async Task<(Distribution Still, Distribution Recorded)> OpenLinkAsync(
        IBrowser browser, RunningSystem system, string code, int runs)
    {
        List<double> still = [];
        List<double> recorded = [];
        for (int run = 0; run < runs; run++)
        {
            await using IBrowserContext context = await browser.NewContextAsync(new BrowserNewContextOptions { Locale = "en-GB" });
            await context.AddInitScriptAsync(NotePictures);
            IPage page = await context.NewPageAsync();
            ICDPSession tools = await context.NewCDPSessionAsync(page);
            await tools.SendAsync("Network.enable");
            await SlowDownAsync(tools);
            // The browser has opened a window for this; a person's is open.
            await Task.Delay(TimeSpan.FromSeconds(2));
            await page.GotoAsync(new Uri(system.Address, $"/play/{code}").ToString());
            await page.WaitForFunctionAsync("() => window.seen.still && window.seen.recorded");
            still.Add(await page.EvaluateAsync<double>("() => window.seen.still"));
            recorded.Add(await page.EvaluateAsync<double>("() => window.seen.recorded"));
        }

        return (Distribution.Of(still), Distribution.Of(recorded));
    }

    /// <summary>Emulates 3G: 150 ms, 1.6 Mbit/s.</summary>
    private static async Task SlowDownAsync(ICDPSession tools) => await tools.SendAsync("Network.emulateNetworkConditions", new()
    {
        ["offline"] = false,
        ["latency"] = 150,
        ["downloadThroughput"] = 1_600_000 / 8,
        ["uploadThroughput"] = 750_000 / 8,
    });
}

/// <summary>What one recording weighs, and how soon its first picture is there.</summary>
/// <param name="Game">The game.</param>
/// <param name="Bytes">The size of the file.</param>
/// <param name="Millis">How long it takes, ms.</param>
/// <param name="Frames">Its pictures.</param>
/// <param name="Request">From the request for the file to the first picture, ms.</param>
/// <param name="Press">From the press in the menu to the first picture, ms: with the list of recordings.</param>
/// <param name="Still">From the opening of a link to the picture in its document, ms.</param>
/// <param name="Recorded">From the opening of a link to the first picture of the recording, ms.</param>
internal sealed record RecordingRow(
    string Game, int Bytes, int Millis, int Frames, Distribution Request, Distribution Press, Distribution Still, Distribution Recorded);
