using Microsoft.Playwright;
using PixelGameDev.Tests.Fixtures;
using static Microsoft.Playwright.Assertions;

namespace PixelGameDev.Tests.Browser;

/// <summary>
/// Tests what a person sees when code of the page cannot be fetched: without a connection, or after an upgrade, when an open page asks for
/// files that are no longer there.
/// </summary>
[Collection(BrowserCollection.Name)]
public sealed class MissingPartTests(SystemFixture system, BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [Theory]
    [InlineData("connection")]
    [InlineData("upgrade")]
    public async Task A_part_that_cannot_be_fetched_is_told_and_comes_with_a_new_page(string reason)
    {
        await Visitor.VisitAsync(browser, (await system.GetAsync()).Address, async visitor =>
        {
            await visitor.UseProgramAsync("print('kept')");
            const string Parts = "**/assets/{studioPage,menuDialogs,historyDialog}-*.js";
            visitor.ExpectCuts();
            visitor.ExpectStatus(404);
            await visitor.Page.RouteAsync(Parts, route => reason == "connection"
                ? route.AbortAsync("internetdisconnected")
                : route.FulfillAsync(new() { Status = 404, ContentType = "text/html", Body = "No such file." }));
            ILocator bar = visitor.Page.GetByTestId("missing-part");

            // A dialog of an open page.
            await visitor.Code.ClickAsync();
            await visitor.Page.Keyboard.InsertTextAsync("# typed before\n");
            await visitor.Page.GetByTestId("menu").ClickAsync();
            await visitor.Page.GetByTestId("menu-history").ClickAsync();
            await Expect(bar).ToContainTextAsync("A part of this page could not be fetched.");
            await Expect(visitor.Page.GetByTestId("toast")).ToHaveCountAsync(0);
            await Expect(visitor.Code).ToContainTextAsync("# typed before");

            await Expect(visitor.Saved).ToHaveAttributeAsync("data-state", "saved");
            // The bar covers no button.
            await visitor.Run.ClickAsync();
            await Expect(visitor.Console).ToContainTextAsync("kept");
            await Expect(bar).ToBeVisibleAsync();

            // The largest part of a new page.
            await visitor.Page.ReloadAsync();
            await Expect(bar).ToBeVisibleAsync();
            await Expect(visitor.Code).ToHaveCountAsync(0);

            await visitor.Page.UnrouteAsync(Parts);
            await bar.GetByRole(AriaRole.Button).ClickAsync();
            await Expect(visitor.Code).ToContainTextAsync("# typed before");
            await Expect(bar).ToHaveCountAsync(0);
        });
    }

    [Fact]
    public async Task Code_that_sends_keys_is_asked_for_again_and_what_was_pressed_meanwhile_is_sent()
    {
        await Visitor.VisitAsync(browser, (await system.GetAsync()).Address, async visitor =>
        {
            IPage page = visitor.Page;
            await visitor.UseProgramAsync(
                """
                import pygame
                pygame.init()
                screen = pygame.display.set_mode((640, 480))
                clock = pygame.time.Clock()
                while True:
                    for event in pygame.event.get():
                        if event.type == pygame.KEYDOWN:
                            print("down", event.unicode)
                    screen.fill("red")
                    pygame.display.flip()
                    clock.tick(60)
                """);
            // It fails to load once, and comes only after the first key.
            int asked = 0;
            TaskCompletionSource pressed = new();
            visitor.ExpectCuts();
            await page.RouteAsync(
                "**/assets/input-*.js",
                async route =>
                {
                    if (Interlocked.Increment(ref asked) == 1)
                    {
                        await route.AbortAsync();
                        return;
                    }

                    await pressed.Task;
                    await route.ContinueAsync();
                });
            ILocator bar = page.GetByTestId("missing-part");
            await visitor.PressRunAsync();
            await Expect(bar).ToBeVisibleAsync();
            await page.Keyboard.PressAsync("c");
            pressed.SetResult();
            await Expect(visitor.Console).ToContainTextAsync("down c");
            await Expect(bar).ToHaveCountAsync(0);
            Assert.True(asked > 1, $"the code was asked for {asked} times");
            await page.Keyboard.PressAsync("d");
            await Expect(visitor.Console.Locator(".line")).ToHaveTextAsync(["down c", "down d"]);
        });
    }
}
