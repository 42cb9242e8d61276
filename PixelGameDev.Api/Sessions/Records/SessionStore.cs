using Npgsql;
using NpgsqlTypes;
using PixelGameDev.Api.Database;
using PixelGameDev.Api.History;
using PixelGameDev.Api.Links;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Projects;
using PixelGameDev.Api.Watching;
using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Api.Sessions.Records;

/// <summary>Stores the records of sessions: which account ran which project, when, and how the session ended.</summary>
internal sealed class SessionStore(NpgsqlDataSource database)
{
    private const string Columns =
        // Who plays by a link does not learn the id of the project.
        "id, case when by_link then null else project_id end as project_id, project_name, " +
        // The Executor reports its state up to a second later.
        "case when ended_at is null and stop_asked_at is not null then 'stopping' else state end as state, " +
        "sandbox, created_at, ended_at, end_reason, end_message, peak_viewers, frames, bytes, console_tail, executor";

    /// <summary>Records a new session and reads the project to run, in one round trip, because a person waits for the answer.</summary>
    /// <remarks>The new session takes over the open invitation of the project: people who watched the last Run see this one, too.</remarks>
    /// <param name="id">The id of the session.</param>
    /// <param name="account">The account that starts the session.</param>
    /// <param name="project">The project to run.</param>
    /// <param name="executor">The name of the Executor that will get the session.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="ProblemException">
    /// 404: there is no such project; 409: the project has no entry file, or the id is taken.
    /// </exception>
    public async Task<RunnableProject> BeginAsync(
        Guid id, Guid account, Guid project, string executor, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        // Only this commit does not wait for the disk. If the database crashes within the next second, the record of a game that has just
        // started is lost, and the game ends when nobody watches it.
        batch.BatchCommands.Add(new NpgsqlBatchCommand("select set_config('synchronous_commit', 'off', true)"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            """
            with project as (
                select id, name, entry, revision, taken_down_at from projects p where p.id = $1 and project_access(p, $2) >= 'edit'),
            record as (
                insert into sessions (id, account_id, project_id, project_name, state, executor, project_revision)
                select $3, $2, p.id, p.name, $4, $5, p.revision from project p
                where exists (select 1 from files f where f.project_id = p.id and f.path = p.entry)
                on conflict (id) do nothing
                returning id),
            invitation as (
                update watch_invitations i set session_id = record.id
                from record, project p, project_invitations n, sessions s
                where n.project_id = p.id and i.number = n.number and s.id = i.session_id and p.taken_down_at is null
                    and session_access(s, $2) >= 'edit' and coalesce(s.ended_at > now() - $6, true)
                returning i.code, s.id as before)
            select p.entry, f.path, f.content, exists (select 1 from record) as recorded, i.code, i.before
            from project p left join files f on f.project_id = p.id left join invitation i on true
            """).With(project, account, id, SessionStates.Starting, executor, InvitationStore.WaitTime));
        string? entry = null;
        bool recorded = false;
        MovedInvitation? invitation = null;
        List<SessionFile> files = [];
        await using NpgsqlDataReader rows = await batch.ExecuteReaderAsync(cancellationToken);
        await rows.NextResultAsync(cancellationToken);
        RowReader<ProjectFile> reader = new(rows);
        while (await rows.ReadAsync(cancellationToken))
        {
            ProjectFile row = reader.Read();
            (entry, recorded) = (row.Entry, row.Recorded);
            invitation = row.Before is { } before ? new MovedInvitation(row.Code!, before) : null;
            if (row.Path is not null)
            {
                files.Add(new SessionFile(row.Path, row.Content!));
            }
        }

        return recorded ? new RunnableProject(entry!, files, invitation) : throw CreateStartProblem(entry, files);
    }

    /// <summary>Records a new session of a shared game and reads its files.</summary>
    /// <exception cref="ProblemException">404: the link does not work any more; 409: the game has no entry, or the id is taken.</exception>
    public async Task<RunnableProject> BeginByLinkAsync(
        Guid id, Guid player, OpenedLink link, string executor, IBlobStore blobs, CancellationToken cancellationToken)
    {
        if (link.Files.IndexOf(link.Files.Entry) < 0)
        {
            throw CreateStartProblem(link.Files.Entry, []);
        }

        Task<List<NewFile>> reading = link.Files.ReadAsync(blobs, cancellationToken);
        // The link is asked again: it may have been revoked since it was opened.
        LinkStart start = (await database.FindAsync<LinkStart>(
            """
            with link as (
                select p.id, p.name from links l join projects p on p.id = l.project_id
                where l.id = $1 and project_access(p, $2, l) >= 'play' for key share of p),
            record as (
                insert into sessions
                    (id, account_id, project_id, project_name, state, executor, project_revision, revision, by_link)
                select $3, $2, link.id, link.name, $4, $5, $6, $6, true from link
                on conflict (id) do nothing
                returning id)
            select exists (select from link) as is_open, exists (select from record) as is_recorded
            """,
            [link.Id, player, id, SessionStates.Starting, executor, link.Files.Number],
            cancellationToken))!;
        List<SessionFile> files = [.. (await reading).Select(static file => new SessionFile(file.Path, file.Content))];
        return start.IsRecorded ? new RunnableProject(link.Files.Entry, files)
            : throw (start.IsOpen ? CreateStartProblem(link.Files.Entry, files) : Problem.NotFound("link"));
    }

    /// <summary>Reads a session of the account.</summary>
    /// <exception cref="ProblemException">404</exception>
    public async Task<SessionRecord> ReadAsync(Guid account, Guid id, CancellationToken cancellationToken) =>
        await FindAsync(account, id, cancellationToken) ?? throw Problem.NotFound("session");

    /// <summary>Finds a session of the account; null if it does not exist.</summary>
    public Task<SessionRecord?> FindAsync(Guid account, Guid id, CancellationToken cancellationToken) => database.FindAsync<SessionRecord>(
        $"select {Columns} from sessions s where s.id = $1 and session_access(s, $2) >= 'view'", [id, account], cancellationToken);

    /// <summary>Finds where a session of the account runs; null if the session does not exist.</summary>
    public Task<SessionPlace?> FindPlaceAsync(Guid account, Guid id, CancellationToken cancellationToken) =>
        database.FindAsync<SessionPlace>(
            "select executor from sessions s where s.id = $1 and session_access(s, $2) >= 'view'", [id, account], cancellationToken);

    /// <summary>
    /// Lists the account's last 50 sessions, newest first, without their console output. With <paramref name="running"/> it lists only
    /// those that have not ended.
    /// </summary>
    public async Task<IReadOnlyList<SessionRecord>> ListAsync(Guid account, bool running, CancellationToken cancellationToken)
    {
        List<SessionRecord> sessions = await database.ListAsync<SessionRecord>(
            // The condition is part of the text, so that the index of running sessions can answer it.
            $"select {Columns} from sessions where account_id = $1 {(running ? "and ended_at is null" : "")} " +
                "order by created_at desc limit 50",
            [account],
            cancellationToken);
        return [.. sessions.Select(static session => session with { ConsoleTail = null })];
    }

    /// <summary>Lists the sessions whose record has no end.</summary>
    public async Task<IReadOnlyDictionary<Guid, OpenSession>> ListOpenAsync(CancellationToken cancellationToken)
    {
        List<OpenSession> open = await database.ListAsync<OpenSession>(
            """
            select id, now() - created_at as age, sandbox is not null as seen, executor, incarnation,
                stop_asked_at is not null as stop_requested
            from sessions where ended_at is null order by created_at limit 10000
            """,
            [],
            cancellationToken);
        return open.ToDictionary(static session => session.Id);
    }

    /// <summary>Returns those of <paramref name="ids"/> whose record has no end. The other sessions have ended or have no record.</summary>
    public async Task<IReadOnlySet<Guid>> WhichAreOpenAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) =>
        ids.Count == 0 ? new HashSet<Guid>() : (await database.ListAsync<Guid>(
            "select id from sessions where id = any($1) and ended_at is null", [ids.ToArray()], cancellationToken)).ToHashSet();

    /// <summary>Records that a session moves to another Executor, because the first one has no place for it.</summary>
    public Task MoveAsync(Guid id, string executor, CancellationToken cancellationToken) =>
        database.ExecuteAsync("update sessions set executor = $2 where id = $1 and ended_at is null", [id, executor], cancellationToken);

    /// <summary>Records a stop request. It takes effect when the Executor has the session, answers again, or is lost.</summary>
    public Task RequestStopAsync(Guid account, Guid id, CancellationToken cancellationToken) => database.ExecuteAsync(
        "update sessions s set stop_asked_at = now() where s.id = $1 and session_access(s, $2) >= 'edit' and ended_at is null " +
            "and stop_asked_at is null",
        [id, account],
        cancellationToken);

    /// <summary>Writes the sessions that an Executor reports, in one statement. A recorded end does not change.</summary>
    /// <remarks>
    /// Only changed rows are written. The numbers of a running game (frames, bytes) are updated in steps and are exact at its end.
    /// </remarks>
    /// <param name="sessions">The sessions as the Executor reports them.</param>
    /// <param name="executor">The name of the Executor; null: unknown.</param>
    /// <param name="incarnation">The incarnation of the Executor; null: unknown.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The number of written rows.</returns>
    public async Task<int> UpdateAsync(
        IReadOnlyList<SessionInfo> sessions, string? executor, string? incarnation, CancellationToken cancellationToken) =>
        sessions.Count == 0 ? 0 : await database.ExecuteAsync(
            """
            update sessions s
            set state = n.state, sandbox = n.sandbox, warm = n.warm, started_at = n.started_at, ended_at = n.ended_at,
                end_reason = n.end_reason, end_message = n.end_message, end_detail = n.end_detail,
                peak_viewers = greatest(s.peak_viewers, n.viewers), frames = n.frames, bytes = n.bytes,
                console_tail = coalesce(n.console_tail, s.console_tail),
                executor = coalesce($14, s.executor), incarnation = coalesce($15, s.incarnation)
            from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
                as n (id, state, sandbox, warm, started_at, ended_at, end_reason, end_message, end_detail, viewers, frames, bytes,
                      console_tail)
            where s.id = n.id and s.ended_at is null
              and (n.ended_at is not null or n.viewers > s.peak_viewers or n.frames >= s.frames + 1000
                   or (s.state, s.sandbox, s.warm, s.executor, s.incarnation)
                      is distinct from (n.state, n.sandbox, n.warm, coalesce($14, s.executor), coalesce($15, s.incarnation)))
            """,
            [
                Sql.Array(NpgsqlDbType.Uuid, sessions.Select(static session => session.SessionId)),
                Sql.Array(NpgsqlDbType.Text, sessions.Select(static session => session.State)),
                Sql.Array(NpgsqlDbType.Text, sessions.Select(static session => session.Sandbox)),
                Sql.Array(NpgsqlDbType.Boolean, sessions.Select(static session => session.Warm)),
                Sql.Array(NpgsqlDbType.TimestampTz, sessions.Select(static session => session.StartedAt.UtcDateTime)),
                Sql.Array(NpgsqlDbType.TimestampTz, sessions.Select(static session => EndOf(session)?.UtcDateTime)),
                Sql.Array(NpgsqlDbType.Text, sessions.Select(static session => RecordText.Clean(session.EndReason))),
                Sql.Array(NpgsqlDbType.Text, sessions.Select(static session => RecordText.Clean(session.EndMessage))),
                Sql.Array(NpgsqlDbType.Text, sessions.Select(static session => RecordText.Clean(session.EndDetail))),
                Sql.Array(NpgsqlDbType.Integer, sessions.Select(static session => session.Viewers)),
                Sql.Array(NpgsqlDbType.Bigint, sessions.Select(static session => session.Frames)),
                Sql.Array(NpgsqlDbType.Bigint, sessions.Select(static session => session.Bytes)),
                Sql.Array(NpgsqlDbType.Text, sessions.Select(static session => EndOf(session) is null ? null : RecordText.TailOf(session))),
                Sql.Text(executor),
                Sql.Text(incarnation),
            ],
            cancellationToken);

    /// <summary>Records an end for sessions that have none yet. A session with a stop request counts as stopped.</summary>
    public async Task EndAsync(IReadOnlyList<Guid> ids, string reason, string message, string detail, CancellationToken cancellationToken)
    {
        if (ids.Count > 0)
        {
            await database.ExecuteAsync(
                """
                update sessions
                set state = $2, ended_at = now(), end_detail = $5,
                    end_reason = case when stop_asked_at is null then $3 else $6 end,
                    end_message = case when stop_asked_at is null then $4 else $7 end
                where id = any($1) and ended_at is null
                """,
                [ids.ToArray(), SessionStates.Ended, reason, message, RecordText.Clean(detail), EndReasons.Stopped,
                    EndReasons.SentenceOf(EndReasons.Stopped)],
                cancellationToken);
        }
    }

    private static ProblemException CreateStartProblem(string? entry, List<SessionFile> files) =>
        entry is null ? Problem.NotFound("project")
        : files.Exists(file => file.Path == entry) ? Problem.Conflict(
            "session_exists", "The game was not started", "This session id is already taken. Try again with another one.")
        : Problem.Conflict(
            "no_such_entry",
            "The first file is missing",
            $"The game starts with \"{entry}\", but there is no such file. Create it, or choose another file to start with.",
            ("path", entry));

    private sealed record LinkStart(bool IsOpen, bool IsRecorded);

    private static DateTimeOffset? EndOf(SessionInfo session) =>
        session.EndedAt ?? (session.State == SessionStates.Ended ? session.StartedAt : null);

    /// <summary>The project to run with one of its files. The file columns are null when the project has no files.</summary>
    private sealed record ProjectFile(string Entry, string? Path, byte[]? Content, bool Recorded, string? Code, Guid? Before);
}
