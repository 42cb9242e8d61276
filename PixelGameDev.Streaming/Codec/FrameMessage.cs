using System.Buffers.Binary;

namespace PixelGameDev.Streaming.Codec;

/// <summary>What the capture side knows about a frame; copied into the message's header.</summary>
/// <param name="FrameNumber">Counts the game's frames from 1.</param>
/// <param name="CaptureMicros">Monotonic capture time, µs modulo 2³².</param>
/// <param name="InputSeq">Last input that the game had applied before it drew this frame; 0: none.</param>
public readonly record struct FrameInfo(uint FrameNumber, uint CaptureMicros, uint InputSeq);

/// <summary>A whole Frame message, type byte first, or nothing if the picture did not change.</summary>
/// <param name="Message">Bytes to send; they belong to the encoder and are valid until its next call.</param>
public readonly record struct EncodedFrame(ReadOnlyMemory<byte> Message)
{
    /// <summary>Gets whether there is nothing to send: nothing changed, and no keyframe was requested.</summary>
    public bool IsEmpty => Message.IsEmpty;

    /// <summary>Gets whether the message holds a complete picture.</summary>
    public bool IsKeyframe => !IsEmpty && (Message.Span[1] & FrameHeader.KeyframeFlag) != 0;
}

/// <summary>The 22 bytes in front of the compressed body of a Frame message; see docs/PROTOCOL.md.</summary>
public readonly record struct FrameHeader(
    byte Flags, int Width, int Height, uint FrameNumber, uint CaptureMicros, uint InputSeq, uint EncodeMicros)
{
    /// <summary>Bytes of the header, type byte included.</summary>
    public const int Size = 22;

    /// <summary>The picture is complete; the decoder's window is reset.</summary>
    public const byte KeyframeFlag = 1;

    /// <summary>The picture differs from the game's own; an exact one follows when the game draws less.</summary>
    public const byte LossyFlag = 2;

    /// <summary>Largest width and largest height, pixels.</summary>
    public const int MaxSide = 1920;

    /// <summary>Largest area, pixels.</summary>
    public const int MaxPixels = 1920 * 1080;

    /// <summary>Returns how many tiles a picture has.</summary>
    public static int CountTiles(int width, int height) => FrameBody.TilesAcross(width) * FrameBody.TilesAcross(height);

    /// <summary>Returns whether a picture of this size can be sent.</summary>
    public static bool IsValidSize(int width, int height) =>
        width is >= 1 and <= MaxSide && height is >= 1 and <= MaxSide && width * height <= MaxPixels;

    /// <summary>Gets whether the frame is complete in itself.</summary>
    public bool IsKeyframe => (Flags & KeyframeFlag) != 0;

    /// <summary>Reads a header.</summary>
    /// <exception cref="InvalidDataException">Too short, wrong type, unknown flags or an impossible size.</exception>
    public static FrameHeader Read(ReadOnlySpan<byte> message) => FindFault(message) is { } fault
        ? throw new InvalidDataException(fault)
        : new FrameHeader(
            message[1],
            BinaryPrimitives.ReadUInt16LittleEndian(message[2..]),
            BinaryPrimitives.ReadUInt16LittleEndian(message[4..]),
            NumberOf(message),
            BinaryPrimitives.ReadUInt32LittleEndian(message[10..]),
            BinaryPrimitives.ReadUInt32LittleEndian(message[14..]),
            EncodeMicrosOf(message));

    /// <summary>Returns whether a checked message is complete in itself.</summary>
    public static bool IsKeyframeMessage(ReadOnlySpan<byte> message) => (message[1] & KeyframeFlag) != 0;

    /// <summary>Returns the frame number of a checked message.</summary>
    public static uint NumberOf(ReadOnlySpan<byte> message) => BinaryPrimitives.ReadUInt32LittleEndian(message[6..]);

    /// <summary>Returns how long a checked message took to encode, µs.</summary>
    public static uint EncodeMicrosOf(ReadOnlySpan<byte> message) => BinaryPrimitives.ReadUInt32LittleEndian(message[18..]);

    internal static void Check(ReadOnlySpan<byte> message)
    {
        if (FindFault(message) is { } fault)
        {
            throw new Protocol.ProtocolException(fault);
        }
    }

    internal void Write(Span<byte> message)
    {
        message[0] = (byte)Protocol.MessageType.Frame;
        message[1] = Flags;
        BinaryPrimitives.WriteUInt16LittleEndian(message[2..], (ushort)Width);
        BinaryPrimitives.WriteUInt16LittleEndian(message[4..], (ushort)Height);
        BinaryPrimitives.WriteUInt32LittleEndian(message[6..], FrameNumber);
        BinaryPrimitives.WriteUInt32LittleEndian(message[10..], CaptureMicros);
        BinaryPrimitives.WriteUInt32LittleEndian(message[14..], InputSeq);
        BinaryPrimitives.WriteUInt32LittleEndian(message[18..], EncodeMicros);
    }

    private static string? FindFault(ReadOnlySpan<byte> message)
    {
        if (message.Length < Size)
        {
            return "The frame message is shorter than its header.";
        }

        if (message[0] != (byte)Protocol.MessageType.Frame)
        {
            return "Not a frame message.";
        }

        if ((message[1] & ~(KeyframeFlag | LossyFlag)) != 0)
        {
            return "The frame message has unknown flags.";
        }

        int width = BinaryPrimitives.ReadUInt16LittleEndian(message[2..]);
        int height = BinaryPrimitives.ReadUInt16LittleEndian(message[4..]);
        return IsValidSize(width, height) ? null : $"A frame of {width}×{height} pixels cannot be sent.";
    }
}
