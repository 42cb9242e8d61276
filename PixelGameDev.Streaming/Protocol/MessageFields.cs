using System.Text;

namespace PixelGameDev.Streaming.Protocol;

/// <summary>What the readers of all messages share.</summary>
internal static class MessageFields
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static void Require(ReadOnlySpan<byte> message, MessageType type)
    {
        (int min, int max) = MessageRules.LengthOf(type);
        if (message.Length < min || message.Length > max || message[0] != (byte)type)
        {
            throw new ProtocolException($"Not a {type} message, or one of {message.Length} bytes; {min} to {max} are possible.");
        }
    }

    public static bool Flag(byte value) => value switch
    {
        0 => false,
        1 => true,
        _ => throw new ProtocolException($"{value} where only 0 or 1 is possible."),
    };

    public static string Text(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return StrictUtf8.GetString(utf8);
        }
        catch (DecoderFallbackException e)
        {
            throw new ProtocolException("Text that is not UTF-8.", e);
        }
    }
}
