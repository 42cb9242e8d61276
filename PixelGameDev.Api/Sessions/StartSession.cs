namespace PixelGameDev.Api.Sessions;

/// <summary>
/// Body of <c>POST /api/sessions</c>. Who chooses the <paramref name="Id"/> (a random UUID, version 4) can open the session's stream beside
/// this request: it is held until the session is there. Without one the server chooses.
/// </summary>
internal sealed record StartSessionBody(Guid ProjectId, Guid? Id = null);

/// <summary>Answer of <c>POST /api/sessions</c>; <see cref="StreamUrl"/> is a WebSocket on this same server.</summary>
internal sealed record StartedSession(Guid Id, string State, string Sandbox, bool Warm, string StreamUrl);
