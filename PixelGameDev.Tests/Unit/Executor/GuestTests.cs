using Microsoft.Extensions.Time.Testing;
using PixelGameDev.Executor.Viewers;
using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Unit.Executor;

/// <summary>Tests who has a seat, and for how long.</summary>
public sealed class GuestTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly SessionRelay _relay;
    private readonly Guests _guests;

    public GuestTests()
    {
        _relay = new SessionRelay(_clock);
        _guests = new Guests(_clock);
    }

    [Fact]
    public void A_seat_waits_for_a_person_whose_connection_is_lost()
    {
        Guid key = Guid.NewGuid();
        Viewer first = Watcher();
        _guests.Join(first, new JoinMessage(true, key, "Mia"));
        _guests.Give(new GiveSeatMessage(2, 1));
        _guests.Leave(first);
        _clock.Advance(Guests.SeatTimeout - TimeSpan.FromSeconds(1));
        Assert.False(_guests.FreeSeats());
        Viewer second = Watcher();
        Assert.Null(_guests.Join(second, new JoinMessage(true, key, "Mia")));
        Assert.Same(second, _guests.ViewerOf(2));

        _guests.Leave(second);
        _clock.Advance(Guests.SeatTimeout);
        Assert.True(_guests.FreeSeats());
        Assert.True(_guests.IsEmpty);
        // Later it is a person like any other.
        Viewer third = Watcher();
        _guests.Join(third, new JoinMessage(true, key, "Mia"));
        Assert.Equal(new SeatPerson(2, "Mia", 0, true), _guests.Describe(third).You);
    }

    [Fact]
    public void A_silent_person_loses_the_seat_and_stays_on_the_list()
    {
        Viewer silent = Watcher();
        _guests.Join(silent, new JoinMessage(true, Guid.NewGuid(), ""));
        _guests.Give(new GiveSeatMessage(4, 1));
        silent.Press(SeatButtons.A, new SeatControlsMessage(4, false, [.. Enumerable.Repeat<(ushort, uint)>((4, 97), 7)]));
        Assert.True(silent.Held.Holds(4));
        _clock.Advance(Guests.SeatTimeout);
        Assert.True(_guests.FreeSeats());
        Assert.Null(_guests.ViewerOf(4));
        Assert.True(silent.Held.IsEmpty);
        Assert.Equal(new SeatPerson(1, "", 0, false), _guests.Describe(silent).You);
    }

    [Fact]
    public void A_connection_that_comes_twice_replaces_the_first()
    {
        Guid key = Guid.NewGuid();
        Viewer first = Watcher();
        Viewer second = Watcher();
        _guests.Join(first, new JoinMessage(true, key, "Mia"));
        _guests.Give(new GiveSeatMessage(2, 1));
        Assert.Same(first, _guests.Join(second, new JoinMessage(true, key, "Mia")));
        Assert.Null(first.Guest);
        Assert.Same(second, _guests.ViewerOf(2));
        // The first one leaves late and takes nothing along.
        _guests.Leave(first);
        Assert.Same(second, _guests.ViewerOf(2));
    }

    [Fact]
    public void Only_people_who_want_to_play_get_a_seat_and_nobody_has_two()
    {
        Viewer one = Watcher();
        Viewer two = Watcher();
        _guests.Join(one, new JoinMessage(true, Guid.NewGuid(), new string('x', 90)));
        _guests.Join(two, new JoinMessage(false, Guid.NewGuid(), "Tom"));
        _guests.Give(new GiveSeatMessage(3, 2));
        Assert.Null(_guests.ViewerOf(3));
        _guests.Give(new GiveSeatMessage(2, 1));
        _guests.Give(new GiveSeatMessage(3, 1));
        Assert.Null(_guests.ViewerOf(2));
        Assert.Same(one, _guests.ViewerOf(3));
        _guests.Join(two, new JoinMessage(true, Guid.NewGuid(), "Tom"));
        _guests.Give(new GiveSeatMessage(3, 2));
        Assert.Same(two, _guests.ViewerOf(3));
        SeatsMessage told = _guests.Describe(one);
        Assert.Equal((new string('x', Guests.MaxName), 0, false), (told.You!.Name, told.You.Seat, told.You.WantsToPlay));
        _guests.Join(two, new JoinMessage(false, Guid.NewGuid(), "Tom"));
        Assert.Null(_guests.ViewerOf(3));
    }

    [Theory]
    [InlineData(new byte[] { 0x94, 128 })]
    [InlineData(new byte[] { 0x95, 1, 1, 0, 0, 0 })]
    [InlineData(new byte[] { 0x95, 5, 1, 0, 0, 0 })]
    [InlineData(new byte[] { 0x93, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0x17, (byte)'{', (byte)'}' })]
    public void Impossible_messages_are_refused(byte[] message) => Assert.Throws<ProtocolException>(
        () => MessageRules.Check(
            message,
            MessageRoute.PageToExecutor | MessageRoute.PageToSandbox | MessageRoute.SandboxToPage | MessageRoute.SandboxToExecutor));

    private Viewer Watcher() => new(new SilentSocket(), _relay, new PingRouter(), _clock, new StreamBudget(1 << 20), invitation: 1);
}
