using PixelGameDev.Executor.Links;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Sessions;

/// <summary>
/// Takes what comes from a sandbox that has been given the project, and decides by its first message whether it accepted it.
/// </summary>
/// <remarks>
/// GameHost answers Start with a State. A sandbox that dies in this moment closes the link, or says that it stops; then
/// <paramref name="session"/> never hears of it.
/// </remarks>
internal sealed class StartReceiver(ISandboxLinkReceiver session) : ISandboxLinkReceiver
{
    private readonly TaskCompletionSource<bool> _accepted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with whether the sandbox accepted the project; never faults.</summary>
    public Task<bool> Accepted => _accepted.Task;

    /// <summary>Returns whether it has accepted the project by now. If not, nothing that it says later counts.</summary>
    public bool IsAccepted() => Decide(accepted: false);

    void ISandboxLinkReceiver.Receive(PooledMessage message)
    {
        if (_accepted.Task.IsCompleted ? _accepted.Task.Result : Decide(!IsRefusal(message)))
        {
            session.Receive(message);
        }
    }

    void ISandboxLinkReceiver.Closed(LinkFault? fault)
    {
        if (Decide(accepted: false))
        {
            session.Closed(fault);
        }
    }

    /// <summary>Decides, unless it is decided already; returns what was decided.</summary>
    private bool Decide(bool accepted)
    {
        _accepted.TrySetResult(accepted);
        return _accepted.Task.Result;
    }

    /// <summary>Returns whether the sandbox is about to die.</summary>
    /// <remarks>A project that does not fit is not the sandbox's fault, and would not fit into another either.</remarks>
    private static bool IsRefusal(PooledMessage message) => message.Type switch
    {
        MessageType.Ended => SandboxMessages.ReadJson(message.Memory.Span, MessageType.Ended, ProtocolJson.Default.SessionEnded)
            .Reason != EndReasons.DiskLimit,
        MessageType.State => SandboxMessages.ReadJson(message.Memory.Span, MessageType.State, ProtocolJson.Default.SessionStateMessage)
            .State == SessionStates.Stopping,
        _ => false,
    };
}
