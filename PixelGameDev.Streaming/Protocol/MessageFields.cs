using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace PixelGameDev.Streaming.Protocol;

/// <summary>Checks the fields of messages, and begins messages.</summary>
internal static class MessageFields
{
    /// <summary>Creates a message of <paramref name="length"/> bytes that begins with its type and a number, such as its Seq.</summary>
    public static byte[] Create(MessageType type, uint number, int length)
    {
        byte[] message = new byte[length];
        message[0] = (byte)type;
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(1), number);
        return message;
    }

    public static void Require(ReadOnlySpan<byte> message, MessageType type)
    {
        (int min, int max) = MessageRules.LengthOf(type);
        if (message.Length < min || message.Length > max || message[0] != (byte)type)
        {
            throw new ProtocolException($"Not a {type} message, or one of {message.Length} bytes; {min} to {max} are possible.");
        }
    }

    public static void RequireFlag(byte value)
    {
        if (value > 1)
        {
            throw new ProtocolException($"{value} where only 0 or 1 is possible.");
        }
    }

    public static void RequireText(ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8))
        {
            throw new ProtocolException("Text that is not UTF-8.");
        }
    }

    public static string Text(ReadOnlySpan<byte> utf8)
    {
        RequireText(utf8);
        return Encoding.UTF8.GetString(utf8);
    }
}
