using System.Text;
using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures.Sandbox;

namespace PixelGameDev.Tests.Sandbox.Runtime;

/// <summary>Tests windows that change their size, the size of the screen, and the clipboard.</summary>
public sealed class WindowTests
{
    private const string Loop = """

        print("ready")
        clock = pygame.time.Clock()
        while True:
            for event in pygame.event.get():
                if event.type == pygame.KEYDOWN:
                    step(event.unicode)
                elif event.type in (pygame.VIDEORESIZE, pygame.WINDOWRESIZED, pygame.WINDOWSIZECHANGED, pygame.CLIPBOARDUPDATE):
                    fields = {k: v for k, v in event.dict.items() if k != "window"}
                    print(pygame.event.event_name(event.type), fields, screen.get_size())
            screen.fill("red")
            pygame.display.flip()
            clock.tick(100)
        """;

    private const string Sized = """
        WindowSizeChanged {'x': 500, 'y': 350} (500, 350)
        VideoResize {'size': (500, 350), 'w': 500, 'h': 350} (500, 350)
        WindowResized {'x': 500, 'y': 350} (500, 350)

        """;

    private static async Task StepAsync(LinkHost host, char key)
    {
        await host.KeyAsync(4, true, key, key.ToString());
        await host.KeyAsync(4, false, key);
    }

    private static byte[] Window(bool resizable, int width, int height) => SandboxMessages.Window(
        [resizable ? (byte)1 : (byte)0, (byte)width, (byte)(width >> 8), (byte)height, (byte)(height >> 8)]);

    [Fact]
    public async Task A_window_gets_the_size_of_its_room_only_if_the_game_asks_for_it()
    {
        await using LinkHost host = await LinkHost.RunAsync("""
            import pygame
            pygame.init()
            display = pygame.display
            print(display.Info().current_w, display.Info().current_h, display.get_desktop_sizes(), display.list_modes())
            for flags in (0, pygame.FULLSCREEN, pygame.FULLSCREEN | pygame.RESIZABLE):
                screen = display.set_mode((0, 0), flags)
                print(screen.get_size(), display.Info().current_w, display.is_fullscreen())
            screen = display.set_mode((400, 300))
            print(display.toggle_fullscreen(), display.is_fullscreen(), screen.get_size())
            def step(name):
                if name == "r":
                    display.set_mode((400, 300), pygame.RESIZABLE)
                elif name == "s":
                    print("same", screen is display.get_surface(), display.get_window_size(), display.Info().current_w)
                elif name == "o":
                    display.set_mode((300, 200), pygame.RESIZABLE)
                elif name == "f":
                    display.set_mode((320, 240), pygame.RESIZABLE | pygame.SCALED)
            """ + Loop, SandboxKind.Docker);
        await host.ConsoleAsync("""
            1024 768 [(1024, 768)] [(1024, 768)]
            (1024, 768) 1024 False
            (1024, 768) 1024 True
            (1024, 768) 1024 True
            1 True (400, 300)
            ready
            """);
        byte[] room = new RoomMessage(7, 500, 350).ToMessage();
        await host.SendAsync(room);
        await StepAsync(host, 'r');
        await host.MessageAsync(MessageType.Window, message => message.AsSpan().SequenceEqual(Window(true, 400, 300)));
        Assert.DoesNotContain("500", host.Console, StringComparison.Ordinal);

        // The page repeats what it has not been answered; that counts once.
        await host.SendAsync(room);
        await host.SendAsync(room);
        await host.ConsoleAsync(Sized);
        await host.MessageAsync(MessageType.Window, message => message.AsSpan().SequenceEqual(Window(true, 500, 350)));
        await host.PictureAsync(
            picture => (picture.Width, picture.Height) == (500, 350) && picture.Count(0xFF0000) == 500 * 350, "the new size");
        await StepAsync(host, 's');
        await host.ConsoleAsync("same True (500, 350) 500");

        // What the game decides afterwards stays, although the page may still repeat its own.
        await StepAsync(host, 'o');
        await host.MessageAsync(MessageType.Window, message => message.AsSpan().SequenceEqual(Window(true, 300, 200)));
        await host.SendAsync(room);
        await StepAsync(host, 's');
        await host.ConsoleAsync("same True (300, 200) 300");
        await StepAsync(host, 'f');
        await host.MessageAsync(MessageType.Window, message => message.AsSpan().SequenceEqual(Window(false, 0, 0)));
        Assert.Single(host.Console.Split("VideoResize {'size': (500, 350)").Skip(1));
    }

    [Fact]
    public async Task The_clipboard_of_a_game_is_that_of_its_player()
    {
        await using LinkHost host = await LinkHost.RunAsync("""
            import pygame
            pygame.init()
            screen = pygame.display.set_mode((60, 40))
            scrap = pygame.scrap
            def attempt(function, *args):
                try:
                    print(function(*args))
                except Exception as error:
                    print(f"{type(error).__name__}: {error}")
            attempt(scrap.get, pygame.SCRAP_TEXT)
            scrap.init()
            print(scrap.get_init(), scrap.get(pygame.SCRAP_TEXT), scrap.contains(pygame.SCRAP_TEXT), scrap.get_types())
            def step(name):
                if name == "p":
                    scrap.put(pygame.SCRAP_TEXT, "Zoë 7".encode() + bytes(1))
                    print(scrap.get(pygame.SCRAP_TEXT), scrap.get("text/plain;charset=utf-8"), scrap.contains(pygame.SCRAP_TEXT))
                    attempt(scrap.put, pygame.SCRAP_TEXT, "text")
                    attempt(scrap.put, pygame.SCRAP_BMP, b"BM")
                    attempt(scrap.put, pygame.SCRAP_TEXT, b"x" * 20_000)
                elif name == "g":
                    print(scrap.get(pygame.SCRAP_TEXT).decode())
                elif name == "q":
                    pygame.display.quit()
                    pygame.display.init()
                    globals().update(screen=pygame.display.set_mode((60, 40)))
            """ + Loop, SandboxKind.Docker);
        await host.ConsoleAsync("error: scrap system not initialized.\nTrue None False ['text/plain;charset=utf-8']\nready");
        await StepAsync(host, 'p');
        Assert.Equal([0x11, .. Encoding.UTF8.GetBytes("Zoë 7")], await host.MessageAsync(MessageType.Clipboard));
        await host.ConsoleAsync("""
            b'Zo\xc3\xab 7' b'Zo\xc3\xab 7' True
            TypeError: a bytes-like object is required, not 'str'
            error: content could not be placed in clipboard.
            error: The text is too long for the clipboard: 20000 bytes. Up to 16384 bytes are possible here;
            """);
        await host.SendAsync(new PasteMessage(1, "пароль 42").ToMessage());
        await host.ConsoleAsync("ClipboardUpdate {}");
        await StepAsync(host, 'g');
        await host.ConsoleAsync("пароль 42");
        await StepAsync(host, 'q');
        await StepAsync(host, 'g');
        await host.ConsoleAsync("пароль 42\nпароль 42");
    }
}
