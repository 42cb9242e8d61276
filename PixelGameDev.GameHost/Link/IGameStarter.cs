using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.GameHost.Link;

/// <summary>Receives the Executor's commands: what to play, and when to end.</summary>
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

    /// <summary>Ends the game: posts QUIT, waits <paramref name="graceMillis"/>, then kills.</summary>
    void Stop(uint graceMillis);
}
