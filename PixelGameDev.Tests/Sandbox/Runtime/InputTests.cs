using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;
using PixelGameDev.Tests.Fixtures.Sandbox;

namespace PixelGameDev.Tests.Sandbox.Runtime;

/// <summary>Tests that keys and mouse reach the game as on a desktop: as events and as state.</summary>
public sealed class InputTests : InputScene
{
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

        // The releases were lost, and so was the press of another key.
        held.Apply(new FocusMessage(1, true).ToMessage());
        held.Apply(new KeyMessage(1, true, false, ScancodeRight, 0, KeycodeRight, "").ToMessage());
        await host.SendAsync(held.ToMessage());
        await host.ConsoleAsync("up {'key': 97, 'unicode': 'a', 'scancode': 4, 'mod': 0}");
        await host.ConsoleAsync($"down {{'key': {KeycodeRight}, 'unicode': '', 'scancode': {ScancodeRight}, 'mod': 0}}");
        await host.ConsoleAsync("release {'pos': (10, 20), 'button': 1}");

        // The same state again changes nothing.
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

        // The inputs exceed the game's socket and all buffers before it while the game reads nothing.
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
        // The first place has no way, as on a desktop.
        await host.ConsoleAsync("motion {'pos': (10, 20), 'rel': (0, 0), 'buttons': (0, 0, 0)}");
        await host.ConsoleAsync("((10, 20), (False, False, False), True)");
        await host.ButtonAsync(3, true, 12, 21);
        await host.ConsoleAsync("motion {'pos': (12, 21), 'rel': (2, 1), 'buttons': (0, 0, 0)}");
        await host.ConsoleAsync("press {'pos': (12, 21), 'button': 3}");
        await host.ConsoleAsync("((12, 21), (False, False, True), True)");
        await host.MoveAsync(500, -5, 4);
        // A drag leaves the window; only the state stays inside.
        await host.ConsoleAsync("motion {'pos': (500, -5), 'rel': (488, -26), 'buttons': (0, 0, 1)}");
        await host.ConsoleAsync("((199, 0), (False, False, True), True)");
        await host.ButtonAsync(3, false, 500, -5);
        await host.ConsoleAsync("release {'pos': (500, -5), 'button': 3}");
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
        // set_pos() is no way of the mouse.
        Assert.Contains("(60, 50) (0, 0) (0, 0) (False, False, False, False, False)", host.Console, StringComparison.Ordinal);
        Assert.Contains("motion {'pos': (60, 50), 'rel': (0, 0)", host.Console, StringComparison.Ordinal);
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
}
