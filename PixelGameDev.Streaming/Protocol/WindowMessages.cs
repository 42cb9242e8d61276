using System.Buffers.Binary;
using System.Text;

namespace PixelGameDev.Streaming.Protocol;

/// <summary>The size that a page gives to the game's window, because a person has changed the room for it.</summary>
/// <param name="Seq">Counter of the sending page, from 1.</param>
/// <param name="Width">Pixels of the game, 1 … 1920.</param>
/// <param name="Height">Pixels of the game, 1 … 1920; at most 1920 × 1080 together.</param>
/// <remarks>The whole size and no difference. The page repeats it until a Window message says that the game has it.</remarks>
public readonly record struct RoomMessage(uint Seq, ushort Width, ushort Height)
{
    internal const int Bytes = 9;

    /// <summary>Reads a whole message, type byte first.</summary>
    /// <exception cref="ProtocolException">Malformed.</exception>
    public static RoomMessage Read(ReadOnlySpan<byte> message)
    {
        MessageFields.Require(message, MessageType.Room);
        Check(message);
        return new RoomMessage(
            BinaryPrimitives.ReadUInt32LittleEndian(message[1..]),
            BinaryPrimitives.ReadUInt16LittleEndian(message[5..]),
            BinaryPrimitives.ReadUInt16LittleEndian(message[7..]));
    }

    internal static void Check(ReadOnlySpan<byte> message)
    {
        int width = BinaryPrimitives.ReadUInt16LittleEndian(message[5..]);
        int height = BinaryPrimitives.ReadUInt16LittleEndian(message[7..]);
        if (width is < 1 or > 1920 || height is < 1 or > 1920 || width * height > 1920 * 1080)
        {
            throw new ProtocolException($"A window of {width}×{height}.");
        }
    }

    /// <summary>Returns the whole message, type byte first.</summary>
    public byte[] ToMessage()
    {
        byte[] message = MessageFields.Create(MessageType.Room, Seq, Bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(5), Width);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(7), Height);
        return message;
    }
}

/// <summary>Text that a person has pasted: from now on it is the game's clipboard.</summary>
/// <param name="Seq">Counter of the sending page, from 1.</param>
/// <param name="Text">The text, at most <see cref="MaxTextBytes"/> of UTF-8, without zero bytes.</param>
public readonly record struct PasteMessage(uint Seq, string Text)
{
    /// <summary>Largest text of the clipboard, bytes; both ways.</summary>
    public const int MaxTextBytes = 16 * 1024;

    internal const int HeaderBytes = 5;

    /// <summary>Reads a whole message, type byte first.</summary>
    /// <exception cref="ProtocolException">Malformed.</exception>
    public static PasteMessage Read(ReadOnlySpan<byte> message)
    {
        MessageFields.Require(message, MessageType.Paste);
        Check(message);
        return new PasteMessage(BinaryPrimitives.ReadUInt32LittleEndian(message[1..]), Encoding.UTF8.GetString(message[HeaderBytes..]));
    }

    internal static void Check(ReadOnlySpan<byte> message) => CheckText(message[HeaderBytes..]);

    internal static void CheckText(ReadOnlySpan<byte> utf8)
    {
        MessageFields.RequireText(utf8);
        if (utf8.Contains((byte)0))
        {
            throw new ProtocolException("Text of a clipboard with a zero byte.");
        }
    }

    /// <summary>Returns the whole message, type byte first.</summary>
    public byte[] ToMessage()
    {
        byte[] message = MessageFields.Create(MessageType.Paste, Seq, HeaderBytes + Encoding.UTF8.GetByteCount(Text));
        Encoding.UTF8.GetBytes(Text, message.AsSpan(HeaderBytes));
        return message;
    }
}
