using System.Buffers.Binary;
using System.Text;

namespace PixelGameDev.Streaming.Protocol;

/// <summary>Holds text that no single key has typed: what an input method makes, or an on-screen keyboard.</summary>
/// <param name="Seq">Counter of the sending page, from 1.</param>
/// <param name="Committed">Whether the text is finished; otherwise an input method still edits it.</param>
/// <param name="Start">Place of the cursor in text that is being edited, characters.</param>
/// <param name="Length">Length of the selection in text that is being edited, characters.</param>
/// <param name="Text">The text; ≤ 256 bytes of UTF-8. Empty text ends the editing.</param>
public readonly record struct TextMessage(uint Seq, bool Committed, ushort Start, ushort Length, string Text)
{
    /// <summary>Largest text of one message, bytes.</summary>
    public const int MaxTextBytes = 256;

    internal const int HeaderBytes = 10;

    /// <summary>Reads a whole message, type byte first.</summary>
    /// <exception cref="ProtocolException">Malformed.</exception>
    public static TextMessage Read(ReadOnlySpan<byte> message)
    {
        MessageFields.Require(message, MessageType.Text);
        Check(message);
        return new TextMessage(
            BinaryPrimitives.ReadUInt32LittleEndian(message[1..]),
            message[5] == 1,
            BinaryPrimitives.ReadUInt16LittleEndian(message[6..]),
            BinaryPrimitives.ReadUInt16LittleEndian(message[8..]),
            Encoding.UTF8.GetString(message[HeaderBytes..]));
    }

    internal static void Check(ReadOnlySpan<byte> message)
    {
        MessageFields.RequireFlag(message[5]);
        MessageFields.RequireText(message[HeaderBytes..]);
    }

    /// <summary>Returns the whole message, type byte first.</summary>
    public byte[] ToMessage()
    {
        byte[] message = MessageFields.Create(MessageType.Text, Seq, HeaderBytes + Encoding.UTF8.GetByteCount(Text));
        message[5] = Committed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(6), Start);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(8), Length);
        Encoding.UTF8.GetBytes(Text, message.AsSpan(HeaderBytes));
        return message;
    }
}
