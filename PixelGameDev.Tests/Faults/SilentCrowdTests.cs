using PixelGameDev.Benchmarks.Budgets;
using PixelGameDev.Tests.Fixtures;
using Xunit.Abstractions;

namespace PixelGameDev.Tests.Faults;

/// <summary>
/// Viewers that never read, through the real Api and the real Executor. A hundred of them: <c>./pixel bench budgets --only silent</c>.
/// </summary>
[Collection(SystemCollection.Name)]
public sealed class SilentCrowdTests(SystemFixture system, ITestOutputHelper output)
{
    /// <summary>As many as may run at a time.</summary>
    private const int Sessions = 5;

    [Fact]
    public async Task Viewers_that_never_read_cost_the_others_no_picture_and_hold_little_memory()
    {
        TestSystem running = await system.GetAsync();
        SilentResults seen = await SilentCrowd.MeasureAsync(running.Address, running.ExecutorAddress, Sessions, bytes: 80_000_000,
            TimeSpan.FromMinutes(3));
        output.WriteLine(seen.ToString());

        Assert.Equal(15, seen.Silent);
        // Whoever reads gets what the sandbox sends, and the sandbox sends as much as that of the same game without silent viewers; both
        // share the machine, whatever its speed.
        Assert.True(seen.BesideFrames >= 0.8 * seen.BesideSent, seen.ToString());
        Assert.True(seen.BesideFrames >= 0.5 * seen.AloneFrames, seen.ToString());
        // Less than the game has sent to one of them: what it sends is not kept.
        Assert.True(seen.Growth("Api") < 80, seen.ToString());
        Assert.True(seen.Growth("Executor") < 160, seen.ToString());
    }
}
