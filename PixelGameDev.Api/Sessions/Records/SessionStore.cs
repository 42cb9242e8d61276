using System.Text;
using Npgsql;
using NpgsqlTypes;
using PixelGameDev.Api.Problems;
using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Api.Sessions.Records;

/// <summary>Records of sessions: who ran what, when, and how it ended.</summary>
internal sealed class SessionStore(NpgsqlDataSource database)
{
    /// <summary>Characters of console output kept with a record.</summary>
    public const int MaxConsoleTail = 8_000;

    private const int MaxText = 1_000;
    private const string StoppedMessage = "You stopped the game.";
    private const string Columns =
        "id, project_id, project_name, state, sandbox, created_at, ended_at, end_reason, end_message, peak_viewers, frames, bytes, " +
            "console_tail, executor";

    /// <summary>
    /// Puts a session on record and says what it runs: one question to the database, because a person waits for the answer.
    /// </summary>
    /// <param name="id">Of the session.</param>
    /// <param name="account">Whose it is.</param>
    /// <param name="project">What it runs.</param>
    /// <param name="executor">Name of the Executor that will get it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ProblemException">404: no such project; 409: it has no file to start with, or the id is taken.</exception>
    public async Task<RunnableProject> BeginAsync(Guid id, Guid account, Guid project, string executor, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        // Nobody waits for the disk here: should the database itself crash within the next second, the record of a game that has hardly
        // begun is lost, and the game ends when nobody watches it. Everything else that is written is still acknowledged when it is safe.
        batch.BatchCommands.Add(new NpgsqlBatchCommand("select set_config('synchronous_commit', 'off', true)"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            """
            with project as (
                select id, name, entry from projects where id = $1 and owner_id = $2),
            record as (
                insert into sessions (id, account_id, project_id, project_name, state, executor)
                select $3, $2, p.id, p.name, $4, $5 from project p
                where exists (select 1 from files f where f.project_id = p.id and f.path = p.entry)
                on conflict (id) do nothing
                returning id)
            select p.entry, f.path, f.content, exists (select 1 from record)
            from project p left join files f on f.project_id = p.id
            """)
        {
            Parameters = { new() { Value = project }, new() { Value = account }, new() { Value = id },
                new() { Value = SessionStates.Starting }, new() { Value = executor } },
        });
        string? entry = null;
        bool recorded = false;
        List<SessionFile> files = [];
        await using NpgsqlDataReader rows = await batch.ExecuteReaderAsync(cancellationToken);
        await rows.NextResultAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            entry = rows.GetString(0);
            recorded = rows.GetBoolean(3);
            if (!rows.IsDBNull(1))
            {
                files.Add(new SessionFile(rows.GetString(1), rows.GetFieldValue<byte[]>(2)));
            }
        }

        return recorded ? new RunnableProject(entry!, files) : throw CreateStartProblem(entry, files);
    }

    /// <exception cref="ProblemException">404</exception>
    public async Task<SessionRecord> ReadAsync(Guid account, Guid id, CancellationToken cancellationToken) =>
        await FindAsync(account, id, cancellationToken) ?? throw Problem.NotFound("session");

    /// <summary>The session; null when there is none, or it is not the account's.</summary>
    public async Task<SessionRecord?> FindAsync(Guid account, Guid id, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = database.CreateCommand($"select {Columns} from sessions where id = $1 and account_id = $2");
        Add(command, id, account);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? Read(row) : null;
    }

    /// <summary>Where the session lives; null when there is none, or it is not the account's.</summary>
    public async Task<SessionPlace?> FindPlaceAsync(Guid account, Guid id, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = database.CreateCommand("select executor from sessions where id = $1 and account_id = $2");
        Add(command, id, account);
        return await command.ExecuteScalarAsync(cancellationToken) is { } executor ? new SessionPlace(executor as string) : null;
    }

    /// <summary>
    /// The account's last 50 sessions, newest first, without their console output; with <paramref name="running"/> of those that have not
    /// ended.
    /// </summary>
    public async Task<IReadOnlyList<SessionRecord>> ListAsync(Guid account, bool running, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = database.CreateCommand(
            $"select {Columns} from sessions where account_id = $1 and (ended_at is null or not $2) order by created_at desc limit 50");
        Add(command, account, running);
        List<SessionRecord> sessions = [];
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            sessions.Add(Read(rows) with { ConsoleTail = null });
        }

        return sessions;
    }

    /// <summary>Sessions that have no end on record.</summary>
    public async Task<IReadOnlyDictionary<Guid, OpenSession>> ListOpenAsync(CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = database.CreateCommand(
            """
            select id, now() - created_at, sandbox is not null, executor, incarnation, stop_asked_at is not null
            from sessions where ended_at is null order by created_at limit 10000
            """);
        Dictionary<Guid, OpenSession> open = [];
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            open.Add(rows.GetGuid(0),
                new OpenSession(rows.GetTimeSpan(1), rows.GetBoolean(2), TextOf(rows, 3), TextOf(rows, 4), rows.GetBoolean(5)));
        }

        return open;
    }

    /// <summary>
    /// Those of <paramref name="ids"/> that are on record without an end. The others have ended, or their record is gone.
    /// </summary>
    public async Task<IReadOnlySet<Guid>> WhichAreOpenAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        HashSet<Guid> open = [];
        if (ids.Count == 0)
        {
            return open;
        }

        await using NpgsqlCommand command = database.CreateCommand("select id from sessions where id = any($1) and ended_at is null");
        command.Parameters.Add(new() { Value = ids.ToArray() });
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            open.Add(rows.GetGuid(0));
        }

        return open;
    }

    /// <summary>Puts on record that another Executor gets a session: the first one had no place for it.</summary>
    public async Task MoveAsync(Guid id, string executor, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = database.CreateCommand("update sessions set executor = $2 where id = $1 and ended_at is null");
        Add(command, id, executor);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Remembers that a session is to end, for when its Executor has it, answers again, or is lost.</summary>
    public async Task RequestStopAsync(Guid account, Guid id, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = database.CreateCommand(
            "update sessions set stop_asked_at = now() where id = $1 and account_id = $2 and ended_at is null and stop_asked_at is null");
        Add(command, id, account);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>
    /// Takes over what an Executor says, for all of <paramref name="sessions"/> in one statement; an end on record stays. Only a row that
    /// says something else is written: figures of a running game (frames, bytes) follow by steps, and are exact at its end.
    /// </summary>
    /// <param name="sessions">As the Executor described them.</param>
    /// <param name="executor">Its name; null: not known.</param>
    /// <param name="incarnation">The life of its process; null: not known.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many rows were written.</returns>
    public async Task<int> UpdateAsync(
        IReadOnlyList<SessionInfo> sessions, string? executor, string? incarnation, CancellationToken cancellationToken)
    {
        if (sessions.Count == 0)
        {
            return 0;
        }

        await using NpgsqlCommand command = database.CreateCommand(
            """
            update sessions s
            set state = n.state, sandbox = n.sandbox, warm = n.warm, started_at = n.started_at, ended_at = n.ended_at,
                end_reason = n.end_reason, end_message = n.end_message, end_detail = n.end_detail,
                peak_viewers = greatest(s.peak_viewers, n.viewers), frames = n.frames, bytes = n.bytes,
                console_tail = coalesce(n.console_tail, s.console_tail),
                executor = coalesce($14, s.executor), incarnation = coalesce($15, s.incarnation)
            from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
                as n (id, state, sandbox, warm, started_at, ended_at, end_reason, end_message, end_detail, viewers, frames, bytes, console_tail)
            where s.id = n.id and s.ended_at is null
              and (n.ended_at is not null or n.viewers > s.peak_viewers or n.frames >= s.frames + 1000
                   or (s.state, s.sandbox, s.warm, s.executor, s.incarnation)
                      is distinct from (n.state, n.sandbox, n.warm, coalesce($14, s.executor), coalesce($15, s.incarnation)))
            """);
        AddArray(command, NpgsqlDbType.Uuid, sessions, session => session.SessionId);
        AddArray(command, NpgsqlDbType.Text, sessions, session => session.State);
        AddArray(command, NpgsqlDbType.Text, sessions, session => session.Sandbox);
        AddArray(command, NpgsqlDbType.Boolean, sessions, session => session.Warm);
        AddArray(command, NpgsqlDbType.TimestampTz, sessions, session => session.StartedAt.UtcDateTime);
        AddArray(command, NpgsqlDbType.TimestampTz, sessions, session => EndOf(session)?.UtcDateTime);
        AddArray(command, NpgsqlDbType.Text, sessions, session => CleanText(session.EndReason, MaxText));
        AddArray(command, NpgsqlDbType.Text, sessions, session => CleanText(session.EndMessage, MaxText));
        AddArray(command, NpgsqlDbType.Text, sessions, session => CleanText(session.EndDetail, MaxText));
        AddArray(command, NpgsqlDbType.Integer, sessions, session => session.Viewers);
        AddArray(command, NpgsqlDbType.Bigint, sessions, session => session.Frames);
        AddArray(command, NpgsqlDbType.Bigint, sessions, session => session.Bytes);
        AddArray(command, NpgsqlDbType.Text, sessions, session => EndOf(session) is null ? null : TailOf(session));
        AddText(command, executor);
        AddText(command, incarnation);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>
    /// Puts an end on record for sessions that have none yet. One that somebody asked to stop was stopped, however it then ended.
    /// </summary>
    public async Task EndAsync(IReadOnlyList<Guid> ids, string reason, string message, string detail, CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
        {
            return;
        }

        await using NpgsqlCommand command = database.CreateCommand(
            """
            update sessions
            set state = $2, ended_at = now(), end_detail = $5,
                end_reason = case when stop_asked_at is null then $3 else $6 end,
                end_message = case when stop_asked_at is null then $4 else $7 end
            where id = any($1) and ended_at is null
            """);
        command.Parameters.Add(new() { Value = ids.ToArray() });
        Add(command, SessionStates.Ended, reason, message, CleanText(detail, MaxText)!, EndReasons.Stopped, StoppedMessage);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The tail of the console as a record keeps it.</summary>
    public static string? TailOf(SessionInfo session) => CleanText(session.ConsoleTail, MaxConsoleTail);

    private static ProblemException CreateStartProblem(string? entry, List<SessionFile> files) =>
        entry is null ? Problem.NotFound("project")
        : files.Exists(file => file.Path == entry)
            ? Problem.Conflict("session_exists", "The game was not started",
                "This session id is already taken. Try again with another one.")
        : Problem.Conflict("no_such_entry", "The first file is missing",
            $"The game starts with \"{entry}\", but there is no such file. Create it, or choose another file to start with.",
            ("path", entry));

    private static DateTimeOffset? EndOf(SessionInfo session) =>
        session.EndedAt ?? (session.State == SessionStates.Ended ? session.StartedAt : null);

    /// <summary>The last <paramref name="max"/> characters, without NUL, which Postgres' text cannot hold.</summary>
    private static string? CleanText(string? text, int max)
    {
        if (text is null)
        {
            return null;
        }

        int start = Math.Max(0, text.Length - max);
        StringBuilder clean = new(text, start, text.Length - start, max);
        clean.Replace('\0', '\uFFFD');
        for (int i = 0; i < clean.Length; i++)
        {
            // A cut can leave half of a surrogate pair, and a game can print one: neither is UTF-8.
            bool paired = char.IsHighSurrogate(clean[i]) && i + 1 < clean.Length && char.IsLowSurrogate(clean[i + 1]);
            if (paired)
            {
                i++;
            }
            else if (char.IsSurrogate(clean[i]))
            {
                clean[i] = '\uFFFD';
            }
        }

        return clean.ToString();
    }

    private static SessionRecord Read(NpgsqlDataReader row) => new(
        row.GetGuid(0),
        row.IsDBNull(1) ? null : row.GetGuid(1),
        row.GetString(2),
        row.GetString(3),
        TextOf(row, 4),
        row.GetFieldValue<DateTimeOffset>(5),
        row.IsDBNull(6) ? null : row.GetFieldValue<DateTimeOffset>(6),
        TextOf(row, 7),
        TextOf(row, 8),
        row.GetInt32(9),
        row.GetInt64(10),
        row.GetInt64(11),
        TextOf(row, 12),
        TextOf(row, 13));

    private static string? TextOf(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static void Add(NpgsqlCommand command, params ReadOnlySpan<object> values)
    {
        foreach (object value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }
    }

    private static void AddText(NpgsqlCommand command, string? text) =>
        command.Parameters.Add(new() { Value = (object?)text ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });

    private static void AddArray<T>(
        NpgsqlCommand command, NpgsqlDbType type, IReadOnlyList<SessionInfo> sessions, Func<SessionInfo, T> select) =>
        command.Parameters.Add(new() { Value = sessions.Select(select).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type });
}
