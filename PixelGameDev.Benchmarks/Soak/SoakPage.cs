using System.Diagnostics;
using System.Text.Json;
using Microsoft.Playwright;
using PixelGameDev.Benchmarks.Journeys;

namespace PixelGameDev.Benchmarks.Soak;

/// <summary>Controls one window of a real Chromium that presses Run, is stalled now and then, and must never stay frozen.</summary>
internal sealed class SoakPage(IPage page, SoakLedger ledger, int seed)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(90);

    private readonly Random _random = new(seed);
    private Guid _session;
    private string? _project;

    /// <summary>Plays until told to stop. Errors of the page are no exceptions here.</summary>
    public async Task LiveAsync(Uri address, CancellationToken stop)
    {
        page.Request += (_, request) =>
        {
            if (request.Method == "POST" && new Uri(request.Url).AbsolutePath == "/api/sessions"
                && request.PostDataJSON()?.TryGetProperty("id", out JsonElement id) == true && id.TryGetGuid(out Guid found))
            {
                _session = found;
            }
        };
        await page.AddInitScriptAsync(PageScript.Text);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (!await IsOpenAsync())
                {
                    await page.GotoAsync(new Uri(address, _project is null ? "" : $"projects/{_project}").ToString(),
                        new PageGotoOptions { Timeout = 10_000 });
                    await page.Locator("[data-testid=run]:enabled").WaitForAsync(new LocatorWaitForOptions { Timeout = 10_000 });
                }

                if (_project is null)
                {
                    // Each window has its own game, so that none overwrites the program of another.
                    _project =
                        await page.EvaluateAsync<string>(
                            "() => fetch('/api/projects', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' " +
                            "}).then((answer) => answer.json()).then((made) => made.id)");
                    await page.GotoAsync(new Uri(address, $"projects/{_project}").ToString(), new PageGotoOptions { Timeout = 10_000 });
                    continue;
                }

                await PlayAsync();
            }
            catch (Exception error) when (error is PlaywrightException or TimeoutException)
            {
                ledger.Refuse("page: " + error.Message.Split('\n')[0]);
                await Task.Delay(500, CancellationToken.None);
            }
        }
    }

    private Task<bool> IsOpenAsync() => page.EvaluateAsync<bool>("() => document.querySelector('[data-testid=run]:enabled') !== null");

    private async Task PlayAsync()
    {
        SoakGame game = SoakGame.Choose(_random);
        bool saved = await page.EvaluateAsync<bool>(
            "text => fetch(`/api/projects/${location.pathname.split('/').pop()}/files/main.py`, { method: 'PUT', body: text " +
                "}).then((answer) => answer.ok, () => false)", game.Program);
        if (!saved)
        {
            ledger.Refuse("page: save");
            await Task.Delay(500);
            return;
        }

        Guid before = _session;
        await page.EvaluateAsync("() => document.querySelector('[data-testid=run]').click()");
        long start = Stopwatch.GetTimestamp();
        string state = await StateAsync();
        while (state is not ("playing" or "ended") && Stopwatch.GetElapsedTime(start) < Timeout)
        {
            await Task.Delay(30);
            state = await StateAsync();
        }

        if (_session == before)
        {
            ledger.Refuse("page: not started");
            await Task.Delay(500);
            return;
        }

        SoakRun run = new(game.Name, game.Ends, _session);
        if (state == "playing" && game.GoesOn && _random.Next(2) == 0)
        {
            await StallAsync();
        }

        if (game.Stops)
        {
            await Task.Delay(_random.Next(300, 2500));
            await page.EvaluateAsync(
                "() => { const stop = document.querySelector('[data-testid=stop]'); if (!stop.disabled) stop.click(); }");
        }

        while (await StateAsync() != "ended")
        {
            if (await page.EvaluateAsync<bool>(
                "() => { const field = [...document.querySelectorAll('.console input')].find((input) => input.checkVisibility()); if " +
                "(!field) return false; field.focus(); return true; }"))
            {
                await page.Keyboard.TypeAsync("Mia");
                await page.Keyboard.PressAsync("Enter");
            }

            if (Stopwatch.GetElapsedTime(start) > Timeout)
            {
                ledger.Begin(run);
                ledger.Lose($"never told on the page: {run.Session}, a game that {run.Game}; it shows \"{await StateAsync()}\"");
                await page.ReloadAsync();
                return;
            }

            await Task.Delay(50);
        }

        string? reason = await page.EvaluateAsync<string?>("() => document.querySelector('.stage').dataset.reason ?? null");
        if (reason is "not_started" or "" or null)
        {
            // The session did not start, and the page says why.
            ledger.Refuse("page: refused");
            await Task.Delay(500);
            return;
        }

        ledger.Begin(run);
        ledger.End(run, reason, byStream: true);
    }

    private Task<string> StateAsync() => page.EvaluateAsync<string>("() => document.querySelector('.stage')?.dataset.state ?? ''");

    /// <summary>Keeps the page's main thread busy, as a slow tablet does. The picture must go on by itself.</summary>
    private async Task StallAsync()
    {
        ledger.Stall();
        await page.EvaluateAsync("time => { const until = performance.now() + time; while (performance.now() < until); }",
            _random.Next(300, 2000));
        if (await StateAsync() != "playing")
        {
            return;
        }

        string frames = await FramesAsync();
        for (long start = Stopwatch.GetTimestamp(); await FramesAsync() == frames && await StateAsync() == "playing"; await Task.Delay(50))
        {
            if (Stopwatch.GetElapsedTime(start) > TimeSpan.FromSeconds(20))
            {
                ledger.Freeze($"the picture of {_session} did not go on within 20 s");
                return;
            }
        }
    }

    private Task<string> FramesAsync() =>
        page.EvaluateAsync<string>("() => document.querySelector('[data-testid=game]')?.dataset.frames ?? ''");
}
