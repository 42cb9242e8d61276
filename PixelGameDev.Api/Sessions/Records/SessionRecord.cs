using System.Text.Json.Serialization;
using PixelGameDev.Streaming.Contracts;

namespace PixelGameDev.Api.Sessions.Records;

/// <summary>Holds what an Executor needs to run a project.</summary>
internal sealed record RunnableProject(string Entry, IReadOnlyList<SessionFile> Files);

/// <summary>
/// A session as it is on record: when it ran, how it ended (<see cref="EndReason"/> is one of the protocol's named ends), what it
/// sent, and the last lines it printed. <see cref="Executor"/>: where it lives, not shown to people; null on records of version 1.0.
/// </summary>
internal sealed record SessionRecord(
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

/// <summary>Lists values of <see cref="SessionRecord.State"/>.</summary>
internal static class SessionStates
{
    public const string Starting = "starting";
    public const string Ended = "ended";
}

/// <summary>Names where a session runs; <paramref name="Executor"/> is null when its record does not say.</summary>
internal sealed record SessionPlace(string? Executor);

/// <summary>Holds a session without an end on record.</summary>
/// <param name="Id">The session.</param>
/// <param name="Age">Since it was put on record.</param>
/// <param name="Seen">Whether an Executor has reported it.</param>
/// <param name="Executor">Where it was put; null on records of version 1.0.</param>
/// <param name="Incarnation">The life of that Executor's process that took it; null: not known.</param>
/// <param name="StopRequested">Whether its account has requested its end.</param>
internal sealed record OpenSession(Guid Id, TimeSpan Age, bool Seen, string? Executor, string? Incarnation, bool StopRequested);
