namespace PixelGameDev.Executor.Links;

/// <summary>
/// Reports that a sandbox sent more than it may. The message is the exact reason for the operator; <paramref name="reason"/> is the end
/// reason of the session.
/// </summary>
internal sealed class LinkLimitException(string reason, string message) : Exception(message)
{
    public string Reason { get; } = reason;
}
