using System.Buffers.Binary;
using System.Text.Unicode;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Viewers;

/// <summary>What a page may send. A viewer that breaks these rules is closed with WebSocket status 1008.</summary>
internal static class ViewerMessageRules
{
    /// <summary>Longest message of a page, bytes, type included.</summary>
    public const int MaxLength = MessageRules.MaxConsoleInputBytes + 1;

    private const int Scancodes = 512;

    /// <summary>Null when the message may pass, else what is wrong with it.</summary>
    public static string? Check(ReadOnlySpan<byte> message)
    {
        if (message.Length == 0)
        {
            return "empty message";
        }

        MessageType type = (MessageType)message[0];
        ReadOnlySpan<byte> payload = message[1..];
        (int least, int most) = MessageRules.LengthOf(type);
        bool good = (MessageRules.RouteOf(type) & (MessageRoute.PageToSandbox | MessageRoute.PageToExecutor)) != 0
            && message.Length >= least && message.Length <= most
            && HasSense(type, message, payload);
        return good ? null : $"bad message 0x{message[0]:X2} of {payload.Length} bytes";
    }

    /// <summary>Whether the message is something a player does, which a mere watcher may not.</summary>
    public static bool IsInput(MessageType type) =>
        type is MessageType.Key or MessageType.MouseMove or MessageType.MouseButton or MessageType.Wheel or MessageType.Focus
            or MessageType.Held
            or MessageType.ConsoleInput;

    private static bool HasSense(MessageType type, ReadOnlySpan<byte> message, ReadOnlySpan<byte> payload) => type switch
    {
        MessageType.Key => payload[4] <= 1 && payload[5] <= 1
            && BinaryPrimitives.ReadUInt16LittleEndian(payload[6..]) < Scancodes
            && Utf8.IsValid(payload[14..]),
        MessageType.MouseMove => payload[8] <= 7,
        MessageType.MouseButton => payload[4] is >= 1 and <= 3 && payload[5] <= 1,
        MessageType.Focus => payload[4] <= 1,
        MessageType.Held => HeldInput.IsValid(message),
        MessageType.ConsoleInput => Utf8.IsValid(payload) && payload.IndexOfAny((byte)'\n', (byte)'\r', (byte)0) < 0,
        MessageType.View => payload[0] <= 1 && payload[1] is >= 1 and <= 60,
        _ => true,
    };
}
