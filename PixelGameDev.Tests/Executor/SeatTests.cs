using System.Buffers.Binary;
using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;
using static PixelGameDev.Tests.Executor.SeatScene;

namespace PixelGameDev.Tests.Executor;

/// <summary>Tests people to whom the owner of a session gives a seat: only its controls reach the game.</summary>
public sealed class SeatTests(RelayScene.Fixture fixture) : RelayScene(fixture)
{
    [Fact]
    public async Task Of_a_person_on_a_seat_only_the_controls_reach_the_game()
    {
        (Guid id, ScriptedSandbox sandbox) = await StartAsync();
        await using TestViewer owner = await OwnerAsync(id, sandbox);
        await using TestViewer friend = await WatchAsync(_host, id);
        await using TestViewer other = await WatchAsync(_host, id);

        // Without a seat nothing arrives, and nobody takes one.
        await HoldAsync(friend, SeatButtons.Up);
        await AskAsync(friend, "  Mia\n\u202E ");
        SeatsMessage asked = await SeatsAsync(owner, static seats => seats.People!.Count == 1);
        Assert.Equal(new SeatPerson(asked.People![0].Number, "Mia", 0, true), asked.People[0] with { Id = null });
        await friend.SendAsync(new GiveSeatMessage(2, asked.People[0].Number).ToMessage());
        await friend.SendAsync(new SeatControlsMessage(2, false, [.. Letters.Select(static _ => ((ushort)40, 13u))]).ToMessage());
        await HoldAsync(friend, SeatButtons.Up);
        await HandledAsync(friend, 1);
        Assert.Empty(sandbox.Of(MessageType.Held));

        await owner.SendAsync(new GiveSeatMessage(2, asked.People[0].Number).ToMessage());
        SeatsMessage told = await SeatsAsync(other, static seats => seats.Seats.Count == 1);
        // A watcher learns who plays, and not who else is there.
        Assert.Equal(
            ("Mia", 2, null, null, null), (told.Seats[0].Name, told.Seats[0].Seat, told.Seats[0].Id, told.People, told.You));
        await SeatsAsync(friend, static seats => seats.You?.Seat == 2);
        await Eventually.TrueAsync(() => Last(sandbox) is [_, 1, ..], "the game has the keyboard, because somebody plays");
        Assert.Empty(KeysOf(Last(sandbox)));

        await HoldAsync(friend, SeatButtons.Up | SeatButtons.A);
        await Eventually.TrueAsync(() => KeysOf(Last(sandbox)) is [KeyW, ShiftLeft], "the keys of the seat are held");
        Assert.Equal(1, BinaryPrimitives.ReadUInt16LittleEndian(Last(sandbox).AsSpan(3)));
        foreach (byte[] forged in WatcherTests.ForgedInput)
        {
            await friend.SendAsync(forged);
            await other.SendAsync(forged);
        }

        await HoldAsync(other, SeatButtons.Down);
        await other.SendAsync(new GiveSeatMessage(2, 0).ToMessage());
        await HandledAsync(other, 2);
        await HandledAsync(friend, 3);
        Assert.Equal([KeyW, ShiftLeft], KeysOf(Last(sandbox)));
        await HoldAsync(friend, SeatButtons.None);
        await Eventually.TrueAsync(() => KeysOf(Last(sandbox)) is [], "the keys are released");
        Assert.All(sandbox.Of(MessageType.Held), static held => Assert.Empty(KeysOf(held).Except([KeyW, ShiftLeft])));
        Assert.Equal(
            [MessageType.KeyframeRequest, MessageType.Held, MessageType.File, MessageType.Start, MessageType.Viewers],
            sandbox.Received.Select(static message => (MessageType)message[0]).Distinct().Order());
    }

    [Fact]
    public async Task An_owner_who_gives_seats_too_often_is_not_passed_on_to_all_watchers()
    {
        (Guid id, ScriptedSandbox sandbox) = await StartAsync();
        await using TestViewer owner = await OwnerAsync(id, sandbox);
        await using TestViewer friend = await WatchAsync(_host, id);
        await SeatAsync(owner, friend, 2, "Mia");
        uint number = (await SeatsAsync(owner, static seats => seats.People is [{ Seat: 2 }])).People![0].Number;
        int before = Count(friend);
        for (int i = 0; i < 600; i++)
        {
            await owner.SendAsync(new GiveSeatMessage((byte)(2 + (i % 2)), number).ToMessage());
        }

        // The sandbox gets what comes after them when all of them are handled.
        await owner.SendAsync(Key(1, KeyW, down: true));
        await Eventually.TrueAsync(() => sandbox.Of(MessageType.Key).Any(), "the key arrives");
        await HandledAsync(friend, 1);
        Assert.InRange(Count(friend) - before, 1, 200);

        static int Count(TestViewer viewer) => viewer.Messages.Count(static message => (MessageType)message[0] == MessageType.Seats);
    }

    [Fact]
    public async Task A_key_that_several_hold_is_released_by_the_last_of_them()
    {
        (Guid id, ScriptedSandbox sandbox) = await StartAsync();
        await using TestViewer owner = await OwnerAsync(id, sandbox);
        await using TestViewer second = await WatchAsync(_host, id);
        await using TestViewer third = await WatchAsync(_host, id);
        await owner.SendAsync(new SeatControlsMessage(3, false, Letters).ToMessage());
        await SeatAsync(owner, second, 2, "Mia");
        await SeatAsync(owner, third, 3, "Tom");

        await HoldAsync(second, SeatButtons.Up);
        await Eventually.TrueAsync(() => KeysOf(Last(sandbox)) is [KeyW], "the second holds it");
        await HoldAsync(third, SeatButtons.Up);
        await HandledAsync(third, 1);
        await owner.SendAsync(Key(1, KeyW, down: true));
        await owner.SendAsync(Key(2, 80, down: true));
        await Eventually.TrueAsync(() => sandbox.Of(MessageType.Key).Count() == 1, "another key of the owner arrives as ever");

        await HoldAsync(second, SeatButtons.None);
        await HandledAsync(second, 2);
        await owner.SendAsync(Key(3, KeyW, down: false));
        await owner.SendAsync(Key(4, 80, down: false));
        await Eventually.TrueAsync(() => sandbox.Of(MessageType.Key).Count() == 2, "the owner has released both");
        // Neither the owner nor the second has released what the third holds.
        Assert.DoesNotContain(sandbox.Of(MessageType.Key), static key => KeyMessage.Read(key).Scancode == KeyW);
        Assert.All(
            sandbox.Of(MessageType.Held).SkipWhile(static held => !KeysOf(held).Contains(KeyW)),
            static held => Assert.Contains(KeyW, KeysOf(held)));
        await HoldAsync(third, SeatButtons.None);
        await Eventually.TrueAsync(() => KeysOf(Last(sandbox)) is [], "the last one has released it");
    }

    [Fact]
    public async Task The_owner_leaves_the_game_for_a_moment_and_takes_a_seat_back()
    {
        (Guid id, ScriptedSandbox sandbox) = await StartAsync();
        await using TestViewer owner = await OwnerAsync(id, sandbox);
        await using TestViewer friend = await WatchAsync(_host, id);
        await SeatAsync(owner, friend, 2, "Mia");
        await HoldAsync(friend, SeatButtons.Up);
        await HandledAsync(friend, 1);
        await owner.SendAsync(Focus(1, true));
        await owner.SendAsync(Key(2, 80, down: true));
        await owner.SendAsync(Focus(3, false));
        // The owner's keys are released, and the friend plays on.
        await Eventually.TrueAsync(
            () => sandbox.Of(MessageType.Key).Any() && Last(sandbox) is [_, 1, ..] && KeysOf(Last(sandbox)) is [KeyW],
            "only the friend holds something");
        Assert.Equal(1, sandbox.Of(MessageType.Focus).Single()[5]);

        await owner.SendAsync(new GiveSeatMessage(2, 0).ToMessage());
        await Eventually.TrueAsync(() => Last(sandbox) is [_, 0, ..] && KeysOf(Last(sandbox)) is [], "everything is released");
        SeatsMessage told = await SeatsAsync(friend, static seats => seats.You is { Seat: 0 });
        Assert.False(told.You!.WantsToPlay);
        await HoldAsync(friend, SeatButtons.Up);
        await HandledAsync(friend, 2);
        Assert.Empty(KeysOf(Last(sandbox)));
    }

    [Fact]
    public async Task What_a_person_holds_is_released_when_it_vanishes_and_held_again_when_it_is_back()
    {
        (Guid id, ScriptedSandbox sandbox) = await StartAsync();
        await using TestViewer owner = await OwnerAsync(id, sandbox);
        Guid key = Guid.NewGuid();
        await using (TestViewer friend = await WatchAsync(_host, id))
        {
            await SeatAsync(owner, friend, 2, "Mia", key);
            await HoldAsync(friend, SeatButtons.Up);
            await Eventually.TrueAsync(() => KeysOf(Last(sandbox)) is [KeyW], "the friend holds a key");
            // The page stands still: it sends nothing for five seconds, and then goes on.
            await Eventually.TrueAsync(() => KeysOf(Last(sandbox)) is [], "the silent page holds nothing");
            await HandledAsync(friend, 1);
            Assert.Empty(KeysOf(Last(sandbox)));
            await HoldAsync(friend, SeatButtons.Up);
            await Eventually.TrueAsync(() => KeysOf(Last(sandbox)) is [KeyW], "the page is back on its seat");
            await friend.CloseAsync();
        }

        await Eventually.TrueAsync(() => KeysOf(Last(sandbox)) is [], "the closed page holds nothing");
        await using TestViewer thief = await WatchAsync(_host, id);
        await AskAsync(thief, "Mia");
        await SeatsAsync(thief, static seats => seats.You is { Seat: 0 } && seats.Seats.Count == 1);
        await using TestViewer again = await WatchAsync(_host, id);
        await AskAsync(again, "Mia", key);
        await SeatsAsync(again, static seats => seats.You is { Seat: 2 });
        await HoldAsync(again, SeatButtons.Down);
        await Eventually.TrueAsync(() => KeysOf(Last(sandbox)) is [22], "it plays on");
    }

    [Fact]
    public async Task A_seat_can_be_a_gamepad_of_its_own()
    {
        (Guid id, ScriptedSandbox sandbox) = await StartAsync();
        await using TestViewer owner = await OwnerAsync(id, sandbox);
        await using TestViewer friend = await WatchAsync(_host, id);
        // It is there before somebody plays, because simple games look for gamepads once.
        await owner.SendAsync(new SeatControlsMessage(3, true, Letters).ToMessage());
        await Eventually.TrueAsync(() => LastPad(sandbox) is [_, _, _, _, _, 2, 3, ..], "the gamepad is there");
        await SeatAsync(owner, friend, 3, "Tom");
        await HoldAsync(friend, SeatButtons.Right | SeatButtons.A);
        byte[] pressed = new GamepadMessage(0, 2, true, 0, 0, [short.MaxValue, 0, 0, 0], Buttons(0, 15), "Player 3").ToMessage();
        await Eventually.TrueAsync(() => LastPad(sandbox)!.AsSpan(5).SequenceEqual(pressed.AsSpan(5)), "the controls are on the gamepad");
        Assert.Equal(64, Last(sandbox)![2] & 64);
        Assert.Empty(KeysOf(Last(sandbox)));

        // The owner keeps the first gamepad, and cannot be the third player by a fourth one.
        await owner.SendAsync(new GamepadMessage(7, 2, true, 0, 0, [0, 0, 0, 0], Buttons(1), "Forged").ToMessage());
        await owner.SendAsync(new GamepadMessage(8, 0, true, 0, 0, [0, 0, 0, 0], Buttons(1), "Own").ToMessage());
        await Eventually.TrueAsync(() => sandbox.Of(MessageType.Gamepad).Any(static pad => pad[5] == 0), "the owner's own has arrived");
        Assert.All(sandbox.Of(MessageType.Gamepad).Where(static pad => pad[5] == 2), static pad => Assert.EndsWith(
            "Player 3", System.Text.Encoding.UTF8.GetString(pad), StringComparison.Ordinal));

        await owner.SendAsync(new GiveSeatMessage(3, 0).ToMessage());
        byte[] released = new GamepadMessage(0, 2, true, 0, 0, [0, 0, 0, 0], Buttons(), "Player 3").ToMessage();
        await Eventually.TrueAsync(
            () => sandbox.Of(MessageType.Gamepad).Last(static pad => pad[5] == 2).AsSpan(5).SequenceEqual(released.AsSpan(5)),
            "the gamepad is released");
        await owner.SendAsync(new SeatControlsMessage(3, false, Letters).ToMessage());
        await Eventually.TrueAsync(
            () => sandbox.Of(MessageType.Gamepad).Last(static pad => pad[5] == 2)[6] == 0, "the gamepad is gone");
    }

    private static byte[] Buttons(params int[] pressed) =>
        [.. Enumerable.Range(0, 17).Select(button => pressed.Contains(button) ? byte.MaxValue : (byte)0)];

    private static byte[] Key(uint seq, ushort scancode, bool down) => new KeyMessage(seq, down, false, scancode, 0, 0, "").ToMessage();

    private static byte[] Focus(byte seq, bool focused) => [(byte)MessageType.Focus, seq, 0, 0, 0, focused ? (byte)1 : (byte)0];

    private static byte[]? Last(ScriptedSandbox sandbox) => sandbox.Of(MessageType.Held).LastOrDefault();

    private static byte[]? LastPad(ScriptedSandbox sandbox) => sandbox.Of(MessageType.Gamepad).LastOrDefault();

    /// <summary>Returns the owner's window, which has told what seat 2 presses.</summary>
    private async Task<TestViewer> OwnerAsync(Guid id, ScriptedSandbox sandbox)
    {
        TestViewer owner = await TestViewer.ConnectAsync(_host, id);
        await Eventually.TrueAsync(() => sandbox.Of(MessageType.KeyframeRequest).Any(), "the owner has joined");
        await owner.SendAsync(new SeatControlsMessage(2, false, Letters).ToMessage());
        return owner;
    }
}
