namespace PixelGameDev.Streaming.Contracts;

/// <summary>One file of a project; <see cref="Content"/> is base64 in JSON, <see cref="Path"/> relative with <c>/</c>.</summary>
public sealed record SessionFile(string Path, byte[] Content);

/// <summary>
/// <c>POST /sessions</c> at the Executor. <see cref="SessionId"/> is chosen by the Api; <see cref="Owner"/> is an opaque
/// name of the person, for limits by person.
/// </summary>
public sealed record StartSessionRequest(Guid SessionId, string Owner, string Entry, IReadOnlyList<SessionFile> Files);

/// <summary>
/// A session as the Executor sees it: answer of <c>POST /sessions</c> (201), <c>GET /sessions/{id}</c>, and elements of
/// <c>GET /sessions</c> (see <see cref="ExecutorHeaders.Cursor"/>). <see cref="State"/>: <c>starting</c>, <c>running</c>,
/// <c>stopping</c>, <c>ended</c>. <see cref="Sandbox"/>: one of <see cref="SandboxKinds"/>. <see cref="ConsoleTail"/> is null in a list
/// while the session runs.
/// </summary>
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

/// <summary>Headers of the Executor's answers.</summary>
public static class ExecutorHeaders
{
    /// <summary>
    /// Names one life of the Executor's process, on every answer but those of the probes. Sessions live as long as that life: where another
    /// one answers, the sessions of the one before are gone.
    /// </summary>
    public const string Incarnation = "Executor-Incarnation";

    /// <summary>
    /// On the answer of <c>GET /sessions</c>: the place up to which it told of ended sessions. <c>?since=</c> this place, the next answer
    /// holds the running sessions and those that ended since, at most <see cref="MaxEnded"/> of them; any other place is the beginning
    /// (ends are remembered for ten minutes). Without <c>since</c> the answer holds everything, for an Api of version 1.0.
    /// </summary>
    public const string Cursor = "Executor-Cursor";

    /// <summary>The place to begin at.</summary>
    public const string Beginning = "0";

    /// <summary>Ended sessions in one list.</summary>
    public const int MaxEnded = 50;
}

/// <summary>Kinds of sandbox, as shown to people and in health.</summary>
public static class SandboxKinds
{
    public const string Docker = "docker";
    public const string Bubblewrap = "bubblewrap";
    public const string Subprocess = "subprocess";
}

/// <summary>Codes of refusals that concern one Executor alone: it has not begun the session, and another may.</summary>
public static class RefusalCodes
{
    public const string Draining = "draining";
    public const string ShuttingDown = "shutting_down";
    public const string AllSlotsTaken = "all_slots_taken";

    public static bool AnotherMayStart(string code) => code is Draining or ShuttingDown or AllSlotsTaken;
}

/// <summary>The service token Api → Executor: HS256 over <c>EXECUTOR_SECRET_KEY</c>, valid for at most 60 s.</summary>
public static class ServiceToken
{
    public const string Issuer = "pixelgamedev-api";
    public const string Audience = "pixelgamedev-executor";
    /// <summary>Longest life of a token, seconds.</summary>
    public const int LifetimeSeconds = 60;
}
