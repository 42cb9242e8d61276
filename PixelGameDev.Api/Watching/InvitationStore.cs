using Npgsql;
using PixelGameDev.Api.Access;
using PixelGameDev.Api.Database;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Security;
using PixelGameDev.Api.Sessions.Records;

namespace PixelGameDev.Api.Watching;

/// <summary>Stores the invitations to sessions. A session has at most one, and it is gone with the session's record.</summary>
/// <remarks>
/// <para>A project has one invitation: when its owner presses Run again, <see cref="SessionStore.BeginAsync"/> moves it to the new
/// session. An invitation to a session that was started by a link stays with that session.</para>
/// <para>An invitation that was taken back is deleted. So the server does the same for it, for one that never was, and for nonsense: it
/// hashes the text and finds no row.</para>
/// </remarks>
internal sealed class InvitationStore(NpgsqlDataSource database)
{
    /// <summary>How long an invitation waits for the next Run after the end of its session.</summary>
    public static readonly TimeSpan WaitTime = TimeSpan.FromMinutes(10);

    /// <summary>The letters of a code: 12 of 31 letters are 59 bits.</summary>
    private const int CodeLength = 12;

    /// <summary>Opens an invitation.</summary>
    /// <param name="code">The code, as a person typed it.</param>
    /// <param name="caller">The account that opens it; null: none.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="ProblemException">
    /// 404: there is no such invitation; 410: its session has ended, and no other one can follow.
    /// </exception>
    public async Task<OpenedInvitation> OpenAsync(string code, Guid? caller, CancellationToken cancellationToken)
    {
        OpenedRow row = await database.FindAsync<OpenedRow>(
            """
            select i.number, s.id as session, s.executor, s.project_name as title, a.name as player, s.created_at as started_at,
                s.ended_at is not null as has_ended,
                coalesce(s.ended_at > now() - $3, false) and exists (
                    select from project_invitations n join projects p on p.id = n.project_id
                    where n.number = i.number and p.taken_down_at is null and project_access(p, s.account_id) >= 'edit') as waits,
                session_access(s, $2, i)::text as access
            from watch_invitations i
            join sessions s on s.id = i.session_id
            join accounts a on a.id = s.account_id
            where i.code_hash = $1
            """,
            [ReadableCode.HashOf(code), caller, WaitTime],
            cancellationToken) ?? throw Problem.NotFound("invitation");
        if (row.HasEnded && !row.Waits)
        {
            throw GameOver();
        }

        return row.Waits || AccessPolicy.Parse(row.Access) >= AccessLevel.View
            ? new OpenedInvitation(
                row.Number, row.Session, row.Executor, new WatchedGame(row.Title, row.Player, row.StartedAt, row.HasEnded))
            : throw Problem.NotFound("invitation");
    }

    /// <summary>Returns the problem that the session of an invitation has ended.</summary>
    public static ProblemException GameOver() => new(
        StatusCodes.Status410Gone, "game_over", "This game is over",
        "The game that this invitation shows has ended. Ask the person who sent it for a new one.");

    /// <summary>Finds the open invitation to a session or to the newer one of its project; null if there is none.</summary>
    /// <exception cref="ProblemException">404: there is no such session, or it is another account's.</exception>
    public async Task<StoredInvitation?> FindAsync(Guid owner, Guid session, CancellationToken cancellationToken)
    {
        SessionRow row = await ReadSessionAsync(owner, session, cancellationToken);
        return row.Number is { } number ? new StoredInvitation(number, row.Code!, row.CreatedAt!.Value, row.Executor) : null;
    }

    /// <summary>Makes the invitation to a session. If there is an open one already, returns that.</summary>
    /// <exception cref="ProblemException">404; 409: the session has ended.</exception>
    public async Task<StoredInvitation> MakeAsync(Guid owner, Guid session, CancellationToken cancellationToken)
    {
        if (await FindAsync(owner, session, cancellationToken) is { } open)
        {
            return open;
        }

        string code = ReadableCode.Create(CodeLength);
        await database.ExecuteAsync(
            """
            with made as (
                insert into watch_invitations (session_id, code, code_hash)
                select s.id, $3, $4 from sessions s
                where s.id = $1 and session_access(s, $2) >= 'edit' and s.ended_at is null
                on conflict (session_id) do nothing
                returning session_id, number)
            insert into project_invitations (project_id, number)
            select s.project_id, made.number from made join sessions s on s.id = made.session_id
            where s.project_id is not null and not s.by_link
            on conflict (project_id) do update set number = excluded.number
            """,
            [session, owner, code, ReadableCode.HashOf(code)],
            cancellationToken);
        return await FindAsync(owner, session, cancellationToken) ?? throw Problem.Conflict(
            "session_ended", "The game has ended", "People can watch a game while it runs. Press Run, then invite them.");
    }

    /// <summary>Lists the sessions that the invitation to a session may show or have shown to people who still watch.</summary>
    public async Task<IReadOnlyList<WatchedSession>> ListSessionsAsync(Guid owner, Guid session, CancellationToken cancellationToken) =>
        await database.ListAsync<WatchedSession>(
            """
            select w.id, w.executor
            from sessions s join sessions w on w.id = s.id
                or (w.project_id = s.project_id and w.ended_at is null and not w.by_link and not s.by_link)
            where s.id = $1 and session_access(s, $2) >= 'edit' and session_access(w, $2) >= 'edit'
            """,
            [session, owner],
            cancellationToken);

    /// <summary>Gives the invitation of a session that was not started back to the session that had it before.</summary>
    public Task ReturnAsync(Guid session, Guid before, CancellationToken cancellationToken) => database.ExecuteAsync(
        """
        update watch_invitations set session_id = $2
        where session_id = $1 and not exists (select from watch_invitations other where other.session_id = $2)
        """,
        [session, before],
        cancellationToken);

    /// <summary>Deletes an invitation, also if it has moved to a newer session meanwhile.</summary>
    public Task DeleteAsync(Guid owner, Guid session, long number, CancellationToken cancellationToken) => database.ExecuteAsync(
        """
        delete from watch_invitations i using sessions s
        where i.number = $1 and s.id = $2 and session_access(s, $3) >= 'edit'
            and (i.session_id = s.id or exists (
                select from project_invitations n where n.number = i.number and n.project_id = s.project_id and not s.by_link))
        """,
        [number, session, owner],
        cancellationToken);

    private async Task<SessionRow> ReadSessionAsync(Guid owner, Guid session, CancellationToken cancellationToken) =>
        await database.FindAsync<SessionRow>(
            """
            select s.executor, found.number, found.code, found.created_at
            from sessions s left join lateral (
                select i.number, i.code, i.created_at
                from watch_invitations i join sessions shown on shown.id = i.session_id
                where (i.session_id = s.id or i.number = (
                        select n.number from project_invitations n where n.project_id = s.project_id and not s.by_link))
                    and coalesce(shown.ended_at > now() - $3, true)
                order by i.number desc limit 1) found on true
            where s.id = $1 and session_access(s, $2) >= 'edit'
            """,
            [session, owner, WaitTime],
            cancellationToken) ?? throw Problem.NotFound("session");

    private sealed record OpenedRow(
        long Number, Guid Session, string? Executor, string Title, string Player, DateTimeOffset StartedAt, bool HasEnded, bool Waits,
        string Access);

    private sealed record SessionRow(string? Executor, long? Number, string? Code, DateTimeOffset? CreatedAt);
}

/// <summary>An invitation as it is stored, and where the session of the request runs.</summary>
internal sealed record StoredInvitation(long Number, string Code, DateTimeOffset CreatedAt, string? Executor);

/// <summary>A session that people may watch, and the name of its Executor.</summary>
internal sealed record WatchedSession(Guid Id, string? Executor);
