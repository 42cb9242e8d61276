using PixelGameDev.Benchmarks.Budgets;
using PixelGameDev.Tests.Fixtures;
using Xunit.Abstractions;

namespace PixelGameDev.Tests.Faults;

/// <summary>
/// Tests viewers that never read, through the real Api and the real Executor. <c>./pixel bench budgets --only silent</c> does it with a
/// hundred.
/// </summary>
[Collection(SystemCollection.Name)]
public sealed class SilentCrowdTests(SystemFixture system, ITestOutputHelper output)
{
    /// <summary>The number of sessions that may run at a time.</summary>
    private const int Sessions = 5;

    [Fact]
    public async Task Viewers_that_never_read_cost_the_others_no_picture_and_hold_little_memory()
    {
        TestSystem running = await system.GetAsync();
        SilentResults seen = await SilentCrowd.MeasureAsync(running.Address, running.ExecutorAddress, Sessions, bytes: 80_000_000,
            TimeSpan.FromMinutes(3));
        output.WriteLine(seen.ToString());

        Assert.Equal(15, seen.Silent);
        // The reading viewer gets what the sandbox sends. The sandbox sends as much as a sandbox of the same game without silent viewers.
        // Both share the machine, so its speed does not matter.
        Assert.True(seen.BesideFrames >= 0.8 * seen.BesideSent, seen.ToString());
        Assert.True(seen.BesideFrames >= 0.5 * seen.AloneFrames, seen.ToString());
        // Less than the game has sent to one silent viewer: the services do not keep it.
        Assert.True(seen.Growth("Api") < 80, seen.ToString());
        Assert.True(seen.Growth("Executor") < 160, seen.ToString());
    }
}
