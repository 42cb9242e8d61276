using System.Buffers.Binary;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Links;

/// <summary>
/// What a sandbox may send: everything that comes out of it is untrusted, so length and shape are checked before anything is
/// kept or passed on. Pixels are never parsed here.
/// </summary>
internal static class SandboxMessageRules
{
    private const int LongestSide = 1920;
    private const int MostPixels = 1920 * 1080;
    private const int KeyframeFlag = 1;

    /// <param name="type">First byte of the message.</param>
    /// <param name="length">Bytes of the message, type included.</param>
    /// <exception cref="ProtocolViolationException">The type or the length is not allowed.</exception>
    public static void CheckHeader(MessageType type, int length)
    {
        if ((MessageRules.RouteOf(type) & (MessageRoute.SandboxToPage | MessageRoute.SandboxToExecutor)) == 0)
        {
            throw new ProtocolViolationException($"message type 0x{(byte)type:X2} does not come from a sandbox");
        }

        (int least, int most) = MessageRules.LengthOf(type);
        if (length < least || length > most)
        {
            throw new ProtocolViolationException($"{type} of {length} bytes, {least} to {most} are possible");
        }
    }

    /// <exception cref="ProtocolViolationException">The payload has not the shape of its type.</exception>
    public static void CheckPayload(MessageType type, ReadOnlySpan<byte> payload)
    {
        switch (type)
        {
            case MessageType.Frame:
                CheckFrame(payload);
                break;
            case MessageType.Console when payload[0] is < 1 or > 3:
                throw new ProtocolViolationException("Console without a known stream");
        }
    }

    public static bool IsKeyframe(ReadOnlySpan<byte> payload) => (payload[0] & KeyframeFlag) != 0;

    /// <summary>The number a frame carries.</summary>
    public static uint FrameNumber(ReadOnlySpan<byte> payload) => BinaryPrimitives.ReadUInt32LittleEndian(payload[5..]);

    private static void CheckFrame(ReadOnlySpan<byte> payload)
    {
        // The type byte is offset 0 of the table in PROTOCOL.md, so every offset is one less here.
        const int flagsAt = 0, widthAt = 1, heightAt = 3;
        int width = BinaryPrimitives.ReadUInt16LittleEndian(payload[widthAt..]);
        int height = BinaryPrimitives.ReadUInt16LittleEndian(payload[heightAt..]);
        if (width is < 1 or > LongestSide || height is < 1 or > LongestSide || width * height > MostPixels)
        {
            throw new ProtocolViolationException($"Frame of {width}×{height} pixels");
        }

        if (payload[flagsAt] > 3)
        {
            throw new ProtocolViolationException($"Frame with unknown flags 0x{payload[flagsAt]:X2}");
        }
    }
}
