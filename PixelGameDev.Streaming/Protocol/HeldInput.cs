using System.Buffers.Binary;

namespace PixelGameDev.Streaming.Protocol;

/// <summary>
/// Tracks what a player holds: keys, mouse buttons, modifiers, whether the canvas has the keyboard, and whether fingers, a gamepad and the
/// mouse are there. Learns from inputs (<see cref="Apply"/>), and reads and writes the whole state (<see cref="MessageType.Held"/>).
/// </summary>
/// <remarks>
/// Inputs are differences, so a lost input leaves a key stuck. The whole state, which is sent now and then, corrects that.
/// </remarks>
public sealed class HeldInput
{
    /// <summary>Most keys in one message; nobody has more fingers.</summary>
    public const int MaxKeys = 32;

    private const int HeaderBytes = 6;
    private const int KeyBytes = 6;
    private const byte AllButtons = 31;
    private const byte Fingers = 32;
    private const byte Gamepads = 64;
    private const byte Inside = 128;

    private readonly Dictionary<ushort, uint> _keys = [];
    private bool _focused;

    /// <summary>Held buttons, and the bits of <see cref="Fingers"/>, <see cref="Gamepads"/> and <see cref="Inside"/>.</summary>
    private byte _buttons;
    private byte _gamepads;
    private ushort _mods;

    /// <summary>Shortest message, bytes, type included.</summary>
    public static int MinLength => HeaderBytes;

    /// <summary>Longest message, bytes, type included.</summary>
    public static int MaxLength => HeaderBytes + (MaxKeys * KeyBytes);

    /// <summary>Returns whether this key is held.</summary>
    public bool Holds(ushort scancode) => _keys.ContainsKey(scancode);

    /// <summary>Gets whether nothing is held and the canvas does not have the keyboard.</summary>
    public bool IsEmpty => _keys.Count == 0 && _buttons == 0 && !_focused;

    /// <summary>Notes that a gamepad is there.</summary>
    public void AddGamepad() => Set(Gamepads, true);

    /// <summary>Creates a message that holds these keys, for a player who has the keyboard.</summary>
    public static byte[] CreateMessage(ushort mods, IEnumerable<(ushort Scancode, uint Keycode)> keys)
    {
        HeldInput held = new() { _focused = true, _mods = mods };
        foreach ((ushort scancode, uint keycode) in keys)
        {
            held._keys[scancode] = keycode;
        }

        return held.ToMessage();
    }

    internal static void Check(ReadOnlySpan<byte> message)
    {
        if (message.Length < HeaderBytes || message[1] > 1 || message[5] > MaxKeys
            || message.Length != HeaderBytes + (message[5] * KeyBytes))
        {
            throw new ProtocolException("A Held message of another shape than its count says.");
        }

        for (int at = HeaderBytes; at < message.Length; at += KeyBytes)
        {
            KeyMessage.RequireKey(
                BinaryPrimitives.ReadUInt16LittleEndian(message[at..]), BinaryPrimitives.ReadUInt32LittleEndian(message[(at + 2)..]));
        }
    }

    /// <summary>Updates the state from a checked input message, type byte first; other messages change nothing.</summary>
    public void Apply(ReadOnlySpan<byte> message)
    {
        switch ((MessageType)message[0])
        {
            case MessageType.Key:
                ushort scancode = BinaryPrimitives.ReadUInt16LittleEndian(message[7..]);
                _mods = BinaryPrimitives.ReadUInt16LittleEndian(message[9..]);
                if (message[5] == 0)
                {
                    _keys.Remove(scancode);
                }
                else if (_keys.Count < MaxKeys)
                {
                    _keys[scancode] = BinaryPrimitives.ReadUInt32LittleEndian(message[11..]);
                }

                break;
            case MessageType.MouseMove:
            case MessageType.MouseTurn:
                _buttons = (byte)((_buttons & ~AllButtons) | message[9]);
                break;
            case MessageType.MouseInside:
                Set(Inside, message[5] == 1);
                break;
            case MessageType.Fingers:
                Set(Fingers, message[5] > 0);
                break;
            case MessageType.Gamepad:
                int pad = 1 << message[5];
                _gamepads = (byte)(GamepadMessage.IsThere(message) ? _gamepads | pad : _gamepads & ~pad);
                Set(Gamepads, _gamepads != 0);
                break;
            case MessageType.MouseButton:
                byte bit = (byte)(1 << (message[5] - 1));
                _buttons = (byte)(message[6] == 0 ? _buttons & ~bit : _buttons | bit);
                break;
            case MessageType.Focus:
                _focused = message[5] == 1;
                if (!_focused)
                {
                    // The mouse, fingers and gamepads do not need the keyboard.
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
        _focused |= other._focused;
        _buttons |= other._buttons;
        _mods |= other._mods;
        foreach ((ushort scancode, uint keycode) in other._keys)
        {
            if (_keys.Count < MaxKeys)
            {
                _keys[scancode] = keycode;
            }
        }
    }

    /// <summary>Returns the whole message, type byte first.</summary>
    public byte[] ToMessage()
    {
        byte[] message = new byte[HeaderBytes + (_keys.Count * KeyBytes)];
        message[0] = (byte)MessageType.Held;
        message[1] = _focused ? (byte)1 : (byte)0;
        message[2] = _buttons;
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(3), _mods);
        message[5] = (byte)_keys.Count;
        int at = HeaderBytes;
        foreach ((ushort scancode, uint keycode) in _keys)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(at), scancode);
            BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(at + 2), keycode);
            at += KeyBytes;
        }

        return message;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Release();
        _buttons = 0;
        _gamepads = 0;
        _focused = false;
    }

    private void Release()
    {
        _keys.Clear();
        _buttons &= Fingers | Gamepads | Inside;
        _mods = 0;
    }

    private void Set(byte bit, bool value) => _buttons = (byte)(value ? _buttons | bit : _buttons & ~bit);

    private void Add(ReadOnlySpan<byte> message)
    {
        _focused = message[1] == 1;
        _buttons = message[2];
        _mods = BinaryPrimitives.ReadUInt16LittleEndian(message[3..]);
        for (int at = HeaderBytes; at < message.Length; at += KeyBytes)
        {
            _keys[BinaryPrimitives.ReadUInt16LittleEndian(message[at..])] = BinaryPrimitives.ReadUInt32LittleEndian(message[(at + 2)..]);
        }
    }
}
