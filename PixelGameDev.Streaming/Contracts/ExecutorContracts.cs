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
/// <c>GET /sessions</c> (running ones, and ended ones for ten minutes). <see cref="State"/>: <c>starting</c>, <c>running</c>,
/// <c>stopping</c>, <c>ended</c>. <see cref="Sandbox"/>: one of <see cref="SandboxKinds"/>.
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

/// <summary>Kinds of sandbox, as shown to people and in health.</summary>
public static class SandboxKinds
{
    public const string Docker = "docker";
    public const string Bubblewrap = "bubblewrap";
    public const string Subprocess = "subprocess";
}

/// <summary>The service token Api → Executor: HS256 over <c>EXECUTOR_SECRET_KEY</c>, valid for at most 60 s.</summary>
public static class ServiceToken
{
    public const string Issuer = "pixelgamedev-api";
    public const string Audience = "pixelgamedev-executor";
    /// <summary>Longest life of a token, seconds.</summary>
    public const int LifetimeSeconds = 60;
}
