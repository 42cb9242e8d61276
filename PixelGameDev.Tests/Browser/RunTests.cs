using System.Text.Json;
using Microsoft.Playwright;
using PixelGameDev.Tests.Fixtures;
using static Microsoft.Playwright.Assertions;

namespace PixelGameDev.Tests.Browser;

/// <summary>Tests Run and Stop at any moment: a run shows nothing of the previous run, and no game stays running.</summary>
[Collection(BrowserCollection.Name)]
public sealed class RunTests(SystemFixture system, BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    /// <summary>A program that many people write first: it draws one picture and ends.</summary>
    private const string Picture =
        """
        import pygame
        screen = pygame.display.set_mode((640, 480))
        screen.fill((30, 30, 80))
        pygame.draw.circle(screen, (255, 200, 0), (320, 240), 150)
        pygame.display.flip()

        """;

    private const string Playing = Picture + "while True:\n    pygame.event.get()\n    pygame.display.flip()\n    pygame.time.wait(16)\n";

    private async Task VisitAsync(Func<Visitor, Task> visit, [System.Runtime.CompilerServices.CallerMemberName] string test = "") =>
        await Visitor.VisitAsync(browser, (await system.GetAsync()).Address, visit, test: test);

    [Fact]
    public Task Output_of_a_run_never_stands_in_the_next() => VisitAsync(async visitor =>
    {
        await visitor.UseProgramAsync("import time\nwhile True:\n    print('old')\n    time.sleep(0.002)\n");
        await visitor.Run.ClickAsync();
        await Expect(visitor.Console).ToContainTextAsync("oldold");
        // The new text is not saved yet. Run saves it first, while the old game still prints.
        await visitor.Code.ClickAsync();
        await visitor.Page.Keyboard.PressAsync("Control+A");
        await visitor.Page.Keyboard.InsertTextAsync("print('new')");
        await visitor.Page.EvaluateAsync(
            """
            () => {
              window.mixed = false;
              const lines = document.querySelector('[data-testid=console-lines]');
              document.querySelector('[data-testid=run]').addEventListener('click', () => new MutationObserver(() => {
                if (lines.textContent.includes('old')) window.mixed = true;
              }).observe(lines, { childList: true, subtree: true, characterData: true }));
            }
            """);
        await visitor.Run.ClickAsync();
        await Expect(visitor.Console).ToHaveTextAsync("new");
        await Expect(visitor.Stage).ToHaveAttributeAsync("data-reason", "finished");
        Assert.False(await visitor.Page.EvaluateAsync<bool>("window.mixed"));
    });

    [Fact]
    public Task Twenty_presses_of_Run_start_the_game_once() => VisitAsync(async visitor =>
    {
        await visitor.UseProgramAsync(Playing);
        // The page repeats a start that is refused because the previous session still ends. It shows no message.
        visitor.ExpectStatus(429);
        foreach (int gap in new[] { 60, 100, 150 })
        {
            await visitor.Page.EvaluateAsync(
                """
                async gap => {
                  const run = document.querySelector('[data-testid=run]');
                  for (let i = 0; i < 20; i++) {
                    run.click();
                    await new Promise(resolve => setTimeout(resolve, gap));
                  }
                }
                """,
                gap);
            await visitor.SeeAnyPictureAsync();
            await Eventually.TrueAsync(async () =>
                (await RunningAsync(visitor)).Length == 1, $"one game runs after presses {gap} ms apart");
            await Expect(visitor.Stage).ToHaveAttributeAsync("data-state", "playing");
            await Expect(visitor.Page.GetByTestId("notice-card")).ToHaveCountAsync(0);
        }

        await visitor.Stop.ClickAsync();
        await NothingRunsAsync(visitor);
    });

    [Fact]
    public Task Stop_stops_at_every_moment_of_a_start() => VisitAsync(async visitor =>
    {
        await visitor.UseProgramAsync(Playing);
        int runs = 0;
        int answered = 0;
        void Count(IRequest request) =>
            answered += request.Method == "POST" && request.Url.EndsWith("/api/sessions", StringComparison.Ordinal) ? 1 : 0;
        visitor.Page.RequestFinished += (_, request) => Count(request);
        visitor.Page.RequestFailed += (_, request) => Count(request);
        // On its own connection the stop may overtake the start: the session is unknown then (404), and the start is refused (409).
        visitor.ExpectStatus(404, 409);
        foreach (int after in new[] { 0, 10, 50, 100, 300 })
        {
            await visitor.Page.EvaluateAsync(
                """
                async after => {
                  document.querySelector('[data-testid=run]').click();
                  if (after > 0) await new Promise(resolve => setTimeout(resolve, after));
                  document.querySelector('[data-testid=stop]').click();
                }
                """,
                after);
            runs++;
            await Expect(visitor.Stage).ToHaveAttributeAsync("data-reason", "stopped");
            await Eventually.TrueAsync(() => answered == runs, $"the start that is stopped after {after} ms is answered");
            await NothingRunsAsync(visitor);
            await Expect(visitor.Stage).ToHaveAttributeAsync("data-reason", "stopped");
        }
    });

    [Fact]
    public Task A_page_that_is_closed_during_a_start_leaves_no_game() => VisitAsync(async visitor =>
    {
        await visitor.UseProgramAsync(Playing);
        IPage other = await visitor.Page.Context.NewPageAsync();
        await other.GotoAsync(visitor.Page.Url);
        await Expect(other.GetByTestId("run")).ToBeEnabledAsync();
        Task asked = other.WaitForRequestAsync(request => request.Method == "POST"
            && request.Url.EndsWith("/api/sessions", StringComparison.Ordinal));
        await other.GetByTestId("run").ClickAsync();
        await asked;
        await other.CloseAsync(new PageCloseOptions { RunBeforeUnload = true });
        await NothingRunsAsync(visitor);
    });

    [Fact]
    public Task A_page_that_the_browser_keeps_leaves_its_game_alone_and_knows_its_end_when_it_is_back() => VisitAsync(async visitor =>
    {
        await visitor.UseProgramAsync(Playing);
        await visitor.PressRunAsync();
        await visitor.Page.EvaluateAsync(
            """
            () => {
              window.beacons = 0;
              navigator.sendBeacon = () => { window.beacons++; return true; };
              dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));
            }
            """);
        Assert.Equal(0, await visitor.Page.EvaluateAsync<int>("window.beacons"));
        string session = Assert.Single(await RunningAsync(visitor)).GetProperty("id").GetString()!;
        await visitor.Page.EvaluateAsync("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))");
        await Expect(visitor.Stage).ToHaveAttributeAsync("data-state", "playing");
        await visitor.Page.EvaluateAsync("session => fetch(`/api/sessions/${session}/stop`, { method: 'POST' })", session);
        await Expect(visitor.Stage).ToHaveAttributeAsync("data-reason", "stopped");
        await visitor.Page.EvaluateAsync("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: false }))");
        Assert.Equal(0, await visitor.Page.EvaluateAsync<int>("window.beacons"));
    });

    [Fact]
    public Task The_last_picture_stays_and_words_about_the_end_stand_below_it() => VisitAsync(async visitor =>
    {
        // Some programs end before the page watches; they have a last picture, too.
        foreach ((string program, string reason) in new[] { (Picture, "finished"), (Picture + "print(circel)\n", "crashed"),
            (Playing, "stopped") })
        {
            await visitor.UseProgramAsync(program);
            await visitor.Run.ClickAsync();
            if (reason == "stopped")
            {
                await visitor.SeeAnyPictureAsync();
                await visitor.Stop.ClickAsync();
            }

            await Expect(visitor.Stage).ToHaveAttributeAsync("data-reason", reason);
            await Expect(visitor.Page.GetByTestId("stage-overlay")).ToBeHiddenAsync();
            await Expect(visitor.Canvas).ToHaveCSSAsync("opacity", "1");
            await visitor.SeeAsync(picture => picture.At(320, 240) == (255, 200, 0) && picture.At(2, 2) == (30, 30, 80), "the circle");
            ILocator words = visitor.Page.GetByTestId("stage-end");
            await Expect(words).ToBeVisibleAsync();
            ViewportBox canvas = await ViewportBox.OfAsync(visitor.Canvas);
            ViewportBox end = await ViewportBox.OfAsync(words);
            Assert.True(end.Y >= canvas.Y + canvas.Height - 1, $"The words at {end} cover the picture at {canvas}.");
            // After a mistake the picture gives some of its place to the card that explains it (PlayTests holds that the card is whole).
            Assert.Equal(reason == "crashed" ? 440 : 640, canvas.Width, 1.0);
        }
    });

    [Fact]
    public Task A_program_without_a_picture_shows_none_of_an_earlier_one() => VisitAsync(async visitor =>
    {
        foreach (string program in new[] { "print('only words')\n", "1 / 0\n" })
        {
            await visitor.UseProgramAsync(Picture);
            await visitor.Run.ClickAsync();
            await Expect(visitor.Stage).ToHaveAttributeAsync("data-reason", "finished");
            // The test types the address instead of loading it, so the page and its canvas stay.
            await visitor.Code.ClickAsync();
            await visitor.Page.Keyboard.PressAsync("Control+A");
            await visitor.Page.Keyboard.InsertTextAsync(program);
            await visitor.Run.ClickAsync();
            await Expect(visitor.Canvas).ToHaveCSSAsync("opacity", "0");
            await Expect(visitor.Stage).ToHaveAttributeAsync("data-state", "ended");
            await Expect(visitor.Canvas).ToHaveCSSAsync("opacity", "0");
            await Expect(visitor.Page.GetByTestId("stage-overlay")).ToBeVisibleAsync();
            await visitor.SeeAsync(picture => picture.Count((255, 200, 0)) == 0, "no circle");
        }
    });

    [Fact]
    public Task A_still_picture_is_called_still_and_a_program_of_words_has_no_figures() => VisitAsync(async visitor =>
    {
        await visitor.UseProgramAsync(Playing);
        await visitor.PressRunAsync();
        await Expect(visitor.Page.GetByTestId("hud")).ToContainTextAsync("still");
        await visitor.UseProgramAsync("input('Ready? ')\n");
        await visitor.Run.ClickAsync();
        await Expect(visitor.Page.GetByTestId("console-ask")).ToContainTextAsync("Ready?");
        // The figures come twice a second. The wait covers two of them.
        await visitor.Page.EvaluateAsync("() => new Promise(resolve => setTimeout(resolve, 1100))");
        await Expect(visitor.Page.GetByTestId("hud")).ToBeEmptyAsync();
    });

    [Fact]
    public Task A_question_stays_in_the_console_with_its_answer() => VisitAsync(async visitor =>
    {
        await visitor.UseProgramAsync("name = input('Your name? ')\nprint('Hello', name)\nage = input('Age? ')\n");
        await visitor.Run.ClickAsync();
        ILocator field = visitor.Page.GetByTestId("console-input");
        await field.FillAsync("Mia");
        await field.PressAsync("Enter");
        await Expect(visitor.Console.Locator(".line")).ToHaveTextAsync(["Your name? Mia", "Hello Mia"]);
        await Expect(visitor.Page.GetByTestId("console-ask")).ToContainTextAsync("Age?");
        await visitor.Stop.ClickAsync();
        await Expect(visitor.Console.Locator(".line").Nth(2)).ToContainTextAsync("Age?");
    });

    [Fact]
    public Task Games_in_other_windows_can_be_stopped_from_here() => VisitAsync(async visitor =>
    {
        await visitor.UseProgramAsync(Playing);
        for (int i = 0; i < 2; i++)
        {
            IPage other = await visitor.Page.Context.NewPageAsync();
            await other.GotoAsync(visitor.Page.Url);
            await other.GetByTestId("run").ClickAsync();
            await Expect(other.Locator(".stage")).ToHaveAttributeAsync("data-state", "playing");
        }

        visitor.ExpectStatus(429);
        await visitor.Page.BringToFrontAsync();
        await visitor.Run.ClickAsync();
        await Expect(visitor.Page.GetByTestId("stage-overlay")).ToContainTextAsync("“Star Catcher” runs in another window");
        await visitor.Page.GetByTestId("stop-others").ClickAsync();
        await visitor.SeeAnyPictureAsync();
        await Eventually.TrueAsync(async () => (await RunningAsync(visitor)).Length == 1, "only the game of this window runs");
    });

    [Fact]
    public Task A_page_that_was_loaded_again_waits_for_the_games_that_it_stopped_before() => VisitAsync(async visitor =>
    {
        // Ends two seconds after Stop: it does not read QUIT.
        await visitor.UseProgramAsync(Playing);
        visitor.ExpectStatus(429);
        await visitor.PressRunAsync();
        await visitor.PressRunAsync();
        await visitor.Stop.ClickAsync();
        await visitor.Page.ReloadAsync();
        await Expect(visitor.Run).ToBeEnabledAsync();
        Assert.Equal(2, (await RunningAsync(visitor)).Length);
        await visitor.PressRunAsync();
        await Eventually.TrueAsync(async () => (await RunningAsync(visitor)).Length == 1, "only the new game runs");
    });

    private static async Task<JsonElement[]> RunningAsync(Visitor visitor) =>
        [.. (await visitor.AskAsync("/api/sessions?running=true")).EnumerateArray()];

    private static Task NothingRunsAsync(Visitor visitor) =>
        Eventually.TrueAsync(async () => (await RunningAsync(visitor)).Length == 0, "no game runs on the server");
}
