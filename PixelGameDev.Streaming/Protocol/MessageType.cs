namespace PixelGameDev.Streaming.Protocol;

/// <summary>First byte of every message; see docs/PROTOCOL.md for the payloads.</summary>
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
    /// <summary>Mouse cursor visibility, sandbox to page.</summary>
    Cursor = 0x0C,
    /// <summary>What the sandbox uses of the processors, to the Executor only.</summary>
    Use = 0x0D,

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

    /// <summary>One project file, Executor to GameHost.</summary>
    File = 0xC1,
    /// <summary>Run the game, Executor to GameHost.</summary>
    Start = 0xC2,
    /// <summary>End the game, Executor to GameHost.</summary>
    Stop = 0xC3,
    /// <summary>How many watch and how fast, Executor to GameHost.</summary>
    Viewers = 0xC4,
}
