using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;
using static PixelGameDev.Tests.Executor.SeatScene;

namespace PixelGameDev.Tests.Executor;

/// <summary>Tests what a real game, which knows nothing of networks, sees of the players on seats.</summary>
public sealed class SeatGameTests
{
    private const string Game = """
        import pygame
        pygame.init()
        screen = pygame.display.set_mode((64, 48))
        clock = pygame.time.Clock()
        pads = [pygame.joystick.Joystick(i) for i in range(pygame.joystick.get_count())]
        print("ready", [pad.get_name() for pad in pads])
        while True:
            for event in pygame.event.get():
                if event.type in (pygame.KEYDOWN, pygame.KEYUP):
                    print("down" if event.type == pygame.KEYDOWN else "up", pygame.key.name(event.key))
                elif event.type == pygame.JOYAXISMOTION and abs(event.value) not in (0, 1) or event.type == pygame.JOYHATMOTION:
                    print("hat", pads[event.instance_id].get_hat(0), "stick", round(pads[event.instance_id].get_axis(0)))
                elif event.type in (pygame.JOYBUTTONDOWN, pygame.JOYBUTTONUP):
                    print("button", event.button, pads[event.instance_id].get_button(event.button))
            pygame.display.flip()
            clock.tick(60)
        """;

    [Theory]
    [InlineData("subprocess")]
    [InlineData("docker")]
    public async Task A_game_for_two_is_played_by_the_owner_and_friends(string kind)
    {
        await using ExecutorHost host = await ExecutorHost.StartRealAsync(
            new() { [kind == "docker" ? "FORCE_DOCKER_EXECUTION" : "SANDBOX_KIND"] = kind == "docker" ? "true" : kind });
        SessionInfo session = await host.RunAsync(ExecutorHost.Request(Game));
        Assert.Equal(kind, session.Sandbox);
        await using TestViewer owner = await TestViewer.ConnectAsync(host, session.SessionId);
        await owner.SendAsync(new SeatControlsMessage(2, false, Letters).ToMessage());
        await owner.SendAsync(new SeatControlsMessage(3, true, Letters).ToMessage());
        // The page has told everything that it tells at the start.
        await owner.SendAsync((byte)MessageType.MouseInside, 1, 0, 0, 0, 0);
        await owner.ConsoleUntilAsync("ready ['Player 3']");
        await using TestViewer keys = await WatchAsync(host, session.SessionId);
        await using TestViewer pad = await WatchAsync(host, session.SessionId);
        await SeatAsync(owner, keys, 2, "Mia");
        await SeatAsync(owner, pad, 3, "Tom");

        await HoldAsync(keys, SeatButtons.Up);
        await owner.ConsoleUntilAsync("down w\n");
        await owner.SendAsync(new KeyMessage(2, true, false, 80, 0, 0x40000050, "").ToMessage());
        await owner.ConsoleUntilAsync("down left\n");
        foreach (byte[] forged in WatcherTests.ForgedInput)
        {
            await keys.SendAsync(forged);
        }

        await HoldAsync(keys, SeatButtons.Up | SeatButtons.A);
        await owner.ConsoleUntilAsync("down left shift\n");
        await HoldAsync(pad, SeatButtons.Right | SeatButtons.B);
        await owner.ConsoleUntilAsync("button 1 1\n");
        await owner.ConsoleUntilAsync("hat (1, 0) stick 1\n");
        // Taken back: what was held is released, and what the owner holds is not.
        await owner.SendAsync(new GiveSeatMessage(2, 0).ToMessage());
        await owner.ConsoleUntilAsync("up w\n");
        await owner.ConsoleUntilAsync("up left shift\n");
        await pad.CloseAsync();
        await owner.ConsoleUntilAsync("button 1 0\n");
        await owner.ConsoleUntilAsync("hat (0, 0) stick 0\n");
        await owner.SendAsync(new KeyMessage(3, false, false, 80, 0, 0x40000050, "").ToMessage());
        string console = await owner.ConsoleUntilAsync("up left\n");
        Assert.Equal(3, console.Split("down ").Length - 1);
        Assert.Equal(3, console.Split("up ").Length - 1);
    }
}
