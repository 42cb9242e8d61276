using PixelGameDev.Benchmarks.Stalls;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Browser;

/// <summary>
/// A stream heals by itself: the real page and the real server, with a network or a browser that stands still in between. The long
/// version is <c>./pixel bench stalls</c>.
/// </summary>
[Collection(SystemCollection.Name)]
public sealed class StallTests(SystemFixture system, BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task After_a_stall_the_picture_moves_again_and_no_key_is_stuck()
    {
        Uri server = (await system.GetAsync()).Address;
        (StallGame Game, int RoundTrip)[] ways = [(StallGame.Driven, 0), (StallGame.Pauses, 10), (StallGame.Noise, 30)];
        List<StalledPage> pages = [];
        try
        {
            foreach ((StallGame game, int roundTrip) in ways)
            {
                pages.Add(await StalledPage.OpenAsync(browser.Browser, server, game, roundTrip));
            }

            // Of 0.8 s and more: as long as the server goes on sending without an Ack.
            StallRun run = new(browser.Browser, pages, new Random(10));
            List<StallSample> samples = [];
            foreach ((StallKind kind, int millis) in ((StallKind, int)[])
                [(StallKind.Network, 900), (StallKind.Network, 1300), (StallKind.Renderers, 1500), (StallKind.NetworkService, 1200), (StallKind.Network, 7000)])
            {
                samples.AddRange(await run.StallAsync(kind, TimeSpan.FromMilliseconds(millis)));
            }

            Assert.Equal(15, samples.Count);
            Assert.All(samples, static sample => Assert.True(sample is { RecoveredMillis: not null, KeyMillis: not null }, sample.ToString()));
        }
        finally
        {
            foreach (StalledPage page in pages)
            {
                await page.DisposeAsync();
            }
        }
    }
}
