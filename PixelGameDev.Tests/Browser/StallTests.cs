using Microsoft.Playwright;
using PixelGameDev.Benchmarks.Network;
using PixelGameDev.Benchmarks.Stalls;
using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Browser;

/// <summary>
/// Tests that a stream recovers by itself: the real page and the real server, with a network or a browser that stalls. <c>./pixel bench
/// stalls</c> is the long version.
/// </summary>
[Collection(BrowserCollection.Name)]
public sealed class StallTests(SystemFixture system, BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    // Stalls of 0.8 s and more: as long as the server goes on sending without an Ack.
    [Fact]
    public Task After_a_stall_the_picture_moves_again_and_no_key_is_stuck() => StallAsync(
        [(StallGame.Driven, 0), (StallGame.Pauses, 10)],
        [(StallKind.Network, 900), (StallKind.Renderers, 1500), (StallKind.NetworkService, 1200), (StallKind.Network, 7000)]);

    /// <summary>Tests a game whose pictures are as large as can be: every pixel is new, so some pictures are simplified.</summary>
    [Fact]
    public Task After_a_stall_large_pictures_move_again() => StallAsync([(StallGame.Noise, 30)], [(StallKind.Network, 1300)]);

    /// <summary>
    /// Tests keys, buttons, fingers and text that change while page or connection stand still, also if the connection then breaks and all
    /// that was on its way is lost.
    /// </summary>
    [Fact]
    public async Task After_a_stall_and_a_lost_connection_the_game_holds_what_the_person_holds()
    {
        await using StalledPage page =
            await StalledPage.OpenAsync(browser.Browser, (await system.GetAsync()).Address, StallGame.Held, roundTrip: 10);
        HeldHands hands = await HeldHands.OfAsync(page.Page);
        StallRun run = new(browser.Browser, [page], new Random(13));
        await hands.SeenAsync(false, "before");
        foreach ((StallKind kind, int millis, bool down, bool cut) in ((StallKind, int, bool, bool)[])
            [(StallKind.Network, 1300, true, false), (StallKind.Network, 700, false, true), (StallKind.Network, 700, true, true),
                (StallKind.Renderers, 1000, false, false)])
        {
            string text = $"ü{millis}";
            await run.DuringAsync(
                kind, TimeSpan.FromMilliseconds(millis),
                async _ =>
                {
                    await hands.HoldAsync(down);
                    await page.Page.Keyboard.InsertTextAsync(text);
                },
                cut);
            await hands.SeenAsync(down, $"{kind} stood still for {millis} ms{(cut ? " and then the connection broke" : "")}");
            if (!cut)
            {
                await Eventually.TrueAsync(async () => (await hands.LinesAsync()).Contains($"text {text}"), $"the game gets “{text}”");
            }
        }
    }

    /// <summary>
    /// Tests the Ack of the last picture. The page handles a whole burst in less time than lies between two Acks, and only an Ack tells the
    /// server that the page is there.
    /// </summary>
    [Fact]
    public Task After_a_burst_the_last_picture_is_acknowledged() =>
        BurstAsync(100, MessageType.Ping, MessageType.KeyframeRequest, MessageType.View);

    /// <summary>Tests a page whose pings arrive but whose Acks do not: an older page sends too few of them.</summary>
    [Fact]
    public Task Without_Acks_the_server_goes_on_with_complete_pictures() => BurstAsync(3, MessageType.Ack);

    private async Task StallAsync((StallGame Game, int RoundTrip)[] ways, (StallKind Kind, int Millis)[] stalls)
    {
        Uri server = (await system.GetAsync()).Address;
        List<StalledPage> pages = [];
        try
        {
            foreach ((StallGame game, int roundTrip) in ways)
            {
                pages.Add(await StalledPage.OpenAsync(browser.Browser, server, game, roundTrip));
            }

            StallRun run = new(browser.Browser, pages, new Random(10));
            List<StallSample> samples = [];
            foreach ((StallKind kind, int millis) in stalls)
            {
                samples.AddRange(await run.StallAsync(kind, TimeSpan.FromMilliseconds(millis)));
            }

            Assert.Equal(ways.Length * stalls.Length, samples.Count);
            Assert.All(samples, static sample =>
                Assert.True(sample is { RecoveredMillis: not null, KeyMillis: not null }, sample.ToString()));
        }
        finally
        {
            foreach (StalledPage page in pages)
            {
                await page.DisposeAsync();
            }
        }
    }

    /// <summary>
    /// Holds back the server's pictures until the server sends no more without an Ack, then delivers all of them at once. The clock of the
    /// stream's worker stands still, so the speed of the machine does not matter. Messages of the kinds <paramref name="lost"/> get lost.
    /// </summary>
    /// <param name="more">Pictures that must follow the burst: more than the server sends to a page that has become silent.</param>
    private async Task BurstAsync(int more, params MessageType[] lost)
    {
        StreamTap tap = new();
        await using StalledPage page =
            await StalledPage.OpenAsync(browser.Browser, (await system.GetAsync()).Address, StallGame.Driven, roundTrip: 0, tap);
        IWorker worker = page.Page.Workers.Single(static worker => worker.Url.Contains("worker", StringComparison.OrdinalIgnoreCase));
        await worker.EvaluateAsync<object?>("""
            () => {
              const real = performance.now.bind(performance);
              let ahead = 0, stopped;
              performance.now = () => stopped ?? real() + ahead;
              self.clock = {
                stop: () => { stopped = performance.now(); },
                jump: () => { stopped += 1000; },
                go: () => { ahead = stopped - real(); stopped = undefined; },
              };
            }
            """);

        await worker.EvaluateAsync<object?>("clock.stop()");
        page.Way.StallAnswers();
        // The limit of docs/PROTOCOL.md, "Pace".
        await Eventually.TrueAsync(() => tap.InFlight >= 45, "the server sends no more without an Ack");
        tap.Lose(lost);
        int burst = tap.SentCount;
        await worker.EvaluateAsync<object?>("clock.jump()");
        page.Way.Mend();

        await Eventually.TrueAsync(() => tap.SentCount >= burst + more, "the picture is not frozen: more follow");
        tap.Lose();
        await worker.EvaluateAsync<object?>("clock.go()");
        Assert.NotNull((await page.UntilRightAsync(TimeSpan.FromSeconds(60))).Picture);
    }
}
