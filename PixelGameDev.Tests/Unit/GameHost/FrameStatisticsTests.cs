using Microsoft.Extensions.Time.Testing;
using PixelGameDev.GameHost.Capture;
using PixelGameDev.GameHost.Native;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Tests.Unit.GameHost;

/// <summary>Tests the figures that the page shows. They come from numbers that the game may have written.</summary>
public sealed unsafe class FrameStatisticsTests
{
    private readonly SharedFrames _frames = new();
    private readonly FakeTimeProvider _time = new();
    private readonly FrameStatistics _statistics;
    private readonly byte* _memory;
    private FrameCounts _counts;

    public FrameStatisticsTests()
    {
        _statistics = new FrameStatistics(() => _counts, _frames, _time);
        _memory = (byte*)Libc.Mmap(0, 4096, 3, 1, _frames.Descriptor, 0);
    }

    [Fact]
    public void Tells_what_happened_since_the_last_look()
    {
        Assert.Equal(new SandboxStats(60, 58, 57, 500, 5700, 2, 3000),
            Look(flips: 60, new FrameCounts(58, 57, 28_500, 5700), seconds: 1, micros: 3000));
        Assert.Equal(new SandboxStats(30, 60, 60, 1000, 100, 0, 1),
            Look(flips: 120, new FrameCounts(118, 117, 88_500, 5800), seconds: 2, micros: 1));
        Assert.Equal(new SandboxStats(0, 0, 0, 0, 0, 0, 1), Look(flips: 120, _counts, seconds: 1, micros: 1));
    }

    [Theory]
    [InlineData(1000, 5)]
    [InlineData(0, ulong.MaxValue)]
    [InlineData(ulong.MaxValue, 0)]
    public void What_the_game_claims_stays_within_reason(ulong before, ulong after)
    {
        Look(before, default, seconds: 1, micros: 0);
        SandboxStats stats = Look(after, default, seconds: 1, micros: uint.MaxValue);
        Assert.InRange(stats.Fps, 0, 1_000_000);
        Assert.InRange(stats.Dropped, 0, 1_000_000);
        Assert.Equal(int.MaxValue, stats.GameMicros);
    }

    private SandboxStats Look(ulong flips, FrameCounts now, int seconds, uint micros)
    {
        *(ulong*)(_memory + 80) = flips;
        *(uint*)(_memory + 88) = micros;
        _counts = now;
        _time.Advance(TimeSpan.FromSeconds(seconds));
        return _statistics.Read();
    }
}
