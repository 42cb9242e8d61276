using Microsoft.Extensions.Time.Testing;
using PixelGameDev.Executor.Pool;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Executor;

/// <summary>Tests how many warm sandboxes the pool wants for a given demand.</summary>
public sealed class PoolDemandTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly PoolDemand _demand;

    public PoolDemandTests() => _demand = new PoolDemand(_clock);

    [Fact]
    public void Nobody_wants_nothing() => Assert.Equal(0, _demand.Target);

    [Fact]
    public void A_class_that_presses_Run_at_once_wants_one_for_each()
    {
        Press(30, every: TimeSpan.FromMilliseconds(300));
        Assert.Equal(30, _demand.Target);
    }

    [Fact]
    public void One_who_presses_every_quarter_of_a_minute_wants_one()
    {
        Press(40, every: TimeSpan.FromSeconds(15));
        Assert.Equal(1, _demand.Target);
    }

    [Fact]
    public void A_steady_stream_wants_what_comes_in_ten_seconds()
    {
        Press(200, every: TimeSpan.FromSeconds(2));
        // Starts at 0, 2, 4, 6, 8 and 10.
        Assert.Equal(6, _demand.Target);
    }

    [Fact]
    public void A_burst_is_forgotten_after_five_quiet_minutes_and_the_largest_since_counts()
    {
        Press(12, every: TimeSpan.FromMilliseconds(100));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Press(3, every: TimeSpan.FromMilliseconds(100));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Press(5, every: TimeSpan.FromMilliseconds(100));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Press(1, every: TimeSpan.Zero);
        Assert.Equal(12, _demand.Target);

        _clock.Advance(TimeSpan.FromMinutes(1.9));
        Assert.Equal(12, _demand.Target);
        _clock.Advance(TimeSpan.FromMinutes(0.2));
        Assert.Equal(5, _demand.Target);
        _clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(1, _demand.Target);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, _demand.Target);
    }

    [Fact]
    public void A_class_that_goes_on_keeps_what_it_needs()
    {
        for (int minute = 0; minute < 30; minute++)
        {
            Press(9, every: TimeSpan.FromMilliseconds(200));
            Assert.Equal(9, _demand.Target);
            _clock.Advance(TimeSpan.FromMinutes(2));
        }
    }

    [Theory]
    // Three starts come while one sandbox gets warm. The pool must cover the time of four.
    [InlineData(6, 12)]
    // At least ten seconds,
    [InlineData(0.5, 5)]
    // at most a minute.
    [InlineData(300, 30)]
    public void The_slower_sandboxes_get_warm_the_more_must_wait(double warmUp, int wanted)
    {
        _demand.RecordWarmUp(TimeSpan.FromSeconds(warmUp));
        // Shifted a little, so that no start lies on a limit.
        Press(100, every: TimeSpan.FromSeconds(2.05));
        Assert.Equal(wanted, _demand.Target);
    }

    [Fact]
    public void It_never_wants_more_than_a_hundred()
    {
        Press(5000, every: TimeSpan.FromMilliseconds(1));
        Assert.Equal(PoolDemand.MaxTarget, _demand.Target);
    }

    private void Press(int times, TimeSpan every)
    {
        for (int i = 0; i < times; i++)
        {
            _demand.RecordStart();
            if (i < times - 1)
            {
                _clock.Advance(every);
            }
        }
    }
}
