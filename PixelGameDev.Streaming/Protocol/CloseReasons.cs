namespace PixelGameDev.Streaming.Protocol;

/// <summary>
/// Why a viewer that did nothing wrong is closed with WebSocket status 1008. The reason of the close begins with one of these words,
/// followed by a colon and a sentence; together at most 123 bytes.
/// </summary>
public static class CloseReasons
{
    /// <summary>The session has as many viewers as it may have.</summary>
    public const string TooManyViewers = "too_many_viewers";

    /// <summary>The person has as many streams open as one may have.</summary>
    public const string TooManyStreams = "too_many_streams";
}
