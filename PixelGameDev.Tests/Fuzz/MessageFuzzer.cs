using System.Buffers.Binary;
using System.Text;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Tests.Fuzz;

/// <summary>
/// Makes malformed messages: random ones, and valid ones with changed bytes, length or type. The same seed and number give the same
/// message.
/// </summary>
internal sealed class MessageFuzzer(int seed, IReadOnlyList<byte[]> good)
{
    /// <summary>Valid messages of a page.</summary>
    public static IReadOnlyList<byte[]> PageMessages { get; } =
    [
        [(byte)MessageType.Key, 1, 0, 0, 0, 1, 0, 4, 0, 0, 0, 97, 0, 0, 0, (byte)'a'],
        [(byte)MessageType.MouseMove, 2, 0, 0, 0, 10, 0, 20, 0, 1],
        [(byte)MessageType.MouseButton, 3, 0, 0, 0, 1, 1, 10, 0, 20, 0],
        [(byte)MessageType.Wheel, 4, 0, 0, 0, 0, 0, 1, 0],
        [(byte)MessageType.Focus, 5, 0, 0, 0, 1],
        new MouseTurnMessage(6, 5, -5, 1).ToMessage(),
        new MouseInsideMessage(7, true).ToMessage(),
        new WheelMessage(8, 0, 1, (0, 1.25f)).ToMessage(),
        FingersMessage.ToMessage(9, new Finger(0, 0.5f, 0.25f), new Finger(3, 1, 0)),
        new GamepadMessage(10, 1, true, 0x45E, 0x28E, [0, 1, -2, 3], new byte[17], "Pad").ToMessage(),
        new TextMessage(11, false, 1, 0, "é").ToMessage(),
        new RoomMessage(12, 800, 600).ToMessage(),
        new PasteMessage(13, "é").ToMessage(),
        [(byte)MessageType.ConsoleInput, .. "answer"u8],
        [(byte)MessageType.KeyframeRequest],
        [(byte)MessageType.Ack, 1, 0, 0, 0, 9, 0, 0, 0],
        [(byte)MessageType.View, 1, 60],
        [(byte)MessageType.Ping, 1, 0, 0, 0, 0, 0, 0, 0],
        [(byte)MessageType.Held, 1, 0, 0, 1, 1, 4, 0, 97, 0, 0, 0],
        new JoinMessage(true, Guid.Empty, "é").ToMessage(),
        [(byte)MessageType.Controls, (byte)SeatButtons.A],
        new GiveSeatMessage(2, 1).ToMessage(),
        new SeatControlsMessage(2, false, [.. Enumerable.Repeat<(ushort, uint)>((4, 97), SeatNumbers.Controls)]).ToMessage(),
    ];

    /// <summary>Valid messages of a sandbox, Hello included.</summary>
    public static IReadOnlyList<byte[]> SandboxMessages { get; } =
    [
        [(byte)MessageType.Frame, 1, 64, 0, 48, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0x28, 0xb5, 0x2f, 0xfd, 0, 0, 1, 0, 0],
        [(byte)MessageType.Console, 1, .. "hello\n"u8],
        [(byte)MessageType.InputRequest, .. "name? "u8],
        [(byte)MessageType.Caption, .. "My game"u8],
        [(byte)MessageType.Audio, .. new byte[40]],
        Json(MessageType.State, """{"state":"running","phases":{"files":10,"code":20}}"""),
        Json(MessageType.Error, """{"type":"ValueError","message":"no","file":"main.py","line":1,"frames":[{"file":"main.py","line":1,"function":"f"}],"text":"Traceback"}"""),
        Json(MessageType.Ended, """{"reason":"finished","message":"Your game finished.","detail":"exit code 0","exitCode":0}"""),
        Json(MessageType.Stats, """{"fps":60.0,"captured":60,"encoded":60,"encodeMicros":310,"bytes":12345,"dropped":0,"gameMicros":1400}"""),
        [(byte)MessageType.Pong, .. new byte[12]],
        [(byte)MessageType.Hello, 1, 0, .. """{"pygame":"2.6.1","python":"3.13.5","pid":1}"""u8],
        [(byte)MessageType.Cursor, 1, 0],
        [(byte)MessageType.Rumble, .. new byte[16]],
        [(byte)MessageType.CursorPicture, 2, 1, 1, 0, .. new byte[8]],
        [(byte)MessageType.Window, 1, 0x20, 3, 0x58, 2],
        [(byte)MessageType.Clipboard, .. "é"u8],
        Json(MessageType.Use, """{"seconds":1.0,"processors":0.21,"throttled":0,"switches":850}"""),
        SavedFileMessage.Create("saves/best.txt", "120"u8.ToArray()),
        SavedFileMessage.Create("old.txt", null),
        Json(MessageType.NotSaved, """{"files":[{"path":"cache.py","reason":"code"},{"path":"big.bin","reason":"size"}],"more":2}"""),
        SmallPictureMessage.Create([0x102030, 0x405060, 0x708090, 0xA0B0C0], 2, 2)!,
    ];

    /// <summary>Returns message number <paramref name="number"/>, type byte first.</summary>
    public byte[] Next(int number)
    {
        Random random = new(unchecked((seed * 16777619) ^ (number * (int)2654435761)));
        byte[] message = [.. good[random.Next(good.Count)]];
        switch (random.Next(8))
        {
            case 0:
                message = new byte[random.Next(0, 300)];
                random.NextBytes(message);
                return message;
            case 1:
                message[0] = (byte)random.Next(256);
                return message;
            case 2:
                return message[..random.Next(message.Length)];
            case 3:
                byte[] longer = [.. message, .. new byte[random.Next(1, 20_000)]];
                random.NextBytes(longer.AsSpan(message.Length));
                return longer;
            default:
                for (int flips = random.Next(1, 6); flips > 0 && message.Length > 1; flips--)
                {
                    message[random.Next(1, message.Length)] = (byte)random.Next(256);
                }

                return message;
        }
    }

    /// <summary>Returns the message in its frame of the link, now and then with a wrong length.</summary>
    public byte[] NextOnLink(int number)
    {
        byte[] message = Next(number);
        byte[] framed = new byte[4 + message.Length];
        Random random = new(~number);
        uint length = random.Next(10) switch
        {
            0 => (uint)random.NextInt64(uint.MaxValue),
            1 => (uint)Math.Max(0, message.Length - 1),
            _ => (uint)message.Length,
        };
        BinaryPrimitives.WriteUInt32LittleEndian(framed, length);
        message.CopyTo(framed, 4);
        return framed;
    }

    private static byte[] Json(MessageType type, string json) => [(byte)type, .. Encoding.UTF8.GetBytes(json)];
}
