using Microsoft.Playwright;

namespace PixelGameDev.Benchmarks.Play;

/// <summary>Controls the page: opens projects, starts and stops games, reads what was drawn.</summary>
internal static class GamePage
{
    /// <summary>Records what the stream's worker tells the page. It runs before the page's own scripts.</summary>
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

    /// <summary>Opens the page as a new visitor whose project has these files, including <c>main.py</c>.</summary>
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

    /// <summary>Waits until the pool has replaced the used sandbox and the game has drawn three seconds' worth of pictures.</summary>
    internal static async Task UntilSteadyAsync(IPage page, RunningSystem system)
    {
        await system.UntilQuietAsync(playing: 1);
        await UntilDrawnAsync(page, 180);
    }

    /// <summary>Waits until the page has drawn <paramref name="pictures"/> more pictures, as its worker counts them.</summary>
    internal static async Task UntilDrawnAsync(IPage page, int pictures)
    {
        double from = await page.EvaluateAsync<double>("spy.hud.at(-1)?.frames ?? 0");
        await page.WaitForFunctionAsync(
            "(goal) => (spy.hud.at(-1)?.frames ?? 0) >= goal", from + pictures,
            new PageWaitForFunctionOptions { PollingInterval = 100, Timeout = 60_000 });
    }

    internal static async Task StopAsync(IPage page)
    {
        await page.GetByTestId("stop").ClickAsync();
        await page.Locator("[data-testid=stop]:disabled").WaitForAsync();
    }

    /// <summary>
    /// Returns the time from the browser's time stamp of the next input to the drawn picture that includes the input; null when none comes.
    /// </summary>
    internal static async Task<double?> NextSampleAsync(IPage page)
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

    internal static async Task<byte[]> PixelAsync(IPage page) =>
        [.. (await page.EvaluateAsync<int[]>("pixelgamedev.readPixels(150, 150, 1, 1).then((p) => [...p.data])")).Select(v => (byte)v)];

    internal static async Task RunAsync(IPage page)
    {
        await page.GetByTestId("run").ClickAsync();
        await page.Locator("[data-state=playing]").WaitForAsync(new LocatorWaitForOptions { Timeout = 60_000 });
    }
}
