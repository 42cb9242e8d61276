using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;
using PixelGameDev.Tests.Fixtures.Sandbox;

namespace PixelGameDev.Tests.Sandbox.Runtime;

/// <summary>Holds key codes, and games that print the events they get.</summary>
public abstract class InputScene
{
    private protected const int ScancodeA = 4;
    private protected const int ScancodeRight = 79;
    private protected const int ScancodeShift = 225;
    private protected const uint KeycodeRight = 0x4000004F;
    private protected const uint KeycodeShift = 0x400000E1;

    private protected const string Echo = """
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

    private protected const string EchoLoop = Echo + """

        clock = pygame.time.Clock()
        pygame.event.clear()
        print("ready")
        while True:
            for event in pygame.event.get():
                show(event)
            pygame.display.flip()
            clock.tick(60)
        """;
}
