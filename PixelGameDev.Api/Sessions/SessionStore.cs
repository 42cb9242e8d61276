using System.Text;
using Npgsql;
using NpgsqlTypes;
using PixelGameDev.Api.Problems;
using PixelGameDev.Streaming.Contracts;

namespace PixelGameDev.Api.Sessions;

/// <summary>Records of sessions: who ran what, when, and how it ended.</summary>
internal sealed class SessionStore(NpgsqlDataSource database)
{
    /// <summary>Characters of console output kept with a record.</summary>
    public const int MaxConsoleTail = 8_000;

    private const int MaxText = 1_000;
    private const string Columns =
        "id, project_id, project_name, state, sandbox, created_at, ended_at, end_reason, end_message, peak_viewers, frames, bytes, console_tail";

    public async Task InsertAsync(Guid id, Guid account, Guid project, string projectName, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = database.CreateCommand(
            "insert into sessions (id, account_id, project_id, project_name, state) values ($1, $2, $3, $4, $5)");
        Add(command, id, account, project, projectName, SessionStates.Starting);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <exception cref="ProblemException">404</exception>
    public async Task<Session> ReadAsync(Guid account, Guid id, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = database.CreateCommand($"select {Columns} from sessions where id = $1 and account_id = $2");
        Add(command, id, account);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? Read(row) : throw Problem.NotFound("session");
    }

    /// <summary>The account's last 50 sessions, newest first, without their console output.</summary>
    public async Task<IReadOnlyList<Session>> ListAsync(Guid account, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = database.CreateCommand(
            $"select {Columns} from sessions where account_id = $1 order by created_at desc limit 50");
        Add(command, account);
        List<Session> sessions = [];
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
            "select id, now() - created_at, sandbox is not null from sessions where ended_at is null order by created_at limit 10000");
        Dictionary<Guid, OpenSession> open = [];
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            open.Add(rows.GetGuid(0), new OpenSession(rows.GetTimeSpan(1), rows.GetBoolean(2)));
        }

        return open;
    }

    /// <summary>Those of <paramref name="ids"/> that have an end on record.</summary>
    public async Task<IReadOnlyList<Guid>> EndedAsync(IReadOnlyList<Guid> ids, CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
        {
            return [];
        }

        await using NpgsqlCommand command = database.CreateCommand("select id from sessions where id = any($1) and ended_at is not null");
        command.Parameters.Add(new() { Value = ids.ToArray() });
        List<Guid> ended = [];
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            ended.Add(rows.GetGuid(0));
        }

        return ended;
    }

    /// <summary>Takes over what the Executor says, for all of <paramref name="sessions"/> in one statement; an end on record stays.</summary>
    public async Task UpdateAsync(IReadOnlyList<SessionInfo> sessions, CancellationToken cancellationToken)
    {
        if (sessions.Count == 0)
        {
            return;
        }

        await using NpgsqlCommand command = database.CreateCommand(
            """
            update sessions s
            set state = n.state, sandbox = n.sandbox, warm = n.warm, started_at = n.started_at, ended_at = n.ended_at,
                end_reason = n.end_reason, end_message = n.end_message, end_detail = n.end_detail,
                peak_viewers = greatest(s.peak_viewers, n.viewers), frames = n.frames, bytes = n.bytes,
                console_tail = coalesce(n.console_tail, s.console_tail)
            from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
                as n (id, state, sandbox, warm, started_at, ended_at, end_reason, end_message, end_detail, viewers, frames, bytes, console_tail)
            where s.id = n.id and s.ended_at is null
            """);
        AddArray(command, NpgsqlDbType.Uuid, sessions, session => session.SessionId);
        AddArray(command, NpgsqlDbType.Text, sessions, session => session.State);
        AddArray(command, NpgsqlDbType.Text, sessions, session => session.Sandbox);
        AddArray(command, NpgsqlDbType.Boolean, sessions, session => session.Warm);
        AddArray(command, NpgsqlDbType.TimestampTz, sessions, session => session.StartedAt.UtcDateTime);
        AddArray(command, NpgsqlDbType.TimestampTz, sessions, session => EndOf(session)?.UtcDateTime);
        AddArray(command, NpgsqlDbType.Text, sessions, session => Text(session.EndReason, MaxText));
        AddArray(command, NpgsqlDbType.Text, sessions, session => Text(session.EndMessage, MaxText));
        AddArray(command, NpgsqlDbType.Text, sessions, session => Text(session.EndDetail, MaxText));
        AddArray(command, NpgsqlDbType.Integer, sessions, session => session.Viewers);
        AddArray(command, NpgsqlDbType.Bigint, sessions, session => session.Frames);
        AddArray(command, NpgsqlDbType.Bigint, sessions, session => session.Bytes);
        AddArray(command, NpgsqlDbType.Text, sessions, session => Text(session.ConsoleTail, MaxConsoleTail));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Puts an end on record for sessions that have none yet.</summary>
    public async Task EndAsync(IReadOnlyList<Guid> ids, string reason, string message, string detail, CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
        {
            return;
        }

        await using NpgsqlCommand command = database.CreateCommand(
            """
            update sessions set state = $2, ended_at = now(), end_reason = $3, end_message = $4, end_detail = $5
            where id = any($1) and ended_at is null
            """);
        command.Parameters.Add(new() { Value = ids.ToArray() });
        Add(command, SessionStates.Ended, reason, message, Text(detail, MaxText)!);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static DateTimeOffset? EndOf(SessionInfo session) =>
        session.EndedAt ?? (session.State == SessionStates.Ended ? session.StartedAt : null);

    /// <summary>The last <paramref name="max"/> characters, without NUL, which Postgres' text cannot hold.</summary>
    private static string? Text(string? text, int max)
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

    private static Session Read(NpgsqlDataReader row) => new(
        row.GetGuid(0),
        row.IsDBNull(1) ? null : row.GetGuid(1),
        row.GetString(2),
        row.GetString(3),
        row.IsDBNull(4) ? null : row.GetString(4),
        row.GetFieldValue<DateTimeOffset>(5),
        row.IsDBNull(6) ? null : row.GetFieldValue<DateTimeOffset>(6),
        row.IsDBNull(7) ? null : row.GetString(7),
        row.IsDBNull(8) ? null : row.GetString(8),
        row.GetInt32(9),
        row.GetInt64(10),
        row.GetInt64(11),
        row.IsDBNull(12) ? null : row.GetString(12));

    private static void Add(NpgsqlCommand command, params ReadOnlySpan<object> values)
    {
        foreach (object value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }
    }

    private static void AddArray<T>(NpgsqlCommand command, NpgsqlDbType type, IReadOnlyList<SessionInfo> sessions, Func<SessionInfo, T> select) =>
        command.Parameters.Add(new() { Value = sessions.Select(select).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type });
}
