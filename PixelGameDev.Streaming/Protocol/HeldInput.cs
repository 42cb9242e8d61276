using System.Buffers.Binary;

namespace PixelGameDev.Streaming.Protocol;

/// <summary>
/// Holds what a player holds: keys, mouse buttons, modifiers, and whether the canvas has the keyboard. Follows the inputs that pass
/// (<see cref="Note"/>) and reads and writes the whole state (<see cref="MessageType.Held"/>).
/// </summary>
/// <remarks>Inputs are differences, and one that is lost leaves a key stuck. The whole state, sent now and then, puts that right.</remarks>
public sealed class HeldInput
{
    /// <summary>Most keys in one message; more than anybody has fingers.</summary>
    public const int MostKeys = 32;

    private const int HeaderBytes = 6;
    private const int KeyBytes = 6;
    private const int AllButtons = 7;

    private readonly Dictionary<ushort, uint> keys = [];
    private bool focused;
    private byte buttons;
    private ushort mods;

    /// <summary>Shortest message, bytes, type included.</summary>
    public static int ShortestMessage => HeaderBytes;

    /// <summary>Longest message, bytes, type included.</summary>
    public static int LongestMessage => HeaderBytes + (MostKeys * KeyBytes);

    /// <summary>Nothing is held, and the canvas has not the keyboard.</summary>
    public bool IsEmpty => keys.Count == 0 && buttons == 0 && !focused;

    /// <summary>Returns whether a whole message, type byte first, has the right shape.</summary>
    public static bool IsValid(ReadOnlySpan<byte> message)
    {
        if (message.Length < HeaderBytes || message[1] > 1 || message[2] > AllButtons
            || message[5] > MostKeys || message.Length != HeaderBytes + (message[5] * KeyBytes))
        {
            return false;
        }

        for (int at = HeaderBytes; at < message.Length; at += KeyBytes)
        {
            if (BinaryPrimitives.ReadUInt16LittleEndian(message[at..]) >= KeyMessage.ScancodeCount)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Learns from an input message that has been checked, type byte first; anything else changes nothing.</summary>
    public void Note(ReadOnlySpan<byte> message)
    {
        switch ((MessageType)message[0])
        {
            case MessageType.Key:
                ushort scancode = BinaryPrimitives.ReadUInt16LittleEndian(message[7..]);
                mods = BinaryPrimitives.ReadUInt16LittleEndian(message[9..]);
                if (message[5] == 0)
                {
                    keys.Remove(scancode);
                }
                else if (keys.Count < MostKeys)
                {
                    keys[scancode] = BinaryPrimitives.ReadUInt32LittleEndian(message[11..]);
                }

                break;
            case MessageType.MouseMove:
                buttons = message[9];
                break;
            case MessageType.MouseButton:
                byte bit = (byte)(1 << (message[5] - 1));
                buttons = (byte)(message[6] == 0 ? buttons & ~bit : buttons | bit);
                break;
            case MessageType.Focus:
                focused = message[5] == 1;
                if (!focused)
                {
                    Release();
                }

                break;
            case MessageType.Held:
                Release();
                Add(message);
                break;
        }
    }

    /// <summary>Adds what another player of the same game holds.</summary>
    public void Add(HeldInput other)
    {
        focused |= other.focused;
        buttons |= other.buttons;
        mods |= other.mods;
        foreach ((ushort scancode, uint keycode) in other.keys)
        {
            if (keys.Count < MostKeys)
            {
                keys[scancode] = keycode;
            }
        }
    }

    /// <summary>Returns the whole message, type byte first.</summary>
    public byte[] ToMessage()
    {
        byte[] message = new byte[HeaderBytes + (keys.Count * KeyBytes)];
        message[0] = (byte)MessageType.Held;
        message[1] = focused ? (byte)1 : (byte)0;
        message[2] = buttons;
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(3), mods);
        message[5] = (byte)keys.Count;
        int at = HeaderBytes;
        foreach ((ushort scancode, uint keycode) in keys)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(at), scancode);
            BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(at + 2), keycode);
            at += KeyBytes;
        }

        return message;
    }

    private void Release()
    {
        keys.Clear();
        buttons = 0;
        mods = 0;
    }

    private void Add(ReadOnlySpan<byte> message)
    {
        focused = message[1] == 1;
        buttons = message[2];
        mods = BinaryPrimitives.ReadUInt16LittleEndian(message[3..]);
        for (int at = HeaderBytes; at < message.Length; at += KeyBytes)
        {
            keys[BinaryPrimitives.ReadUInt16LittleEndian(message[at..])] = BinaryPrimitives.ReadUInt32LittleEndian(message[(at + 2)..]);
        }
    }
}
