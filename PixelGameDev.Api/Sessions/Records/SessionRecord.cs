using System.Text.Json.Serialization;
using PixelGameDev.Streaming.Contracts;

namespace PixelGameDev.Api.Sessions.Records;

/// <summary>Holds the data that an Executor needs to run a project.</summary>
/// <param name="Entry">The file that the game starts with.</param>
/// <param name="Files">All files.</param>
/// <param name="Invitation">The open invitation that the new session has taken over; null: there was none.</param>
internal sealed record RunnableProject(string Entry, IReadOnlyList<SessionFile> Files, MovedInvitation? Invitation = null);

/// <summary>Names an invitation that a new session has taken over.</summary>
/// <param name="Code">What people type.</param>
/// <param name="Before">The session that had it before.</param>
internal sealed record MovedInvitation(string Code, Guid Before);

/// <summary>
/// The record of a session: when it ran, how it ended, what it sent, and the last lines that it printed. <see cref="EndReason"/> is one of
/// the protocol's end reasons. <see cref="Executor"/> says where the session runs and is not shown to people; null on records of version
/// 1.0.
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
    /// <summary>The address of the session's stream.</summary>
    public string StreamUrl => $"/api/sessions/{Id}/stream";
}

/// <summary>Lists the values of <see cref="SessionRecord.State"/>.</summary>
internal static class SessionStates
{
    public const string Starting = "starting";
    public const string Ended = "ended";
}

/// <summary>Names the Executor of a session; <paramref name="Executor"/> is null if the record does not contain it.</summary>
internal sealed record SessionPlace(string? Executor);

/// <summary>Holds a session whose record has no end.</summary>
/// <param name="Id">The session.</param>
/// <param name="Age">The time since the session was recorded.</param>
/// <param name="Seen">Whether an Executor has reported the session.</param>
/// <param name="Executor">The Executor of the session; null on records of version 1.0.</param>
/// <param name="Incarnation">The incarnation of the Executor that accepted the session; null: unknown.</param>
/// <param name="StopRequested">Whether the account has requested the end of the session.</param>
internal sealed record OpenSession(Guid Id, TimeSpan Age, bool Seen, string? Executor, string? Incarnation, bool StopRequested);
