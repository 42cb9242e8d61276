using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;
using PixelGameDev.Tests.Fixtures.Sandbox;

namespace PixelGameDev.Tests.Sandbox.Runtime;

/// <summary>Keys and mouse reach the game as they would on a desktop: as events and as state.</summary>
public sealed class InputTests
{
    private const int ScancodeA = 4;
    private const int ScancodeRight = 79;
    private const int ScancodeShift = 225;
    private const uint KeycodeRight = 0x4000004F;
    private const uint KeycodeShift = 0x400000E1;

    private const string Echo = """
        import pygame, sys
        pygame.init()
        screen = pygame.display.set_mode((200, 100))
        names = {pygame.KEYDOWN: "down", pygame.KEYUP: "up", pygame.TEXTINPUT: "text", pygame.MOUSEMOTION: "motion",
                 pygame.MOUSEBUTTONDOWN: "press", pygame.MOUSEBUTTONUP: "release", pygame.MOUSEWHEEL: "wheel",
                 pygame.ACTIVEEVENT: "active", pygame.QUIT: "quit", pygame.USEREVENT: "user"}
        def show(event):
            if event.type not in names:
                return
            fields = {k: event.dict[k] for k in ("key", "unicode", "scancode", "mod", "text", "pos", "rel", "buttons", "button", "y", "gain") if k in event.dict}
            print(names[event.type], fields, flush=True)
            if event.type == pygame.QUIT:
                sys.exit()
        """;

    private const string EchoLoop = Echo + """

        clock = pygame.time.Clock()
        pygame.event.clear()
        print("ready")
        while True:
            for event in pygame.event.get():
                show(event)
            pygame.display.flip()
            clock.tick(60)
        """;

    [Theory]
    [InlineData(SandboxKind.Process)]
    [InlineData(SandboxKind.Docker)]
    public async Task Keys_come_as_events_with_their_text(SandboxKind kind)
    {
        await using LinkHost host = await LinkHost.RunAsync(EchoLoop, kind);
        await host.ConsoleAsync("ready");
        await host.KeyAsync(ScancodeA, true, 'a', "a");
        await host.KeyAsync(ScancodeA, false, 'a');
        await host.KeyAsync(ScancodeShift, true, KeycodeShift, mods: 1);
        await host.KeyAsync(ScancodeA, true, 'a', "Ä", mods: 1);
        await host.ConsoleAsync("down {'key': 97, 'unicode': 'a', 'scancode': 4, 'mod': 0}");
        await host.ConsoleAsync("text {'text': 'a'}");
        await host.ConsoleAsync("up {'key': 97, 'unicode': 'a', 'scancode': 4, 'mod': 0}");
        await host.ConsoleAsync("down {'key': 97, 'unicode': 'Ä', 'scancode': 4, 'mod': 1}");
        await host.ConsoleAsync("text {'text': 'Ä'}");
    }

    [Theory]
    [InlineData(SandboxKind.Process)]
    [InlineData(SandboxKind.Docker)]
    public async Task Pressed_keys_and_modifiers_are_true(SandboxKind kind)
    {
        await using LinkHost host = await LinkHost.RunAsync(
            """
            import pygame
            pygame.init()
            screen = pygame.display.set_mode((30, 10))
            clock = pygame.time.Clock()
            while True:
                pygame.event.pump()
                keys = pygame.key.get_pressed()
                screen.fill((255 * keys[pygame.K_RIGHT], 255 * keys[pygame.K_a], 255 * bool(pygame.key.get_mods() & pygame.KMOD_SHIFT)))
                pygame.display.flip()
                clock.tick(60)
            """,
            kind);
        await host.PictureAsync(p => p[0, 0] == 0, "nothing pressed");
        uint seq = await host.KeyAsync(ScancodeRight, true, KeycodeRight);
        GamePicture picture = await host.PictureAsync(p => p[0, 0] == 0xFF0000, "right");
        Assert.Equal(seq, picture.InputSeq);
        await host.KeyAsync(ScancodeShift, true, KeycodeShift, mods: 1);
        await host.PictureAsync(p => p[0, 0] == 0xFF00FF, "right and shift");
        await host.KeyAsync(ScancodeA, true, 'a', "A", mods: 1);
        await host.PictureAsync(p => p[0, 0] == 0xFFFFFF, "all three");
        await host.KeyAsync(ScancodeRight, false, KeycodeRight, mods: 1);
        await host.PictureAsync(p => p[0, 0] == 0x00FFFF, "right is up again");
        await host.FocusAsync(false);
        await host.PictureAsync(p => p[0, 0] == 0, "lost focus lifts everything");
    }

    [Theory]
    [InlineData(SandboxKind.Process)]
    [InlineData(SandboxKind.Docker)]
    public async Task What_was_lost_on_the_way_is_made_up_for_by_the_whole_state(SandboxKind kind)
    {
        await using LinkHost host = await LinkHost.RunAsync(EchoLoop, kind);
        await host.ConsoleAsync("ready");
        HeldInput held = new();
        await host.FocusAsync(true);
        await host.KeyAsync(ScancodeA, true, 'a', "a");
        await host.ButtonAsync(1, true, 10, 20);
        await host.ConsoleAsync("press {'pos': (10, 20), 'button': 1}");

        // The releases did not come; nor did the press of another key.
        held.Apply(new FocusMessage(1, true).ToMessage());
        held.Apply(new KeyMessage(1, true, false, ScancodeRight, 0, KeycodeRight, "").ToMessage());
        await host.SendAsync(held.ToMessage());
        await host.ConsoleAsync("up {'key': 97, 'unicode': 'a', 'scancode': 4, 'mod': 0}");
        await host.ConsoleAsync($"down {{'key': {KeycodeRight}, 'unicode': '', 'scancode': {ScancodeRight}, 'mod': 0}}");
        await host.ConsoleAsync("release {'pos': (10, 20), 'button': 1}");

        // The same again changes nothing.
        int before = host.Console.Length;
        await host.SendAsync(held.ToMessage());
        await host.SendAsync(new HeldInput().ToMessage());
        await host.ConsoleAsync($"up {{'key': {KeycodeRight}, 'unicode': '', 'scancode': {ScancodeRight}, 'mod': 0}}");
        await host.ConsoleAsync("active {'gain': 0");
        Assert.DoesNotContain("down", host.Console[before..], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_end_and_the_last_state_come_through_however_much_waits()
    {
        await using LinkHost host = await LinkHost.RunAsync(
            """
            import pygame
            pygame.init()
            pygame.display.set_mode((30, 10))
            print("ready", flush=True)
            try:
                input()
            except EOFError:
                pass
            while True:
                for event in pygame.event.get():
                    if event.type == pygame.QUIT:
                        print("quit, right is", pygame.key.get_pressed()[pygame.K_RIGHT], flush=True)
                        raise SystemExit
            """);
        await host.ConsoleAsync("ready");

        // More than the game's socket and all places before it hold, while the game does not look.
        await host.KeyAsync(ScancodeRight, true, KeycodeRight);
        for (int count = 0; count < 3000; count++)
        {
            await host.KeyAsync(ScancodeA, count % 2 == 0, 'a');
        }

        await host.SendAsync(new HeldInput().ToMessage());
        await host.StopAsync(graceMillis: 60_000);
        await host.ConsoleAsync("quit, right is False");
    }

    [Fact]
    public async Task The_mouse_is_true_in_events_and_in_state()
    {
        await using LinkHost host = await LinkHost.RunAsync(EchoLoop.Replace(
            "pygame.display.flip()",
            "state = (pygame.mouse.get_pos(), pygame.mouse.get_pressed(), pygame.mouse.get_focused()); globals().get('last') == state " +
                "or print(state); last = state; pygame.display.flip()",
            StringComparison.Ordinal));
        await host.ConsoleAsync("ready");
        await host.MoveAsync(10, 20);
        await host.ConsoleAsync("motion {'pos': (10, 20), 'rel': (10, 20), 'buttons': (0, 0, 0)}");
        await host.ConsoleAsync("((10, 20), (False, False, False), True)");
        await host.ButtonAsync(3, true, 12, 21);
        await host.ConsoleAsync("motion {'pos': (12, 21), 'rel': (2, 1), 'buttons': (0, 0, 0)}");
        await host.ConsoleAsync("press {'pos': (12, 21), 'button': 3}");
        await host.ConsoleAsync("((12, 21), (False, False, True), True)");
        await host.MoveAsync(500, -5, 4);
        await host.ConsoleAsync("motion {'pos': (199, 0), 'rel': (187, -21), 'buttons': (0, 0, 1)}");
        await host.ButtonAsync(3, false, 199, 0);
        await host.ConsoleAsync("release {'pos': (199, 0), 'button': 3}");
        await host.MoveAsync(50, 60);
        await host.WheelAsync(1);
        await host.ConsoleAsync("wheel {'y': 1}");
        await host.ConsoleAsync("press {'pos': (50, 60), 'button': 4}");
        await host.WheelAsync(-2);
        await host.ConsoleAsync("press {'pos': (50, 60), 'button': 5}");
        await host.ButtonAsync(1, true, 50, 60);
        await host.ConsoleAsync("((50, 60), (True, False, False), True)");
        await host.FocusAsync(false);
        await host.ConsoleAsync("release {'pos': (50, 60), 'button': 1}");
        await host.ConsoleAsync("((50, 60), (False, False, False), False)");
        await host.ConsoleAsync("active {'gain': 0");
    }

    [Fact]
    public async Task A_game_may_peek_after_a_turn_of_the_wheel_and_its_own_presses_keep_their_place()
    {
        await using LinkHost host = await LinkHost.RunAsync(
            """
            import pygame
            pygame.init()
            screen = pygame.display.set_mode((200, 100))
            pygame.display.flip()
            print("ready")
            while not pygame.event.peek(pygame.MOUSEWHEEL):
                pygame.time.wait(1)
            print("peeked", pygame.event.peek([pygame.MOUSEWHEEL, pygame.QUIT]), bool(pygame.event.peek()))

            def own(place):
                pygame.event.post(pygame.event.Event(pygame.MOUSEBUTTONDOWN, button=4, pos=place))

            # A loop of poll() empties the queue; a press of the game's own that comes then is its own.
            while True:
                event = pygame.event.poll()
                if event.type == pygame.NOEVENT:
                    break
                if event.type == pygame.MOUSEBUTTONDOWN:
                    print("poll", event.button, event.pos)
            own((1, 2))
            print("own after poll", [e.pos for e in pygame.event.get(pygame.MOUSEBUTTONDOWN)])

            # So does a loop of wait().
            while True:
                event = pygame.event.wait()
                if event.type == pygame.MOUSEBUTTONDOWN:
                    print("wait", event.button, event.pos)
                if event.type == pygame.MOUSEBUTTONUP:
                    break
            own((3, 4))
            print("own after wait", [e.pos for e in pygame.event.get(pygame.MOUSEBUTTONDOWN)])
            """);
        await host.ConsoleAsync("ready");
        await host.MoveAsync(50, 60);
        await host.WheelAsync(1);
        await host.ConsoleAsync("peeked True True");
        await host.ConsoleAsync("poll 4 (50, 60)");
        await host.ConsoleAsync("own after poll [(1, 2)]");
        await host.WheelAsync(-1);
        await host.ConsoleAsync("own after wait [(3, 4)]");
        Assert.Matches(@"own after poll \[\(1, 2\)\]\n(wait 5 \(50, 60\)\n)+own after wait", host.Console);
        Assert.Equal(EndReasons.Finished, (await host.EndAsync()).Reason);
    }

    [Fact]
    public async Task Set_pos_and_get_rel_agree()
    {
        await using LinkHost host = await LinkHost.RunAsync(Echo + """

            pygame.event.clear()
            pygame.mouse.get_rel()
            pygame.mouse.set_pos(40, 30)
            pygame.mouse.set_pos((60, 50))
            print(pygame.mouse.get_pos(), pygame.mouse.get_rel(), pygame.mouse.get_rel(), pygame.mouse.get_pressed(5))
            for event in pygame.event.get():
                show(event)
            """);
        await host.EndAsync();
        Assert.Contains("(60, 50) (60, 50) (0, 0) (False, False, False, False, False)", host.Console, StringComparison.Ordinal);
        Assert.Contains("motion {'pos': (60, 50), 'rel': (20, 20)", host.Console, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_held_key_repeats_only_where_the_game_asked_for_it()
    {
        await using LinkHost host =
            await LinkHost.RunAsync(
                EchoLoop.Replace("print(\"ready\")", "pygame.key.set_repeat(30, 10); print(\"ready\")", StringComparison.Ordinal));
        await host.ConsoleAsync("ready");
        await host.KeyAsync(ScancodeA, true, 'a', "a");
        await Eventually.TrueAsync(() => host.Console.Split("down {'key': 97").Length > 4, "three presses");
        await host.KeyAsync(ScancodeA, false, 'a');
        await host.ConsoleAsync("up {'key': 97");

        await using LinkHost plain = await LinkHost.RunAsync(EchoLoop);
        await plain.ConsoleAsync("ready");
        await plain.KeyAsync(ScancodeA, true, 'a', "a");
        for (int i = 0; i < 5; i++)
        {
            await plain.KeyAsync(ScancodeA, true, 'a', "a", repeat: true);
        }

        await plain.KeyAsync(ScancodeA, false, 'a');
        await plain.ConsoleAsync("up {'key': 97");
        Assert.Equal(2, plain.Console.Split("down {'key': 97").Length);
        Assert.Equal(7, plain.Console.Split("text {'text': 'a'}").Length);
    }

    [Fact]
    public async Task A_game_that_waits_for_events_wakes_for_input_timers_and_posts()
    {
        await using LinkHost host = await LinkHost.RunAsync(Echo + """

            import threading
            pygame.event.clear()
            pygame.time.set_timer(pygame.USEREVENT, 20)
            while True:
                event = pygame.event.wait()
                if event.type == pygame.USEREVENT:
                    break
            pygame.time.set_timer(pygame.USEREVENT, 0)
            print("timer")
            threading.Timer(0.05, lambda: pygame.event.post(pygame.event.Event(pygame.USEREVENT, key=7))).start()
            while pygame.event.wait().dict.get("key") != 7:
                pass
            print("post")
            print("nothing", pygame.event.wait(30).type == pygame.NOEVENT)
            while True:
                show(pygame.event.wait())
            """);
        await host.ConsoleAsync("timer");
        await host.ConsoleAsync("post");
        await host.ConsoleAsync("nothing True");
        await host.KeyAsync(ScancodeA, true, 'a', "a");
        await host.ConsoleAsync("down {'key': 97");
        await host.StopAsync();
        await host.ConsoleAsync("quit {}");
        SessionEnded end = await host.EndAsync();
        Assert.Equal((EndReasons.Stopped, 0), (end.Reason, end.ExitCode));
    }

    [Theory]
    [InlineData("pygame.event.poll()")]
    [InlineData("next(iter(pygame.event.get(pygame.KEYDOWN)), pygame.event.Event(pygame.NOEVENT))")]
    [InlineData(
        "(pygame.event.pump(), pygame.event.Event(pygame.KEYDOWN, key=97) if pygame.key.get_pressed()[97] else pygame.event.Event(0))[1]")]
    [InlineData("pygame.event.Event(pygame.KEYDOWN, key=97) if pygame.event.peek(pygame.KEYDOWN) else pygame.event.Event(0)")]
    public async Task Every_way_of_asking_for_events_brings_input(string ask)
    {
        await using LinkHost host = await LinkHost.RunAsync(Echo + $$"""

            print("ready")
            while True:
                event = {{ask}}
                if event.type == pygame.KEYDOWN:
                    show(event)
                    break
                pygame.time.wait(5)
            """);
        await host.ConsoleAsync("ready");
        await host.KeyAsync(ScancodeA, true, 'a', "a");
        await host.EndAsync();
        Assert.Contains("down {'key': 97", host.Console, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hooks_hold_for_names_imported_one_by_one_and_blocked_types_stay_away()
    {
        await using LinkHost host = await LinkHost.RunAsync(
            """
            from pygame.event import get, set_blocked
            from pygame.display import flip, set_mode
            from pygame.mouse import get_pos
            from pygame import MOUSEMOTION, KEYDOWN, time
            set_mode((100, 100))
            set_blocked(MOUSEMOTION)
            seen = []
            while KEYDOWN not in seen:
                seen += [e.type for e in get()]
                flip()
            print(get_pos(), MOUSEMOTION in seen)
            """);
        await host.PictureAsync(_ => true, "a frame");
        await host.MoveAsync(33, 44);
        await host.KeyAsync(ScancodeA, true, 'a', "a");
        await host.EndAsync();
        Assert.Contains("(33, 44) False", host.Console, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_game_that_never_looks_at_its_events_does_not_hold_anything_up()
    {
        await using LinkHost host = await LinkHost.RunAsync(
            """
            import pygame
            pygame.init()
            screen = pygame.display.set_mode((64, 64))
            clock = pygame.time.Clock()
            print("ready")
            input()
            pygame.event.pump()
            while pygame.key.get_pressed()[pygame.K_a]:
                pygame.event.pump()
                pygame.time.wait(5)
            print("released", pygame.mouse.get_pos())
            """);
        await host.ConsoleAsync("ready");
        await host.KeyAsync(ScancodeA, true, 'a', "a");
        for (int i = 0; i < 5000; i++)
        {
            await host.MoveAsync(i % 60, 7);
        }

        await host.KeyAsync(ScancodeA, false, 'a');
        await host.SendAsync([(byte)MessageType.Ping, 1, 2, 3, 4, 5, 6, 7, 8]);
        byte[] pong = await host.MessageAsync(MessageType.Pong);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], pong[1..9]);
        await host.SendAsync(SandboxMessages.Text(MessageType.ConsoleInput, "go"));
        await host.EndAsync();
        Assert.Contains("released (19, 7)", host.Console, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Joysticks_are_absent_but_harmless()
    {
        await using LinkHost host = await LinkHost.RunAsync(
            """
            import ctypes
            import pygame
            print("counts", pygame.init()[1])
            pygame.joystick.init()
            print("joysticks", pygame.joystick.get_count(), [pygame.joystick.Joystick(i) for i in range(pygame.joystick.get_count())])
            pygame.display.set_mode((64, 48))
            pygame.event.get()
            # SDL itself does not look for any: it would at each look at the events, in vain and dearly.
            sdl = next(line.split()[-1] for line in open("/proc/self/maps") if "libSDL2-2" in line)
            print("looks for them", ctypes.CDLL(sdl).SDL_WasInit(0x200))
            for attempt in (lambda: pygame.joystick.Joystick(0), lambda: (pygame.quit(), pygame.joystick.get_count())):
                try:
                    attempt()
                except pygame.error as error:
                    print(pygame.joystick.get_init(), error)
            """);
        Assert.Equal(EndReasons.Finished, (await host.EndAsync()).Reason);
        Assert.Contains("counts 0\n", host.Console, StringComparison.Ordinal);
        Assert.Contains("looks for them 0\n", host.Console, StringComparison.Ordinal);
        Assert.Contains("True Invalid joystick device number\nFalse joystick system not initialized\n", host.Console,
            StringComparison.Ordinal);
        Assert.Contains("joysticks 0 []", host.Console, StringComparison.Ordinal);
    }
}
