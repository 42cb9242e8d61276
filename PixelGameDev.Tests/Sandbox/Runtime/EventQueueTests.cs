using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;
using PixelGameDev.Tests.Fixtures.Sandbox;

namespace PixelGameDev.Tests.Sandbox.Runtime;

/// <summary>Tests the ways in which a game reads its events.</summary>
public sealed class EventQueueTests : InputScene
{
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
