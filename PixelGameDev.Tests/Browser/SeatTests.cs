using Microsoft.Playwright;
using PixelGameDev.Benchmarks.Network;
using PixelGameDev.Tests.Fixtures;
using static Microsoft.Playwright.Assertions;

namespace PixelGameDev.Tests.Browser;

/// <summary>Tests that a friend plays in the game of somebody else, which knows nothing of networks.</summary>
[Collection(BrowserCollection.Name)]
public sealed class SeatTests(SystemFixture system, BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private static readonly (int R, int G, int B) Red = (230, 30, 40);
    private static readonly (int R, int G, int B) Blue = (40, 90, 230);

    // Player 1 has the arrows, and player 2 has W and S.
    private const string Program =
        """
        import pygame
        # Two paddles
        screen = pygame.display.set_mode((640, 480))
        clock = pygame.time.Clock()
        red = pygame.Rect(20, 200, 20, 80)
        blue = pygame.Rect(600, 200, 20, 80)
        while True:
            pygame.event.get()
            keys = pygame.key.get_pressed()
            red.y += 4 * (keys[pygame.K_DOWN] - keys[pygame.K_UP])
            blue.y += 4 * (keys[pygame.K_s] - keys[pygame.K_w])
            red.clamp_ip(screen.get_rect())
            blue.clamp_ip(screen.get_rect())
            screen.fill((20, 20, 30))
            pygame.draw.rect(screen, (230, 30, 40), red)
            pygame.draw.rect(screen, (40, 90, 230), blue)
            pygame.display.flip()
            clock.tick(60)
        """;

    [Fact]
    public async Task A_friend_on_a_phone_plays_the_second_paddle_while_a_third_watches()
    {
        Uri address = (await system.GetAsync()).Address;
        await Visitor.VisitAsync(browser, address, async owner =>
        {
            IPage page = owner.Page;
            string invitation = await StartAsync(owner);
            ILocator bar = page.GetByTestId("seats-bar");
            await OnAsync(address, phone: true, async friend =>
            {
                await OpenAsync(friend, invitation);
                await AskAsync(friend, "Mia");
                await Expect(friend.GetByTestId("seat-state")).ToContainTextAsync("You have asked to play");
                await Expect(bar).ToContainTextAsync("Mia wants to play:");
                await owner.Keyboard.FocusAsync();
                await LookAsync(page, "seats-owner-asked");
                await bar.GetByRole(AriaRole.Button, new() { Name = "Player 2", Exact = true }).ClickAsync();
                await Expect(bar).ToContainTextAsync("Player 2: Mia");
                await Expect(friend.GetByTestId("seat-state")).ToContainTextAsync("You are player 2");
                await Expect(friend.GetByTestId("touch-pad")).ToBeVisibleAsync();
                await Axe.CheckAsync(friend, "a player's page");
                await Axe.CheckAsync(page, "the players on the stage");

                // Both play at once.
                await HoldOnPadAsync(friend, 0.85f);
                await page.Keyboard.DownAsync("ArrowUp");
                await SeeAsync(owner, static (red, blue) => red < 60 && blue > 420, "both paddles move");
                await page.Keyboard.UpAsync("ArrowUp");
                await LookAsync(page, "seats-owner");
                await LookAsync(friend, "seats-phone");
                Assert.True(await friend.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"));
                await friend.Mouse.UpAsync();

                // A third one comes late, sees who plays, and moves nothing.
                await OnAsync(address, phone: false, async third =>
                {
                    await OpenAsync(third, invitation);
                    await Expect(third.GetByTestId("seat-state")).ToHaveTextAsync("Player 2: Mia");
                    await third.Keyboard.DownAsync("KeyW");
                    await AskAsync(third, "");
                    await Expect(bar).ToContainTextAsync("Guest 2 wants to play:");
                    await third.Keyboard.UpAsync("KeyW");
                    Assert.InRange((await owner.LookAsync()).Middle(Blue)!.Value.Y, 420, 480);
                    await LookAsync(third, "seats-third");
                    await bar.GetByRole(AriaRole.Button, new() { Name = "Player 3", Exact = true }).ClickAsync();
                    await Expect(third.GetByTestId("seat-state")).ToContainTextAsync("You are player 3");
                    await third.GetByTestId("seat-leave").ClickAsync();
                    await Expect(bar).ToContainTextAsync("Guest 2 is watching");
                });
                await Expect(bar).Not.ToContainTextAsync("Guest 2");

                // The owner takes the seat back while the friend holds the pad.
                await HoldOnPadAsync(friend, 0.15f);
                await SeeAsync(owner, static (_, blue) => blue < 400, "the friend moves up");
                await bar.GetByTestId("seat-take").ClickAsync();
                await Expect(friend.GetByTestId("seat-want")).ToBeVisibleAsync();
                await Expect(friend.GetByTestId("touch-pad")).ToHaveCountAsync(0);
                await MovesAsync(owner, "s", "the friend holds nothing any more");
                await friend.Mouse.UpAsync();
            });
        });
    }

    [Fact]
    public async Task What_a_friend_holds_ends_with_its_connection_and_comes_back_with_it()
    {
        Uri address = (await system.GetAsync()).Address;
        await using Relay way = new(address);
        await Visitor.VisitAsync(browser, address, async owner =>
        {
            string invitation = await StartAsync(owner);
            ILocator bar = owner.Page.GetByTestId("seats-bar");
            await OnAsync(way.Address, phone: false, async friend =>
            {
                await OpenAsync(friend, invitation);
                await AskAsync(friend, "Tom");
                await bar.GetByRole(AriaRole.Button, new() { Name = "Player 2", Exact = true }).ClickAsync();
                await Expect(friend.GetByTestId("seat-state")).ToContainTextAsync("Arrows or W A S D");
                await LookAsync(friend, "seats-desktop");
                await friend.Keyboard.DownAsync("ArrowDown");
                await SeeAsync(owner, static (_, blue) => blue > 420, "the friend moves down");

                // The connection stands still while a key is held: after some seconds the key is released, and later held again.
                way.Stall();
                await MovesAsync(owner, "w", "the silent friend holds nothing");
                way.Mend();
                await SeeAsync(owner, static (_, blue) => blue > 420, "the friend goes on");
                await SeesAsync(friend, 450, "the friend's own picture goes on");
                await friend.Keyboard.UpAsync("ArrowDown");
                await MovesAsync(owner, "w", "the friend has released the key");

                // The keys of a game can be other ones, also while it runs.
                ILocator dialog = owner.Page.GetByTestId("seats-dialog");
                await owner.Page.GetByTestId("invite").ClickAsync();
                await owner.Page.GetByTestId("invite-seats").ClickAsync();
                await Expect(dialog).ToBeVisibleAsync();
                await owner.Page.Keyboard.PressAsync("Escape");
                await Expect(dialog).ToHaveCountAsync(0);
                await bar.GetByTestId("seats-choose").ClickAsync();
                await Axe.CheckAsync(owner.Page, "the keys of the players");
                await dialog.Locator("[data-seat='2'] [data-button='a']").ClickAsync();
                await owner.Page.Keyboard.PressAsync("s");
                await Expect(dialog.Locator("[data-seat='2'] [data-button='a'] strong")).ToHaveTextAsync("S");
                await dialog.Locator("[data-seat='3'] input[value='gamepad']").CheckAsync();
                await LookAsync(owner.Page, "seats-dialog");
                await dialog.GetByTestId("seats-save").ClickAsync();
                await Expect(dialog).ToHaveCountAsync(0);
                Assert.Equal("gamepad", (await owner.AskAsync($"/api/projects/{owner.Project}"))
                    .GetProperty("seats")[1].GetProperty("kind").GetString());
                await friend.Keyboard.DownAsync("Space");
                await SeeAsync(owner, static (_, blue) => blue > 420, "A is now the key S");
            });

            // The page was closed with a key held.
            await MovesAsync(owner, "w", "the friend who has gone holds nothing");
            await Expect(bar).ToHaveCountAsync(0, new() { Timeout = 60_000 });
        });
    }

    [Fact]
    public async Task A_friend_whose_page_is_loaded_again_plays_on_and_a_second_tab_does_not()
    {
        Uri address = (await system.GetAsync()).Address;
        await Visitor.VisitAsync(browser, address, async owner =>
        {
            string invitation = await StartAsync(owner);
            ILocator bar = owner.Page.GetByTestId("seats-bar");
            await OnAsync(address, phone: false, async friend =>
            {
                await friend.AddInitScriptAsync("window.pads = []; navigator.getGamepads = () => window.pads;");
                await OpenAsync(friend, invitation);
                await AskAsync(friend, "Mia");
                await bar.GetByRole(AriaRole.Button, new() { Name = "Player 2", Exact = true }).ClickAsync();
                await Expect(friend.GetByTestId("seat-state")).ToContainTextAsync("You are player 2");
                await friend.Keyboard.DownAsync("ArrowDown");
                await SeeAsync(owner, static (_, blue) => blue > 420, "the friend moves down");

                await friend.ReloadAsync();
                await Expect(friend.GetByTestId("seat-state")).ToContainTextAsync("You are player 2");
                await friend.Keyboard.UpAsync("ArrowDown");
                await friend.Keyboard.DownAsync("ArrowUp");
                await SeeAsync(owner, static (_, blue) => blue < 60, "the friend plays on");
                await friend.Keyboard.UpAsync("ArrowUp");

                // A gamepad of the friend presses the same keys of the game.
                await friend.EvaluateAsync("""
                    () => {
                      const buttons = Array.from({ length: 17 }, () => ({ pressed: false, value: 0 }));
                      window.pads = [{ connected: true, index: 0, id: 'Pad', mapping: 'standard', axes: [0, 0, 0, 0], buttons }];
                      dispatchEvent(new Event('gamepadconnected'));
                    }
                    """);
                await friend.EvaluateAsync("() => { window.pads[0].axes[1] = 0.9; }");
                await SeeAsync(owner, static (_, blue) => blue > 420, "the stick moves the friend down");
                await friend.EvaluateAsync("() => { window.pads[0].axes[1] = 0; window.pads[0].buttons[12].pressed = true; }");
                await SeeAsync(owner, static (_, blue) => blue < 60, "the cross moves the friend up");
                await friend.EvaluateAsync("() => { window.pads = []; }");
                await MovesAsync(owner, "s", "a gamepad that is unplugged holds nothing");

                // The browser copies what the first tab has stored.
                IPage second = await friend.Context.RunAndWaitForPageAsync(() => friend.EvaluateAsync("() => { open(location.href); }"));
                await Expect(second.Locator(".stage")).ToHaveAttributeAsync("data-state", "playing");
                await Expect(second.GetByTestId("seat-state")).ToHaveTextAsync("Player 2: Mia");
                await AskAsync(second, "Mia");
                await Expect(second.GetByTestId("seat-state")).ToContainTextAsync("You have asked to play");
                await Expect(bar).ToContainTextAsync("Mia wants to play:");
                await Expect(friend.GetByTestId("seat-state")).ToContainTextAsync("You are player 2");
                await friend.Keyboard.DownAsync("ArrowDown");
                await SeeAsync(owner, static (_, blue) => blue > 420, "the place is still that of the first tab");
                await friend.Keyboard.UpAsync("ArrowDown");
            });
        });
    }

    /// <summary>Runs the game and returns the path of an invitation to it.</summary>
    private static async Task<string> StartAsync(Visitor owner)
    {
        await owner.UseProgramAsync(Program);
        await owner.PressRunAsync();
        await owner.SeeAsync(static picture => picture.Middle(Blue) is not null, "the game");
        await owner.Page.GetByTestId("invite").ClickAsync();
        string invitation = new Uri(await owner.Page.GetByTestId("invite-address").InputValueAsync()).AbsolutePath;
        await owner.Page.Keyboard.PressAsync("Escape");
        await owner.Keyboard.FocusAsync();
        return invitation;
    }

    private static async Task OpenAsync(IPage friend, string invitation)
    {
        await friend.GotoAsync(invitation);
        await Expect(friend.Locator(".stage")).ToHaveAttributeAsync("data-state", "playing");
    }

    private static async Task AskAsync(IPage friend, string name)
    {
        await friend.GetByTestId("seat-want").ClickAsync();
        await friend.GetByTestId("seat-name").FillAsync(name);
        await friend.GetByTestId("seat-ask").ClickAsync();
    }

    /// <summary>Puts a thumb on the cross; <paramref name="height"/>: 0 is its upper edge, and 1 the lower one.</summary>
    private static async Task HoldOnPadAsync(IPage friend, float height)
    {
        ViewportBox cross = await ViewportBox.OfAsync(friend.Locator(".pad-cross"));
        await friend.Mouse.MoveAsync(cross.X + (cross.Width / 2), cross.Y + (cross.Height * height));
        await friend.Mouse.DownAsync();
    }

    private static Task SeeAsync(Visitor owner, Func<double, double, bool> condition, string what) => owner.SeeAsync(
        picture => picture.Middle(Red) is { } red && picture.Middle(Blue) is { } blue && condition(red.Y, blue.Y), what);

    /// <summary>Waits until the friend's picture shows the second paddle at a height.</summary>
    private static Task SeesAsync(IPage friend, int y, string what) => Eventually.TrueAsync(
        () => friend.EvaluateAsync<bool>(
            """
            async (y) => {
              const { data } = await window.pixelgamedev.readPixels(610, y, 1, 1);
              return data[0] === 40 && data[1] === 90 && data[2] === 230;
            }
            """,
            y),
        what);

    /// <summary>The owner moves the blue paddle, too: it moves only if nobody holds the opposite key.</summary>
    private static async Task MovesAsync(Visitor owner, string key, string what)
    {
        await owner.Keyboard.FocusAsync();
        await owner.Page.Keyboard.DownAsync(key);
        await SeeAsync(owner, (_, blue) => key == "w" ? blue < 60 : blue > 420, what);
        await owner.Page.Keyboard.UpAsync(key);
    }

    private async Task OnAsync(Uri address, bool phone, Func<IPage, Task> visit)
    {
        Device device = phone ? Device.Phone : Device.Laptop;
        await using IBrowserContext context = await browser.Browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = address.ToString(),
            ViewportSize = new ViewportSize { Width = device.Width, Height = device.Height },
            HasTouch = phone,
            IsMobile = phone,
            Locale = "en-GB",
        });
        context.SetDefaultTimeout(BrowserFixture.TimeoutMillis);
        await visit(await context.NewPageAsync());
    }

    /// <summary>Keeps a picture for people to look at.</summary>
    private static async Task LookAsync(IPage page, string name)
    {
        string folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "TestResults", "browser")).FullName;
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"look-{name}.png") });
    }
}
