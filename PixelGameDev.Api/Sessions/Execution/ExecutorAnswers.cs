using PixelGameDev.Streaming.Contracts;

namespace PixelGameDev.Api.Sessions.Execution;

/// <summary>
/// Holds the parts of an Executor's health document that the Api uses. <paramref name="Reason"/> says why the Executor is unhealthy.
/// </summary>
internal sealed record ExecutorHealth(bool Healthy, bool Docker, string? Sandbox, string? Reason);

/// <summary>
/// Holds a session that an Executor has accepted, and the incarnation of that Executor; null: the Executor did not report it.
/// </summary>
internal sealed record AcceptedSession(SessionInfo Session, string? Incarnation);

/// <summary>Holds the sessions that one Executor reports: all running ones and some that have ended.</summary>
/// <param name="Known">The sessions.</param>
/// <param name="Incarnation">The incarnation that answered; null: the Executor has an older version.</param>
/// <param name="Cursor">
/// The position from which the next request continues; null: the Executor has an older version, which reports all sessions each time.
/// </param>
internal sealed record ExecutorSessions(IReadOnlyList<SessionInfo> Known, string? Incarnation, string? Cursor);

/// <summary>
/// Holds the result of a search for one session. Without a <paramref name="Session"/>, <paramref name="Silent"/> tells whether an Executor
/// that may have it did not answer.
/// </summary>
internal sealed record FoundSession(SessionInfo? Session, string? Executor, string? Incarnation, bool Silent);
