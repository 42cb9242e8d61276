namespace PixelGameDev.Api.Sessions;

/// <summary>
/// Body of <c>POST /api/sessions</c>. A client that chooses the <paramref name="Id"/> (a random UUID, version 4) can open the session's
/// stream at the same time: the stream waits until the session exists. Without an id the server chooses one.
/// </summary>
internal sealed record StartSessionBody(Guid ProjectId, Guid? Id = null);

/// <summary>
/// Answer of <c>POST /api/sessions</c>. <see cref="StreamUrl"/> is a WebSocket on this server. <see cref="Invitation"/> is the code of the
/// invitation with which people watch this session, because it was open before; null: there is none.
/// </summary>
internal sealed record StartedSession(Guid Id, string State, string Sandbox, bool Warm, string StreamUrl, string? Invitation);
