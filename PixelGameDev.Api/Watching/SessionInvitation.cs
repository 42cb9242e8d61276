namespace PixelGameDev.Api.Watching;

/// <summary>The invitation to a session and to the next ones of its project, as its owner sees it.</summary>
/// <param name="Code">What people type: its page is at <c>/watch/{Code}</c>.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="Watchers">How many people watch now.</param>
internal sealed record SessionInvitation(string Code, DateTimeOffset CreatedAt, int Watchers);

/// <summary>Answer of <c>GET /api/watch/{code}</c>: what an invitation shows before somebody watches.</summary>
/// <param name="Title">The name of the game.</param>
/// <param name="Player">The name of the account that plays it.</param>
/// <param name="StartedAt">When the newest Run began. Each Run has another time.</param>
/// <param name="HasEnded">True if that Run has ended; the invitation then waits for the next one.</param>
internal sealed record WatchedGame(string Title, string Player, DateTimeOffset StartedAt, bool HasEnded);

/// <summary>An invitation that somebody has opened.</summary>
/// <param name="Number">The number of the invitation, which the Executor knows it by.</param>
/// <param name="Session">The session.</param>
/// <param name="Executor">The name of its Executor.</param>
/// <param name="Game">What the invitation shows.</param>
internal sealed record OpenedInvitation(long Number, Guid Session, string? Executor, WatchedGame Game);
