using PixelGameDev.Streaming.Codec;

namespace PixelGameDev.Streaming.Protocol;

/// <summary>Names the first byte of every message; docs/PROTOCOL.md describes the payloads.</summary>
/// <remarks>docs/PROTOCOL.md (<i>A new message</i>) lists the places that a new message needs. One of them is a row in <see
/// cref="MessageTable"/> below.</remarks>
public enum MessageType : byte
{
    /// <summary>Encoded picture, sandbox to page.</summary>
    Frame = 0x01,
    /// <summary>Text the game printed, sandbox to page.</summary>
    Console = 0x02,
    /// <summary>The game waits in <c>input()</c>, sandbox to page.</summary>
    InputRequest = 0x03,
    /// <summary>Window caption, sandbox to page.</summary>
    Caption = 0x04,
    /// <summary>Sound samples, sandbox to page.</summary>
    Audio = 0x05,
    /// <summary>Session state, sandbox to page.</summary>
    State = 0x06,
    /// <summary>Uncaught exception, sandbox to page.</summary>
    Error = 0x07,
    /// <summary>The session is over, last message to the page.</summary>
    Ended = 0x08,
    /// <summary>Figures of the last second, sandbox to page.</summary>
    Stats = 0x09,
    /// <summary>Answer to <see cref="Ping"/>.</summary>
    Pong = 0x0A,
    /// <summary>GameHost's first message, to the Executor only.</summary>
    Hello = 0x0B,
    /// <summary>Mouse cursor: visibility, shape, grab; sandbox to page.</summary>
    Cursor = 0x0C,
    /// <summary>What the sandbox uses of the processors, to the Executor only.</summary>
    Use = 0x0D,
    /// <summary>How strongly the gamepads shake, sandbox to page.</summary>
    Rumble = 0x0E,
    /// <summary>Picture of the mouse cursor, sandbox to page.</summary>
    CursorPicture = 0x0F,
    /// <summary>Whether the game's window can change its size, and the size, sandbox to page.</summary>
    Window = 0x10,
    /// <summary>Text that the game has put on the clipboard, sandbox to page.</summary>
    Clipboard = 0x11,
    /// <summary>A file that the game has written or deleted, to the Executor only.</summary>
    SavedFile = 0x14,
    /// <summary>Files that the game has written and that are not kept, sandbox to page.</summary>
    NotSaved = 0x15,
    /// <summary>A small picture of how the game looked at its end, to the Executor only.</summary>
    SmallPicture = 0x16,

    /// <summary>Who plays which seat, Executor to page.</summary>
    Seats = 0x17,

    /// <summary>Key pressed or released, page to sandbox.</summary>
    Key = 0x81,
    /// <summary>Mouse moved, page to sandbox.</summary>
    MouseMove = 0x82,
    /// <summary>Mouse button, page to sandbox.</summary>
    MouseButton = 0x83,
    /// <summary>Mouse wheel, page to sandbox.</summary>
    Wheel = 0x84,
    /// <summary>Canvas gained or lost the keyboard, page to sandbox.</summary>
    Focus = 0x85,
    /// <summary>Answer to <see cref="InputRequest"/>, page to sandbox.</summary>
    ConsoleInput = 0x86,
    /// <summary>Page needs a complete picture.</summary>
    KeyframeRequest = 0x87,
    /// <summary>Page has shown a frame; consumed by the Executor.</summary>
    Ack = 0x88,
    /// <summary>Round-trip probe.</summary>
    Ping = 0x89,
    /// <summary>Page visibility and frame rate; consumed by the Executor.</summary>
    View = 0x8A,
    /// <summary>Everything a player holds at this moment, page to Executor and Executor to GameHost.</summary>
    Held = 0x8B,
    /// <summary>Way of a mouse that is locked to the picture, page to sandbox.</summary>
    MouseTurn = 0x8C,
    /// <summary>Mouse came over the picture or left it, page to sandbox.</summary>
    MouseInside = 0x8D,
    /// <summary>All fingers on the picture, page to sandbox.</summary>
    Fingers = 0x8E,
    /// <summary>One gamepad and its state, page to sandbox.</summary>
    Gamepad = 0x8F,
    /// <summary>Text that no single key has typed, page to sandbox.</summary>
    Text = 0x90,
    /// <summary>The size that the game's window gets, page to sandbox.</summary>
    Room = 0x91,
    /// <summary>Text that a person has pasted, page to sandbox.</summary>
    Paste = 0x92,
    /// <summary>A watcher says its name and whether it wants to play; consumed by the Executor.</summary>
    Join = 0x93,
    /// <summary>Which of the seven controls a watcher holds; consumed by the Executor.</summary>
    Controls = 0x94,
    /// <summary>The owner gives a seat or takes it back; consumed by the Executor.</summary>
    GiveSeat = 0x95,
    /// <summary>What the controls of a seat press, from the owner; consumed by the Executor.</summary>
    SeatControls = 0x96,

    /// <summary>One project file, Executor to GameHost.</summary>
    File = 0xC1,
    /// <summary>Run the game, Executor to GameHost.</summary>
    Start = 0xC2,
    /// <summary>End the game, Executor to GameHost.</summary>
    Stop = 0xC3,
    /// <summary>How many watch and how fast, Executor to GameHost.</summary>
    Viewers = 0xC4,
}

/// <summary>Checks the content of a message whose type and length are valid.</summary>
/// <exception cref="ProtocolException">The content is impossible.</exception>
internal delegate void ContentCheck(ReadOnlySpan<byte> message);

/// <summary>Describes the rules of one type of message.</summary>
/// <param name="Route">Sender and receiver.</param>
/// <param name="Min">Smallest length, bytes, type byte included.</param>
/// <param name="Max">Largest length, bytes, type byte included.</param>
/// <param name="Check">Checks the content; null if every content of a valid length is possible, or if its reader checks it.</param>
/// <param name="IsInput">Whether it is an action of a player.</param>
internal readonly record struct MessageRule(MessageRoute Route, int Min, int Max, ContentCheck? Check = null, bool IsInput = false);

/// <summary>Holds one row for each type of message.</summary>
internal static class MessageTable
{
    private const MessageRoute ToPage = MessageRoute.SandboxToPage;
    private const MessageRoute ToExecutor = MessageRoute.SandboxToExecutor;
    private const MessageRoute Input = MessageRoute.PageToSandbox;
    private const MessageRoute FromExecutor = MessageRoute.ExecutorToSandbox;

    private static readonly MessageRule[] Rows = Build();

    /// <summary>Returns the row of a type; for an unknown type a row of zeros.</summary>
    public static ref readonly MessageRule Of(MessageType type) => ref Rows[(byte)type];

    private static MessageRule[] Build()
    {
        const int report = 1 + MessageRules.MaxReportBytes;
        MessageRule[] rows = new MessageRule[byte.MaxValue + 1];
        Add(MessageType.Frame, new(ToPage, FrameHeader.Size, MessageRules.MaxFrameBytes, FrameHeader.Check));
        Add(MessageType.Console, new(ToPage, 2, 2 + MessageRules.MaxConsoleBytes, SandboxMessages.CheckConsole));
        Add(MessageType.InputRequest, new(ToPage, 1, 1 + MessageRules.MaxConsoleBytes));
        Add(MessageType.Caption, new(ToPage, 1, 1 + MessageRules.MaxCaptionBytes));
        Add(MessageType.Audio, new(ToPage, 13, 64 * 1024));
        Add(MessageType.State, new(ToPage, 3, report));
        Add(MessageType.Error, new(ToPage, 3, 1 + MessageRules.MaxJsonBytes));
        Add(MessageType.Ended, new(ToPage, 3, report));
        Add(MessageType.Stats, new(ToPage, 3, report));
        Add(MessageType.Pong, new(ToPage, 13, 13));
        Add(MessageType.Hello, new(ToExecutor, 5, 3 + 4096));
        Add(MessageType.Cursor, new(ToPage, 3, 5));
        Add(MessageType.Use, new(ToExecutor, 3, 1 + 1024));
        Add(MessageType.Rumble, new(ToPage, 17, 17));
        Add(MessageType.CursorPicture, new(ToPage, 9, 5 + (4 * 64 * 64), SandboxMessages.CheckCursorPicture));
        Add(MessageType.Window, new(ToPage, 6, 6));
        Add(MessageType.Clipboard, new(ToPage, 1, 1 + PasteMessage.MaxTextBytes, SandboxMessages.CheckClipboard));
        Add(MessageType.SavedFile, new(ToExecutor, SavedFileMessage.MinLength, SavedFileMessage.MaxLength));
        Add(MessageType.NotSaved, new(ToPage, 3, report));
        Add(MessageType.SmallPicture, new(
            ToExecutor, SmallPictureMessage.MinLength, SmallPictureMessage.MaxLength, SmallPictureMessage.Check));
        Add(MessageType.Seats, new(MessageRoute.ExecutorToPage, 3, 1 + MessageRules.MaxJsonBytes));

        Add(MessageType.Key, new(Input, 15, 15 + MessageRules.MaxKeyTextBytes, KeyMessage.Check, IsInput: true));
        Add(MessageType.MouseMove, new(Input, 10, 10, MouseMoveMessage.Check, IsInput: true));
        Add(MessageType.MouseButton, new(Input, 11, 11, MouseButtonMessage.Check, IsInput: true));
        Add(MessageType.Wheel, new(Input, WheelMessage.MinLength, WheelMessage.MaxLength, WheelMessage.Check, IsInput: true));
        Add(MessageType.MouseTurn, new(Input, 10, 10, MouseTurnMessage.Check, IsInput: true));
        Add(MessageType.MouseInside, new(Input, 6, 6, MouseInsideMessage.Check, IsInput: true));
        Add(MessageType.Fingers, new(Input, FingersMessage.MinLength, FingersMessage.MaxLength, FingersMessage.Check, IsInput: true));
        Add(MessageType.Gamepad, new(Input, GamepadMessage.MinLength, GamepadMessage.MaxLength, GamepadMessage.Check, IsInput: true));
        Add(MessageType.Focus, new(Input, 6, 6, FocusMessage.Check, IsInput: true));
        Add(MessageType.ConsoleInput, new(Input, 1, 1 + MessageRules.MaxConsoleInputBytes, ConsoleInputMessage.Check, IsInput: true));
        Add(MessageType.KeyframeRequest, new(Input | FromExecutor, 1, 1));
        Add(MessageType.Ack, new(MessageRoute.PageToExecutor, 9, 9));
        Add(MessageType.Ping, new(Input | FromExecutor, 9, 9));
        Add(MessageType.View, new(MessageRoute.PageToExecutor, 3, 3, ViewMessage.Check));
        Add(MessageType.Held, new(Input | FromExecutor, HeldInput.MinLength, HeldInput.MaxLength, HeldInput.Check, IsInput: true));
        Add(MessageType.Text, new(
            Input, TextMessage.HeaderBytes, TextMessage.HeaderBytes + TextMessage.MaxTextBytes, TextMessage.Check, IsInput: true));
        Add(MessageType.Room, new(Input, RoomMessage.Bytes, RoomMessage.Bytes, RoomMessage.Check, IsInput: true));
        Add(MessageType.Paste, new(
            Input, PasteMessage.HeaderBytes, PasteMessage.HeaderBytes + PasteMessage.MaxTextBytes, PasteMessage.Check, IsInput: true));
        Add(MessageType.Join, new(
            MessageRoute.PageToExecutor, JoinMessage.HeaderBytes, JoinMessage.HeaderBytes + JoinMessage.MaxNameBytes, JoinMessage.Check));
        Add(MessageType.Controls, new(MessageRoute.PageToExecutor, 2, 2, SeatNumbers.CheckButtons));
        Add(MessageType.GiveSeat, new(
            MessageRoute.PageToExecutor, GiveSeatMessage.Bytes, GiveSeatMessage.Bytes, GiveSeatMessage.Check));
        Add(MessageType.SeatControls, new(
            MessageRoute.PageToExecutor, SeatControlsMessage.Bytes, SeatControlsMessage.Bytes, SeatControlsMessage.Check));

        Add(MessageType.File, new(FromExecutor, 4, MessageRules.MaxLength));
        Add(MessageType.Start, new(FromExecutor, 3, 1 + MessageRules.MaxJsonBytes));
        Add(MessageType.Stop, new(FromExecutor, 5, 5));
        Add(MessageType.Viewers, new(FromExecutor, 4, 4));
        return rows;

        void Add(MessageType type, MessageRule rule) => rows[(byte)type] = rule;
    }
}
