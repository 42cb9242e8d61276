using System.Text.RegularExpressions;
using Microsoft.Playwright;
using PixelGameDev.Tests.Fixtures;
using static Microsoft.Playwright.Assertions;

namespace PixelGameDev.Tests.Browser;

/// <summary>Tests the main job with real Postgres, Api, Executor, Docker and Chromium.</summary>
[Collection(BrowserCollection.Name)]
public sealed class PlayTests(SystemFixture system, BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private async Task VisitAsync(
        Func<Visitor, Task> visit, Device? device = null, [System.Runtime.CompilerServices.CallerMemberName] string test = "") =>
        await Visitor.VisitAsync(browser, (await system.GetAsync()).Address, visit, device, test);

    [Fact]
    public Task A_new_visitor_plays_the_starter_game_and_stops_it() => VisitAsync(async visitor =>
    {
        await visitor.PressRunAsync();
        await visitor.SeeAsync(picture => picture.Count(StarterGame.Night) > 100_000
            && picture.Middle(StarterGame.Fox) is not null, "the starter game's night sky and its hero");
        double before = (await visitor.LookAsync()).Middle(StarterGame.Fox)!.Value.X;

        // Run gives the game the keyboard.
        await visitor.Page.Keyboard.DownAsync("ArrowRight");
        await visitor.SeeAsync(picture => picture.Middle(StarterGame.Fox)?.X > before + 30, "the hero flying to the right");
        await visitor.Page.Keyboard.UpAsync("ArrowRight");

        await Expect(visitor.Page.GetByTestId("hud")).ToContainTextAsync("fps");
        await Expect(visitor.Page.GetByTestId("sandbox")).ToContainTextAsync("Docker");

        await visitor.Stop.ClickAsync();
        await Expect(visitor.Stage).ToHaveAttributeAsync("data-state", "ended");
        await Expect(visitor.Stage).ToHaveAttributeAsync("data-reason", "stopped");
        await Eventually.TrueAsync(
            async () => (await visitor.AskAsync("/api/sessions")).EnumerateArray()
                .All(session => session.GetProperty("state").GetString() == "ended"),
            "the session has ended on the server");
    });

    [Fact]
    public Task The_panel_says_how_well_the_game_runs_and_a_hidden_tab_gets_hardly_any_pictures() => VisitAsync(async visitor =>
    {
        ILocator panel = visitor.Page.GetByTestId("hud-panel");
        ILocator button = visitor.Page.GetByTestId("hud-button");
        ILocator pictures = visitor.Page.GetByTestId("hud-fps");
        await visitor.PressRunAsync();
        await Expect(panel).ToBeHiddenAsync();
        await button.ClickAsync();
        await Expect(button).ToHaveAttributeAsync("aria-expanded", "true");
        await Expect(panel).ToBeVisibleAsync();
        await Expect(visitor.Page.GetByTestId("hud-start"))
            .ToContainTextAsync(
                new Regex("^Start: \\d+ ms \\(getting a box \\d+ · getting the picture \\d+ · your code until flip\\(\\) \\d+\\)$"));
        foreach (string figure in new[] { "age", "game", "encode", "travel", "decode" })
        {
            await Expect(visitor.Page.GetByTestId("hud-" + figure)).ToContainTextAsync(new Regex("\\d ms$"));
        }

        await Expect(pictures).ToContainTextAsync(new Regex("^([4-9]|\\d\\d) of \\d+$"));
        await HideAsync(true);
        await Expect(pictures).ToContainTextAsync(new Regex("^[0-3] of \\d\\d$"));
        await HideAsync(false);
        await Expect(pictures).ToContainTextAsync(new Regex("^([4-9]|\\d\\d) of \\d+$"));
        await button.ClickAsync();
        await Expect(panel).ToBeHiddenAsync();

        Task HideAsync(bool hidden) => visitor.Page.EvaluateAsync(
            "(hidden) => { Object.defineProperty(document, 'hidden', { configurable: true, value: hidden }); document.dispatchEvent(new " +
                "Event('visibilitychange')); }", hidden);
    });

    [Fact]
    public Task A_runtime_error_marks_its_line_until_the_line_is_edited() => VisitAsync(async visitor =>
    {
        await visitor.UseProgramAsync("score = 3\nprint('score', score)\nif True:\n    print(scroe)\n");
        await visitor.Run.ClickAsync();

        ILocator card = visitor.Page.GetByTestId("error-card");
        await Expect(card).ToContainTextAsync("scroe");
        await Expect(card).ToContainTextAsync("main.py, line 4");
        ILocator line = visitor.Page.GetByTestId("error-line");
        await Expect(line).ToHaveTextAsync("    print(scroe)");
        await Expect(visitor.Console).ToContainTextAsync("score 3");
        await Expect(visitor.Stage).ToHaveAttributeAsync("data-reason", "crashed");

        // Nothing of the card is cut off on a school laptop.
        LocatorAssertionsToBeInViewportOptions whole = new() { Ratio = 1 };
        await Expect(card.GetByRole(AriaRole.Heading)).ToBeInViewportAsync(whole);
        await Expect(visitor.Page.GetByTestId("error-jump")).ToBeInViewportAsync(whole);
        await Expect(card.GetByText("Python's own words")).ToBeInViewportAsync(whole);

        // The person can open Python's own text.
        await card.GetByText("Python's own words").ClickAsync();
        await Expect(card.Locator("pre")).ToContainTextAsync("NameError");

        // The card links to the line. The next edit removes the mark.
        await visitor.Page.GetByTestId("error-jump").ClickAsync();
        await visitor.Page.Keyboard.TypeAsync(" ");
        await Expect(line).ToHaveCountAsync(0);
    });

    [Fact]
    public Task Input_is_answered_in_the_console() => VisitAsync(async visitor =>
    {
        await visitor.UseProgramAsync("name = input('Who are you? ')\nprint('Hello', name + '!')\nmore = input()\nprint('and', more)\n");
        await visitor.Run.ClickAsync();

        ILocator ask = visitor.Page.GetByTestId("console-ask");
        await Expect(ask).ToContainTextAsync("Who are you?");
        ILocator field = visitor.Page.GetByTestId("console-input");
        await Expect(field).ToBeFocusedAsync();
        await visitor.Page.Keyboard.TypeAsync("Ada é");
        await visitor.Page.Keyboard.PressAsync("Enter");
        await Expect(visitor.Console).ToContainTextAsync("Hello Ada é!");

        await Expect(ask).ToBeVisibleAsync();
        await field.FillAsync("more");
        await field.PressAsync("Enter");
        await Expect(visitor.Console).ToContainTextAsync("and more");
        await Expect(visitor.Stage).ToHaveAttributeAsync("data-reason", "finished");
        await Expect(ask).ToBeHiddenAsync();
    });

    [Fact]
    public Task A_picture_that_is_dropped_on_the_page_is_in_the_game() => VisitAsync(async visitor =>
    {
        // The test draws a picture in the browser and drops it like a file from the desktop.
        await visitor.Page.EvaluateAsync(
            """
            async () => {
              const canvas = new OffscreenCanvas(16, 16);
              const context = canvas.getContext('2d');
              context.fillStyle = 'rgb(250, 10, 120)';
              context.fillRect(0, 0, 16, 16);
              const data = new DataTransfer();
              data.items.add(new File([await canvas.convertToBlob()], 'hero.png', { type: 'image/png' }));
              document.body.dispatchEvent(new DragEvent('dragenter', { dataTransfer: data, bubbles: true }));
              document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
            }
            """);
        await Expect(visitor.Page.GetByTestId("file:hero.png")).ToBeVisibleAsync();
        await Expect(visitor.Page.GetByTestId("preview")).ToContainTextAsync("16 × 16");
        await Expect(visitor.Page.GetByTestId("preview")).ToContainTextAsync("pygame.image.load(\"hero.png\")");

        await visitor.UseProgramAsync(
            """
            import pygame
            screen = pygame.display.set_mode((640, 480))
            hero = pygame.image.load("hero.png").convert_alpha()
            clock = pygame.time.Clock()
            while True:
                pygame.event.get()
                screen.blit(hero, (100, 60))
                pygame.display.flip()
                clock.tick(60)
            """);
        await visitor.PressRunAsync();
        await visitor.SeeAsync(picture => picture.Count((250, 10, 120)) == 256
            && picture.At(100, 60) == (250, 10, 120), "the picture where the game put it");
    });
}
