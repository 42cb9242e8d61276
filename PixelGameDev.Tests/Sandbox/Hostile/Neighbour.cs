using System.Diagnostics;

namespace PixelGameDev.Tests.Sandbox.Hostile;

/// <summary>Plays an honest game at 60 frames a second in its own sandbox and counts the frames that arrive.</summary>
internal sealed class Neighbour : IAsyncDisposable
{
    private const string Game = """
        import pygame

        screen = pygame.display.set_mode((640, 480))
        clock = pygame.time.Clock()
        step = 0
        while not any(event.type == pygame.QUIT for event in pygame.event.get()):
            step += 1
            screen.fill((20, 20, 40))
            for row in range(12):
                pygame.draw.circle(screen, (255, 40 * row % 256, 90), (step * (row + 2) % 640, 40 * row + 20), 18)
            pygame.display.flip()
            clock.tick(60)
        """;

    private readonly WatchedSession _session;

    private Neighbour(WatchedSession session) => _session = session;

    /// <summary>
    /// Frames a second that arrive while nobody else plays. This is measured, because a busy machine does not give all 60.
    /// </summary>
    public double RateAlone { get; private set; }

    public static async Task<Neighbour> StartAsync(TestExecutor executor)
    {
        Neighbour neighbour = new(await WatchedSession.StartAsync(executor, Game));
        await Fixtures.Eventually.TrueAsync(() => neighbour._session.Frames > 60, "the neighbour's game plays");
        long from = Stopwatch.GetTimestamp();
        await Task.Delay(TimeSpan.FromSeconds(4));
        neighbour.RateAlone = await neighbour.RateAsync(from, Stopwatch.GetTimestamp());
        return neighbour;
    }

    /// <summary>Whether it still plays.</summary>
    public bool Plays => !_session.Ended.IsCompleted;

    /// <summary>Returns how it ended, when it does not play any more.</summary>
    public string End => _session.Ended.IsCompletedSuccessfully ? _session.Ended.Result.ToString() : "the stream was cut";

    /// <summary>Returns the part of its frames that it lost in a time, compared with what it gets alone; 0 when it got more.</summary>
    public async Task<double> LostAsync(long from, long to) => Math.Max(0, 1 - (await RateAsync(from, to) / RateAlone));

    public ValueTask DisposeAsync() => _session.DisposeAsync();

    private async Task<double> RateAsync(long from, long to)
    {
        // Pictures of that time may still be on their way.
        await Fixtures.Eventually.TrueAsync(() => _session.LastShown >= to || !Plays, "the neighbour's next frame");
        return _session.FramesBetween(from, to) / Stopwatch.GetElapsedTime(from, to).TotalSeconds;
    }
}
