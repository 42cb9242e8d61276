using Microsoft.Playwright;
using PixelGameDev.Tests.Fixtures;
using static Microsoft.Playwright.Assertions;

namespace PixelGameDev.Tests.Browser;

/// <summary>Tests keyboard, mouse, sound and a phone's touch pad in a running game.</summary>
[Collection(BrowserCollection.Name)]
public sealed class PlayControlsTests(SystemFixture system, BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private async Task VisitAsync(
        Func<Visitor, Task> visit, Device? device = null, [System.Runtime.CompilerServices.CallerMemberName] string test = "") =>
        await Visitor.VisitAsync(browser, (await system.GetAsync()).Address, visit, device, test);

    [Fact]
    public Task The_game_gets_the_keyboard_and_gives_it_back() => VisitAsync(async visitor =>
    {
        await visitor.UseProgramAsync(
            """
            import pygame
            screen = pygame.display.set_mode((640, 480))
            clock = pygame.time.Clock()
            while True:
                for event in pygame.event.get():
                    if event.type == pygame.KEYDOWN:
                        print("down", pygame.key.name(event.key), event.unicode)
                    if event.type == pygame.KEYUP:
                        print("up", pygame.key.name(event.key))
                    if event.type == pygame.MOUSEBUTTONDOWN:
                        print("click", event.button, event.pos)
                held = pygame.key.get_pressed()
                screen.fill((200, 0, 0) if held[pygame.K_SPACE] else (0, 0, 200))
                pygame.display.flip()
                clock.tick(60)
            """);
        await visitor.PressRunAsync();
        await Expect(visitor.Keyboard).ToBeFocusedAsync();
        await visitor.SeeAsync(picture => picture.At(5, 5) == (0, 0, 200), "blue while nothing is held");

        await visitor.Page.Keyboard.PressAsync("ArrowDown");
        await visitor.Page.Keyboard.PressAsync("Shift+KeyA");
        await Expect(visitor.Console).ToContainTextAsync("down down");
        await Expect(visitor.Console).ToContainTextAsync("down a A");
        Assert.Equal(0, await visitor.Page.EvaluateAsync<int>("() => scrollY + document.querySelector('.work').scrollTop"));

        // The game gets a release of the held key when it loses the keyboard.
        await visitor.Page.Keyboard.DownAsync("Space");
        await visitor.SeeAsync(picture => picture.At(5, 5) == (200, 0, 0), "red while Space is held");
        await visitor.Page.GetByTestId("project-name").FocusAsync();
        await visitor.SeeAsync(picture => picture.At(5, 5) == (0, 0, 200), "blue again");
        await visitor.Page.Keyboard.UpAsync("Space");

        // Mouse positions are in game pixels, and a click brings the keyboard back.
        ViewportBox box = await ViewportBox.OfAsync(visitor.Canvas);
        await visitor.Page.Mouse.ClickAsync(box.X + (box.Width / 2), box.Y + (box.Height / 4),
            new MouseClickOptions { Button = MouseButton.Right });
        await Expect(visitor.Console).ToContainTextAsync("click 3 (320, 120)");
        await Expect(visitor.Keyboard).ToBeFocusedAsync();

        // The game gets the first Escape; the second one gives the keyboard back to the code. The test repeats this, because a busy machine
        // may take more than half a second between the two.
        await Eventually.TrueAsync(async () =>
        {
            await visitor.Page.Keyboard.PressAsync("Escape");
            await visitor.Page.Keyboard.PressAsync("Escape");
            return !await visitor.Keyboard.EvaluateAsync<bool>("field => field === document.activeElement");
        }, "two quick Escapes leave the game");
        await Expect(visitor.Console).ToContainTextAsync("down escape");
        await Expect(visitor.Code).ToBeFocusedAsync();
        await visitor.Page.Keyboard.PressAsync("Control+Home");
        await visitor.Page.Keyboard.TypeAsync("# mine\n");
        await Expect(visitor.Code).ToContainTextAsync("# mine");
        await Expect(visitor.Console).Not.ToContainTextAsync("down m");

        // The page's shortcuts work from the code and from the game.
        await visitor.Page.Keyboard.PressAsync("Control+.");
        await Expect(visitor.Stage).ToHaveAttributeAsync("data-state", "ended");
        await visitor.Page.Keyboard.PressAsync("Control+Enter");
        await visitor.SeeAnyPictureAsync();
        await visitor.Page.Keyboard.PressAsync("Control+.");
        await Expect(visitor.Stage).ToHaveAttributeAsync("data-state", "ended");
    });

    [Fact]
    public Task Sound_of_the_game_reaches_the_loudspeaker_unless_it_is_muted() => VisitAsync(async visitor =>
    {
        Loudspeaker heard = await Loudspeaker.OfAsync(visitor.Page);
        await visitor.UseProgramAsync(
            Loudspeaker.Tone +
            """
            pygame.init()
            screen = pygame.display.set_mode((640, 480))
            pygame.mixer.Sound("tone.wav").play(-1)
            clock = pygame.time.Clock()
            while True:
                pygame.event.get()
                pygame.display.flip()
                clock.tick(60)
            """);
        await visitor.PressRunAsync();
        await Eventually.TrueAsync(async () => await heard.LoudnessAsync() > 0.3, "a loud tone");
        await visitor.Page.GetByTestId("mute").ClickAsync();
        await Eventually.TrueAsync(async () => await heard.LoudnessAsync() < 0.001, "silence");
        await visitor.Page.GetByTestId("mute").ClickAsync();
        await Eventually.TrueAsync(async () => await heard.LoudnessAsync() > 0.3, "the tone again");
    });

    [Fact]
    public Task On_a_phone_there_are_three_tabs_a_pad_and_Run_always_in_reach() => VisitAsync(async visitor =>
    {
        IPage page = visitor.Page;
        foreach (string tab in new[] { "code", "play", "console" })
        {
            await page.GetByTestId($"tab-{tab}").TapAsync();
            await Expect(visitor.Run).ToBeInViewportAsync();
            Assert.True(
                await page.EvaluateAsync<bool>(
                    "() => document.documentElement.scrollWidth <= innerWidth && document.querySelector('.app').scrollWidth <= innerWidth"),
                $"The tab {tab} is wider than the phone.");
        }

        await page.GetByTestId("tab-code").TapAsync();
        await Expect(visitor.Canvas).ToBeHiddenAsync();
        await visitor.Run.TapAsync();
        await visitor.SeeAnyPictureAsync();
        await Expect(visitor.Canvas).ToBeInViewportAsync();
        await Expect(visitor.Code).ToBeHiddenAsync();

        // Touches the right arrow of the pad.
        double before = (await visitor.LookAsync()).Middle(StarterGame.Fox)!.Value.X;
        ViewportBox cross = await ViewportBox.OfAsync(page.Locator(".pad-cross"));
        await page.Mouse.MoveAsync(cross.X + (cross.Width * 0.85f), cross.Y + (cross.Height / 2));
        await page.Mouse.DownAsync();
        await visitor.SeeAsync(picture => picture.Middle(StarterGame.Fox)?.X > before + 30, "the hero flying to the right");
        await page.Mouse.UpAsync();

        // On a tablet, the pad leaves room for the picture.
        foreach ((int width, int height) in new[] { (768, 1024), (1024, 768) })
        {
            await page.SetViewportSizeAsync(width, height);
            await Eventually.TrueAsync(
                async () => (await ViewportBox.OfAsync(visitor.Canvas)).Width >= 480, $"a large picture on {width} × {height}");
            await Expect(page.Locator(".pad-cross")).ToBeInViewportAsync();
        }

        await Expect(visitor.Stop).ToBeInViewportAsync();
        await visitor.Stop.TapAsync();
        await Expect(visitor.Stage).ToHaveAttributeAsync("data-state", "ended");
    }, Device.Phone);
}
