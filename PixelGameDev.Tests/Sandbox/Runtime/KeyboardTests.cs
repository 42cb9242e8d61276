using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures.Sandbox;

namespace PixelGameDev.Tests.Sandbox.Runtime;

/// <summary>Tests that text and the keyboard's focus reach the game as SDL tells them.</summary>
public sealed class KeyboardTests : InputScene
{
    [Theory]
    [InlineData(SandboxKind.Process)]
    [InlineData(SandboxKind.Docker)]
    public async Task Text_of_an_input_method_comes_as_text_events(SandboxKind kind)
    {
        await using LinkHost host = await LinkHost.RunAsync(
            """
            import pygame
            pygame.init()
            screen = pygame.display.set_mode((30, 10))
            pygame.event.clear()
            print("ready", flush=True)
            while True:
                for event in pygame.event.get((pygame.TEXTINPUT, pygame.TEXTEDITING, pygame.KEYDOWN)):
                    print(ascii(event.dict.get("text", event.dict.get("key"))), event.dict.get("start"), event.dict.get("length"), flush=True)
                    if event.type == pygame.KEYDOWN:
                        pygame.key.stop_text_input()
                pygame.time.wait(5)
            """,
            kind);
        await host.ConsoleAsync("ready");
        await host.TextAsync("に", committed: false, start: 1);
        await host.TextAsync("日本", committed: false, start: 0, length: 2);
        await host.TextAsync("", committed: false);
        await host.TextAsync("日本");
        await host.ConsoleAsync(@"'\u306b' 1 0");
        await host.ConsoleAsync(@"'\u65e5\u672c' 0 2");
        await host.ConsoleAsync("'' 0 0");
        await host.ConsoleAsync(@"'\u65e5\u672c' None None");

        // SDL's events hold 31 bytes: ten characters of three.
        await host.TextAsync(new string('あ', 12));
        await host.ConsoleAsync("'" + string.Concat(Enumerable.Repeat(@"\u3042", 10)) + "' None None");
        await host.ConsoleAsync(@"'\u3042\u3042' None None");

        // A game that takes no text gets none.
        await host.KeyAsync(ScancodeA, true, 'a');
        await host.ConsoleAsync("97 None None");
        await host.TextAsync("no");
        await host.KeyAsync(ScancodeRight, true, KeycodeRight);
        await host.ConsoleAsync($"{KeycodeRight} None None");
        Assert.DoesNotContain("'no'", host.Console, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SandboxKind.Process, true, "[True]")]
    [InlineData(SandboxKind.Process, false, "[]")]
    [InlineData(SandboxKind.Docker, true, "[True]")]
    [InlineData(SandboxKind.Docker, false, "[]")]
    public async Task A_window_opens_with_the_keyboard_if_the_page_has_it(SandboxKind kind, bool focused, string gained)
    {
        await using LinkHost host = await LinkHost.RunAsync(
            """
            import pygame
            focus = (pygame.WINDOWFOCUSGAINED, pygame.WINDOWFOCUSLOST)
            def told():
                return [event.type == pygame.WINDOWFOCUSGAINED for event in pygame.event.get(focus)]
            pygame.init()
            input()
            print("before", pygame.key.get_focused())
            pygame.display.set_mode((30, 10))
            print("open", pygame.key.get_focused(), told())
            pygame.display.set_mode((40, 10))
            print("larger", pygame.key.get_focused(), told())
            input()
            print("changed", told(), pygame.key.get_focused())
            pygame.quit()
            pygame.init()
            pygame.display.set_mode((30, 10))
            print("again", pygame.key.get_focused(), told())
            """,
            kind);
        await host.FocusAsync(focused);
        await host.SendAsync(SandboxMessages.Text(MessageType.ConsoleInput, ""));
        await host.ConsoleAsync("before False");
        await host.ConsoleAsync($"open {focused} {gained}");
        await host.ConsoleAsync($"larger {focused} []");
        await host.FocusAsync(!focused);
        await host.SendAsync(SandboxMessages.Text(MessageType.ConsoleInput, ""));
        await host.ConsoleAsync($"changed [{!focused}] {!focused}");
        await host.EndAsync();
        Assert.Contains($"again {!focused} {(focused ? "[]" : "[True]")}", host.Console, StringComparison.Ordinal);
    }
}
