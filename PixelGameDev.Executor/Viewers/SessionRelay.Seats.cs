using System.Buffers.Binary;
using PixelGameDev.Executor.Links;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Viewers;

// Seats: watchers to whom the owner has given a place as player 2, 3 or 4. Of all that such a watcher sends, only its seven controls reach
// the game, as the keys or the gamepad that the owner has chosen for the seat.
internal sealed partial class SessionRelay
{
    private readonly Guests _guests;

    /// <summary>The people have changed, and <see cref="Tick"/> tells the owner. Many may come at once.</summary>
    private bool _guestsChanged;

    /// <summary>The seats have changed, and <see cref="Tick"/> tells everybody.</summary>
    private bool _seatsChanged;

    /// <summary>Takes the name of a watcher, and whether it wants to play.</summary>
    public void JoinGuests(Viewer viewer, ReadOnlySpan<byte> message)
    {
        JoinMessage told = JoinMessage.Read(message);
        lock (_gate)
        {
            if (!_watchers.Contains(viewer))
            {
                return;
            }

            bool hadSeat = viewer.Guest is { Seat: not 0 };
            _guests.Join(viewer, told)?.Abort();
            if (hadSeat || viewer.Guest is { Seat: not 0 })
            {
                SeatsChanged();
            }

            _guestsChanged = true;
            SendSeats(viewer);
        }
    }

    /// <summary>Passes on what the person on a seat holds. What others send is dropped.</summary>
    public void SendControls(Viewer viewer, SeatButtons pressed)
    {
        lock (_gate)
        {
            if (viewer.Guest is { Seat: not 0 } guest)
            {
                viewer.Press(pressed, _requests.ControlsOf(guest.Seat));
                SendSeatInput(guest.Seat);
            }
        }
    }

    /// <summary>Gives a seat to a person, or takes it back.</summary>
    public void GiveSeat(ReadOnlySpan<byte> message)
    {
        GiveSeatMessage told = GiveSeatMessage.Read(message);
        lock (_gate)
        {
            _guests.Give(told);
            SeatsChanged();
            SendSeats([.. _viewers, .. _watchers]);
        }
    }

    /// <summary>Chooses what the controls of a seat press from now on.</summary>
    public void SetSeatControls(ReadOnlySpan<byte> message)
    {
        SeatControlsMessage controls = SeatControlsMessage.Read(message);
        lock (_gate)
        {
            _requests.SetControls(controls);
            if (_guests.ViewerOf(controls.Seat) is { } viewer)
            {
                viewer.Press(viewer.Pressed, controls);
                SendSeatInput(controls.Seat);
            }
        }
    }

    private void SendSeatInput(int seat)
    {
        _requests.SendHeld();
        _requests.SendGamepad(seat);
    }

    /// <summary>Tells the game what is held on all seats now.</summary>
    private void SeatsChanged()
    {
        for (int seat = SeatNumbers.First; seat <= SeatNumbers.Last; seat++)
        {
            Viewer? viewer = _guests.ViewerOf(seat);
            viewer?.Press(viewer.Pressed, _requests.ControlsOf(seat));
            _requests.SetSeat(seat, viewer);
        }

        _requests.SendHeld();
        _requests.SendGamepads();
        _seatsChanged = true;
    }

    private void TickSeats()
    {
        bool changed = _guests.FreeSeats();
        foreach (Viewer silent in _watchers.Where(static watcher => watcher.Guest is { Seat: not 0 } && watcher.HasGoneSilent()))
        {
            silent.Release();
            changed = true;
        }

        if (changed)
        {
            SeatsChanged();
        }
        else
        {
            // What was lost on the way is corrected.
            _requests.SendGamepads();
        }

        if (_seatsChanged)
        {
            SendSeats([.. _viewers, .. _watchers]);
        }
        else if (_guestsChanged)
        {
            SendSeats(_viewers);
        }
    }

    /// <summary>Handles that a watcher has disconnected.</summary>
    private void LeaveGuests(Viewer viewer)
    {
        if (viewer.Guest is { } guest)
        {
            _guests.Leave(viewer);
            _guestsChanged = true;
            if (guest.Seat != 0)
            {
                SeatsChanged();
            }
        }
    }

    /// <summary>Handles that the owner has disconnected a watcher: its seat is free at once.</summary>
    private void ExpelGuest(Viewer viewer)
    {
        if (viewer.Guest is { Seat: not 0 } guest)
        {
            _guests.Give(new GiveSeatMessage((byte)guest.Seat, 0));
            SeatsChanged();
        }

        LeaveGuests(viewer);
    }

    private void SendSeats(Viewer[] viewers)
    {
        _guestsChanged = false;
        _seatsChanged = false;
        Array.ForEach(viewers, SendSeats);
    }

    /// <summary>Tells a viewer who plays what.</summary>
    private void SendSeats(Viewer viewer)
    {
        PooledMessage message = PooledMessage.Create(
            SandboxMessages.Json(MessageType.Seats, _guests.Describe(viewer), ProtocolJson.Default.SeatsMessage));
        viewer.Queue.Enqueue(message);
        message.Release();
    }
}
