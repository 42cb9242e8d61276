using System.Buffers.Binary;
using System.Text;

namespace PixelGameDev.Streaming.Protocol;

/// <summary>Names the controls of a seat, as the bits of a <see cref="MessageType.Controls"/> message.</summary>
[Flags]
public enum SeatButtons : byte
{
    None = 0,
    Up = 1,
    Down = 2,
    Left = 4,
    Right = 8,
    A = 16,
    B = 32,
    Start = 64,
}

/// <summary>Names the seats: player 1 is the owner of the session, and others may get the seats 2 to 4.</summary>
public static class SeatNumbers
{
    public const int First = 2;
    public const int Last = 4;

    /// <summary>Number of controls of a seat.</summary>
    public const int Controls = 7;

    internal static void Require(byte seat)
    {
        if (seat is < First or > Last)
        {
            throw new ProtocolException($"There is no seat {seat}.");
        }
    }

    internal static void CheckButtons(ReadOnlySpan<byte> message)
    {
        if (message[1] >= 1 << Controls)
        {
            throw new ProtocolException("Unknown controls.");
        }
    }
}

/// <summary>A watcher says its name, and whether it wants to play.</summary>
/// <param name="WantsToPlay">Whether it asks for a seat, or keeps the one that it has.</param>
/// <param name="Key">A random number of the page, by which its next connection gets the same seat. Nobody else learns it.</param>
/// <param name="Name">≤ 96 bytes of UTF-8; may be empty.</param>
public readonly record struct JoinMessage(bool WantsToPlay, Guid Key, string Name)
{
    internal const int HeaderBytes = 18;
    internal const int MaxNameBytes = 96;

    /// <summary>Reads a checked message, type byte first.</summary>
    public static JoinMessage Read(ReadOnlySpan<byte> message) =>
        new(message[1] == 1, new Guid(message[2..HeaderBytes]), Encoding.UTF8.GetString(message[HeaderBytes..]));

    internal static void Check(ReadOnlySpan<byte> message)
    {
        MessageFields.RequireFlag(message[1]);
        MessageFields.RequireText(message[HeaderBytes..]);
    }

    /// <summary>Returns the whole message, type byte first.</summary>
    public byte[] ToMessage() =>
        [(byte)MessageType.Join, WantsToPlay ? (byte)1 : (byte)0, .. Key.ToByteArray(), .. Encoding.UTF8.GetBytes(Name)];
}

/// <summary>The owner gives a seat to a person, or takes it back.</summary>
/// <param name="Seat">2 … 4.</param>
/// <param name="Person">The number of the person in <see cref="SeatsMessage"/>; 0: nobody.</param>
public readonly record struct GiveSeatMessage(byte Seat, uint Person)
{
    internal const int Bytes = 6;

    /// <summary>Reads a checked message, type byte first.</summary>
    public static GiveSeatMessage Read(ReadOnlySpan<byte> message) =>
        new(message[1], BinaryPrimitives.ReadUInt32LittleEndian(message[2..]));

    internal static void Check(ReadOnlySpan<byte> message) => SeatNumbers.Require(message[1]);

    /// <summary>Returns the whole message, type byte first.</summary>
    public byte[] ToMessage()
    {
        byte[] message = new byte[Bytes];
        message[0] = (byte)MessageType.GiveSeat;
        message[1] = Seat;
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(2), Person);
        return message;
    }
}

/// <summary>What the controls of a seat press in the game: keys, or a gamepad of its own.</summary>
/// <param name="Seat">2 … 4.</param>
/// <param name="IsGamepad">Whether the seat is a gamepad; then its keys are ignored.</param>
/// <param name="Keys">Scancode and keycode for each of the seven controls, in the order of <see cref="SeatButtons"/>.</param>
public sealed record SeatControlsMessage(byte Seat, bool IsGamepad, IReadOnlyList<(ushort Scancode, uint Keycode)> Keys)
{
    internal const int Bytes = HeaderBytes + (SeatNumbers.Controls * KeyBytes);
    private const int HeaderBytes = 3;
    private const int KeyBytes = 6;
    private const ushort FirstModifier = 224;

    // Browser's standard layout: A, B, Start, and the cross.
    private const int StandardButtons = 17;
    private static readonly int[] Pad = [12, 13, 14, 15, 0, 1, 9];

    /// <summary>SDL's <c>KMOD_*</c> bits of the scancodes from 224 on: left Ctrl, Shift, Alt, GUI, and the right ones.</summary>
    private static readonly ushort[] Modifiers = [0x40, 0x1, 0x100, 0x400, 0x80, 0x2, 0x200, 0x800];

    /// <summary>Gets the number of the seat's gamepad. Number 0 is left to the owner.</summary>
    public byte Gamepad => (byte)(Seat - 1);

    /// <summary>Reads a checked message, type byte first.</summary>
    public static SeatControlsMessage Read(ReadOnlySpan<byte> message)
    {
        (ushort, uint)[] keys = new (ushort, uint)[SeatNumbers.Controls];
        for (int control = 0; control < keys.Length; control++)
        {
            ReadOnlySpan<byte> key = message[(HeaderBytes + (control * KeyBytes))..];
            keys[control] = (BinaryPrimitives.ReadUInt16LittleEndian(key), BinaryPrimitives.ReadUInt32LittleEndian(key[2..]));
        }

        return new SeatControlsMessage(message[1], message[2] == 1, keys);
    }

    internal static void Check(ReadOnlySpan<byte> message)
    {
        SeatNumbers.Require(message[1]);
        MessageFields.RequireFlag(message[2]);
        for (int at = HeaderBytes; at < Bytes; at += KeyBytes)
        {
            KeyMessage.RequireKey(
                BinaryPrimitives.ReadUInt16LittleEndian(message[at..]), BinaryPrimitives.ReadUInt32LittleEndian(message[(at + 2)..]));
        }
    }

    /// <summary>Returns the whole message, type byte first.</summary>
    public byte[] ToMessage()
    {
        byte[] message = new byte[Bytes];
        message[0] = (byte)MessageType.SeatControls;
        message[1] = Seat;
        message[2] = IsGamepad ? (byte)1 : (byte)0;
        for (int control = 0; control < Keys.Count; control++)
        {
            Span<byte> key = message.AsSpan(HeaderBytes + (control * KeyBytes));
            BinaryPrimitives.WriteUInt16LittleEndian(key, Keys[control].Scancode);
            BinaryPrimitives.WriteUInt32LittleEndian(key[2..], Keys[control].Keycode);
        }

        return message;
    }

    /// <summary>Returns a Held message with the keys that these controls press.</summary>
    public byte[] ToHeld(SeatButtons pressed)
    {
        IEnumerable<(ushort Scancode, uint Keycode)> held =
            IsGamepad ? [] : Keys.Where((key, control) => IsPressed(pressed, control) && key.Scancode != 0);
        int mods = held.Select(static key => key.Scancode - FirstModifier)
            .Where(static modifier => modifier >= 0 && modifier < Modifiers.Length).Aggregate(0, static (all, one) => all | Modifiers[one]);
        return HeldInput.CreateMessage((ushort)mods, held);
    }

    /// <summary>Returns the state of the seat's gamepad: the cross and the left stick move together.</summary>
    /// <param name="seq">The number of the owner's last input, because the game tells it with its next frame.</param>
    /// <param name="pressed">The controls that are held.</param>
    public byte[] ToGamepad(uint seq, SeatButtons pressed)
    {
        byte[] buttons = new byte[StandardButtons];
        for (int control = 0; control < Pad.Length; control++)
        {
            buttons[Pad[control]] = IsPressed(pressed, control) ? byte.MaxValue : (byte)0;
        }

        short[] axes = [Axis(pressed, SeatButtons.Left, SeatButtons.Right), Axis(pressed, SeatButtons.Up, SeatButtons.Down), 0, 0];
        return new GamepadMessage(seq, Gamepad, Standard: true, 0, 0, axes, buttons, $"Player {Seat}").ToMessage();
    }

    private static bool IsPressed(SeatButtons pressed, int control) => ((int)pressed >> control & 1) == 1;

    private static short Axis(SeatButtons pressed, SeatButtons low, SeatButtons high) =>
        (short)(((pressed & high) != 0 ? short.MaxValue : 0) - ((pressed & low) != 0 ? short.MaxValue : 0));
}

/// <summary>Payload of <see cref="MessageType.Seats"/>: who plays which seat.</summary>
/// <param name="Seats">The seats that are taken.</param>
/// <param name="People">
/// The people who have said their name, for the owner only; those with a seat first, then those who ask for one.
/// </param>
/// <param name="You">The watcher itself, if it has said its name.</param>
public sealed record SeatsMessage(
    IReadOnlyList<SeatPerson> Seats, IReadOnlyList<SeatPerson>? People = null, SeatPerson? You = null);

/// <summary>A person who watches, and may play.</summary>
/// <param name="Number">The number of the person in this session, from 1.</param>
/// <param name="Name">The name; empty: the page calls it a guest with its number.</param>
/// <param name="Seat">The seat; 0: none.</param>
/// <param name="WantsToPlay">Whether the person asks for a seat or has one.</param>
/// <param name="Id">
/// For the owner only: the same in each session that the person's page joins, so that the next Run can give the same seat. 16 hexadecimal
/// digits of the SHA-256 of the page's key, which they do not tell.
/// </param>
public sealed record SeatPerson(uint Number, string Name, int Seat, bool WantsToPlay, string? Id = null);
