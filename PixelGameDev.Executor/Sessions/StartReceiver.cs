using PixelGameDev.Executor.Links;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Sessions;

/// <summary>
/// Receives the messages of a sandbox that has been given the project. The first message decides whether the sandbox has accepted it.
/// </summary>
/// <remarks>
/// GameHost answers Start with a State. A sandbox that ends at this moment closes the link or reports that it stops; then
/// <paramref name="session"/> gets no message.
/// </remarks>
internal sealed class StartReceiver(ISandboxLinkReceiver session) : ISandboxLinkReceiver
{
    private readonly TaskCompletionSource<bool> _accepted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with true if the sandbox has accepted the project; never faults.</summary>
    public Task<bool> Accepted => _accepted.Task;

    /// <summary>Returns whether the sandbox has accepted the project. If not, all its later messages are ignored.</summary>
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

    /// <summary>Records the decision unless there is one, and returns the decision.</summary>
    private bool Decide(bool accepted)
    {
        _accepted.TrySetResult(accepted);
        return _accepted.Task.Result;
    }

    /// <summary>Returns whether the message shows that the sandbox is about to end.</summary>
    /// <remarks>A project that does not fit is no fault of the sandbox, and would not fit into another one either.</remarks>
    private static bool IsRefusal(PooledMessage message) => message.Type switch
    {
        MessageType.Ended => SandboxMessages.ReadJson(message.Memory.Span, MessageType.Ended, ProtocolJson.Default.SessionEnded)
            .Reason != EndReasons.DiskLimit,
        MessageType.State => SandboxMessages.ReadJson(message.Memory.Span, MessageType.State, ProtocolJson.Default.SessionStateMessage)
            .State == SessionStates.Stopping,
        _ => false,
    };
}
