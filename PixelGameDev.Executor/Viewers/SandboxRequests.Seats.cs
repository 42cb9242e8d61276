using PixelGameDev.Executor.Links;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Viewers;

// What the seats of the players 2 to 4 press in the game.
internal sealed partial class SandboxRequests
{
    private const int Seats = SeatNumbers.Last - SeatNumbers.First + 1;

    private readonly SeatControlsMessage?[] _controls = new SeatControlsMessage?[Seats];
    private readonly Viewer?[] _seated = new Viewer?[Seats];

    /// <summary>The number of the owner's last input. Messages that the Executor makes itself carry it, too.</summary>
    private uint _lastSeq;

    /// <summary>Returns what the controls of a seat press; null: the owner's page has not told it.</summary>
    public SeatControlsMessage? ControlsOf(int seat) => _controls[seat - SeatNumbers.First];

    /// <summary>Puts a watcher on a seat; null: nobody.</summary>
    public void SetSeat(int seat, Viewer? viewer) => _seated[seat - SeatNumbers.First] = viewer;

    /// <summary>Chooses what the controls of a seat press. A gamepad is there from now on, whether somebody has the seat or not.</summary>
    public void SetControls(SeatControlsMessage controls)
    {
        SeatControlsMessage? before = ControlsOf(controls.Seat);
        _controls[controls.Seat - SeatNumbers.First] = controls;
        if (before is { IsGamepad: true } && !controls.IsGamepad)
        {
            _link?.TrySendInput(PooledMessage.Create(GamepadMessage.Gone(_lastSeq, controls.Gamepad)));
        }

        SendGamepad(controls.Seat);
    }

    /// <summary>Sends the state of all gamepads of seats.</summary>
    public void SendGamepads()
    {
        for (int seat = SeatNumbers.First; seat <= SeatNumbers.Last; seat++)
        {
            SendGamepad(seat);
        }
    }

    /// <summary>Sends the state of a seat's gamepad if it has one. A lost state is corrected by the next one.</summary>
    public void SendGamepad(int seat)
    {
        if (ControlsOf(seat) is { IsGamepad: true } controls)
        {
            SeatButtons pressed = _seated[seat - SeatNumbers.First] is { IsPresent: true } viewer ? viewer.Pressed : SeatButtons.None;
            _link?.TrySendInput(PooledMessage.Create(controls.ToGamepad(_lastSeq, pressed)));
        }
    }

    /// <summary>
    /// Returns whether an input of the owner must not reach the game as it is, because of what is held on the seats. The game then gets
    /// what all hold together.
    /// </summary>
    private bool IsOvertaken(ReadOnlySpan<byte> message)
    {
        switch ((MessageType)message[0])
        {
            case MessageType.Key:
                ushort scancode = KeyMessage.ScancodeOf(message);
                return Seated.Any(viewer => viewer.Held.Holds(scancode));
            case MessageType.Focus:
                // Without the keyboard the game would release the keys of all players.
                return message[5] == 0 && Seated.Any();
            default:
                return false;
        }
    }

    /// <summary>Returns whether the owner's page speaks of a gamepad whose number a seat has.</summary>
    private bool IsGamepadOfSeat(ReadOnlySpan<byte> message)
    {
        if ((MessageType)message[0] != MessageType.Gamepad)
        {
            return false;
        }

        byte index = GamepadMessage.IndexOf(message);
        return Array.Exists(_controls, controls => controls is { IsGamepad: true } && controls.Gamepad == index);
    }

    private IEnumerable<Viewer> Seated => _seated.OfType<Viewer>().Where(static viewer => viewer.IsPresent);
}
