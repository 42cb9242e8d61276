using System.Text.RegularExpressions;
using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;
using PixelGameDev.Tests.Fixtures.Sandbox;

namespace PixelGameDev.Tests.Sandbox.Runtime;

/// <summary>Tests side buttons, entering, ways, cursors and fingers. The expected lines are what a plain pygame window prints.</summary>
public sealed class PointerTests
{
    private const string Watch = """
        import pygame
        pygame.init()
        screen = pygame.display.set_mode((400, 300))
        hidden_keys = ("window", "flipped", "pressure")
        last = None
        commands = []
        def show():
            global last
            for event in pygame.event.get():
                if event.type == pygame.KEYDOWN:
                    commands.append(event.unicode)
                elif event.type not in (pygame.KEYUP, pygame.TEXTINPUT):
                    print(pygame.event.event_name(event.type), {k: v for k, v in event.dict.items() if k not in hidden_keys})
            state = (pygame.mouse.get_pos(), pygame.mouse.get_pressed(5), pygame.mouse.get_focused())
            if state != last:
                print(*state)
                last = state
        """;

    /// <summary>Runs one step of the game for each key.</summary>
    private const string Loop = """

        show()
        print("ready", flush=True)
        clock = pygame.time.Clock()
        while True:
            show()
            while commands:
                step(commands.pop(0))
            clock.tick(100)
        """;

    [Fact]
    public async Task Five_buttons_entering_leaving_and_the_wheel_are_those_of_a_window()
    {
        await using LinkHost host = await LinkHost.RunAsync(Watch + "\nstep = print\n" + Loop, SandboxKind.Docker);
        await host.ConsoleAsync("ready");
        await host.InsideAsync(true);
        await host.MoveAsync(150, 150);
        await host.ConsoleAsync("WindowEnter {}\nMouseMotion {'pos': (150, 150), 'rel': (0, 0), 'buttons': (0, 0, 0), 'touch': False}\n");
        await host.ConsoleAsync("(150, 150) (False, False, False, False, False) True");
        await host.ButtonAsync(4, true, 150, 150);
        await host.ConsoleAsync("MouseButtonDown {'pos': (150, 150), 'button': 6, 'touch': False}");
        await host.ConsoleAsync("(150, 150) (False, False, False, True, False) True");
        await host.ButtonAsync(5, true, 150, 150);
        await host.ConsoleAsync("MouseButtonDown {'pos': (150, 150), 'button': 7, 'touch': False}");
        await host.ConsoleAsync("(150, 150) (False, False, False, True, True) True");

        // The releases were lost; the next place says what is held.
        await host.MoveAsync(151, 150, 16);
        await host.ConsoleAsync("MouseButtonUp {'pos': (151, 150), 'button': 6, 'touch': False}");
        HeldInput held = new();
        held.Apply(new MouseInsideMessage(1, true).ToMessage());
        await host.SendAsync(held.ToMessage());
        await host.ConsoleAsync("MouseButtonUp {'pos': (151, 150), 'button': 7, 'touch': False}");

        int before = host.Console.Length;
        await host.SendAsync(new WheelMessage(1, 0, -2, (0, -2)).ToMessage());
        await host.SendAsync(new WheelMessage(1, 1, 0, (1, 0)).ToMessage());
        await host.ConsoleAsync("'x': 1");
        string turned = host.Console[before..];
        Assert.Equal(3, turned.Split("MouseWheel").Length - 1);
        Assert.Equal(2, turned.Split("MouseButtonDown {'pos': (151, 150), 'button': 5").Length - 1);

        // The page is gone: nothing is held, and the mouse is not here.
        await host.SendAsync(new HeldInput().ToMessage());
        await host.ConsoleAsync("WindowLeave {}");
        await host.ConsoleAsync("(151, 150) (False, False, False, False, False) False");
        // Older versions of pygame have another state.
        Assert.Matches(@"ActiveEvent \{'gain': 1, 'state': [01]\}\nWindowEnter", host.Console);
        Assert.Single(Regex.Matches(host.Console, "WindowEnter"));
    }

    [Theory]
    [InlineData(SandboxKind.Process)]
    [InlineData(SandboxKind.Docker)]
    public async Task A_game_that_looks_around_asks_for_ways_and_turns_without_end(SandboxKind kind)
    {
        await using LinkHost host = await LinkHost.RunAsync(Watch + """

            total = 0
            def step(name):
                global total
                if name == "g":
                    pygame.event.set_grab(True)
                    pygame.mouse.set_visible(False)
                elif name == "f":
                    pygame.event.set_grab(False)
                elif name == "r":
                    print("rel", pygame.mouse.get_rel())
                elif name == "w":
                    # The loop of every first-person tutorial.
                    total += pygame.mouse.get_pos()[0] - 200
                    pygame.mouse.set_pos((200, 150))
                    print("total", total)
                elif name == "v":
                    pygame.mouse.set_visible(True)
                    for wrong in (("ab", "c"), (5,)):
                        try:
                            pygame.mouse.set_pos(*wrong)
                        except TypeError as error:
                            print(error)
                elif name == "c":
                    pygame.mouse.set_cursor(pygame.SYSTEM_CURSOR_HAND)
                    print(pygame.mouse.get_cursor())
                elif name == "p":
                    picture = pygame.Surface((2, 1), pygame.SRCALPHA)
                    picture.set_at((0, 0), (255, 0, 0, 255))
                    pygame.mouse.set_cursor((1, 0), picture)
                elif name == "b":
                    pygame.mouse.set_cursor((8, 1), (0, 0), (0b10000000,), (0b11000000,))
            """ + Loop, kind);
        await host.ConsoleAsync("ready");
        async Task StepAsync(char key)
        {
            await host.KeyAsync(4, true, key, key.ToString());
            await host.KeyAsync(4, false, key);
        }

        async Task CursorAsync(bool visible, bool grabbed, byte shape, bool relative)
        {
            byte[] told = SandboxMessages.Cursor(visible, grabbed, shape, relative);
            Assert.Equal(told, await host.MessageAsync(MessageType.Cursor, message => message.AsSpan().SequenceEqual(told)));
        }

        await host.InsideAsync(true);
        await host.MoveAsync(100, 100);
        await StepAsync('g');
        await CursorAsync(false, true, 0, true);
        await StepAsync('r');
        for (int i = 0; i < 12; i++)
        {
            await host.TurnAsync(100, 0);
        }

        await host.TurnAsync(0, 0, 1);
        await host.ConsoleAsync("MouseButtonDown {'pos': (399, 100), 'button': 1, 'touch': False}");
        await host.TurnAsync(0, 0);
        await StepAsync('r');
        await host.ConsoleAsync("rel (1200, 0)");
        await StepAsync('f');
        await CursorAsync(false, false, 0, false);

        // Hidden, not grabbed, put back each frame.
        await StepAsync('w');
        await host.ConsoleAsync("total 199");
        // Only three times within a second count. A machine that stands still may need more of them, which change nothing.
        int cursors = host.Messages(MessageType.Cursor).Count;
        await Eventually.TrueAsync(
            async () =>
            {
                for (int i = 0; i < 3; i++)
                {
                    await StepAsync('w');
                }

                return host.Messages(MessageType.Cursor).Count > cursors;
            },
            "the game wants ways");
        await CursorAsync(false, false, 0, true);
        for (int i = 1; i <= 6; i++)
        {
            await host.TurnAsync(150, 0);
            await StepAsync('w');
            await host.ConsoleAsync($"total {199 + (i * 150)}");
        }

        // A browser without a lock: places, whose differences count from where the game has put the mouse.
        await host.MoveAsync(10, 10);
        await host.MoveAsync(60, 10);
        await StepAsync('w');
        await host.ConsoleAsync("total 1149");

        await StepAsync('v');
        await CursorAsync(true, false, 0, false);
        await host.ConsoleAsync("invalid position argument for set_pos\ninvalid position argument for set_pos");
        await StepAsync('c');
        await CursorAsync(true, false, 11, false);
        await host.ConsoleAsync("<Cursor(type: system, constant: SYSTEM_CURSOR_HAND)>");
        await StepAsync('p');
        await CursorAsync(true, false, 12, false);
        Assert.Equal([0x0F, 2, 1, 1, 0, 255, 0, 0, 255, 0, 0, 0, 0], await host.MessageAsync(MessageType.CursorPicture));
        await StepAsync('b');
        byte[] bitmap = await host.MessageAsync(MessageType.CursorPicture, message => message[1] == 8);
        Assert.Equal([0, 0, 0, 255, 255, 255, 255, 255, 0, 0, 0, 0], bitmap[5..17]);
    }

    [Fact]
    public async Task Fingers_come_several_at_once_and_the_first_is_a_mouse()
    {
        await using LinkHost host = await LinkHost.RunAsync(Watch + "\nstep = print\n" + Loop, SandboxKind.Docker);
        await host.ConsoleAsync("ready");
        await host.InsideAsync(true);
        await host.FingersAsync(new Finger(0, 0.5f, 0.5f));
        await host.ConsoleAsync(
            "MouseMotion {'pos': (200, 150), 'rel': (0, 0), 'buttons': (0, 0, 0), 'touch': True}\n" +
            "MouseButtonDown {'pos': (200, 150), 'button': 1, 'touch': True}\n" +
            "FingerDown {'touch_id': 1, 'finger_id': 0, 'x': 0.5, 'y': 0.5, 'dx': 0.0, 'dy': 0.0}");
        await host.FingersAsync(new Finger(0, 0.5f, 0.5f), new Finger(1, 0.25f, 0.25f));
        await host.ConsoleAsync("FingerDown {'touch_id': 1, 'finger_id': 1, 'x': 0.25, 'y': 0.25, 'dx': 0.0, 'dy': 0.0}");

        // The whole state of the page does not lift a finger.
        HeldInput held = new();
        held.Apply(new MouseInsideMessage(1, true).ToMessage());
        held.Apply(FingersMessage.ToMessage(1, new Finger(0, 0, 0)));
        await host.SendAsync(held.ToMessage());
        await host.FingersAsync(new Finger(0, 0.75f, 0.5f), new Finger(1, 0.25f, 0.5f));
        await host.ConsoleAsync(
            "MouseMotion {'pos': (300, 150), 'rel': (100, 0), 'buttons': (1, 0, 0), 'touch': True}\n" +
            "FingerMotion {'touch_id': 1, 'finger_id': 0, 'x': 0.75, 'y': 0.5, 'dx': 0.25, 'dy': 0.0}\n" +
            "FingerMotion {'touch_id': 1, 'finger_id': 1, 'x': 0.25, 'y': 0.5, 'dx': 0.0, 'dy': 0.25}");
        Assert.DoesNotContain("Up", host.Console, StringComparison.Ordinal);
        await host.FingersAsync(new Finger(1, 0.25f, 0.5f));
        await host.ConsoleAsync(
            "MouseButtonUp {'pos': (300, 150), 'button': 1, 'touch': True}\n" +
            "FingerUp {'touch_id': 1, 'finger_id': 0, 'x': 0.75, 'y': 0.5, 'dx': 0.0, 'dy': 0.0}");

        // The window of the player was closed.
        await host.SendAsync(new HeldInput().ToMessage());
        await host.ConsoleAsync("FingerUp {'touch_id': 1, 'finger_id': 1, 'x': 0.25, 'y': 0.5, 'dx': 0.0, 'dy': 0.0}");
    }
}
