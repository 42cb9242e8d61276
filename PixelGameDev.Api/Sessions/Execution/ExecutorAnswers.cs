using PixelGameDev.Streaming.Contracts;

namespace PixelGameDev.Api.Sessions.Execution;

/// <summary>Holds what matters here of an Executor's health document; <paramref name="Reason"/>: why it is not healthy.</summary>
internal sealed record ExecutorHealth(bool Healthy, bool Docker, string? Sandbox, string? Reason);

/// <summary>Holds a session that an Executor has accepted, and the life of its process; null: it did not say.</summary>
internal sealed record AcceptedSession(SessionInfo Session, string? Incarnation);

/// <summary>Holds what one Executor reports of its sessions: those that run, and some that have ended.</summary>
/// <param name="Known">The sessions.</param>
/// <param name="Incarnation">The life of its process that answered; null: an Executor of an older version.</param>
/// <param name="Cursor">Where the next question goes on; null: an Executor of an older version, which tells everything each time.</param>
internal sealed record ExecutorSessions(IReadOnlyList<SessionInfo> Known, string? Incarnation, string? Cursor);

/// <summary>
/// Answer to the question for one session: it is there, or no Executor that may have it knows it, or one of them is silent.
/// </summary>
internal sealed record FoundSession(SessionInfo? Session, string? Executor, string? Incarnation, bool Silent);
