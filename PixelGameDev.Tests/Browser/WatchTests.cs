using Microsoft.Playwright;
using PixelGameDev.Tests.Fixtures;
using static Microsoft.Playwright.Assertions;

namespace PixelGameDev.Tests.Browser;

/// <summary>Tests that somebody without an account watches a running game on a phone.</summary>
[Collection(BrowserCollection.Name)]
public sealed class WatchTests(SystemFixture system, BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private static readonly (int R, int G, int B) Box = (250, 10, 120);

    // Many colours, so that a picture that is only similar is noticed. It moves only while a key is held.
    private const string Program = Loudspeaker.Tone +
        """
        # Watch the box
        pygame.mixer.init()
        pygame.mixer.Sound("tone.wav").play(-1)
        screen = pygame.display.set_mode((640, 480))
        clock = pygame.time.Clock()
        back = pygame.Surface((640, 480))
        for y in range(0, 480, 4):
            for x in range(0, 640, 4):
                back.fill((x * y % 240, x // 3, y // 2), (x, y, 4, 4))
        box = pygame.Rect(100, 200, 60, 60)
        while True:
            pygame.event.get()
            keys = pygame.key.get_pressed()
            if keys[pygame.K_RIGHT] and box.x < 500:
                box.x += 4
            if keys[pygame.K_SPACE] or pygame.mouse.get_pressed()[0]:
                box.y = 20
            screen.blit(back, (0, 0))
            pygame.draw.rect(screen, (250, 10, 120), box)
            pygame.display.flip()
            clock.tick(60)
        """;

    [Fact]
    public async Task A_stranger_watches_on_a_phone_touches_nothing_and_is_told_when_it_is_over()
    {
        Uri address = (await system.GetAsync()).Address;
        await Visitor.VisitAsync(browser, address, async owner =>
        {
            await owner.UseProgramAsync(Program);
            await owner.PressRunAsync();
            IPage page = owner.Page;
            string invitation = await InviteAsync(page);
            await Expect(page.GetByTestId("invite-watchers")).ToHaveTextAsync("Nobody is watching yet");
            await Expect(page.GetByTestId("share-qr")).ToBeVisibleAsync();
            await Axe.CheckAsync(page, "invite-dialog");
            await page.Keyboard.PressAsync("Escape");

            await OnPhoneAsync(address, async stranger =>
            {
                Loudspeaker heard = await Loudspeaker.OfAsync(stranger);
                await stranger.GotoAsync(new Uri(invitation).AbsolutePath);
                await Expect(stranger.Locator(".stage")).ToHaveAttributeAsync("data-state", "playing");
                await SeeSamePictureAsync(owner, stranger);
                Assert.True(await stranger.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"));
                await Axe.CheckAsync(stranger, "the page of an invitation");
                await ScreenshotAsync(stranger, "watch-phone");
                await Expect(page.GetByTestId("invite")).ToHaveAttributeAsync("aria-label", "1 person is watching");

                // What the stranger presses moves nothing, and makes no account.
                await stranger.GetByTestId("watch-sound").TapAsync();
                await Expect(stranger.GetByTestId("mute")).ToBeVisibleAsync();
                await Eventually.TrueAsync(async () => await heard.LoudnessAsync() > 0.3, "the stranger hears the game");
                await stranger.GetByTestId("game").TapAsync();
                await stranger.Keyboard.DownAsync("Space");
                await owner.Keyboard.FocusAsync();
                await page.Keyboard.DownAsync("ArrowRight");
                await owner.SeeAsync(static picture => picture.Middle(Box) is { X: > 520 }, "the owner moves the box");
                await page.Keyboard.UpAsync("ArrowRight");
                await SeeSamePictureAsync(owner, stranger);
                Assert.InRange((await owner.LookAsync()).Middle(Box)!.Value.Y, 225, 235);
                Assert.Empty(await stranger.Context.CookiesAsync());
                await ScreenshotAsync(page, "watch-owner");

                await page.GetByTestId("invite").ClickAsync();
                await Expect(page.GetByTestId("invite-watchers")).ToHaveTextAsync("1 person is watching");
                await ScreenshotAsync(page, "watch-dialog");
                await page.GetByTestId("invite-take-back").ClickAsync();
                await Expect(page.GetByTestId("invite-dialog")).ToHaveCountAsync(0);
                await Expect(stranger.GetByTestId("shared-nothing")).ToContainTextAsync("There is nothing to watch here");
                await Expect(page.GetByTestId("invite")).ToHaveAttributeAsync("aria-label", "Let others watch or play");

                // Another invitation, and the game ends while somebody watches.
                string second = await InviteAsync(page);
                Assert.NotEqual(invitation, second);
                await page.Keyboard.PressAsync("Escape");
                await stranger.GotoAsync(new Uri(second).AbsolutePath);
                await Expect(stranger.Locator(".stage")).ToHaveAttributeAsync("data-state", "playing");
                await owner.Stop.ClickAsync();
                await Expect(stranger.GetByTestId("watch-foot")).ToContainTextAsync("The game has ended");
                await Expect(page.GetByTestId("invite")).ToHaveAttributeAsync(
                    "aria-label", "Your invitation is still open: people see your next Run, too");
                await Eventually.TrueAsync(
                    async () => await stranger.EvaluateAsync<bool>(
                        "path => fetch(path).then(answer => answer.json()).then(game => game.hasEnded)",
                        $"/api{new Uri(second).AbsolutePath}"),
                    "the end is recorded");
                await stranger.ReloadAsync();
                await Expect(stranger.Locator(".stage-card")).ToContainTextAsync("The game has ended");
                await Axe.CheckAsync(stranger, "the page of an invitation after the end");
                await ScreenshotAsync(stranger, "watch-waits");
            });
        });
    }

    private static async Task<string> InviteAsync(IPage owner)
    {
        await owner.GetByTestId("invite").ClickAsync();
        return await owner.GetByTestId("invite-address").InputValueAsync();
    }

    /// <summary>Waits until both see the same pixels.</summary>
    private static Task SeeSamePictureAsync(Visitor owner, IPage stranger) => Eventually.TrueAsync(
        async () =>
        {
            string text = await stranger.EvaluateAsync<string>(
                """
                async () => {
                  const { data } = await window.pixelgamedev.readPixels(0, 0, 640, 480);
                  let text = '';
                  for (let at = 0; at < data.length; at += 8192) text += String.fromCharCode(...data.subarray(at, at + 8192));
                  return btoa(text);
                }
                """);
            return text == Convert.ToBase64String((await owner.LookAsync()).Data);
        },
        "both see the same pixels");

    private async Task OnPhoneAsync(Uri address, Func<IPage, Task> visit)
    {
        await using IBrowserContext context = await browser.Browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = address.ToString(),
            ViewportSize = new ViewportSize { Width = Device.Phone.Width, Height = Device.Phone.Height },
            HasTouch = true,
            IsMobile = true,
            Locale = "en-GB",
        });
        context.SetDefaultTimeout(BrowserFixture.TimeoutMillis);
        await visit(await context.NewPageAsync());
    }

    /// <summary>Keeps a picture for people to look at.</summary>
    private static async Task ScreenshotAsync(IPage page, string name)
    {
        string folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "TestResults", "browser")).FullName;
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"look-{name}.png") });
    }
}
