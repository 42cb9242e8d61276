namespace PixelGameDev.Streaming.Protocol;

/// <summary>Says which rule of docs/PROTOCOL.md the other side broke.</summary>
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
