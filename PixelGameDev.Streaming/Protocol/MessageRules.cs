namespace PixelGameDev.Streaming.Protocol;

/// <summary>Who may send a message to whom.</summary>
[Flags]
public enum MessageRoute
{
    /// <summary>Nobody: the type does not exist.</summary>
    None = 0,

    /// <summary>GameHost to the Executor, which relays it to the page.</summary>
    SandboxToPage = 1,

    /// <summary>GameHost to the Executor, which keeps it.</summary>
    SandboxToExecutor = 2,

    /// <summary>Page to the Executor, which relays it to GameHost.</summary>
    PageToSandbox = 4,

    /// <summary>Page to the Executor, which keeps it.</summary>
    PageToExecutor = 8,

    /// <summary>Executor to GameHost.</summary>
    ExecutorToSandbox = 16,
}

/// <summary>Size limits and routes of every message. Lengths are of whole messages, type byte included.</summary>
public static class MessageRules
{
    /// <summary>Largest message on the link, bytes (16 MiB).</summary>
    public const int MaxLength = 16 * 1024 * 1024;

    /// <summary>
    /// Largest picture, bytes (8 MiB): 1920 × 1080 × 3, a header for each tile, and what zstd adds to what it cannot shrink.
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

    /// <summary>Largest JSON document of figures, a state or an end, bytes; one of 256 KiB would only cost its reader time.</summary>
    public const int MaxReportBytes = 4 * 1024;

    /// <summary>Who may send this type to whom; <see cref="MessageRoute.None"/> for unknown types.</summary>
    public static MessageRoute RouteOf(MessageType type) => type switch
    {
        MessageType.Hello or MessageType.Use => MessageRoute.SandboxToExecutor,
        >= MessageType.Frame and <= MessageType.Cursor => MessageRoute.SandboxToPage,
        MessageType.Ack or MessageType.View => MessageRoute.PageToExecutor,
        MessageType.KeyframeRequest or MessageType.Ping or MessageType.Held => MessageRoute.PageToSandbox | MessageRoute.ExecutorToSandbox,
        >= MessageType.Key and <= MessageType.ConsoleInput => MessageRoute.PageToSandbox,
        >= MessageType.File and <= MessageType.Viewers => MessageRoute.ExecutorToSandbox,
        _ => MessageRoute.None,
    };

    /// <summary>Smallest and largest length of a message of this type, bytes, type byte included; (0, 0) for unknown types.</summary>
    public static (int Min, int Max) LengthOf(MessageType type) => type switch
    {
        MessageType.Frame => (22, MaxFrameBytes),
        MessageType.Console => (2, 2 + MaxConsoleBytes),
        MessageType.InputRequest => (1, 1 + MaxConsoleBytes),
        MessageType.Caption => (1, 1 + MaxCaptionBytes),
        MessageType.Audio => (13, 64 * 1024),
        MessageType.Error => (3, 1 + MaxJsonBytes),
        MessageType.State or MessageType.Ended or MessageType.Stats => (3, 1 + MaxReportBytes),
        MessageType.Pong => (13, 13),
        MessageType.Hello => (5, 3 + 4096),
        MessageType.Cursor => (3, 3),
        MessageType.Use => (3, 1 + 1024),
        MessageType.Key => (15, 15 + MaxKeyTextBytes),
        MessageType.MouseMove => (10, 10),
        MessageType.MouseButton => (11, 11),
        MessageType.Wheel => (9, 9),
        MessageType.Focus => (6, 6),
        MessageType.ConsoleInput => (1, 1 + MaxConsoleInputBytes),
        MessageType.KeyframeRequest => (1, 1),
        MessageType.Ack => (9, 9),
        MessageType.Ping => (9, 9),
        MessageType.View => (3, 3),
        MessageType.Held => (HeldInput.MinLength, HeldInput.MaxLength),
        MessageType.File => (4, MaxLength),
        MessageType.Start => (3, 1 + MaxJsonBytes),
        MessageType.Stop => (5, 5),
        MessageType.Viewers => (4, 4),
        _ => (0, 0),
    };

    /// <summary>Checks type, route and length of a message.</summary>
    /// <exception cref="ProtocolException">It may not travel on <paramref name="allowed"/>, or its length is impossible.</exception>
    public static MessageType Check(ReadOnlySpan<byte> message, MessageRoute allowed)
    {
        if (message.IsEmpty)
        {
            throw new ProtocolException("An empty message.");
        }

        MessageType type = (MessageType)message[0];
        if ((RouteOf(type) & allowed) == 0)
        {
            throw new ProtocolException($"A message of type 0x{message[0]:x2} may not be sent here.");
        }

        (int min, int max) = LengthOf(type);
        return message.Length >= min && message.Length <= max
            ? type
            : throw new ProtocolException($"A {type} message of {message.Length} bytes; {min} to {max} are possible.");
    }
}
