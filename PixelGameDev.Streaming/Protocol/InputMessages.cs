using System.Buffers.Binary;
using System.Text;

namespace PixelGameDev.Streaming.Protocol;

/// <summary>Answers questions that concern several types of input.</summary>
public static class InputMessages
{
    /// <summary>Returns whether an input releases something. If it is lost, a key or a button stays stuck.</summary>
    public static bool IsRelease(ReadOnlySpan<byte> message) => (MessageType)message[0] switch
    {
        MessageType.Key or MessageType.Focus => message[5] == 0,
        MessageType.MouseButton => message[6] == 0,
        // These hold whole states, so one of them may release something.
        MessageType.Fingers or MessageType.Gamepad or MessageType.MouseInside => true,
        _ => false,
    };

    /// <summary>
    /// Returns the message that says the same as <paramref name="earlier"/> and then <paramref name="later"/>, or null if both are needed.
    /// </summary>
    public static byte[]? Merge(ReadOnlySpan<byte> earlier, ReadOnlySpan<byte> later)
    {
        if (earlier[0] != later[0])
        {
            return null;
        }

        switch ((MessageType)later[0])
        {
            case MessageType.MouseMove:
            case MessageType.Room:
            case MessageType.Paste:
            case MessageType.Fingers when FingersMessage.HasSameFingers(earlier, later):
            case MessageType.Gamepad when GamepadMessage.HasSameButtons(earlier, later):
                return later.ToArray();
            case MessageType.MouseTurn when earlier[9] == later[9]:
                MouseTurnMessage one = MouseTurnMessage.Read(earlier);
                MouseTurnMessage other = MouseTurnMessage.Read(later);
                int x = one.X + other.X, y = one.Y + other.Y;
                return x is < short.MinValue or > short.MaxValue || y is < short.MinValue or > short.MaxValue
                    ? null
                    : (other with { X = (short)x, Y = (short)y }).ToMessage();
            default:
                return null;
        }
    }
}

/// <summary>A key pressed or released.</summary>
/// <param name="Seq">Counter of the sending page, from 1.</param>
/// <param name="Down">Whether the key is pressed; otherwise it is released.</param>
/// <param name="Repeat">Whether the browser's auto-repeat sent it.</param>
/// <param name="Scancode">USB HID usage = SDL scancode, 0 … 511.</param>
/// <param name="Mods">SDL <c>KMOD_*</c> bits after this key.</param>
/// <param name="Keycode">SDL keycode: a code point of Unicode, or a scancode with bit 30 set.</param>
/// <param name="Text">What the key types, may be empty; ≤ 31 bytes of UTF-8.</param>
public readonly record struct KeyMessage(uint Seq, bool Down, bool Repeat, ushort Scancode, ushort Mods, uint Keycode, string Text)
{
    /// <summary>Number of scancodes (SDL_NUM_SCANCODES).</summary>
    private const int ScancodeCount = 512;
    private const uint LastCharacter = 0x10FFFF;

    /// <summary>Begins the keycodes of keys without a character (SDLK_SCANCODE_MASK).</summary>
    private const uint FromScancode = 0x4000_0000;

    /// <summary>Returns the scancode of a checked message.</summary>
    public static ushort ScancodeOf(ReadOnlySpan<byte> message) => BinaryPrimitives.ReadUInt16LittleEndian(message[7..]);

    /// <summary>Reads a whole message, type byte first.</summary>
    /// <exception cref="ProtocolException">Malformed.</exception>
    public static KeyMessage Read(ReadOnlySpan<byte> message)
    {
        MessageFields.Require(message, MessageType.Key);
        Check(message);
        return new KeyMessage(
            BinaryPrimitives.ReadUInt32LittleEndian(message[1..]),
            message[5] == 1,
            message[6] == 1,
            BinaryPrimitives.ReadUInt16LittleEndian(message[7..]),
            BinaryPrimitives.ReadUInt16LittleEndian(message[9..]),
            BinaryPrimitives.ReadUInt32LittleEndian(message[11..]),
            Encoding.UTF8.GetString(message[15..]));
    }

    internal static void Check(ReadOnlySpan<byte> message)
    {
        MessageFields.RequireFlag(message[5]);
        MessageFields.RequireFlag(message[6]);
        RequireKey(ScancodeOf(message), BinaryPrimitives.ReadUInt32LittleEndian(message[11..]));
        MessageFields.RequireText(message[15..]);
    }

    /// <summary>
    /// Requires a key that SDL can have. pygame takes a negative keycode for a character, and then the game fails at its next look at its
    /// events.
    /// </summary>
    internal static void RequireKey(ushort scancode, uint keycode)
    {
        if (scancode >= ScancodeCount || keycode is > LastCharacter and (< FromScancode or >= FromScancode + ScancodeCount))
        {
            throw new ProtocolException($"There is no key with the scancode {scancode} and the keycode {keycode}.");
        }
    }

    /// <summary>Returns the whole message, type byte first.</summary>
    public byte[] ToMessage()
    {
        byte[] message = MessageFields.Create(MessageType.Key, Seq, 15 + Encoding.UTF8.GetByteCount(Text));
        message[5] = Down ? (byte)1 : (byte)0;
        message[6] = Repeat ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(7), Scancode);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(9), Mods);
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(11), Keycode);
        Encoding.UTF8.GetBytes(Text, message.AsSpan(15));
        return message;
    }
}

/// <summary>The mouse moved; <paramref name="Buttons"/>: bit 0 left, 1 middle, 2 right, 3 and 4 the side buttons.</summary>
public readonly record struct MouseMoveMessage(uint Seq, short X, short Y, byte Buttons)
{
    /// <summary>Reads a whole message, type byte first.</summary>
    /// <exception cref="ProtocolException">Malformed.</exception>
    public static MouseMoveMessage Read(ReadOnlySpan<byte> message)
    {
        MessageFields.Require(message, MessageType.MouseMove);
        Check(message);
        return new MouseMoveMessage(
            BinaryPrimitives.ReadUInt32LittleEndian(message[1..]),
            BinaryPrimitives.ReadInt16LittleEndian(message[5..]),
            BinaryPrimitives.ReadInt16LittleEndian(message[7..]),
            message[9]);
    }

    internal static void Check(ReadOnlySpan<byte> message) => CheckButtons(message[9]);

    internal static void CheckButtons(byte buttons)
    {
        if ((buttons & ~31) != 0)
        {
            throw new ProtocolException("Unknown mouse buttons.");
        }
    }

    /// <summary>Returns the whole message, type byte first.</summary>
    public byte[] ToMessage()
    {
        byte[] message = MessageFields.Create(MessageType.MouseMove, Seq, 10);
        BinaryPrimitives.WriteInt16LittleEndian(message.AsSpan(5), X);
        BinaryPrimitives.WriteInt16LittleEndian(message.AsSpan(7), Y);
        message[9] = Buttons;
        return message;
    }
}

/// <summary>A mouse button; 1 left, 2 middle, 3 right, 4 and 5 at the side (back and forward).</summary>
public readonly record struct MouseButtonMessage(uint Seq, byte Button, bool Down, short X, short Y)
{
    /// <summary>Reads a whole message, type byte first.</summary>
    /// <exception cref="ProtocolException">Malformed.</exception>
    public static MouseButtonMessage Read(ReadOnlySpan<byte> message)
    {
        MessageFields.Require(message, MessageType.MouseButton);
        Check(message);
        return new MouseButtonMessage(
            BinaryPrimitives.ReadUInt32LittleEndian(message[1..]),
            message[5],
            message[6] == 1,
            BinaryPrimitives.ReadInt16LittleEndian(message[7..]),
            BinaryPrimitives.ReadInt16LittleEndian(message[9..]));
    }

    internal static void Check(ReadOnlySpan<byte> message)
    {
        MessageFields.RequireFlag(message[6]);
        if (message[5] is < 1 or > 5)
        {
            throw new ProtocolException($"There is no mouse button {message[5]}.");
        }
    }

    /// <summary>Returns the whole message, type byte first.</summary>
    public byte[] ToMessage()
    {
        byte[] message = MessageFields.Create(MessageType.MouseButton, Seq, 11);
        message[5] = Button;
        message[6] = Down ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt16LittleEndian(message.AsSpan(7), X);
        BinaryPrimitives.WriteInt16LittleEndian(message.AsSpan(9), Y);
        return message;
    }
}

/// <summary>The canvas gained or lost the keyboard.</summary>
public readonly record struct FocusMessage(uint Seq, bool Focused)
{
    /// <summary>Reads a whole message, type byte first.</summary>
    /// <exception cref="ProtocolException">Malformed.</exception>
    public static FocusMessage Read(ReadOnlySpan<byte> message)
    {
        MessageFields.Require(message, MessageType.Focus);
        Check(message);
        return new FocusMessage(BinaryPrimitives.ReadUInt32LittleEndian(message[1..]), message[5] == 1);
    }

    internal static void Check(ReadOnlySpan<byte> message) => MessageFields.RequireFlag(message[5]);

    /// <summary>Returns the whole message, type byte first.</summary>
    public byte[] ToMessage()
    {
        byte[] message = MessageFields.Create(MessageType.Focus, Seq, 6);
        message[5] = Focused ? (byte)1 : (byte)0;
        return message;
    }
}

/// <summary>A page has shown a frame; <paramref name="DecodeMicros"/> is the decoding time there, µs.</summary>
public readonly record struct AckMessage(uint Frame, uint DecodeMicros)
{
    /// <summary>Reads a whole message, type byte first.</summary>
    /// <exception cref="ProtocolException">Malformed.</exception>
    public static AckMessage Read(ReadOnlySpan<byte> message)
    {
        MessageFields.Require(message, MessageType.Ack);
        return new AckMessage(BinaryPrimitives.ReadUInt32LittleEndian(message[1..]), BinaryPrimitives.ReadUInt32LittleEndian(message[5..]));
    }

    /// <summary>Returns the whole message, type byte first.</summary>
    public byte[] ToMessage()
    {
        byte[] message = MessageFields.Create(MessageType.Ack, Frame, 9);
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(5), DecodeMicros);
        return message;
    }
}

/// <summary>Whether a page can be seen and how many frames a second it wants, 1 … 60.</summary>
public readonly record struct ViewMessage(bool Visible, byte MaxFps)
{
    /// <summary>Reads a whole message, type byte first.</summary>
    /// <exception cref="ProtocolException">Malformed.</exception>
    public static ViewMessage Read(ReadOnlySpan<byte> message)
    {
        MessageFields.Require(message, MessageType.View);
        Check(message);
        return new ViewMessage(message[1] == 1, message[2]);
    }

    internal static void Check(ReadOnlySpan<byte> message)
    {
        MessageFields.RequireFlag(message[1]);
        if (message[2] is < 1 or > 60)
        {
            throw new ProtocolException($"{message[2]} frames a second; 1 to 60 are possible.");
        }
    }

    /// <summary>Returns the whole message, type byte first.</summary>
    public byte[] ToMessage() => [(byte)MessageType.View, Visible ? (byte)1 : (byte)0, MaxFps];
}

/// <summary>One line that a player answers to <c>input()</c>, without the line end.</summary>
public static class ConsoleInputMessage
{
    /// <summary>Reads a whole message, type byte first.</summary>
    /// <exception cref="ProtocolException">Malformed.</exception>
    public static string Read(ReadOnlySpan<byte> message)
    {
        MessageFields.Require(message, MessageType.ConsoleInput);
        Check(message);
        return Encoding.UTF8.GetString(message[1..]);
    }

    internal static void Check(ReadOnlySpan<byte> message)
    {
        MessageFields.RequireText(message[1..]);
        if (message[1..].IndexOfAny((byte)'\n', (byte)'\r', (byte)0) >= 0)
        {
            throw new ProtocolException("A line of input with a line end or a zero byte.");
        }
    }
}
