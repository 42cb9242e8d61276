using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace PixelGameDev.Streaming.Protocol;

/// <summary>Names the source of console text.</summary>
public enum ConsoleKind : byte
{
    /// <summary>The game's standard output.</summary>
    Output = 1,

    /// <summary>The game's standard error.</summary>
    Error = 2,

    /// <summary>A note of the server.</summary>
    System = 3,
}

/// <summary>Builds and reads the messages that a sandbox sends. Whole messages, type byte first.</summary>
public static class SandboxMessages
{
    /// <summary>Version of the protocol in Hello.</summary>
    public const ushort Version = 1;

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Returns a Console message. <paramref name="text"/> has at most 64 KiB of UTF-8.</summary>
    /// <exception cref="ArgumentException">Too long.</exception>
    public static byte[] Console(ConsoleKind stream, string text)
    {
        int length = Encoding.UTF8.GetByteCount(text);
        if (length > MessageRules.MaxConsoleBytes)
        {
            throw new ArgumentException($"{length} bytes of console text in one message.", nameof(text));
        }

        byte[] message = new byte[2 + length];
        message[0] = (byte)MessageType.Console;
        message[1] = (byte)stream;
        Encoding.UTF8.GetBytes(text, message.AsSpan(2));
        return message;
    }

    /// <summary>Returns the stream and the text of a Console message.</summary>
    /// <exception cref="ProtocolException">Malformed.</exception>
    public static (ConsoleKind Stream, string Text) ReadConsole(ReadOnlySpan<byte> message)
    {
        MessageFields.Require(message, MessageType.Console);
        CheckConsole(message);
        return ((ConsoleKind)message[1], Encoding.UTF8.GetString(message[2..]));
    }

    internal static void CheckConsole(ReadOnlySpan<byte> message)
    {
        if (message[1] is < 1 or > 3)
        {
            throw new ProtocolException($"There is no console stream {message[1]}.");
        }
    }

    /// <summary>
    /// Returns a message that holds only text: InputRequest, Caption, ConsoleInput. Longer text is cut at a whole character.
    /// </summary>
    public static byte[] Text(MessageType type, string text)
    {
        int room = MessageRules.LengthOf(type).Max - 1;
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        int length = utf8.Length;
        if (length > room)
        {
            length = room;
            while (length > 0 && (utf8[length] & 0xC0) == 0x80)
            {
                length--;
            }
        }

        byte[] message = new byte[1 + length];
        message[0] = (byte)type;
        utf8.AsSpan(0, length).CopyTo(message.AsSpan(1));
        return message;
    }

    /// <summary>Returns the text of a message that holds only text, strictly UTF-8.</summary>
    /// <exception cref="ProtocolException">Malformed.</exception>
    public static string ReadText(ReadOnlySpan<byte> message, MessageType type)
    {
        MessageFields.Require(message, type);
        return MessageFields.Text(message[1..]);
    }

    /// <summary>Returns a message whose payload is JSON: State, Error, Ended, Stats, Use, Start.</summary>
    public static byte[] Json<T>(MessageType type, T value, JsonTypeInfo<T> typeInfo)
    {
        ArrayBufferWriter<byte> message = new();
        message.Write([(byte)type]);
        // These messages never become HTML. Escaped quotes and letters would make a line of source six times as long.
        using Utf8JsonWriter json = new(message, Relaxed);
        JsonSerializer.Serialize(json, value, typeInfo);
        return message.WrittenSpan.ToArray();
    }

    /// <summary>Reads a message whose payload is JSON.</summary>
    /// <exception cref="ProtocolException">Malformed.</exception>
    public static T ReadJson<T>(ReadOnlySpan<byte> message, MessageType type, JsonTypeInfo<T> typeInfo)
    {
        MessageFields.Require(message, type);
        return ParseJson(message[1..], type, typeInfo);
    }

    /// <summary>Returns GameHost's first message.</summary>
    public static byte[] Hello(HelloInfo info)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(info, ProtocolJson.Default.HelloInfo);
        byte[] message = new byte[3 + json.Length];
        message[0] = (byte)MessageType.Hello;
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(1), Version);
        json.CopyTo(message, 3);
        return message;
    }

    /// <summary>Reads GameHost's first message.</summary>
    /// <exception cref="ProtocolException">Malformed or of another version.</exception>
    public static HelloInfo ReadHello(ReadOnlySpan<byte> message)
    {
        MessageFields.Require(message, MessageType.Hello);
        ushort version = BinaryPrimitives.ReadUInt16LittleEndian(message[1..]);
        return version == Version
            ? ParseJson(message[3..], MessageType.Hello, ProtocolJson.Default.HelloInfo)
            : throw new ProtocolException($"GameHost speaks version {version} of the protocol, not {Version}.");
    }

    /// <summary>Returns the answer to a Ping; <paramref name="micros"/> is the answering side's clock.</summary>
    public static byte[] Pong(ReadOnlySpan<byte> ping, uint micros)
    {
        MessageFields.Require(ping, MessageType.Ping);
        byte[] message = new byte[13];
        message[0] = (byte)MessageType.Pong;
        ping[1..].CopyTo(message.AsSpan(1));
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(9), micros);
        return message;
    }

    /// <summary>Returns the message about the mouse cursor of the game.</summary>
    /// <param name="visible">Whether the game shows it.</param>
    /// <param name="grabbed">Whether the game grabs the mouse.</param>
    /// <param name="shape">SDL's number of a system cursor, 0 … 11.</param>
    /// <param name="relative">Whether the game looks around with the mouse, so that ways count and not places.</param>
    public static byte[] Cursor(bool visible, bool grabbed, byte shape = 0, bool relative = false) =>
        [(byte)MessageType.Cursor, visible ? (byte)1 : (byte)0, grabbed ? (byte)1 : (byte)0, shape, relative ? (byte)1 : (byte)0];

    /// <summary>Returns the message with the picture of the mouse cursor.</summary>
    /// <param name="picture">Width and height (1 … 64), the pixel that points, and the colours as RGBA.</param>
    public static byte[] CursorPicture(ReadOnlySpan<byte> picture) => [(byte)MessageType.CursorPicture, .. picture];

    internal static void CheckCursorPicture(ReadOnlySpan<byte> message)
    {
        (int width, int height) = (message[1], message[2]);
        if (width is < 1 or > 64 || height is < 1 or > 64 || message[3] >= width || message[4] >= height
            || message.Length != 5 + (4 * width * height))
        {
            throw new ProtocolException("A picture of a cursor of another shape than it says.");
        }
    }

    /// <summary>Returns the message about the game's window.</summary>
    /// <param name="window">A byte, 1 if its size can change, and two <c>u16</c>: width and height.</param>
    public static byte[] Window(ReadOnlySpan<byte> window) => [(byte)MessageType.Window, .. window];

    /// <summary>Returns the message with text that the game has put on the clipboard; UTF-8 without zero bytes.</summary>
    public static byte[] Clipboard(ReadOnlySpan<byte> utf8) => [(byte)MessageType.Clipboard, .. utf8];

    internal static void CheckClipboard(ReadOnlySpan<byte> message) => PasteMessage.CheckText(message[1..]);

    /// <summary>Length of the strengths in a Rumble message: two <c>u16</c> for each gamepad, the slow motor and the fast one.</summary>
    public const int RumbleBytes = 4 * GamepadMessage.MaxGamepads;

    /// <summary>Returns the message that says how strongly each gamepad shakes.</summary>
    public static byte[] Rumble(ReadOnlySpan<byte> strengths) => [(byte)MessageType.Rumble, .. strengths];

    private static T ParseJson<T>(ReadOnlySpan<byte> json, MessageType type, JsonTypeInfo<T> typeInfo)
    {
        try
        {
            return JsonSerializer.Deserialize(json, typeInfo) ?? throw new ProtocolException($"A {type} message without content.");
        }
        catch (JsonException e)
        {
            throw new ProtocolException($"A {type} message that is not the JSON it should be.", e);
        }
    }
}
