using Microsoft.Playwright;
using PixelGameDev.Benchmarks.Journeys;
using PixelGameDev.Tests.Fixtures;
using Xunit.Abstractions;

namespace PixelGameDev.Tests.Browser;

/// <summary>Runs a short part of <c>./pixel bench journeys</c>: random steps, after which no text may be lost or misplaced.</summary>
[Collection(BrowserCollection.Name)]
public sealed class JourneyTests(SystemFixture system, ITestOutputHelper output)
{
    private const int Steps = 84;

    [Theory]
    [InlineData(1001)]
    [InlineData(1062)]
    public async Task Nothing_that_is_typed_is_lost_or_misplaced(int seed)
    {
        TestSystem running = await system.GetAsync();
        using IPlaywright playwright = await Playwright.CreateAsync();
        JourneyResult result = await Journey.RunAsync(
            new JourneySystem(running.Address, () => running.Host.Api.ProcessId, static () => null), playwright,
            StepDeck.Deal(seed, Steps));
        output.WriteLine(string.Join('\n', result.Log));
        Assert.True(
            result.Failure is null,
            $"{result.Failure}\nThe fewest steps that fail: ./pixel bench journeys --seed {seed} --length " +
                $"{Steps}\n{string.Join('\n', result.Log)}");
        Assert.True(result is { Done: Steps, Typed: > 15, Checked: > 3 },
            $"{result.Done} steps, {result.Typed} texts and {result.Checked} quiet times are too few.");
    }
}
