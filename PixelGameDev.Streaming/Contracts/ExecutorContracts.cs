namespace PixelGameDev.Streaming.Contracts;

/// <summary>One file of a project. <see cref="Content"/> is base64 in JSON; <see cref="Path"/> is relative, with <c>/</c>.</summary>
public sealed record SessionFile(string Path, byte[] Content);

/// <summary>
/// Body of <c>POST /sessions</c> at the Executor. The Api chooses <see cref="SessionId"/>. <see cref="Owner"/> is an opaque name of the
/// account, for limits per account.
/// </summary>
public sealed record StartSessionRequest(Guid SessionId, string Owner, string Entry, IReadOnlyList<SessionFile> Files);

/// <summary>
/// A session as the Executor sees it: answer of <c>POST /sessions</c> (201) and <c>GET /sessions/{id}</c>, and element of <c>GET
/// /sessions</c> (see <see cref="ExecutorHeaders.Cursor"/>).
/// </summary>
/// <remarks>
/// <see cref="State"/> is <c>starting</c>, <c>running</c>, <c>stopping</c> or <c>ended</c>. <see cref="Sandbox"/> is one of <see
/// cref="SandboxKinds"/>. <see cref="ConsoleTail"/> is null in a list while the session runs.
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
    string? ConsoleTail);

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
