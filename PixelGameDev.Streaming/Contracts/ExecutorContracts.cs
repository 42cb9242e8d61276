using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Streaming.Contracts;

/// <summary>One file of a project. <see cref="Content"/> is base64 in JSON; <see cref="Path"/> is relative, with <c>/</c>.</summary>
public sealed record SessionFile(string Path, byte[] Content);

/// <summary>
/// Body of <c>POST /sessions</c> at the Executor. The Api chooses <see cref="SessionId"/>. <see cref="Owner"/> is an opaque name of the
/// account, for limits per account. <see cref="Saved"/> names those of <see cref="Files"/> that an earlier session of the same player has
/// saved; they do not count as files of the project. <see cref="SavedBytes"/> is how much may be kept of what this session writes, bytes;
/// 0: nothing. <see cref="RecordSeconds"/> is the length of its recordings; 0: none.
/// </summary>
public sealed record StartSessionRequest(
    Guid SessionId, string Owner, string Entry, IReadOnlyList<SessionFile> Files, IReadOnlyList<string>? Saved = null,
    int SavedBytes = 0, int RecordSeconds = 0);

/// <summary>A file that a game has written; <see cref="Content"/> (base64 in JSON) is null if the game has deleted the file.</summary>
public sealed record SavedGameFile(string Path, byte[]? Content);

/// <summary>
/// Answer of <c>GET /sessions/{id}/saved?after=NUMBER</c>: the files that the game has changed after change <c>after</c>, and the number of
/// the last change. <see cref="Ended"/>: no change follows.
/// </summary>
public sealed record SavedGameFiles(long Changes, bool Ended, IReadOnlyList<SavedGameFile> Files);

/// <summary>
/// Answer of <c>DELETE /sessions/{id}/picture</c>: how a game looked at its end, taken out of the Executor. <see cref="Pixels"/> (base64 in
/// JSON) has three bytes for each pixel, in rows: red, green, blue.
/// </summary>
public sealed record SmallPicture(int Width, int Height, byte[] Pixels)
{
    /// <summary>Returns whether the size is one that GameHost makes, and fits to this number of bytes.</summary>
    public bool IsPossible(int bytes) => Width is >= 1 and <= SmallPictureMessage.MaxWidth
        && Height is >= 1 and <= SmallPictureMessage.MaxHeight && bytes == 3 * Width * Height;
}

/// <summary>
/// A session as the Executor sees it: answer of <c>POST /sessions</c> (201) and <c>GET /sessions/{id}</c>, and element of <c>GET
/// /sessions</c> (see <see cref="ExecutorHeaders.Cursor"/>).
/// </summary>
/// <remarks>
/// <see cref="State"/> is <c>starting</c>, <c>running</c>, <c>stopping</c> or <c>ended</c>. <see cref="Sandbox"/> is one of <see
/// cref="SandboxKinds"/>. <see cref="ConsoleTail"/> is null in a list while the session runs. <see cref="SavedChanges"/> counts the changes
/// of files that the Api fetches with <c>GET /sessions/{id}/saved</c>. <see cref="HasPicture"/>: the Api may take a <see
/// cref="SmallPicture"/>. <see cref="Viewers"/> are the windows of the session's account; <see cref="Watchers"/> are the people who watch
/// by an invitation.
/// </remarks>
public sealed record SessionInfo(
    Guid SessionId,
    string Owner,
    string State,
    string Sandbox,
    bool Warm,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt,
    string? EndReason,
    string? EndMessage,
    string? EndDetail,
    int Viewers,
    long Frames,
    long Bytes,
    string? ConsoleTail,
    long SavedChanges = 0,
    bool HasPicture = false,
    int Watchers = 0);

/// <summary>Names the headers of the Executor's answers.</summary>
public static class ExecutorHeaders
{
    /// <summary>
    /// Names the incarnation of the Executor on every answer except those of the probes. Sessions live as long as the incarnation: if
    /// another one answers, the sessions of the earlier one are gone.
    /// </summary>
    public const string Incarnation = "Executor-Incarnation";

    /// <summary>On the answer of <c>GET /sessions</c>: the position up to which the answer lists ended sessions.</summary>
    /// <remarks>
    /// With <c>?since=</c> this position, the next answer holds the running sessions and those that ended since, at most <see
    /// cref="MaxEnded"/> of them. Any unknown position means the beginning (the Executor remembers ends for ten minutes). Without
    /// <c>since</c> the answer holds everything, for an Api of version 1.0.
    /// </remarks>
    public const string Cursor = "Executor-Cursor";

    /// <summary>The first position.</summary>
    public const string Beginning = "0";

    /// <summary>Most ended sessions in one list.</summary>
    public const int MaxEnded = 50;
}

/// <summary>Names the kinds of sandbox, as people and health see them.</summary>
public static class SandboxKinds
{
    public const string Docker = "docker";
    public const string Bubblewrap = "bubblewrap";
    public const string Subprocess = "subprocess";
}

/// <summary>Names the refusals that concern a single Executor: it has not begun the session, and another Executor may.</summary>
public static class RefusalCodes
{
    public const string Draining = "draining";
    public const string ShuttingDown = "shutting_down";
    public const string AllSlotsTaken = "all_slots_taken";

    public static bool AnotherMayStart(string code) => code is Draining or ShuttingDown or AllSlotsTaken;
}

/// <summary>
/// Describes the service token from the Api to the Executor: HS256 with <c>EXECUTOR_SECRET_KEY</c>, valid for at most 60 s.
/// </summary>
public static class ServiceToken
{
    public const string Issuer = "pixelgamedev-api";
    public const string Audience = "pixelgamedev-executor";
    /// <summary>Longest life of a token, seconds.</summary>
    public const int LifetimeSeconds = 60;
}
