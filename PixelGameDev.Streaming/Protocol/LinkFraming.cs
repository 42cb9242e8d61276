using System.Buffers.Binary;

namespace PixelGameDev.Streaming.Protocol;

/// <summary>Reads and writes the header of each message on the link: <c>u32 length</c>, little-endian.</summary>
public static class LinkFraming
{
    /// <summary>Bytes before a message.</summary>
    public const int HeaderBytes = 4;

    /// <summary>Returns the length of the message that begins in <paramref name="available"/>.</summary>
    /// <param name="available">
    /// What has arrived, <see cref="HeaderBytes"/> bytes or more. One byte more includes the type. Then a message whose type is not allowed
    /// here is refused before its payload arrives or memory is reserved for it.
    /// </param>
    /// <param name="allowed">Routes that a message may have here.</param>
    /// <exception cref="ProtocolException">The length is impossible, the type unknown or not allowed.</exception>
    public static int ReadLength(ReadOnlySpan<byte> available, MessageRoute allowed)
    {
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(available);
        if (length is 0 or > MessageRules.MaxLength)
        {
            throw new ProtocolException($"A message of {length} bytes; 1 to {MessageRules.MaxLength} are possible.");
        }

        if (available.Length > HeaderBytes)
        {
            MessageRules.CheckHeader((MessageType)available[HeaderBytes], (int)length, allowed);
        }

        return (int)length;
    }

    /// <summary>Writes the length before a message.</summary>
    /// <param name="target">At least <see cref="HeaderBytes"/> bytes.</param>
    /// <param name="length">Bytes of the message, type byte included.</param>
    public static void WriteLength(Span<byte> target, int length) => BinaryPrimitives.WriteInt32LittleEndian(target, length);
}
