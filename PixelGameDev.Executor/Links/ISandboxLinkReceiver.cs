namespace PixelGameDev.Executor.Links;

/// <summary>Takes what comes out of a sandbox, on the link's one reading task, in order.</summary>
internal interface ISandboxLinkReceiver
{
    /// <summary>Takes a message that keeps the rules. The receiver retains it if it needs it longer than the call.</summary>
    /// <exception cref="PixelGameDev.Streaming.Protocol.ProtocolException">The message is not allowed now.</exception>
    /// <exception cref="LinkLimitException">There are too many of them.</exception>
    void Receive(PooledMessage message);

    /// <summary>Learns that the link is over; called once, last.</summary>
    /// <param name="fault">How the sandbox broke the rules; null if it did not.</param>
    void Closed(LinkFault? fault);
}
