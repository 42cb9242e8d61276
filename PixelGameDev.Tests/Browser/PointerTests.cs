using Microsoft.Playwright;
using PixelGameDev.Tests.Fixtures;
using static Microsoft.Playwright.Assertions;

namespace PixelGameDev.Tests.Browser;

/// <summary>Tests mouse-look, side buttons, cursors, gamepads, fingers and touch controls from the page to the game.</summary>
[Collection(BrowserCollection.Name)]
public sealed class PointerTests(SystemFixture system, BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    /// <summary>Gives the page gamepads that a test sets: <c>pads[0] = …</c>.</summary>
    private const string Gamepads = """
        window.pads = [null, null, null, null];
        window.shaken = [];
        navigator.getGamepads = () => window.pads;
        window.plug = (index, id, buttons = 17) => {
          window.pads[index] = {
            index, id, connected: true, mapping: 'standard', axes: [0, 0, 0, 0],
            buttons: Array.from({ length: buttons }, () => ({ pressed: false, touched: false, value: 0 })),
            vibrationActuator: {
              playEffect: async (type, effect) => window.shaken.push([index, effect.strongMagnitude, effect.weakMagnitude]),
              reset: async () => window.shaken.push([index, 0, 0]),
            },
          };
          dispatchEvent(new Event('gamepadconnected'));
        };
        window.press = (index, button, value) => {
          window.pads[index].buttons[button] = { pressed: value > 0, touched: value > 0, value };
        };
        """;

    private async Task VisitAsync(
        Func<Visitor, Task> visit, Device? device = null, [System.Runtime.CompilerServices.CallerMemberName] string test = "") =>
        await Visitor.VisitAsync(browser, (await system.GetAsync()).Address, visit, device, test, await browser.WholeAsync());

    [Fact]
    public Task Mouse_look_turns_without_end_and_gamepads_play() => VisitAsync(async visitor =>
    {
        IPage page = visitor.Page;
        await page.AddInitScriptAsync(Gamepads);
        await visitor.UseProgramAsync(
            """
            import pygame
            pygame.init()
            screen = pygame.display.set_mode((640, 480))
            clock = pygame.time.Clock()
            joysticks = [pygame.joystick.Joystick(i) for i in range(pygame.joystick.get_count())]
            print("joysticks", [j.get_name() for j in joysticks])
            turned = 0
            looking = False
            while True:
                for event in pygame.event.get():
                    if event.type == pygame.KEYDOWN and event.key == pygame.K_g:
                        looking = not looking
                        pygame.event.set_grab(looking)
                        pygame.mouse.set_visible(not looking)
                        turned = 0
                    if event.type == pygame.KEYDOWN and event.key == pygame.K_h:
                        pygame.mouse.set_cursor(pygame.SYSTEM_CURSOR_HAND)
                    if event.type == pygame.MOUSEMOTION and looking:
                        turned += event.rel[0]
                        print("turned", turned)
                    if event.type in (pygame.MOUSEBUTTONDOWN, pygame.MOUSEWHEEL):
                        print(pygame.event.event_name(event.type), event.dict.get("button", 0), event.dict.get("y", 0))
                    if event.type in (pygame.WINDOWENTER, pygame.WINDOWLEAVE):
                        print(pygame.event.event_name(event.type), pygame.mouse.get_focused())
                    if event.type == pygame.JOYDEVICEADDED:
                        print("added", event.device_index)
                        joysticks.append(pygame.joystick.Joystick(event.device_index))
                    if event.type == pygame.JOYBUTTONDOWN:
                        print("pad", event.instance_id, event.button, joysticks[event.instance_id].rumble(1, 0.5, 100))
                pygame.display.flip()
                clock.tick(60)
            """);
        await page.EvaluateAsync("() => window.plug(0, 'Xbox 360 Controller (STANDARD GAMEPAD Vendor: 045e Product: 028e)')");
        await visitor.PressRunAsync();
        await visitor.SeeAnyPictureAsync();
        await Expect(visitor.Console).ToContainTextAsync("joysticks ['Xbox 360 Controller']");

        ViewportBox box = await ViewportBox.OfAsync(visitor.Canvas);
        float x = box.X + (box.Width / 2);
        float y = box.Y + (box.Height / 2);
        await page.Mouse.MoveAsync(x, y);
        await Expect(visitor.Console).ToContainTextAsync("WindowEnter True");
        await page.Keyboard.PressAsync("h");
        await Expect(visitor.Canvas).ToHaveCSSAsync("cursor", "pointer");
        ILocator hint = page.GetByTestId("mouse-hint");
        await Expect(hint).ToBeHiddenAsync();

        // The game wants the mouse; a key was a press that allows it. Otherwise the hint asks for a click.
        await page.Keyboard.PressAsync("g");
        await Expect(hint).ToBeVisibleAsync();
        await page.Mouse.ClickAsync(x, y);
        await Expect(hint).ToHaveTextAsync("Press Esc to get your mouse back");
        Assert.True(await visitor.Canvas.EvaluateAsync<bool>("canvas => document.pointerLockElement === canvas"));
        // The first way after the lock is short; a long one would be the browser's own.
        await page.Mouse.MoveAsync(x + 10, y);
        await Expect(visitor.Console).ToContainTextAsync("turned 10");
        for (int step = 1; step <= 8; step++)
        {
            // Far over the edge of the picture and of the window.
            await page.Mouse.MoveAsync(x + 10 + (step * 300), y);
        }

        await Expect(visitor.Console).ToContainTextAsync("turned 2410");
        await page.Mouse.MoveAsync(x, y);
        await Expect(visitor.Console).ToContainTextAsync("turned 0");

        // Escape in a real window; a driven browser has none.
        await page.EvaluateAsync("() => document.exitPointerLock()");
        await Expect(hint).ToHaveTextAsync("Click the game to look around with the mouse");
        await page.Keyboard.PressAsync("g");
        await Expect(hint).ToBeHiddenAsync();
        await page.Mouse.MoveAsync(x, y);
        await page.Mouse.WheelAsync(0, 120);
        await Expect(visitor.Console).ToContainTextAsync("MouseWheel 0 -1");
        await page.Mouse.MoveAsync(2, 2);
        await Expect(visitor.Console).ToContainTextAsync("WindowLeave False");

        // A press shakes the gamepad; another one is plugged in while the game runs.
        await page.EvaluateAsync("() => window.press(0, 3, 1)");
        await Expect(visitor.Console).ToContainTextAsync("pad 0 3 True");
        await page.WaitForFunctionAsync("() => window.shaken.length >= 2 && window.shaken.at(-1)[1] === 0");
        Assert.Equal([0, 1, 0.5], (await page.EvaluateAsync<double[]>("() => window.shaken[0]")).Select(value => Math.Round(value, 3)));
        await page.EvaluateAsync("() => window.plug(1, '54c-9cc-Wireless Controller', 18)");
        await Expect(visitor.Console).ToContainTextAsync("added 1");
        await page.EvaluateAsync("() => window.press(1, 0, 1)");
        await Expect(visitor.Console).ToContainTextAsync("pad 1 0 True");
    });

    [Fact]
    public Task Fingers_reach_the_game_and_touch_controls_press_the_keys_it_asks_for() => VisitAsync(async visitor =>
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
                    if event.type in (pygame.FINGERDOWN, pygame.FINGERUP):
                        print(pygame.event.event_name(event.type), event.finger_id, round(event.x, 1), round(event.y, 1))
                    if event.type == pygame.MOUSEBUTTONDOWN:
                        print("mouse", event.button, event.touch)
                    if event.type == pygame.KEYDOWN:
                        print("down", pygame.key.name(event.key), event.unicode)
                    if event.type == pygame.TEXTINPUT:
                        print("text", event.text)
                    if event.type == pygame.WINDOWFOCUSLOST:
                        print("lost")
                keys = pygame.key.get_pressed()
                if keys[pygame.K_a] or keys[pygame.K_d] or keys[pygame.K_e]:
                    print("held", keys[pygame.K_a], keys[pygame.K_d])
                pygame.display.flip()
                clock.tick(60)
            """);
        await visitor.Run.TapAsync();
        await visitor.SeeAnyPictureAsync();

        // Two fingers at once.
        ViewportBox box = await ViewportBox.OfAsync(visitor.Canvas);
        ICDPSession driver = await page.Context.NewCDPSessionAsync(page);
        Task TouchAsync(string type, params (double X, double Y)[] fingers) => driver.SendAsync(
            "Input.dispatchTouchEvent",
            new Dictionary<string, object>
            {
                ["type"] = type,
                ["touchPoints"] = fingers.Select((finger, id) => new Dictionary<string, object>
                {
                    ["x"] = box.X + (box.Width * finger.X),
                    ["y"] = box.Y + (box.Height * finger.Y),
                    ["id"] = id,
                }).ToArray(),
            });
        await TouchAsync("touchStart", (0.2, 0.5));
        await Expect(visitor.Console).ToContainTextAsync("mouse 1 True");
        await Expect(visitor.Console).ToContainTextAsync("FingerDown 0 0.2 0.5");
        await TouchAsync("touchStart", (0.2, 0.5), (0.8, 0.3));
        await Expect(visitor.Console).ToContainTextAsync("FingerDown 1 0.8 0.3");
        await TouchAsync("touchEnd");
        await Expect(visitor.Console).ToContainTextAsync("FingerUp 0 0.2 0.5");
        await Expect(visitor.Console).ToContainTextAsync("FingerUp 1 0.8 0.3");

        await Expect(visitor.Console).Not.ToContainTextAsync("lost");

        // The code names W, A, S, D keys, so the cross presses them.
        ViewportBox cross = await ViewportBox.OfAsync(page.Locator(".pad-cross"));
        await page.Mouse.MoveAsync(cross.X + (cross.Width * 0.85f), cross.Y + (cross.Height / 2));
        await page.Mouse.DownAsync();
        await Expect(visitor.Console).ToContainTextAsync("down d d");
        await page.Mouse.UpAsync();
        await Expect(page.Locator(".pad-buttons .pad-key")).ToHaveTextAsync(["E"]);
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = ShotPath("cross") });

        // A game that reads text: the phone's keyboard opens for a field that gets the focus and takes text, and its letters are keys.
        ILocator field = page.GetByTestId("game-keys");
        await Expect(field).ToHaveAttributeAsync("inputmode", "none");
        await page.GetByTestId("pad-keyboard").TapAsync();
        await Expect(field).ToHaveAttributeAsync("inputmode", "text");
        await Expect(field).ToBeFocusedAsync();
        await page.Keyboard.InsertTextAsync("Zü");
        await Expect(visitor.Console).ToContainTextAsync("down z Z");
        await Expect(visitor.Console).ToContainTextAsync("text ü");
        await page.GetByTestId("pad-keyboard").TapAsync();
        await Expect(field).ToHaveAttributeAsync("inputmode", "none");
        await Expect(field).ToBeFocusedAsync();

        // Somebody chooses a stick and other buttons. They are still there on the next visit.
        await page.GetByTestId("pad-choose").TapAsync();
        ILocator dialog = page.GetByTestId("controls-dialog");
        await dialog.GetByText("Stick").TapAsync();
        foreach (string code in new[] { "Space", "KeyQ", "Digit1" })
        {
            await dialog.Locator($"[data-code={code}]").TapAsync();
        }

        await page.ScreenshotAsync(new PageScreenshotOptions { Path = ShotPath("dialog") });
        await page.GetByTestId("controls-save").TapAsync();
        await Expect(page.Locator(".pad-buttons .pad-key")).ToHaveTextAsync(["E", "Space", "Q", "1"]);
        await page.ReloadAsync();
        await Expect(visitor.Code).ToBeAttachedAsync();
        await visitor.Run.TapAsync();
        await visitor.SeeAnyPictureAsync();
        await Expect(page.Locator(".pad-buttons .pad-key")).ToHaveTextAsync(["E", "Space", "Q", "1"]);
        ViewportBox stick = await ViewportBox.OfAsync(page.Locator(".pad-stick"));
        await page.Mouse.MoveAsync(stick.X + (stick.Width * 0.2f), stick.Y + (stick.Height / 2));
        await page.Mouse.DownAsync();
        await Expect(visitor.Console).ToContainTextAsync("down a a");
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = ShotPath("stick") });
        await page.Mouse.UpAsync();
        await page.Locator(".pad-key[data-code=KeyQ]").TapAsync();
        await Expect(visitor.Console).ToContainTextAsync("down q q");

        // On its side, everything of the controls is still on the screen.
        await page.SetViewportSizeAsync(844, 390);
        foreach (string part in new[] { ".pad-stick", ".pad-key[data-code=KeyQ]", ".pad-tools" })
        {
            await Expect(page.Locator(part)).ToBeInViewportAsync(new LocatorAssertionsToBeInViewportOptions { Ratio = 1 });
        }

        await page.ScreenshotAsync(new PageScreenshotOptions { Path = ShotPath("landscape") });
    }, Device.Phone);

    private static string ShotPath(string name) => Path.Combine(AppContext.BaseDirectory, "TestResults", "browser", $"touch-{name}.png");
}
