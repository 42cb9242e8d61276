using Microsoft.Playwright;
using PixelGameDev.Tests.Fixtures;
using static Microsoft.Playwright.Assertions;

namespace PixelGameDev.Tests.Browser;

/// <summary>Tests a game's window and clipboard on the page.</summary>
[Collection(BrowserCollection.Name)]
public sealed class WindowTests(SystemFixture system, BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task A_window_follows_its_room_and_text_is_copied_out_of_the_game_and_into_it() => await Visitor.VisitAsync(
        browser, (await system.GetAsync()).Address, async visitor =>
        {
            IPage page = visitor.Page;
            await page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
            await visitor.UseProgramAsync(
                """
                import pygame
                pygame.init()
                screen = pygame.display.set_mode((640, 480), pygame.RESIZABLE)
                pygame.scrap.init()
                clock = pygame.time.Clock()
                while True:
                    for event in pygame.event.get():
                        if event.type == pygame.VIDEORESIZE:
                            screen = pygame.display.set_mode(event.size, pygame.RESIZABLE)
                            print("size", *event.size)
                        if event.type == pygame.KEYDOWN and event.key == pygame.K_v and event.mod & pygame.KMOD_CTRL:
                            print("pasted", pygame.scrap.get(pygame.SCRAP_TEXT).decode())
                        if event.type == pygame.KEYDOWN and event.key == pygame.K_c:
                            pygame.scrap.put(pygame.SCRAP_TEXT, "Level 7: Zoë".encode())
                    screen.fill("red")
                    pygame.draw.rect(screen, "green", (screen.get_width() - 10, screen.get_height() - 10, 10, 10))
                    pygame.display.flip()
                    clock.tick(60)
                """);
            await visitor.PressRunAsync();
            await visitor.SeeAnyPictureAsync();
            await page.Keyboard.PressAsync("c");
            ILocator toast = page.GetByText("Your game has copied a text");
            await Expect(toast).ToBeVisibleAsync();
            Assert.Equal("Level 7: Zoë", await page.EvaluateAsync<string>("() => navigator.clipboard.readText()"));
            await page.EvaluateAsync("() => navigator.clipboard.writeText('from elsewhere: дом')");
            await page.Keyboard.PressAsync("Control+V");
            await Expect(visitor.Console).ToContainTextAsync("pasted from elsewhere: дом");

            // Nothing has changed the room yet, so the window is as the game has opened it.
            int[] opened = await SizeAsync(page);
            Assert.Equal([640, 480], opened);
            await Expect(visitor.Console).Not.ToContainTextAsync("size");
            await page.SetViewportSizeAsync(1300, 640);
            await Expect(visitor.Console).ToContainTextAsync("size");
            int[] told = [];
            await Eventually.TrueAsync(
                async () =>
                {
                    string last = await visitor.Console.Locator(".line").Last.InnerTextAsync();
                    told = [.. last.Split(' ').Skip(1).Select(static part => int.TryParse(part, out int number) ? number : 0)];
                    int[] shown = await SizeAsync(page);
                    return told.SequenceEqual(shown);
                },
                "the canvas has the size that the game was told");
            await Eventually.TrueAsync(
                async () => (await visitor.LookAsync(0, 0, told[0], told[1])).Count((0, 255, 0)) == 100, "the new corner is seen");
            // The picture fills the room: at the same scale, less than one pixel of the game is left.
            double[] rest = await page.EvaluateAsync<double[]>("""
                () => {
                  const canvas = document.querySelector('[data-testid=game]');
                  const { clientWidth, clientHeight } = canvas.parentElement;
                  const scale = canvas.clientWidth / canvas.width;
                  return [clientWidth / scale - canvas.width, clientHeight / scale - canvas.height];
                }
                """);
            Assert.All(rest, static pixels => Assert.InRange(pixels, -0.5, 1.5));
        });

    private static async Task<int[]> SizeAsync(IPage page) => await page.EvaluateAsync<int[]>(
        "() => { const { width, height } = document.querySelector('[data-testid=game]'); return [width, height]; }");
}
