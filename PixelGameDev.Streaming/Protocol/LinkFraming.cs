using System.Buffers.Binary;

namespace PixelGameDev.Streaming.Protocol;

/// <summary>Reads and writes what stands in front of each message on the link: <c>u32 length</c>, little-endian.</summary>
public static class LinkFraming
{
    /// <summary>Bytes in front of a message.</summary>
    public const int HeaderBytes = 4;

    /// <summary>
    /// Returns the length of the message that begins in <paramref name="available"/>, as soon as that is known to be possible.
    /// </summary>
    /// <param name="available">
    /// What has arrived, <see cref="HeaderBytes"/> or more. With one byte more the type is known, and a message that may not travel here
    /// is refused before anything waits for its payload or makes room for it.
    /// </param>
    /// <param name="allowed">Routes that a message here may have.</param>
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

    /// <summary>Writes a length in front of a message.</summary>
    /// <param name="target">At least <see cref="HeaderBytes"/> bytes.</param>
    /// <param name="length">Bytes of the message, type byte included.</param>
    public static void WriteLength(Span<byte> target, int length) => BinaryPrimitives.WriteInt32LittleEndian(target, length);
}
