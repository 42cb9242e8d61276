using Microsoft.Playwright;
using PixelGameDev.Tests.Fixtures;
using static Microsoft.Playwright.Assertions;

namespace PixelGameDev.Tests.Browser;

/// <summary>Tests that a person without a mouse makes and plays a whole game.</summary>
[Collection(BrowserCollection.Name)]
public sealed class KeyboardJourneyTests(SystemFixture system, BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private const string Game =
        """
        import pygame
        screen = pygame.display.set_mode((640, 480))
        clock = pygame.time.Clock()
        box = pygame.Rect(300, 200, 40, 40)
        while True:
            for event in pygame.event.get():
                if event.type == pygame.QUIT:
                    raise SystemExit
            box.x += pygame.key.get_pressed()[pygame.K_RIGHT] * 4
            screen.fill((10, 20, 30))
            pygame.draw.rect(screen, (250, 10, 120), box)
            clock.tick(60)
            pygame.display.
        """;

    [Fact]
    public async Task A_whole_game_is_made_with_the_keyboard_alone() => await Visitor.VisitAsync(
        browser, (await system.GetAsync()).Address, async visitor =>
        {
            IPage page = visitor.Page;
            // The page must not have the focus anywhere at the beginning.
            await Expect(page.GetByTestId("project-name")).Not.ToHaveValueAsync("");
            string first = visitor.Project;
            await TabToAsync(page, page.GetByTestId("menu"));
            await page.Keyboard.PressAsync("Enter");
            await Expect(page.GetByTestId("menu-games")).ToBeFocusedAsync();
            await page.Keyboard.PressAsync("ArrowDown");
            await page.Keyboard.PressAsync("Enter");
            await Expect(page.GetByTestId("templates-dialog").Locator("ul button").First).ToBeFocusedAsync();
            await page.Keyboard.PressAsync("Enter");
            await Eventually.TrueAsync(() => Task.FromResult(visitor.Project != first), "the new game is open");

            await TabToAsync(page, visitor.Code);
            await Expect(visitor.Code).ToHaveAttributeAsync("aria-autocomplete", "list");
            await page.Keyboard.PressAsync("Control+A");
            await page.Keyboard.InsertTextAsync(Game);
            await page.Keyboard.TypeAsync("fli");
            await Expect(page.Locator(".cm-tooltip-autocomplete [aria-selected]")).ToContainTextAsync("flip");
            await page.WaitForTimeoutAsync(StudioVisit.ChoiceDelayMillis);
            await page.Keyboard.PressAsync("Enter");
            await page.Keyboard.TypeAsync("()");
            await Expect(visitor.Code).ToContainTextAsync("pygame.display.flip()");

            await page.Keyboard.PressAsync("Control+Enter");
            await visitor.SeeAnyPictureAsync();
            await visitor.SeeAsync(picture => picture.At(310, 210) == (250, 10, 120), "the box");
            await page.Keyboard.DownAsync("ArrowRight");
            await visitor.SeeAsync(picture => picture.Middle((250, 10, 120))?.X > 360, "the box on its way to the right");
            await page.Keyboard.UpAsync("ArrowRight");
            await page.Keyboard.PressAsync("Control+.");
            await Expect(visitor.Stage).ToHaveAttributeAsync("data-state", "ended");

            // A file is made, named again, and left; the code can be left as well.
            await TabToAsync(page, page.GetByTestId("add-file"));
            await page.Keyboard.PressAsync("Enter");
            await page.Keyboard.TypeAsync("enemy");
            await page.Keyboard.PressAsync("Enter");
            await Expect(visitor.Code).ToBeFocusedAsync();
            await page.Keyboard.TypeAsync("lives = 3");
            await page.Keyboard.PressAsync("Control+S");
            await Expect(page.GetByTestId("toast").Filter(new LocatorFilterOptions { HasText = "Already saved" })).ToBeVisibleAsync();
            await Expect(visitor.Saved).ToHaveAttributeAsync("data-state", "saved");
            await page.Keyboard.PressAsync("Escape");
            await page.Keyboard.PressAsync("Tab");
            await Expect(visitor.Code).Not.ToBeFocusedAsync();
            await TabToAsync(page, page.GetByTestId("file:enemy.py").Locator(".file-open"));
            await page.Keyboard.PressAsync("F2");
            await page.Keyboard.TypeAsync("boss");
            await page.Keyboard.PressAsync("Enter");
            await Expect(page.GetByTestId("file:boss.py")).ToBeVisibleAsync();
        });

    /// <summary>Presses Tab until an element has the keyboard.</summary>
    private static async Task TabToAsync(IPage page, ILocator element)
    {
        await Expect(element).ToBeVisibleAsync();
        // Leaves the code, where Tab would move the line.
        await page.Keyboard.PressAsync("Escape");
        for (int presses = 0; presses < 60; presses++)
        {
            if (await element.EvaluateAsync<bool>("element => element === element.getRootNode().activeElement"))
            {
                return;
            }

            await page.Keyboard.PressAsync("Tab");
        }

        Assert.Fail($"Tab does not reach {element}.");
    }
}
