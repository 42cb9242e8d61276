using System.Buffers.Binary;

namespace PixelGameDev.Streaming.Protocol;

/// <summary>The mouse wheel turned; steps, up and right positive.</summary>
/// <param name="Seq">Counter of the sending page, from 1.</param>
/// <param name="X">Whole steps to the right.</param>
/// <param name="Y">Whole steps up.</param>
/// <param name="Precise">The same with fractions, or null from an older page.</param>
public readonly record struct WheelMessage(uint Seq, short X, short Y, (float X, float Y)? Precise = null)
{
    internal const int MinLength = 9;
    internal const int MaxLength = 17;

    /// <summary>Reads a whole message, type byte first.</summary>
    /// <exception cref="ProtocolException">Malformed.</exception>
    public static WheelMessage Read(ReadOnlySpan<byte> message)
    {
        MessageFields.Require(message, MessageType.Wheel);
        Check(message);
        return new WheelMessage(
            BinaryPrimitives.ReadUInt32LittleEndian(message[1..]),
            BinaryPrimitives.ReadInt16LittleEndian(message[5..]),
            BinaryPrimitives.ReadInt16LittleEndian(message[7..]),
            message.Length == MinLength
                ? null
                : (BinaryPrimitives.ReadSingleLittleEndian(message[9..]), BinaryPrimitives.ReadSingleLittleEndian(message[13..])));
    }

    internal static void Check(ReadOnlySpan<byte> message)
    {
        if (message.Length is not (MinLength or MaxLength) || (message.Length == MaxLength
            && !(float.IsFinite(BinaryPrimitives.ReadSingleLittleEndian(message[9..]))
                && float.IsFinite(BinaryPrimitives.ReadSingleLittleEndian(message[13..])))))
        {
            throw new ProtocolException("A Wheel message of another shape.");
        }
    }

    /// <summary>Returns the whole message, type byte first.</summary>
    public byte[] ToMessage()
    {
        byte[] message = MessageFields.Create(MessageType.Wheel, Seq, Precise is null ? MinLength : MaxLength);
        BinaryPrimitives.WriteInt16LittleEndian(message.AsSpan(5), X);
        BinaryPrimitives.WriteInt16LittleEndian(message.AsSpan(7), Y);
        if (Precise is { } precise)
        {
            BinaryPrimitives.WriteSingleLittleEndian(message.AsSpan(9), precise.X);
            BinaryPrimitives.WriteSingleLittleEndian(message.AsSpan(13), precise.Y);
        }

        return message;
    }
}

/// <summary>The mouse moved while the page has locked it to the picture: it has a way and no place.</summary>
/// <param name="Seq">Counter of the sending page, from 1.</param>
/// <param name="X">Way to the right, pixels.</param>
/// <param name="Y">Way down, pixels.</param>
/// <param name="Buttons">Held buttons, as in <see cref="MouseMoveMessage"/>.</param>
public readonly record struct MouseTurnMessage(uint Seq, short X, short Y, byte Buttons)
{
    /// <summary>Reads a whole message, type byte first.</summary>
    /// <exception cref="ProtocolException">Malformed.</exception>
    public static MouseTurnMessage Read(ReadOnlySpan<byte> message)
    {
        MessageFields.Require(message, MessageType.MouseTurn);
        Check(message);
        return new MouseTurnMessage(
            BinaryPrimitives.ReadUInt32LittleEndian(message[1..]),
            BinaryPrimitives.ReadInt16LittleEndian(message[5..]),
            BinaryPrimitives.ReadInt16LittleEndian(message[7..]),
            message[9]);
    }

    internal static void Check(ReadOnlySpan<byte> message) => MouseMoveMessage.CheckButtons(message[9]);

    /// <summary>Returns the whole message, type byte first.</summary>
    public byte[] ToMessage()
    {
        byte[] message = MessageFields.Create(MessageType.MouseTurn, Seq, 10);
        BinaryPrimitives.WriteInt16LittleEndian(message.AsSpan(5), X);
        BinaryPrimitives.WriteInt16LittleEndian(message.AsSpan(7), Y);
        message[9] = Buttons;
        return message;
    }
}

/// <summary>The mouse has come over the picture or has left it.</summary>
public readonly record struct MouseInsideMessage(uint Seq, bool Inside)
{
    /// <summary>Reads a whole message, type byte first.</summary>
    /// <exception cref="ProtocolException">Malformed.</exception>
    public static MouseInsideMessage Read(ReadOnlySpan<byte> message)
    {
        MessageFields.Require(message, MessageType.MouseInside);
        Check(message);
        return new MouseInsideMessage(BinaryPrimitives.ReadUInt32LittleEndian(message[1..]), message[5] == 1);
    }

    internal static void Check(ReadOnlySpan<byte> message) => MessageFields.RequireFlag(message[5]);

    /// <summary>Returns the whole message, type byte first.</summary>
    public byte[] ToMessage()
    {
        byte[] message = MessageFields.Create(MessageType.MouseInside, Seq, 6);
        message[5] = Inside ? (byte)1 : (byte)0;
        return message;
    }
}

/// <summary>One finger on the picture.</summary>
/// <param name="Id">Number of the finger while it touches.</param>
/// <param name="X">Place, 0 (left) … 1 (right).</param>
/// <param name="Y">Place, 0 (top) … 1 (bottom).</param>
public readonly record struct Finger(byte Id, float X, float Y);

/// <summary>All fingers that touch the picture now.</summary>
/// <remarks>The whole state and no difference: the next message corrects the loss of one.</remarks>
public static class FingersMessage
{
    /// <summary>Most fingers of one message.</summary>
    public const int MaxFingers = 10;

    private const int HeaderBytes = 6;
    private const int FingerBytes = 9;

    internal static int MinLength => HeaderBytes;

    internal static int MaxLength => HeaderBytes + (MaxFingers * FingerBytes);

    /// <summary>Reads a whole message, type byte first.</summary>
    /// <exception cref="ProtocolException">Malformed.</exception>
    public static (uint Seq, IReadOnlyList<Finger> Fingers) Read(ReadOnlySpan<byte> message)
    {
        MessageFields.Require(message, MessageType.Fingers);
        Check(message);
        Finger[] fingers = new Finger[message[5]];
        for (int i = 0; i < fingers.Length; i++)
        {
            ReadOnlySpan<byte> at = message[(HeaderBytes + (i * FingerBytes))..];
            fingers[i] = new Finger(
                at[0], BinaryPrimitives.ReadSingleLittleEndian(at[1..]), BinaryPrimitives.ReadSingleLittleEndian(at[5..]));
        }

        return (BinaryPrimitives.ReadUInt32LittleEndian(message[1..]), fingers);
    }

    /// <summary>Returns the whole message, type byte first.</summary>
    public static byte[] ToMessage(uint seq, params ReadOnlySpan<Finger> fingers)
    {
        byte[] message = MessageFields.Create(MessageType.Fingers, seq, HeaderBytes + (fingers.Length * FingerBytes));
        message[5] = (byte)fingers.Length;
        for (int i = 0; i < fingers.Length; i++)
        {
            Span<byte> at = message.AsSpan(HeaderBytes + (i * FingerBytes));
            at[0] = fingers[i].Id;
            BinaryPrimitives.WriteSingleLittleEndian(at[1..], fingers[i].X);
            BinaryPrimitives.WriteSingleLittleEndian(at[5..], fingers[i].Y);
        }

        return message;
    }

    internal static void Check(ReadOnlySpan<byte> message)
    {
        if (message[5] > MaxFingers || message.Length != HeaderBytes + (message[5] * FingerBytes))
        {
            throw new ProtocolException("A Fingers message of another length than its count says.");
        }

        for (int at = HeaderBytes; at < message.Length; at += FingerBytes)
        {
            // Not-a-number is in no range.
            if (!(BinaryPrimitives.ReadSingleLittleEndian(message[(at + 1)..]) is >= 0 and <= 1)
                || !(BinaryPrimitives.ReadSingleLittleEndian(message[(at + 5)..]) is >= 0 and <= 1))
            {
                throw new ProtocolException("A finger outside of the picture.");
            }
        }
    }

    /// <summary>Returns whether both messages name the same fingers, so that the second one holds everything of the first.</summary>
    internal static bool HasSameFingers(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        if (one.Length != other.Length)
        {
            return false;
        }

        for (int at = HeaderBytes; at < one.Length; at += FingerBytes)
        {
            if (one[at] != other[at])
            {
                return false;
            }
        }

        return true;
    }
}
