namespace PixelGameDev.Executor.Links;

/// <summary>Receives the messages of a sandbox, in order, on the only reading task of the link.</summary>
internal interface ISandboxLinkReceiver
{
    /// <summary>Receives a valid message. The receiver retains it if it needs it after the call.</summary>
    /// <exception cref="PixelGameDev.Streaming.Protocol.ProtocolException">The message is not allowed in the current state.</exception>
    /// <exception cref="LinkLimitException">There are too many messages.</exception>
    void Receive(PooledMessage message);

    /// <summary>Receives the end of the link; called once, as the last call.</summary>
    /// <param name="fault">How the sandbox broke the rules; null if it did not.</param>
    void Closed(LinkFault? fault);
}
