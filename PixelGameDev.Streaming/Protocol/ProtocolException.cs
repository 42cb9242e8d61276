namespace PixelGameDev.Streaming.Protocol;

/// <summary>The other side broke the rules of docs/PROTOCOL.md; the message says which.</summary>
public sealed class ProtocolException : Exception
{
    public ProtocolException()
    {
    }

    public ProtocolException(string message)
        : base(message)
    {
    }

    public ProtocolException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
