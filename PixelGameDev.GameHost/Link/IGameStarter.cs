using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.GameHost.Link;

/// <summary>Is told by the Executor what to play and when to end.</summary>
internal interface IGameStarter
{
    /// <summary>Writes a file of the project.</summary>
    /// <param name="message">A whole File message.</param>
    /// <exception cref="ProtocolException">Malformed, or the game has started already.</exception>
    void WriteFile(ReadOnlySpan<byte> message);

    /// <summary>Starts the game.</summary>
    /// <param name="message">A whole Start message.</param>
    /// <exception cref="ProtocolException">Malformed.</exception>
    void Start(ReadOnlySpan<byte> message);

    /// <summary>Ends the game: QUIT, <paramref name="graceMillis"/> of time, then kill.</summary>
    void Stop(uint graceMillis);
}
