using Npgsql;
using PixelGameDev.Api.Access;
using PixelGameDev.Api.Database;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Security;

namespace PixelGameDev.Api.Watching;

/// <summary>Stores the invitations to sessions. A session has at most one, and it is gone with the session's record.</summary>
/// <remarks>
/// An invitation that was taken back is deleted. So the server does the same for it, for one that never was, and for nonsense: it hashes
/// the text and finds no row.
/// </remarks>
internal sealed class InvitationStore(NpgsqlDataSource database)
{
    /// <summary>The letters of a code: 12 of 31 letters are 59 bits.</summary>
    private const int CodeLength = 12;

    /// <summary>Opens an invitation.</summary>
    /// <param name="code">The code, as a person typed it.</param>
    /// <param name="caller">The account that opens it; null: none.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="ProblemException">404: there is no such invitation; 410: its session has ended.</exception>
    public async Task<OpenedInvitation> OpenAsync(string code, Guid? caller, CancellationToken cancellationToken)
    {
        OpenedRow row = await database.FindAsync<OpenedRow>(
            """
            select i.number, s.id as session, s.executor, s.project_name as title, a.name as player, s.ended_at is not null as has_ended,
                session_access(s, $2, i)::text as access
            from watch_invitations i
            join sessions s on s.id = i.session_id
            join accounts a on a.id = s.account_id
            where i.code_hash = $1
            """,
            [ReadableCode.HashOf(code), caller],
            cancellationToken) ?? throw Problem.NotFound("invitation");
        if (row.HasEnded)
        {
            throw new ProblemException(
                StatusCodes.Status410Gone, "game_over", "This game is over",
                "The game that this invitation shows has ended. Ask the person who sent it for a new one.");
        }

        return AccessPolicy.Parse(row.Access) >= AccessLevel.View
            ? new OpenedInvitation(row.Number, row.Session, row.Executor, new WatchedGame(row.Title, row.Player))
            : throw Problem.NotFound("invitation");
    }

    /// <summary>Finds the invitation to a session; null if there is none.</summary>
    /// <exception cref="ProblemException">404: there is no such session, or it is another account's.</exception>
    public async Task<StoredInvitation?> FindAsync(Guid owner, Guid session, CancellationToken cancellationToken)
    {
        SessionRow row = await ReadSessionAsync(owner, session, cancellationToken);
        return row.Number is { } number ? new StoredInvitation(number, row.Code!, row.CreatedAt!.Value, row.Executor) : null;
    }

    /// <summary>Makes the invitation to a session. If it has one already, returns that.</summary>
    /// <exception cref="ProblemException">404; 409: the session has ended.</exception>
    public async Task<StoredInvitation> MakeAsync(Guid owner, Guid session, CancellationToken cancellationToken)
    {
        string code = ReadableCode.Create(CodeLength);
        await database.ExecuteAsync(
            """
            insert into watch_invitations (session_id, code, code_hash)
            select s.id, $3, $4 from sessions s
            where s.id = $1 and session_access(s, $2) >= 'edit' and s.ended_at is null
            on conflict (session_id) do nothing
            """,
            [session, owner, code, ReadableCode.HashOf(code)],
            cancellationToken);
        return await FindAsync(owner, session, cancellationToken) ?? throw Problem.Conflict(
            "session_ended", "The game has ended", "People can watch a game while it runs. Press Run, then invite them.");
    }

    /// <summary>Deletes an invitation.</summary>
    public Task DeleteAsync(Guid owner, Guid session, long number, CancellationToken cancellationToken) => database.ExecuteAsync(
        """
        delete from watch_invitations i using sessions s
        where i.number = $1 and s.id = $2 and i.session_id = s.id and session_access(s, $3) >= 'edit'
        """,
        [number, session, owner],
        cancellationToken);

    private async Task<SessionRow> ReadSessionAsync(Guid owner, Guid session, CancellationToken cancellationToken) =>
        await database.FindAsync<SessionRow>(
            """
            select s.executor, i.number, i.code, i.created_at
            from sessions s left join watch_invitations i on i.session_id = s.id
            where s.id = $1 and session_access(s, $2) >= 'edit'
            """,
            [session, owner],
            cancellationToken) ?? throw Problem.NotFound("session");

    private sealed record OpenedRow(
        long Number, Guid Session, string? Executor, string Title, string Player, bool HasEnded, string Access);

    private sealed record SessionRow(string? Executor, long? Number, string? Code, DateTimeOffset? CreatedAt);
}

/// <summary>An invitation as it is stored, and where its session runs.</summary>
internal sealed record StoredInvitation(long Number, string Code, DateTimeOffset CreatedAt, string? Executor);
