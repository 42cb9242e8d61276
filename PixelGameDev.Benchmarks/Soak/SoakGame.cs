namespace PixelGameDev.Benchmarks.Soak;

/// <summary>A short program of the soak, and its possible ends when nothing is killed.</summary>
/// <param name="Name">The kind.</param>
/// <param name="Program">The text of main.py.</param>
/// <param name="Ends">The end reasons of the protocol.</param>
/// <param name="Stops">True when the person stops it.</param>
internal sealed record SoakGame(string Name, string Program, string[] Ends, bool Stops = false)
{
    /// <summary>True when the picture changes until the person stops it.</summary>
    public bool GoesOn => Ends is ["stopped"];


    private const string Stage = """
        import pygame

        pygame.init()
        screen = pygame.display.set_mode((160, 120))
        clock = pygame.time.Clock()


        def draw(step):
            screen.fill((step * 3 % 256, 80, 160))
            pygame.draw.circle(screen, (250, 200, 40), (step * 2 % 160, 60), 12)
            pygame.display.flip()
            clock.tick(30)


        """;

    /// <summary>Lists every kind. The first ones come more often.</summary>
    public static IReadOnlyList<SoakGame> All { get; } =
    [
        new("finishes", Stage + "for step in range(25):\n    pygame.event.get()\n    draw(step)\n", ["finished"]),
        new("crashes", Stage + "for step in range(12):\n    pygame.event.get()\n    draw(step)\nprint(1 / 0)\n", ["crashed"]),
        new("is stopped", Stage +
            "step = 0\nwhile not any(event.type == pygame.QUIT for event in pygame.event.get()):\n    step += 1\n    draw(step)\n",
            ["stopped"], Stops: true),
        new("prints", "for number in range(400):\n    print('line', number)\n", ["finished"]),
        new("asks", "name = input('Your name? ')\nprint('hi', name)\n", ["finished"]),
        new("cannot be read", "print('before'\n", ["crashed"]),
        new("floods", Stage + "while True:\n    print('flood ' * 40)\n", ["output_limit", "stopped"], Stops: true),
        new("does not listen", Stage + "step = 0\nwhile True:\n    step += 1\n    draw(step)\n", ["stopped"], Stops: true),
    ];

    /// <summary>Returns a kind. The badly behaved ones are rarer.</summary>
    public static SoakGame Choose(Random random)
    {
        int[] weights = [6, 4, 5, 3, 3, 2, 1, 1];
        int at = random.Next(weights.Sum()), index = 0;
        while (at >= weights[index])
        {
            at -= weights[index++];
        }

        return All[index];
    }
}
