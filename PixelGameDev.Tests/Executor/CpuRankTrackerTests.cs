using PixelGameDev.Executor.Processors;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Tests.Executor;

/// <summary>Tests which rank a sandbox gets for its use of the processors, and when it loses the rank.</summary>
public sealed class CpuRankTrackerTests
{
    [Fact]
    public void A_game_that_sleeps_between_its_frames_earns_the_full_weight_in_two_looks()
    {
        CpuRankTracker standing = new(limit: 1);
        Assert.Equal(CpuRank.Low, standing.Rank);
        Assert.False(standing.AddReport(Used(0.25), 2, sessions: 3));
        Assert.True(standing.AddReport(Used(0.25), 2, sessions: 3));
        Assert.Equal(CpuRank.Full, standing.Rank);
        Assert.All(Enumerable.Range(0, 100), _ => Assert.False(standing.AddReport(Used(0.25), 2, 3)));
    }

    [Fact]
    public void However_often_it_reports_a_look_takes_a_second()
    {
        CpuRankTracker standing = new(limit: 1);
        Assert.Equal(8, Enumerable.Range(1, 20).First(_ => standing.AddReport(Used(0.25) with { Seconds = 0.25 }, 2, 3)));
        // It works half of each second and sleeps the other half: more than its share of two processors among three sessions.
        Assert.Equal(8, Enumerable.Range(1, 20)
            .First(report => standing.AddReport(Used(report % 4 < 2 ? 1.2 : 0) with { Seconds = 0.25 }, 2, 3)));
    }

    [Theory]
    // It gets as much as it may use.
    [InlineData(1.0, 8, 3)]
    // Others of its kind limit it: it would take more.
    [InlineData(0.4, 2, 5)]
    [InlineData(0.62, 2, 3)]
    public void A_hog_never_earns_it_however_little_it_gets(double processors, int machine, int sessions)
    {
        CpuRankTracker standing = new(limit: 1);
        Assert.All(Enumerable.Range(0, 100), _ => Assert.False(standing.AddReport(Used(processors), machine, sessions)));
        Assert.Equal(CpuRank.Low, standing.Rank);
    }

    [Fact]
    public void A_game_that_turns_into_a_hog_loses_it_and_one_long_frame_does_not()
    {
        CpuRankTracker standing = Full();
        Assert.False(standing.AddReport(Used(1), 4, 2));
        Assert.False(standing.AddReport(Used(0.1), 4, 2));
        Assert.False(standing.AddReport(Used(1), 4, 2));
        Assert.True(standing.AddReport(Used(1), 4, 2));
        Assert.Equal(CpuRank.Low, standing.Rank);
    }

    [Fact]
    public void Who_meets_his_limit_in_turns_is_not_modest_on_average()
    {
        CpuRankTracker standing = new(limit: 1);
        Assert.All(Enumerable.Range(0, 100), _ => Assert.False(standing.AddReport(Used(0.3) with { Throttled = 0.5 }, 4, 2)));
        standing.AddReport(Used(0.3), 4, 2);
        Assert.True(standing.AddReport(Used(0.3), 4, 2));
        standing.AddReport(Used(0.3) with { Throttled = 0.5 }, 4, 2);
        Assert.True(standing.AddReport(Used(0.3) with { Throttled = 0.5 }, 4, 2));
        Assert.Equal(CpuRank.Low, standing.Rank);
    }

    [Fact]
    public void A_game_at_the_border_does_not_change_all_the_time()
    {
        CpuRankTracker standing = Full();
        Assert.All(Enumerable.Range(0, 100), look => Assert.False(standing.AddReport(Used(0.61 + (look % 13 * 0.01)), 4, 1)));
        Assert.Equal(CpuRank.Full, standing.Rank);
    }

    [Fact]
    public void Alone_on_a_machine_the_limit_of_the_sandbox_is_the_share()
    {
        CpuRankTracker standing = new(limit: 0.5);
        Assert.False(standing.AddReport(Used(0.35), 16, 1));
        Assert.False(standing.AddReport(Used(0.35), 16, 1));
        Assert.Equal(CpuRank.Low, standing.Rank);
    }

    [Fact]
    public void A_storm_is_seen_at_once_and_forgiven_late()
    {
        CpuRankTracker standing = Full();
        SandboxUse light = Used(0.1) with { Seconds = 0.25 };
        Assert.True(standing.AddReport(light with { Switches = 200_000 }, 4, 2));
        Assert.Equal(CpuRank.Storm, standing.Rank);
        // What it does with the tenth of a processor that it still gets, and a pause that is too short.
        Assert.All(Enumerable.Range(0, 100), _ => Assert.False(standing.AddReport(light with { Switches = 16_000, Throttled = 1 }, 4, 2)));
        Assert.All(Enumerable.Range(0, 19), _ => Assert.False(standing.AddReport(light, 4, 2)));
        Assert.False(standing.AddReport(light with { Switches = 16_000, Throttled = 1 }, 4, 2));
        Assert.All(Enumerable.Range(0, 19), _ => Assert.False(standing.AddReport(light, 4, 2)));
        Assert.True(standing.AddReport(light, 4, 2));
        Assert.Equal(CpuRank.Low, standing.Rank);
    }

    [Fact]
    public void A_sandbox_that_does_not_report_is_treated_as_a_storm_until_it_does()
    {
        CpuRankTracker standing = Full();
        Assert.True(standing.MarkSilent());
        Assert.Equal(CpuRank.Storm, standing.Rank);
        Assert.False(standing.MarkSilent());
        Assert.True(standing.AddReport(Used(0.1), 4, 2));
        Assert.Equal(CpuRank.Low, standing.Rank);
        Assert.True(standing.MarkSilent());
        standing.AddReport(Used(1) with { Switches = 200_000 }, 4, 2);
        Assert.Equal(CpuRank.Storm, standing.Rank);
    }

    [Fact]
    public void Silence_does_not_shorten_the_penalty_of_a_storm()
    {
        CpuRankTracker standing = Full();
        standing.AddReport(Used(1) with { Switches = 200_000 }, 4, 2);
        Assert.False(standing.MarkSilent());
        Assert.False(standing.AddReport(Used(0.1), 4, 2));
        Assert.Equal(CpuRank.Storm, standing.Rank);
    }

    private static CpuRankTracker Full()
    {
        CpuRankTracker standing = new(limit: 1);
        standing.AddReport(Used(0.1), 4, 2);
        standing.AddReport(Used(0.1), 4, 2);
        Assert.Equal(CpuRank.Full, standing.Rank);
        return standing;
    }

    /// <summary>Returns the use of an ordinary game in one second.</summary>
    private static SandboxUse Used(double processors) => new(1, processors, 0, 1500);
}
