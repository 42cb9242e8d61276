using System.Text.Json.Serialization;
using PixelGameDev.Streaming.Contracts;

namespace PixelGameDev.Api.Sessions;

/// <summary>
/// Body of <c>POST /api/sessions</c>. Who chooses the <paramref name="Id"/> (a random UUID, version 4) can open the session's stream beside
/// this request: it is held until the session is there. Without one the server chooses.
/// </summary>
internal sealed record StartSessionBody(Guid ProjectId, Guid? Id = null);

/// <summary>What an Executor needs to run a project.</summary>
internal sealed record RunnableProject(string Entry, IReadOnlyList<SessionFile> Files);

/// <summary>Answer of <c>POST /api/sessions</c>; <see cref="StreamUrl"/> is a WebSocket on this same server.</summary>
internal sealed record StartedSession(Guid Id, string State, string Sandbox, bool Warm, string StreamUrl);

/// <summary>
/// A session as it is on record: when it ran, how it ended (<see cref="EndReason"/> is one of the protocol's named ends), what it
/// sent, and the last lines it printed. <see cref="Executor"/>: where it lives, not shown to people; null on records of version 1.0.
/// </summary>
internal sealed record Session(
    Guid Id,
    Guid? ProjectId,
    string ProjectName,
    string State,
    string? Sandbox,
    DateTimeOffset CreatedAt,
    DateTimeOffset? EndedAt,
    string? EndReason,
    string? EndMessage,
    int PeakViewers,
    long Frames,
    long Bytes,
    string? ConsoleTail,
    [property: JsonIgnore] string? Executor)
{
    /// <summary>Where a running session is watched.</summary>
    public string StreamUrl => $"/api/sessions/{Id}/stream";
}

/// <summary>Words for <see cref="Session.State"/>.</summary>
internal static class SessionStates
{
    public const string Starting = "starting";
    public const string Ended = "ended";
}

/// <summary>Where a session lives; <paramref name="Executor"/> is null when its record does not say.</summary>
internal sealed record SessionPlace(string? Executor);

/// <summary>A session without an end on record.</summary>
/// <param name="Age">Since it was put on record.</param>
/// <param name="Seen">Whether an Executor has told of it.</param>
/// <param name="Executor">Where it was put; null on records of version 1.0.</param>
/// <param name="Incarnation">The life of that Executor's process that took it; null: not known.</param>
/// <param name="StopAsked">Its person has asked for its end.</param>
internal sealed record OpenSession(TimeSpan Age, bool Seen, string? Executor, string? Incarnation, bool StopAsked);
