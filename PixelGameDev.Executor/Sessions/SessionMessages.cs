using PixelGameDev.Executor.Links;
using PixelGameDev.Executor.Viewers;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Sessions;

/// <summary>Receives the messages of a session's sandbox: handles those for the Executor and relays the others to the viewers.</summary>
/// <param name="state">The session's state.</param>
/// <param name="ending">Receives the end of the sandbox.</param>
/// <param name="relay">The viewers.</param>
/// <param name="files">The files that the game writes.</param>
/// <param name="picture">Receives the small picture of the game's end.</param>
/// <param name="pings">Finds the viewer of a Pong.</param>
/// <param name="firstFrame">Called once, at the first picture.</param>
/// <param name="time">The clock.</param>
internal sealed class SessionMessages(
    SessionState state, SessionEndResolver ending, SessionRelay relay, SavedFileBuffer files, PictureBuffer picture, PingRouter pings,
    Action firstFrame, TimeProvider time)
    : ISandboxLinkReceiver
{
    // GameHost passes 64 KiB a second and ends a game that continues to print. This limit is the second line of defence.
    private const double ConsoleBytesPerSecond = 256 * 1024;
    private const double ConsoleBurst = 2 * 1024 * 1024;

    private readonly TokenBucket _console = new(ConsoleBytesPerSecond, ConsoleBurst, time);

    /// <summary>Gets whether the sandbox has sent a picture.</summary>
    public bool HasFrame { get; private set; }

    void ISandboxLinkReceiver.Receive(PooledMessage message)
    {
        ReadOnlySpan<byte> bytes = message.Memory.Span;
        switch (message.Type)
        {
            case MessageType.Ended:
                ending.ReceiveEnded(SandboxMessages.ReadJson(bytes, MessageType.Ended, ProtocolJson.Default.SessionEnded));
                return;
            case MessageType.Pong:
                pings.Answer(message);
                return;
            case MessageType.Use:
                ReceiveUse(SandboxMessages.ReadJson(bytes, MessageType.Use, ProtocolJson.Default.SandboxUse));
                return;
            case MessageType.SavedFile:
                files.Receive(bytes);
                return;
            case MessageType.SmallPicture:
                picture.Receive(bytes);
                return;
            case MessageType.NotSaved
                when !SandboxMessages.ReadJson(bytes, MessageType.NotSaved, ProtocolJson.Default.NotSavedMessage).IsPossible():
                throw new ProtocolException("NotSaved with impossible files.");
            case MessageType.State:
                ReceiveState(SandboxMessages.ReadJson(bytes, MessageType.State, ProtocolJson.Default.SessionStateMessage));
                break;
            case MessageType.Console when _console.Charge(message.Length) > TimeSpan.Zero:
                throw new LinkLimitException(EndReasons.OutputLimit, "the console flooded past GameHost's own limit");
            case MessageType.Frame when !HasFrame:
                HasFrame = true;
                firstFrame();
                break;
        }

        relay.Publish(message);
    }

    void ISandboxLinkReceiver.Closed(LinkFault? fault) => ending.ReceiveClosed(fault);

    private void ReceiveState(SessionStateMessage message)
    {
        if (message.State is not (SessionStates.Starting or SessionStates.Running or SessionStates.Stopping))
        {
            throw new ProtocolException("State with an unknown state.");
        }

        state.Advance(message.State);
    }

    private void ReceiveUse(SandboxUse use)
    {
        // A number such as 1e999 is read as infinity.
        if (use is not { Seconds: > 0, Processors: >= 0, Throttled: >= 0 and <= 1, Switches: >= 0 }
            || !double.IsFinite(use.Seconds) || !double.IsFinite(use.Processors) || !double.IsFinite(use.Switches))
        {
            throw new ProtocolException("Use with impossible figures.");
        }

        state.Read().Cpu?.AddReport(use);
    }
}
