using Microsoft.Playwright;
using PixelGameDev.Tests.Fixtures;
using static Microsoft.Playwright.Assertions;

namespace PixelGameDev.Tests.Browser;

/// <summary>Tests that a game knows whether it has the keyboard, and gets text however it is typed.</summary>
[Collection(BrowserCollection.Name)]
public sealed class PlayKeyboardTests(SystemFixture system, BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private static readonly (int R, int G, int B) Paused = (200, 0, 0);
    private static readonly (int R, int G, int B) Plays = (0, 160, 0);

    private async Task VisitAsync(
        Func<Visitor, Task> visit, Device? device = null, [System.Runtime.CompilerServices.CallerMemberName] string test = "") =>
        await Visitor.VisitAsync(browser, (await system.GetAsync()).Address, visit, device, test);

    [Fact]
    public Task The_game_knows_at_every_moment_of_a_start_whether_it_has_the_keyboard() => VisitAsync(async visitor =>
    {
        // The window opens late, so that something can happen before.
        static string ProgramThatOpensAfter(int seconds) =>
            $$"""
            import time
            import pygame
            pygame.init()
            print("soon")
            time.sleep({{seconds}})
            screen = pygame.display.set_mode((640, 480))
            clock = pygame.time.Clock()
            while True:
                for event in pygame.event.get():
                    if event.type == pygame.WINDOWFOCUSGAINED:
                        print("gained")
                    if event.type == pygame.WINDOWFOCUSLOST:
                        print("lost")
                screen.fill((0, 160, 0) if pygame.key.get_focused() else (200, 0, 0))
                pygame.display.flip()
                clock.tick(60)
            """;

        await visitor.UseProgramAsync(ProgramThatOpensAfter(1));
        // The page repeats a start that is refused because the previous session still ends.
        visitor.ExpectStatus(429);
        ILocator lines = visitor.Console.Locator(".line");
        Task IsAsync((int R, int G, int B) colour, string what) => visitor.SeeAsync(picture => picture.At(5, 5) == colour, what);

        await visitor.Code.ClickAsync();
        await visitor.Page.Keyboard.PressAsync("Control+Enter");
        await IsAsync(Plays, "a game that was started with the keyboard");
        await Expect(lines).ToHaveTextAsync(["soon", "gained"]);

        await visitor.Page.Keyboard.PressAsync("Control+Enter");
        await Expect(lines).ToHaveTextAsync(["soon", "gained"]);
        await IsAsync(Plays, "a game that was started again");

        await visitor.Stop.ClickAsync();
        await Expect(visitor.Stage).ToHaveAttributeAsync("data-state", "ended");
        // Long enough on a busy machine, too.
        await visitor.UseProgramAsync(ProgramThatOpensAfter(15));
        await visitor.Run.ClickAsync();
        await Expect(lines).ToHaveTextAsync(["soon"]);
        await visitor.Code.ClickAsync();
        await IsAsync(Paused, "a game whose player went to the code before its first picture");
        await Expect(lines).ToHaveTextAsync(["soon"]);
        await visitor.Canvas.ClickAsync();
        await IsAsync(Plays, "the same game after a click on its picture");
        await Expect(lines).ToHaveTextAsync(["soon", "gained"]);
        await visitor.Page.GetByTestId("project-name").FocusAsync();
        await IsAsync(Paused, "the same game while its name is changed");
        await Expect(lines).ToHaveTextAsync(["soon", "gained", "lost"]);

        await visitor.UseProgramAsync(ProgramThatOpensAfter(1));
        await visitor.Page.GetByTestId("project-name").FocusAsync();
        await visitor.Run.ClickAsync();
        await Expect(lines).ToHaveTextAsync(["soon", "gained"]);
        await IsAsync(Plays, "a game that was started with the button");
    });

    [Fact]
    public Task Text_of_input_methods_and_shortcuts_of_games_reach_the_game() => VisitAsync(async visitor =>
    {
        await visitor.UseProgramAsync(
            """
            import pygame
            pygame.init()
            screen = pygame.display.set_mode((640, 480))
            clock = pygame.time.Clock()
            while True:
                for event in pygame.event.get():
                    if event.type == pygame.KEYDOWN:
                        print("key", pygame.key.name(event.key), event.mod & pygame.KMOD_CTRL)
                    if event.type == pygame.TEXTEDITING:
                        print("editing", event.text, event.start)
                    if event.type == pygame.TEXTINPUT:
                        print("text", event.text)
                pygame.display.flip()
                clock.tick(60)
            """);
        await visitor.PressRunAsync();
        ICDPSession devtools = await visitor.Page.Context.NewCDPSessionAsync(visitor.Page);
        foreach (string text in new[] { "に", "日本" })
        {
            await devtools.SendAsync("Input.imeSetComposition", new Dictionary<string, object>
            {
                ["text"] = text,
                ["selectionStart"] = text.Length,
                ["selectionEnd"] = text.Length,
            });
        }

        await devtools.SendAsync("Input.insertText", new Dictionary<string, object> { ["text"] = "日本" });
        ILocator lines = visitor.Console.Locator(".line");
        await Expect(lines).ToHaveTextAsync(["editing に 1", "editing 日本 2", "editing  0", "text 日本"]);

        // Nothing of the page may be selected, found or saved.
        await visitor.Page.Keyboard.PressAsync("Control+KeyA");
        await visitor.Page.Keyboard.PressAsync("Control+KeyS");
        await visitor.Page.Keyboard.PressAsync("KeyZ");
        await Expect(lines.Last).ToHaveTextAsync("text z");
        await Expect(visitor.Console).ToContainTextAsync("key a 64");
        await Expect(visitor.Console).ToContainTextAsync("key s 64");
        Assert.Equal("", await visitor.Page.EvaluateAsync<string>("() => getSelection().toString()"));
        await Expect(visitor.Page.GetByTestId("toast")).ToHaveCountAsync(0);
    });

    [Fact]
    public Task A_phone_shows_no_keyboard_of_its_own_for_a_game() => VisitAsync(async visitor =>
    {
        await visitor.Run.TapAsync();
        await visitor.SeeAnyPictureAsync();
        await Expect(visitor.Keyboard).ToBeFocusedAsync();
        await Expect(visitor.Keyboard).ToHaveAttributeAsync("inputmode", "none");
    }, Device.Phone);
}
