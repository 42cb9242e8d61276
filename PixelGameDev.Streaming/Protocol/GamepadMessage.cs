using System.Buffers.Binary;
using System.Text;

namespace PixelGameDev.Streaming.Protocol;

/// <summary>One gamepad of a page: that it is plugged in, and the whole state of its axes and buttons.</summary>
/// <param name="Seq">Counter of the sending page, from 1.</param>
/// <param name="Index">Number of the gamepad, 0 … 3.</param>
/// <param name="Standard">Whether its axes and buttons have the order of the browser's standard layout.</param>
/// <param name="Vendor">USB number of the maker, or 0.</param>
/// <param name="Product">USB number of the product, or 0.</param>
/// <param name="Axes">Axes, −32768 … 32767.</param>
/// <param name="Buttons">Buttons, 0 … 255; triggers have values between.</param>
/// <param name="Name">Name, ≤ 64 bytes of UTF-8.</param>
public sealed record GamepadMessage(
    uint Seq, byte Index, bool Standard, ushort Vendor, ushort Product, IReadOnlyList<short> Axes, IReadOnlyList<byte> Buttons, string Name)
{
    /// <summary>Most gamepads of one page.</summary>
    public const int MaxGamepads = 4;

    private const int HeaderBytes = 13;
    private const int MaxAxes = 8;
    private const int MaxButtons = 32;
    private const int MaxNameBytes = 64;
    private const byte There = 1;
    private const byte StandardLayout = 2;

    internal static int MinLength => HeaderBytes;

    internal static int MaxLength => HeaderBytes + (2 * MaxAxes) + MaxButtons + MaxNameBytes;

    /// <summary>Returns the message that says that a gamepad is gone.</summary>
    public static byte[] Gone(uint seq, byte index)
    {
        byte[] message = MessageFields.Create(MessageType.Gamepad, seq, HeaderBytes);
        message[5] = index;
        return message;
    }

    /// <summary>Returns the whole message, type byte first.</summary>
    public byte[] ToMessage()
    {
        byte[] message = new byte[HeaderBytes + (2 * Axes.Count) + Buttons.Count + Encoding.UTF8.GetByteCount(Name)];
        Gone(Seq, Index).CopyTo(message, 0);
        message[6] = (byte)(There | (Standard ? StandardLayout : 0));
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(7), Vendor);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(9), Product);
        message[11] = (byte)Axes.Count;
        message[12] = (byte)Buttons.Count;
        int at = HeaderBytes;
        foreach (short axis in Axes)
        {
            BinaryPrimitives.WriteInt16LittleEndian(message.AsSpan(at), axis);
            at += 2;
        }

        foreach (byte button in Buttons)
        {
            message[at++] = button;
        }

        Encoding.UTF8.GetBytes(Name, message.AsSpan(at));
        return message;
    }

    /// <summary>Returns the number of the gamepad of a checked message.</summary>
    public static byte IndexOf(ReadOnlySpan<byte> message) => message[5];

    /// <summary>Returns whether a checked message says that the gamepad is there.</summary>
    internal static bool IsThere(ReadOnlySpan<byte> message) => (message[6] & There) != 0;

    /// <summary>Returns whether the second message holds everything of the first: only axes differ, and no press is lost.</summary>
    internal static bool HasSameButtons(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        int axes = 2 * one[11];
        return one.Length == other.Length && one[5..HeaderBytes].SequenceEqual(other[5..HeaderBytes])
            && one[(HeaderBytes + axes)..].SequenceEqual(other[(HeaderBytes + axes)..]);
    }

    internal static void Check(ReadOnlySpan<byte> message)
    {
        int values = HeaderBytes + (2 * message[11]) + message[12];
        if (message[5] >= MaxGamepads || message[6] > (There | StandardLayout) || message[11] > MaxAxes || message[12] > MaxButtons
            || message.Length < values || message.Length > values + MaxNameBytes || (!IsThere(message) && message.Length != HeaderBytes))
        {
            throw new ProtocolException("A Gamepad message of another shape than its counts say.");
        }

        MessageFields.RequireText(message[values..]);
    }
}
