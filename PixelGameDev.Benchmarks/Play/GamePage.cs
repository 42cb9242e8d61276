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

    /// <summary>
    /// Presses and releases a key of the game <c>Games.Key</c>, whose canvas has the keyboard. Returns the times from the key to the drawn
    /// picture, ms, and how many of those pictures had another colour.
    /// </summary>
    internal static async Task<(Distribution Samples, int Seen)> KeyToPixelAsync(IPage page, int keys)
    {
        await page.EvaluateAsync("pixelgamedev.takeSamples()");
        Random random = new(1);
        List<double> samples = [];
        int seen = 0;
        for (int i = 0; i < keys; i++)
        {
            // A random time, so that presses are not in step with the game's ticks.
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

        return (Distribution.Of(samples), seen);
    }

    internal static async Task<byte[]> PixelAsync(IPage page) =>
        [.. (await page.EvaluateAsync<int[]>("pixelgamedev.readPixels(150, 150, 1, 1).then((p) => [...p.data])")).Select(v => (byte)v)];

    internal static async Task RunAsync(IPage page)
    {
        await page.GetByTestId("run").ClickAsync();
        await page.Locator("[data-state=playing]").WaitForAsync(new LocatorWaitForOptions { Timeout = 60_000 });
    }
}
