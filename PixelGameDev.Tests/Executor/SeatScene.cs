using System.Buffers.Binary;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Tests.Executor;

/// <summary>Helps tests of people who play a seat in the session of somebody else.</summary>
internal static class SeatScene
{
    public const ushort KeyW = 26;
    public const ushort ShiftLeft = 225;

    /// <summary>W, S, A, D, left Shift, Q and 2.</summary>
    public static readonly IReadOnlyList<(ushort Scancode, uint Keycode)> Letters =
        [(KeyW, 'w'), (22, 's'), (4, 'a'), (7, 'd'), (ShiftLeft, 0x400000E1), (20, 'q'), (31, '2')];

    public static Task<TestViewer> WatchAsync(ExecutorHost host, Guid session) =>
        TestViewer.ConnectAsync(host, session, "role=watcher&invitation=1");

    /// <summary>A friend says its name and asks to play.</summary>
    public static Task AskAsync(TestViewer friend, string name, Guid? key = null) =>
        friend.SendAsync(new JoinMessage(true, key ?? Guid.NewGuid(), name).ToMessage());

    /// <summary>Asks for a seat, and the owner gives it.</summary>
    public static async Task SeatAsync(TestViewer owner, TestViewer friend, byte seat, string name, Guid? key = null)
    {
        await AskAsync(friend, name, key);
        SeatsMessage asked = await SeatsAsync(owner, seats => seats.People!.Any(person => person.Name == name && person.WantsToPlay));
        await owner.SendAsync(new GiveSeatMessage(seat, asked.People!.Single(person => person.Name == name).Number).ToMessage());
        await SeatsAsync(friend, seats => seats.You?.Seat == seat);
    }

    public static Task HoldAsync(TestViewer friend, SeatButtons pressed) =>
        friend.SendAsync((byte)MessageType.Controls, (byte)pressed);

    /// <summary>Reads until a Seats message fits.</summary>
    public static async Task<SeatsMessage> SeatsAsync(TestViewer viewer, Func<SeatsMessage, bool> fits) =>
        Read(await viewer.UntilAsync(MessageType.Seats, message => fits(Read(message))));

    /// <summary>Waits until everything that a watcher has sent before is handled.</summary>
    public static async Task HandledAsync(TestViewer watcher, byte mark)
    {
        await watcher.SendAsync((byte)MessageType.Ping, mark, 0, 0, 0, 0, 0, 0, 0);
        await watcher.UntilAsync(MessageType.Pong, pong => pong[1] == mark);
    }

    /// <summary>Returns the scancodes of a Held message; none if there is no such message yet.</summary>
    public static ushort[] KeysOf(byte[]? held) => held is null
        ? []
        : [.. Enumerable.Range(0, held[5]).Select(key => BinaryPrimitives.ReadUInt16LittleEndian(held.AsSpan(6 + (key * 6)))).Order()];

    private static SeatsMessage Read(byte[] message) =>
        SandboxMessages.ReadJson(message, MessageType.Seats, ProtocolJson.Default.SeatsMessage);
}
