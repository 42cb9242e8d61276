using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;
using PixelGameDev.Tests.Fixtures.Sandbox;

namespace PixelGameDev.Tests.Sandbox.Runtime;

/// <summary>Tests that gamepads of the page are pygame's joysticks and controllers.</summary>
public sealed class GamepadTests
{
    private static readonly GamepadMessage Xbox = new(0, 0, true, 0x45E, 0x28E, [0, 0, 0, 0], new byte[17], "Xbox 360 Controller");

    private static readonly GamepadMessage PlayStation = new(0, 1, true, 0x54C, 0x9CC, [0, 0, 0, 0], new byte[18], "DualShock 4");

    [Theory]
    [InlineData(SandboxKind.Process)]
    [InlineData(SandboxKind.Docker)]
    public async Task Two_gamepads_come_are_read_shake_and_go(SandboxKind kind)
    {
        await using LinkHost host = await LinkHost.RunAsync(
            """
            import pygame
            pygame.init()
            pygame.display.set_mode((64, 48))
            clock = pygame.time.Clock()
            pads = {}
            print("ready", pygame.joystick.get_count(), flush=True)
            while True:
                for event in pygame.event.get():
                    if event.type == pygame.JOYDEVICEADDED:
                        pad = pygame.joystick.Joystick(event.device_index)
                        pads[pad.get_instance_id()] = pad
                        print("added", pad.get_name(), pad.get_numaxes(), pad.get_numbuttons(), pad.get_numhats(),
                              isinstance(pad, pygame.joystick.JoystickType), pygame.joystick.get_count())
                    elif event.type == pygame.JOYDEVICEREMOVED:
                        print("removed", pads.pop(event.instance_id).get_name(), pygame.joystick.get_count())
                    elif event.type == pygame.JOYAXISMOTION and abs(event.value) > 0.4 and not -1.1 < event.value < -0.99:
                        print("axis", event.instance_id, event.axis, round(event.value, 2))
                    elif event.type == pygame.JOYBUTTONDOWN:
                        pad = pads[event.instance_id]
                        print("down", event.instance_id, event.button, pad.get_button(event.button), pad.rumble(0.5, 1, 200))
                    elif event.type == pygame.JOYBUTTONUP:
                        print("up", event.instance_id, event.button)
                    elif event.type == pygame.JOYHATMOTION:
                        print("hat", event.instance_id, event.value, pads[event.instance_id].get_hat(0))
                clock.tick(100)
            """,
            kind);
        await host.ConsoleAsync("ready 0");
        await host.GamepadAsync(Xbox);
        await host.ConsoleAsync("added Xbox 360 Controller 6 11 1 True 1");
        await host.GamepadAsync(PlayStation);
        await host.ConsoleAsync("added DualShock 4 6 16 0 True 2");

        // Button A, the right trigger and the cross up; the stick to the right.
        byte[] pressed = new byte[17];
        (pressed[0], pressed[7], pressed[12]) = (255, 255, 255);
        await host.GamepadAsync(Xbox with { Axes = [32767, 0, 0, -20000], Buttons = pressed });
        await host.ConsoleAsync("axis 0 0 1.0\naxis 0 4 -0.61\naxis 0 5 1.0\n");
        await host.ConsoleAsync("down 0 0 1 True");
        await host.ConsoleAsync("hat 0 (0, 1) (0, 1)");
        byte[] rumble = await host.MessageAsync(MessageType.Rumble);
        Assert.Equal([0x0E, 0xFF, 0x7F, 0xFF, 0xFF, .. new byte[12]], rumble);
        await host.MessageAsync(MessageType.Rumble, message => message[1..].All(strength => strength == 0));

        // PlayStation: the cross is four buttons.
        byte[] left = new byte[18];
        left[14] = 255;
        await host.GamepadAsync(PlayStation with { Buttons = left });
        await host.ConsoleAsync("down 1 13 1");
        await host.GamepadAsync(Xbox);
        await host.ConsoleAsync("up 0 0");
        await host.ConsoleAsync("hat 0 (0, 0) (0, 0)");

        // The window of the player was closed, and came back.
        await host.GamepadGoneAsync(0);
        await host.ConsoleAsync("removed Xbox 360 Controller 1");
        await host.SendAsync(new HeldInput().ToMessage());
        await host.ConsoleAsync("removed DualShock 4 0");
        await host.GamepadAsync(Xbox);
        await Eventually.TrueAsync(() => host.Console.Split("added Xbox 360 Controller 6 11 1 True 1").Length == 3, "it came again");
    }

    [Fact]
    public async Task A_game_that_counts_its_joysticks_first_finds_them_and_controllers_have_names_for_their_buttons()
    {
        await using LinkHost host = await LinkHost.RunAsync(
            """
            import pygame
            from pygame._sdl2 import controller
            pygame.init()
            pygame.display.set_mode((64, 48))
            print("started", flush=True)
            input()
            joysticks = [pygame.joystick.Joystick(i) for i in range(pygame.joystick.get_count())]
            print("joysticks", [j.get_name() for j in joysticks], joysticks[1].get_numhats())
            controller.init()
            pad = controller.Controller(0)
            other = controller.is_controller(1)
            pygame.event.get()
            print("controllers", controller.get_count(), pad.name, other, pad.get_button(pygame.CONTROLLER_BUTTON_RIGHTSHOULDER),
                  pad.get_button(pygame.CONTROLLER_BUTTON_DPAD_LEFT), pad.get_axis(pygame.CONTROLLER_AXIS_TRIGGERRIGHT))
            pygame.joystick.quit()
            pygame.joystick.init()
            print("again", pygame.joystick.get_count())
            pygame.quit()
            try:
                pygame.joystick.get_count()
            except pygame.error as error:
                print(pygame.joystick.get_init(), error)
            """);
        await host.ConsoleAsync("started");
        byte[] pressed = new byte[17];
        (pressed[5], pressed[7], pressed[14]) = (255, 255, 255);
        await host.GamepadAsync(Xbox with { Buttons = pressed });
        await host.GamepadAsync(new GamepadMessage(0, 1, false, 0, 0, [0, 0], new byte[4], "Some Stick"));
        await host.SendAsync(SandboxMessages.Text(MessageType.ConsoleInput, "go"));
        await host.EndAsync();
        Assert.Contains("joysticks ['Xbox 360 Controller', 'Some Stick'] 0\n", host.Console, StringComparison.Ordinal);
        Assert.Contains("controllers 2 Xbox 360 Controller False True True 32767\n", host.Console, StringComparison.Ordinal);
        Assert.Contains("again 2\nFalse joystick system not initialized\n", host.Console, StringComparison.Ordinal);
    }
}
