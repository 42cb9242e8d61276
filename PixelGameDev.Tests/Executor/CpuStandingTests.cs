using PixelGameDev.Executor.Sandboxes;

namespace PixelGameDev.Tests.Executor;

/// <summary>Who earns the full CPU weight, and who loses it.</summary>
public sealed class CpuStandingTests
{
    [Fact]
    public void A_game_that_sleeps_between_its_frames_earns_the_full_weight_in_two_looks()
    {
        CpuStanding standing = new(limit: 1);
        Assert.False(standing.Full);
        Assert.False(standing.Take(new CpuUse(0.25, 0, 2), sessions: 3));
        Assert.True(standing.Take(new CpuUse(0.25, 0, 2), sessions: 3));
        Assert.True(standing.Full);
        Assert.All(Enumerable.Range(0, 100), _ => Assert.False(standing.Take(new CpuUse(0.25, 0, 2), 3)));
    }

    [Theory]
    // It gets all it may.
    [InlineData(1.0, 8, 3)]
    // It is kept short by others of its kind: it would take more.
    [InlineData(0.4, 2, 5)]
    [InlineData(0.62, 2, 3)]
    public void A_hog_never_earns_it_however_little_it_gets(double processors, int machine, int sessions)
    {
        CpuStanding standing = new(limit: 1);
        Assert.All(Enumerable.Range(0, 100), _ => Assert.False(standing.Take(new CpuUse(processors, 0, machine), sessions)));
        Assert.False(standing.Full);
    }

    [Fact]
    public void A_game_that_turns_into_a_hog_loses_it_and_one_long_frame_does_not()
    {
        CpuStanding standing = new(limit: 1);
        standing.Take(new CpuUse(0.1, 0, 4), 2);
        standing.Take(new CpuUse(0.1, 0, 4), 2);
        Assert.False(standing.Take(new CpuUse(1, 0, 4), 2));
        Assert.False(standing.Take(new CpuUse(0.1, 0, 4), 2));
        Assert.False(standing.Take(new CpuUse(1, 0, 4), 2));
        Assert.True(standing.Take(new CpuUse(1, 0, 4), 2));
        Assert.False(standing.Full);
    }

    [Fact]
    public void Who_meets_his_limit_in_turns_is_not_modest_on_average()
    {
        CpuStanding standing = new(limit: 1);
        Assert.All(Enumerable.Range(0, 100), _ => Assert.False(standing.Take(new CpuUse(0.3, Throttled: 0.5, 4), 2)));
        standing.Take(new CpuUse(0.3, 0, 4), 2);
        Assert.True(standing.Take(new CpuUse(0.3, 0, 4), 2));
        standing.Take(new CpuUse(0.3, 0.5, 4), 2);
        Assert.True(standing.Take(new CpuUse(0.3, 0.5, 4), 2));
        Assert.False(standing.Full);
    }

    [Fact]
    public void A_game_at_the_border_does_not_change_all_the_time()
    {
        CpuStanding standing = new(limit: 1);
        standing.Take(new CpuUse(0.3, 0, 4), 1);
        standing.Take(new CpuUse(0.3, 0, 4), 1);
        Assert.All(Enumerable.Range(0, 100), look => Assert.False(standing.Take(new CpuUse(0.61 + (look % 13 * 0.01), 0, 4), 1)));
        Assert.True(standing.Full);
    }

    [Fact]
    public void Alone_on_a_machine_the_limit_of_the_sandbox_is_the_share()
    {
        CpuStanding standing = new(limit: 0.5);
        Assert.False(standing.Take(new CpuUse(0.35, 0, 16), 1));
        Assert.False(standing.Take(new CpuUse(0.35, 0, 16), 1));
        Assert.False(standing.Full);
    }
}
