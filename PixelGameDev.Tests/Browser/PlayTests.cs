using System.Text.RegularExpressions;
using Microsoft.Playwright;
using PixelGameDev.Benchmarks.Network;
using PixelGameDev.Tests.Fixtures;
using static Microsoft.Playwright.Assertions;

namespace PixelGameDev.Tests.Browser;

/// <summary>The main job as a person does it: real Postgres, Api, Executor and Docker, real Chromium.</summary>
[Collection(SystemCollection.Name)]
public sealed class PlayTests(SystemFixture system, BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    // Colours of the starter game.
    private static readonly (int R, int G, int B) Night = (38, 32, 80);
    private static readonly (int R, int G, int B) Fox = (255, 140, 50);

    private async Task VisitAsync(
        Func<Visitor, Task> visit, Device? device = null, [System.Runtime.CompilerServices.CallerMemberName] string test = "") =>
        await Visitor.VisitAsync(browser, (await system.GetAsync()).Address, visit, device, test);

    [Fact]
    public Task A_new_visitor_plays_the_starter_game_and_stops_it() => VisitAsync(async visitor =>
    {
        await visitor.PressRunAsync();
        await visitor.SeeAsync(picture => picture.Count(Night) > 100_000
            && picture.Middle(Fox) is not null, "the starter game's night sky and its hero");
        double before = (await visitor.LookAsync()).Middle(Fox)!.Value.X;

        // Run has given the game the keyboard.
        await visitor.Page.Keyboard.DownAsync("ArrowRight");
        await visitor.SeeAsync(picture => picture.Middle(Fox)?.X > before + 30, "the hero flying to the right");
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

        // Python's own text is there for who wants it.
        await card.GetByText("Python's own words").ClickAsync();
        await Expect(card.Locator("pre")).ToContainTextAsync("NameError");

        // The card leads to the line; the next edit takes the mark away.
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
        // Drawn and dropped in the browser, as a file from the desktop is.
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

    [Fact]
    public async Task A_lost_connection_comes_back_by_itself_and_nothing_typed_is_lost()
    {
        await using Relay cable = new((await system.GetAsync()).Address);
        await Visitor.VisitAsync(browser, cable.Address, async visitor =>
        {
            await visitor.PressRunAsync();
            await visitor.SeeAsync(picture => picture.Middle(Fox) is not null, "the hero");
            visitor.ExpectCuts();

            cable.Cut();
            await Expect(visitor.Page.GetByTestId("stage-banner")).ToBeVisibleAsync();
            await visitor.Code.ClickAsync();
            await visitor.Page.Keyboard.PressAsync("Control+Home");
            await visitor.Page.Keyboard.TypeAsync("# typed without a connection");
            await Expect(visitor.Saved).ToHaveAttributeAsync("data-state", "retrying");

            cable.Mend();
            await Expect(visitor.Page.GetByTestId("stage-banner")).ToBeHiddenAsync();
            await Expect(visitor.Saved).ToHaveAttributeAsync("data-state", "saved");

            // The same game goes on, with a whole picture, and listens.
            double before = (await visitor.LookAsync()).Middle(Fox)!.Value.X;
            await visitor.Canvas.ClickAsync();
            await visitor.Page.Keyboard.DownAsync("ArrowLeft");
            await visitor.SeeAsync(picture => picture.Middle(Fox)?.X < before - 30, "the hero flying to the left");
            await visitor.Page.Keyboard.UpAsync("ArrowLeft");

            await visitor.Page.ReloadAsync();
            await Expect(visitor.Code).ToContainTextAsync("# typed without a connection");

            // Even when the page is closed before the connection is back.
            cable.Cut();
            await visitor.Code.ClickAsync();
            await visitor.Page.Keyboard.PressAsync("Control+Home");
            await visitor.Page.Keyboard.TypeAsync("# closed without a connection");
            await Expect(visitor.Saved).ToHaveAttributeAsync("data-state", "retrying");
            visitor.Page.Dialog += (_, dialog) => _ = dialog.AcceptAsync();
            await visitor.Page.GotoAsync("about:blank");
            cable.Mend();
            await visitor.Page.GotoAsync("/");
            await Expect(visitor.Code).ToContainTextAsync("# closed without a connection");
            await Expect(visitor.Saved).ToHaveAttributeAsync("data-state", "saved");
        });
    }

    [Fact]
    public Task The_stream_is_opened_before_the_request_to_start_is_answered() => VisitAsync(async visitor =>
    {
        // What the page tells the stream's worker; from the next load on.
        await visitor.Page.AddInitScriptAsync(
            """
            window.opened = [];
            const post = Worker.prototype.postMessage;
            Worker.prototype.postMessage = function (message, ...rest) {
              if (message?.type === 'open') window.opened.push(message.url);
              return post.call(this, message, ...rest);
            };
            """);
        await visitor.UseProgramAsync(
            "import pygame\nscreen = pygame.display.set_mode((100, 100))\nwhile True:\n    pygame.event.get()\n    " +
            "pygame.display.flip()\n");
        TaskCompletionSource<string> chosen = new();
        await visitor.Page.RouteAsync("**/api/sessions", async route =>
        {
            if (route.Request.Method != "POST")
            {
                await route.ContinueAsync();
                return;
            }

            // The request stays here until the page has asked for the stream of the same session.
            string id = System.Text.Json.JsonDocument.Parse(route.Request.PostData!).RootElement.GetProperty("id").GetString()!;
            await Eventually.TrueAsync(
                async () => (await visitor.Page.EvaluateAsync<string[]>("opened"))
                    .Any(url => url.EndsWith($"/api/sessions/{id}/stream", StringComparison.Ordinal)),
                "its stream is opened");
            chosen.TrySetResult(id);
            await route.ContinueAsync();
        });
        await visitor.PressRunAsync();
        string chosenId = await chosen.Task;
        Assert.Equal(chosenId, (await visitor.AskAsync("/api/sessions"))[0].GetProperty("id").GetString());
        Assert.Single(await visitor.Page.EvaluateAsync<string[]>("opened"));
    });

    [Fact]
    public async Task A_stream_that_is_refused_at_first_is_opened_when_the_session_is_there()
    {
        await using Relay cable = new((await system.GetAsync()).Address);
        await Visitor.VisitAsync(browser, cable.Address, async visitor =>
        {
            visitor.ExpectCuts();
            cable.RefuseStreams(1);
            await visitor.PressRunAsync();
            await visitor.SeeAsync(picture => picture.Middle(Fox) is not null, "the hero");
            Assert.Equal(0, cable.StreamsToRefuse);
            await Expect(visitor.Page.GetByTestId("stage-banner")).ToBeHiddenAsync();
        });
    }

    [Fact]
    public async Task A_fifth_window_of_a_game_says_so_and_goes_on_when_another_is_closed()
    {
        Uri server = (await system.GetAsync()).Address;
        await using Relay cable = new(server);
        await Visitor.VisitAsync(browser, cable.Address, async visitor =>
        {
            await visitor.PressRunAsync();
            string session = (await visitor.AskAsync("/api/sessions"))[0].GetProperty("id").GetString()!;
            BrowserContextCookiesResult cookie = Assert.Single(await visitor.Page.Context.CookiesAsync(), static cookie =>
                cookie.Name.Contains("visitor", StringComparison.Ordinal));

            // While the page is away, its place and the other three are taken.
            visitor.ExpectCuts();
            cable.Cut();
            List<OtherWindow> others = [];
            try
            {
                for (int count = 0; count < 4; count++)
                {
                    OtherWindow? window = null;
                    await Eventually.TrueAsync(
                        async () => (window = await OtherWindow.OpenAsync(server, session, $"{cookie.Name}={cookie.Value}")) is not null,
                        "there is room for another window");
                    others.Add(window!);
                }

                cable.Mend();
                await Expect(visitor.Page.GetByTestId("stage-banner")).ToContainTextAsync("already open in four windows");
                await Expect(visitor.Stage).ToHaveAttributeAsync("data-state", "playing");

                await others[0].DisposeAsync();
                await Expect(visitor.Page.GetByTestId("stage-banner")).ToBeHiddenAsync();
                await visitor.SeeAsync(picture => picture.Middle(Fox) is not null, "the hero");
            }
            finally
            {
                foreach (OtherWindow window in others)
                {
                    await window.DisposeAsync();
                }
            }
        });
    }

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
        await Expect(visitor.Canvas).ToBeFocusedAsync();
        await visitor.SeeAsync(picture => picture.At(5, 5) == (0, 0, 200), "blue while nothing is held");

        await visitor.Page.Keyboard.PressAsync("ArrowDown");
        await visitor.Page.Keyboard.PressAsync("Shift+KeyA");
        await Expect(visitor.Console).ToContainTextAsync("down down");
        await Expect(visitor.Console).ToContainTextAsync("down a A");
        Assert.Equal(0, await visitor.Page.EvaluateAsync<int>("() => scrollY + document.querySelector('.work').scrollTop"));

        // A held key is let go when the game loses the keyboard.
        await visitor.Page.Keyboard.DownAsync("Space");
        await visitor.SeeAsync(picture => picture.At(5, 5) == (200, 0, 0), "red while Space is held");
        await visitor.Page.GetByTestId("project-name").FocusAsync();
        await visitor.SeeAsync(picture => picture.At(5, 5) == (0, 0, 200), "blue again");
        await visitor.Page.Keyboard.UpAsync("Space");

        // The mouse counts in the game's own pixels, and brings the keyboard back.
        ViewportBox box = await ViewportBox.OfAsync(visitor.Canvas);
        await visitor.Page.Mouse.ClickAsync(box.X + (box.Width / 2), box.Y + (box.Height / 4),
            new MouseClickOptions { Button = MouseButton.Right });
        await Expect(visitor.Console).ToContainTextAsync("click 3 (320, 120)");
        await Expect(visitor.Canvas).ToBeFocusedAsync();

        // One Escape is the game's, the second gives the keyboard back to the code.
        // (Tried again where the machine is so busy that half a second passes between the two.)
        await Eventually.TrueAsync(async () =>
        {
            await visitor.Page.Keyboard.PressAsync("Escape");
            await visitor.Page.Keyboard.PressAsync("Escape");
            return !await visitor.Canvas.EvaluateAsync<bool>("canvas => canvas === document.activeElement");
        }, "two quick Escapes leave the game");
        await Expect(visitor.Console).ToContainTextAsync("down escape");
        await Expect(visitor.Code).ToBeFocusedAsync();
        await visitor.Page.Keyboard.PressAsync("Control+Home");
        await visitor.Page.Keyboard.TypeAsync("# mine\n");
        await Expect(visitor.Code).ToContainTextAsync("# mine");
        await Expect(visitor.Console).Not.ToContainTextAsync("down m");

        // Keys of the page work from the code and from the game.
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
        // An ear beside the loudspeaker: whatever is connected to it is measured, too.
        await visitor.Page.AddInitScriptAsync(
            """
            const connect = AudioNode.prototype.connect;
            AudioNode.prototype.connect = function (target, ...rest) {
              if (target instanceof AudioDestinationNode) {
                const ear = target.context.createAnalyser();
                connect.call(this, ear);
                window.loudness = () => {
                  const samples = new Float32Array(ear.fftSize);
                  ear.getFloatTimeDomainData(samples);
                  return Math.max(...samples.map(Math.abs));
                };
              }
              return connect.call(this, target, ...rest);
            };
            """);
        await visitor.UseProgramAsync(
            """
            import math, struct, wave
            import pygame
            with wave.open("tone.wav", "wb") as tone:
                tone.setparams((1, 2, 22050, 0, "NONE", ""))
                tone.writeframes(b"".join(struct.pack("<h", int(16000 * math.sin(i / 8))) for i in range(22050)))
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
        Task<double> LoudnessAsync() => visitor.Page.EvaluateAsync<double>("() => window.loudness?.() ?? 0");
        await Eventually.TrueAsync(async () => await LoudnessAsync() > 0.3, "a loud tone");
        await visitor.Page.GetByTestId("mute").ClickAsync();
        await Eventually.TrueAsync(async () => await LoudnessAsync() < 0.001, "silence");
        await visitor.Page.GetByTestId("mute").ClickAsync();
        await Eventually.TrueAsync(async () => await LoudnessAsync() > 0.3, "the tone again");
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

        // A thumb on the pad's right arrow.
        double before = (await visitor.LookAsync()).Middle(Fox)!.Value.X;
        ViewportBox cross = await ViewportBox.OfAsync(page.Locator(".pad-cross"));
        await page.Mouse.MoveAsync(cross.X + (cross.Width * 0.85f), cross.Y + (cross.Height / 2));
        await page.Mouse.DownAsync();
        await visitor.SeeAsync(picture => picture.Middle(Fox)?.X > before + 30, "the hero flying to the right");
        await page.Mouse.UpAsync();

        await Expect(visitor.Stop).ToBeInViewportAsync();
        await visitor.Stop.TapAsync();
        await Expect(visitor.Stage).ToHaveAttributeAsync("data-state", "ended");
    }, Device.Phone);
}

/// <summary>Where an element is on the screen, CSS pixels.</summary>
internal sealed record ViewportBox(float X, float Y, float Width, float Height)
{
    public static async Task<ViewportBox> OfAsync(ILocator element)
    {
        LocatorBoundingBoxResult box = await element.BoundingBoxAsync()
            ?? throw new InvalidOperationException("The element is not on the page.");
        return new ViewportBox(box.X, box.Y, box.Width, box.Height);
    }
}
