namespace PixelGameDev.Benchmarks.Play;

/// <summary>Holds games that the benchmark plays: ordinary pygame programs of our own.</summary>
internal static class Games
{
    /// <summary>Draws a square: white after an even number of presses of the space bar, red after an odd number. 640×480 at 60.</summary>
    public const string Key = """
        import pygame

        pygame.init()
        screen = pygame.display.set_mode((640, 480))
        clock = pygame.time.Clock()
        presses = 0
        x = 0
        while True:
            for event in pygame.event.get():
                if event.type == pygame.QUIT:
                    raise SystemExit
                if event.type == pygame.KEYDOWN and event.key == pygame.K_SPACE:
                    presses += 1
            x = (x + 3) % 640
            screen.fill((30, 40, 70))
            pygame.draw.circle(screen, (240, 200, 60), (x, 400), 24)
            pygame.draw.rect(screen, (255, 0, 0) if presses % 2 else (255, 255, 255), (100, 100, 100, 100))
            pygame.display.flip()
            clock.tick(60)
        """;
}
