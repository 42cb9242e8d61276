using Microsoft.Extensions.Time.Testing;
using PixelGameDev.Executor.Viewers;

namespace PixelGameDev.Tests.Unit.Executor;

/// <summary>Tests how a viewer's Acks change what the Executor sends.</summary>
public sealed class ViewerPaceTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly ViewerPace _pace;
    private uint _sent;

    public ViewerPaceTests() => _pace = new ViewerPace(_clock);

    [Theory]
    [InlineData(2)]
    [InlineData(600)]
    public void A_steady_way_runs_at_the_full_rate_however_long_it_is(int delay)
    {
        Assert.All(Enumerable.Range(0, 500), _ => Assert.False(Deliver(delay)));
        Assert.Equal(60, _pace.MaxFps);
    }

    [Fact]
    public void A_way_that_has_become_longer_for_good_gets_the_full_rate_back()
    {
        Deliver(2);
        for (int i = 0; i < 400; i++)
        {
            Deliver(300);
        }

        Assert.Equal(60, _pace.MaxFps);
    }

    [Fact]
    public void A_way_that_fills_up_gets_fewer_frames_and_when_it_is_free_all_of_them_again()
    {
        Deliver(20);
        Deliver(400);
        Assert.Equal(60, _pace.MaxFps);
        Assert.True(Deliver(400));
        Assert.Equal(40, _pace.MaxFps);
        for (int i = 0; i < 8; i++)
        {
            Deliver(500);
        }

        Assert.Equal(ViewerPace.MinRate, _pace.MaxFps);
        Assert.True(Deliver(20));
        for (int i = 0; i < 30; i++)
        {
            Deliver(20);
        }

        Assert.Equal(60, _pace.MaxFps);
    }

    [Fact]
    public void A_page_that_was_busy_for_a_moment_loses_nothing()
    {
        for (int i = 0; i < 20; i++)
        {
            Deliver(20);
            Assert.False(Deliver(900));
        }

        Assert.Equal(60, _pace.MaxFps);
    }

    [Fact]
    public void Who_acknowledges_nothing_for_too_long_gets_nothing_until_it_has_caught_up()
    {
        Deliver(5);
        for (int i = 1; i < ViewerPace.MaxInFlight; i++)
        {
            _pace.Sent(++_sent);
        }

        Assert.False(_pace.IsCongested);
        _pace.Sent(++_sent);
        Assert.True(_pace.IsCongested);
        _pace.Acknowledged(_sent - 3);
        Assert.False(_pace.IsCongested);
    }

    [Fact]
    public void Of_heavy_frames_fewer_are_on_their_way_but_never_less_than_a_few()
    {
        Deliver(5);
        for (int i = 0; i < 11; i++)
        {
            _pace.Sent(++_sent, 512 * 1024);
        }

        Assert.False(_pace.IsCongested);
        _pace.Sent(++_sent, 512 * 1024);
        Assert.True(_pace.IsCongested);
        _pace.Acknowledged(_sent - 1);
        Assert.False(_pace.IsCongested);
        _pace.Sent(++_sent, 16 << 20);
        _pace.Sent(++_sent, 16 << 20);
        Assert.False(_pace.IsCongested);
        _pace.Sent(++_sent, 16 << 20);
        Assert.True(_pace.IsCongested);
    }

    [Fact]
    public void A_viewer_that_is_there_gets_one_keyframe_a_second_although_it_acknowledges_nothing()
    {
        Deliver(5);
        for (int i = 0; i < ViewerPace.MaxInFlight; i++)
        {
            _pace.Sent(++_sent);
        }

        Assert.False(_pace.AllowOneKeyframe());
        Assert.False(_pace.TryUsePass());
        _clock.Advance(ViewerPace.PassInterval);
        Assert.True(_pace.AllowOneKeyframe());
        Assert.False(_pace.AllowOneKeyframe());
        Assert.True(_pace.TryUsePass());
        Assert.False(_pace.TryUsePass());
        _clock.Advance(ViewerPace.PassInterval);
        Assert.True(_pace.AllowOneKeyframe());
        _pace.Acknowledged(_sent);
        Assert.False(_pace.TryUsePass());
    }

    [Fact]
    public void Who_never_acknowledges_is_not_judged()
    {
        for (int i = 0; i < 500; i++)
        {
            _pace.Sent(++_sent);
        }

        Assert.False(_pace.IsCongested);
        Assert.Equal(60, _pace.MaxFps);
    }

    /// <summary>Tests a page that decodes what its earlier connection left, and acknowledges a new picture only after seconds.</summary>
    [Fact]
    public void Whose_first_Ack_is_late_gets_fewer_frames()
    {
        // A constant delay of 40 frames: if the first one counted as the connection's, the viewer would stay that late.
        SendForSeconds(frames: 40);
        for (uint shown = 1; shown <= 10; shown++)
        {
            _pace.Acknowledged(shown);
            SendForSeconds(frames: 1);
        }

        Assert.Equal(ViewerPace.MinRate, _pace.MaxFps);
    }

    [Fact]
    public void Whose_first_Ack_is_so_late_that_its_frame_is_forgotten_gets_nothing_until_it_has_caught_up()
    {
        SendForSeconds(frames: 300);
        Assert.False(_pace.IsCongested);
        _pace.Acknowledged(1);
        Assert.True(_pace.IsCongested);
        _pace.Acknowledged(_sent - 3);
        Assert.False(_pace.IsCongested);
    }

    [Fact]
    public void A_long_way_whose_first_Ack_has_waited_gets_the_full_rate_after_some_seconds()
    {
        for (int i = 0; i < 36; i++)
        {
            _pace.Sent(++_sent, 1000);
        }

        _clock.Advance(TimeSpan.FromMilliseconds(600));
        _pace.Acknowledged(1);
        for (int i = 0; i < 40; i++)
        {
            Deliver(600);
        }

        Assert.Equal(60, _pace.MaxFps);
    }

    [Fact]
    public void Numbers_that_were_not_sent_mean_nothing()
    {
        Deliver(5);
        for (int i = 0; i < ViewerPace.MaxInFlight; i++)
        {
            _pace.Sent(++_sent);
        }

        foreach (uint forged in new[] { 0u, 1u, _sent + 1, uint.MaxValue })
        {
            Assert.False(_pace.Acknowledged(forged));
        }

        Assert.True(_pace.IsCongested);
    }

    /// <summary>Sends frames to a viewer that has not acknowledged any.</summary>
    private void SendForSeconds(int frames)
    {
        for (int i = 0; i < frames; i++)
        {
            _pace.Sent(++_sent, 1000);
            _clock.Advance(TimeSpan.FromMilliseconds(17));
        }
    }

    private bool Deliver(int millis)
    {
        _pace.Sent(++_sent);
        _clock.Advance(TimeSpan.FromMilliseconds(millis));
        return _pace.Acknowledged(_sent);
    }
}
