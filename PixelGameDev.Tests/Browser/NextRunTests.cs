using Microsoft.Playwright;
using PixelGameDev.Tests.Fixtures;
using static Microsoft.Playwright.Assertions;

namespace PixelGameDev.Tests.Browser;

/// <summary>Tests that people who watch or play see the next Run of the game by the same invitation.</summary>
[Collection(BrowserCollection.Name)]
public sealed class NextRunTests(SystemFixture system, BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private const string StillOpen = "Your invitation is still open: people see your next Run, too";
    private static readonly (int R, int G, int B) Red = (230, 30, 40);
    private static readonly (int R, int G, int B) Green = (30, 200, 90);

    // Player 2 moves the box with W.
    private const string Program =
        """
        import pygame
        # The first version
        screen = pygame.display.set_mode((640, 480))
        clock = pygame.time.Clock()
        box = pygame.Rect(300, 400, 40, 40)
        while True:
            pygame.event.get()
            if pygame.key.get_pressed()[pygame.K_w] and box.y > 20:
                box.y -= 4
            screen.fill((20, 20, 30))
            pygame.draw.rect(screen, (230, 30, 40), box)
            pygame.display.flip()
            clock.tick(60)
        """;

    [Fact]
    public async Task Whoever_watches_sees_the_next_run_by_itself_until_the_invitation_is_taken_back()
    {
        Uri address = (await system.GetAsync()).Address;
        await Visitor.VisitAsync(browser, address, async owner =>
        {
            IPage page = owner.Page;
            ILocator invite = page.GetByTestId("invite");
            ILocator bar = page.GetByTestId("seats-bar");
            ILocator give = bar.GetByRole(AriaRole.Button, new() { Name = "Player 2", Exact = true });
            await owner.UseProgramAsync(Program);
            await owner.PressRunAsync();
            await invite.ClickAsync();
            string invitation = new Uri(await page.GetByTestId("invite-address").InputValueAsync()).AbsolutePath;
            await page.Keyboard.PressAsync("Escape");
            await using IBrowserContext context = await browser.Browser.NewContextAsync(new BrowserNewContextOptions
            {
                BaseURL = address.ToString(),
                Locale = "en-GB",
            });
            context.SetDefaultTimeout(BrowserFixture.TimeoutMillis);
            IPage friend = await context.NewPageAsync();
            await friend.GotoAsync(invitation);
            await friend.GetByTestId("seat-want").ClickAsync();
            await friend.GetByTestId("seat-name").FillAsync("Mia");
            await friend.GetByTestId("seat-ask").ClickAsync();
            await give.ClickAsync();
            await Expect(friend.GetByTestId("seat-state")).ToContainTextAsync("You are player 2");

            // The game ends. The friend waits, and somebody else opens the invitation only now.
            await owner.Stop.ClickAsync();
            await Expect(friend.GetByTestId("watch-foot")).ToContainTextAsync("Stay here: when it is started again, you see it by itself.");
            await Expect(invite).ToHaveAttributeAsync("aria-label", StillOpen);
            await ScreenshotAsync(page, "next-run-owner-ended");
            await ScreenshotAsync(friend, "next-run-waits");
            await Axe.CheckAsync(friend, "the page of an invitation that waits");
            await Axe.CheckAsync(page, "the stage with an open invitation");
            IPage late = await context.NewPageAsync();
            await late.GotoAsync(invitation);
            await Expect(late.Locator(".stage")).ToHaveAttributeAsync("data-state", "ended");

            await owner.PressRunAsync();
            foreach (IPage watcher in new[] { friend, late })
            {
                await Expect(watcher.Locator(".stage")).ToHaveAttributeAsync("data-state", "playing");
                await SeeAsync(watcher, Red);
            }

            // The friend has its place again, without a press of anybody.
            await Expect(bar).ToContainTextAsync("Player 2: Mia");
            await Expect(late.GetByTestId("seat-want")).ToBeVisibleAsync();
            await Expect(invite).ToHaveAttributeAsync("aria-label", "2 people are watching");
            await ScreenshotAsync(page, "next-run-owner");
            await Expect(friend.GetByTestId("seat-state")).ToContainTextAsync("You are player 2");
            await friend.Keyboard.DownAsync("KeyW");
            await owner.SeeAsync(static picture => picture.Middle(Red) is { Y: < 60 }, "the friend plays in the next Run");
            await friend.Keyboard.UpAsync("KeyW");

            // Another version of the game, and the owner's page was loaded again.
            await owner.UseProgramAsync(Program.Replace("(230, 30, 40)", "(30, 200, 90)", StringComparison.Ordinal));
            await Expect(friend.GetByTestId("watch-foot")).ToContainTextAsync("The game has ended");
            await owner.PressRunAsync();
            await SeeAsync(friend, Green);
            await SeeAsync(late, Green);
            await Expect(bar).ToContainTextAsync("Mia wants to play:");
            await Expect(friend.GetByTestId("seat-state")).ToContainTextAsync("You have asked to play");
            await Expect(invite).ToHaveAttributeAsync("aria-label", "2 people are watching");

            // Taken back while people wait.
            await owner.Stop.ClickAsync();
            await Expect(friend.GetByTestId("watch-foot")).ToContainTextAsync("The game has ended");
            await invite.ClickAsync();
            await Expect(page.GetByTestId("invite-watchers")).ToHaveTextAsync(StillOpen);
            await ScreenshotAsync(page, "next-run-dialog");
            await page.GetByTestId("invite-take-back").ClickAsync();
            await Expect(invite).ToHaveCountAsync(0);
            foreach (IPage watcher in new[] { friend, late })
            {
                await Expect(watcher.GetByTestId("shared-nothing")).ToContainTextAsync("There is nothing to watch here");
            }

            await owner.PressRunAsync();
            await Expect(invite).ToHaveAttributeAsync("aria-label", "Let others watch or play");
        });
    }

    /// <summary>Waits until a watcher sees something of a colour.</summary>
    private static Task SeeAsync(IPage watcher, (int R, int G, int B) colour) => Eventually.TrueAsync(
        () => watcher.EvaluateAsync<bool>(
            """
            async ([r, g, b]) => {
              const { data } = await window.pixelgamedev.readPixels(0, 0, 640, 480);
              for (let at = 0; at < data.length; at += 4) if (data[at] === r && data[at + 1] === g && data[at + 2] === b) return true;
              return false;
            }
            """,
            new[] { colour.R, colour.G, colour.B }),
        "the watcher sees the game");

    /// <summary>Keeps a picture for people to look at.</summary>
    private static async Task ScreenshotAsync(IPage page, string name)
    {
        string folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "TestResults", "browser")).FullName;
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"look-{name}.png") });
    }
}
