namespace PixelGameDev.Streaming.Protocol;

/// <summary>
/// Names the reasons to close a viewer that did nothing wrong, with WebSocket status 1008. The close reason begins with one of these words,
/// followed by a colon and a sentence; together at most 123 bytes.
/// </summary>
public static class CloseReasons
{
    /// <summary>The session already has its largest number of viewers.</summary>
    public const string TooManyViewers = "too_many_viewers";

    /// <summary>The session already has its largest number of people who watch by an invitation.</summary>
    public const string TooManyWatchers = "too_many_watchers";

    /// <summary>The invitation has been taken back.</summary>
    public const string NotInvited = "not_invited";

    /// <summary>The account already has its largest number of open streams.</summary>
    public const string TooManyStreams = "too_many_streams";
}
