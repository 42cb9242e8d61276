using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Links;

/// <summary>
/// The other side broke docs/PROTOCOL.md or sent more than it may; the message is the exact reason, for the operator, and
/// <paramref name="reason"/> the named end it leads to.
/// </summary>
internal sealed class ProtocolViolationException(string message, string reason = EndReasons.ProtocolError) : Exception(message)
{
    public string Reason { get; } = reason;
}
