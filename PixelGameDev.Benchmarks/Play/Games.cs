namespace PixelGameDev.Benchmarks.Play;

/// <summary>Games that the benchmark plays: ordinary pygame programs of our own.</summary>
internal static class Games
{
    /// <summary>Draws a square, white while the space bar's presses are even in number, red while odd. 640×480 at 60.</summary>
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

    /// <summary>Forty shaded figures fly over a starry sky. 800×600 at 60.</summary>
    public const string Sprites = """
        import math
        import random

        import pygame

        pygame.init()
        screen = pygame.display.set_mode((800, 600))
        clock = pygame.time.Clock()
        rng = random.Random(7)

        def ball(colour):
            image = pygame.Surface((40, 40), pygame.SRCALPHA)
            for r in range(20, 0, -1):
                shade = 1.0 - 0.6 * r / 20
                pygame.draw.circle(image, [int(c * shade) for c in colour], (20, 20), r)
            return image

        balls = [ball([rng.randrange(90, 256) for _ in range(3)]) for _ in range(8)]
        stars = [(rng.randrange(800), rng.randrange(600)) for _ in range(120)]
        things = [[rng.random() * 800, rng.random() * 600, rng.uniform(-3, 3), rng.uniform(-3, 3), i % 8] for i in range(40)]
        font = pygame.font.Font(None, 28)
        frame = 0
        while True:
            for event in pygame.event.get():
                if event.type == pygame.QUIT:
                    raise SystemExit
            frame += 1
            screen.fill((10, 10, 30))
            for x, y in stars:
                screen.set_at((x, (y + frame) % 600), (200, 200, 200))
            for t in things:
                t[0] = (t[0] + t[2]) % 800
                t[1] = (t[1] + t[3]) % 600
                screen.blit(balls[t[4]], (t[0] - 20, t[1] - 20))
            screen.blit(font.render("Score %d" % (frame // 6), True, (255, 255, 255)), (8, 8))
            pygame.display.flip()
            clock.tick(60)
        """;
}
