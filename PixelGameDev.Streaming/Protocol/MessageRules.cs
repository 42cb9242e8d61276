namespace PixelGameDev.Streaming.Protocol;

/// <summary>Names the sender and the receiver of a message.</summary>
[Flags]
public enum MessageRoute
{
    /// <summary>The type does not exist.</summary>
    None = 0,

    /// <summary>From GameHost to the Executor, which relays it to the page.</summary>
    SandboxToPage = 1,

    /// <summary>From GameHost to the Executor, which keeps it.</summary>
    SandboxToExecutor = 2,

    /// <summary>From the page to the Executor, which relays it to GameHost.</summary>
    PageToSandbox = 4,

    /// <summary>From the page to the Executor, which keeps it.</summary>
    PageToExecutor = 8,

    /// <summary>From the Executor to GameHost.</summary>
    ExecutorToSandbox = 16,

    /// <summary>From the Executor to the page. A sandbox may not send it.</summary>
    ExecutorToPage = 32,
}

/// <summary>Holds size limits and routes of every message. Lengths are those of whole messages, type byte included.</summary>
public static class MessageRules
{
    /// <summary>Largest message on the link, bytes (16 MiB).</summary>
    public const int MaxLength = 16 * 1024 * 1024;

    /// <summary>
    /// Largest picture, bytes (8 MiB): 1920 × 1080 × 3, a header for each tile, and what zstd adds to data that it cannot shrink.
    /// </summary>
    public const int MaxFrameBytes = 8 * 1024 * 1024;

    /// <summary>Largest text of one Console message, bytes.</summary>
    public const int MaxConsoleBytes = 64 * 1024;

    /// <summary>Largest caption, bytes.</summary>
    public const int MaxCaptionBytes = 1024;

    /// <summary>Largest line a page may answer to <c>input()</c>, bytes.</summary>
    public const int MaxConsoleInputBytes = 4 * 1024;

    /// <summary>Largest text one key press may carry, bytes; SDL's own text events hold 31.</summary>
    public const int MaxKeyTextBytes = 31;

    /// <summary>Largest JSON document in a message, bytes.</summary>
    public const int MaxJsonBytes = 256 * 1024;

    /// <summary>
    /// Largest JSON document of figures, a state or an end, bytes. These need no more; 256 KiB would only cost the reader time.
    /// </summary>
    public const int MaxReportBytes = 4 * 1024;

    /// <summary>Returns the route of this type; <see cref="MessageRoute.None"/> for unknown types.</summary>
    public static MessageRoute RouteOf(MessageType type) => MessageTable.Of(type).Route;

    /// <summary>
    /// Returns the smallest and the largest length of a message of this type, bytes, type byte included; (0, 0) for unknown types.
    /// </summary>
    public static (int Min, int Max) LengthOf(MessageType type)
    {
        ref readonly MessageRule rule = ref MessageTable.Of(type);
        return (rule.Min, rule.Max);
    }

    /// <summary>Returns whether a message of this type is an action of a player. A viewer that is no player may not send it.</summary>
    public static bool IsInput(MessageType type) => MessageTable.Of(type).IsInput;

    /// <summary>Checks type, route, length and content of a message, type byte first.</summary>
    /// <exception cref="ProtocolException">It may not travel on <paramref name="allowed"/>, or is malformed.</exception>
    public static MessageType Check(ReadOnlySpan<byte> message, MessageRoute allowed)
    {
        if (message.IsEmpty)
        {
            throw new ProtocolException("An empty message.");
        }

        MessageType type = (MessageType)message[0];
        CheckHeader(type, message.Length, allowed);
        CheckContent(message);
        return type;
    }

    /// <summary>Checks type, length and route of a message before its payload has arrived.</summary>
    /// <exception cref="ProtocolException">The type may not travel on <paramref name="allowed"/>, or the length is impossible.</exception>
    public static void CheckHeader(MessageType type, int length, MessageRoute allowed)
    {
        ref readonly MessageRule rule = ref MessageTable.Of(type);
        if ((rule.Route & allowed) == 0)
        {
            throw new ProtocolException($"A message of type 0x{(byte)type:x2} may not be sent here.");
        }

        if (length < rule.Min || length > rule.Max)
        {
            throw new ProtocolException($"A {type} message of {length} bytes; {rule.Min} to {rule.Max} are possible.");
        }
    }

    /// <summary>Checks the content of a message whose type and length are valid. Allocates nothing.</summary>
    /// <exception cref="ProtocolException">The content is impossible.</exception>
    public static void CheckContent(ReadOnlySpan<byte> message) => MessageTable.Of((MessageType)message[0]).Check?.Invoke(message);
}
