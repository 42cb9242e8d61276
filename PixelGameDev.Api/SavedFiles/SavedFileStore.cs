using Npgsql;
using NpgsqlTypes;
using PixelGameDev.Api.Access;
using PixelGameDev.Api.Database;
using PixelGameDev.Api.History;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Projects;
using PixelGameDev.Api.Storage;
using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Api.SavedFiles;

/// <summary>Stores the files that games have written, for each player of each project.</summary>
/// <remarks>
/// Sessions are ordered by their start: a file of an older session never replaces that of a newer one, whichever arrives first. A file is
/// used while the project's own file of that path is the one that it was saved over. A session of a link was given the files of a
/// revision, so those count instead of the files that the owner edits. Nothing here is shared: an owner never gets what others saved.
/// </remarks>
internal sealed class SavedFileStore(NpgsqlDataSource database, StorageQuota quota, AccessPolicy access)
{
    /// <summary>Tells whether the saved file <c>s</c> is used: the project's file <c>f</c> is the one that it was saved over.</summary>
    private const string IsUsed = "sha256(f.content) is not distinct from s.over_hash";

    /// <summary>Like <see cref="IsUsed"/>, with the files of a revision: <c>$3</c> are their paths, <c>$4</c> their hashes.</summary>
    private const string OfRevision =
        "saved_files s left join unnest($3, $4) as f(path, hash) on f.path = s.path "
        + "where s.account_id = $1 and s.project_id = $2 and s.content is not null";

    private const string IsUsedOfRevision = "f.hash is not distinct from s.over_hash";

    /// <summary>Reads what a run gets of earlier runs.</summary>
    /// <param name="account">The player.</param>
    /// <param name="project">The project.</param>
    /// <param name="session">The new session.</param>
    /// <param name="files">The files of the revision that the session runs; null: it runs the files that the owner edits.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<SavedForRun> ReadForRunAsync(
        Guid account, Guid project, Guid session, RevisionFiles? files, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            """
            select a.guest, a.bytes_used, a.storage_quota,
                (select coalesce(sum(octet_length(content)), 0)::bigint from saved_files where account_id = $1 and project_id = $2) as saved
            from accounts a where a.id = $1
            """).With(account, project));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            """
            select id, executor, stop_asked_at is not null as stop_requested
            from sessions where account_id = $1 and project_id = $2 and ended_at is null and id <> $3 order by created_at
            """).With(account, project, session));
        batch.BatchCommands.Add(files is null
            ? new NpgsqlBatchCommand(
                $"""
                select s.path, s.content from saved_files s left join files f on f.project_id = s.project_id and f.path = s.path
                where s.account_id = $1 and s.project_id = $2 and s.content is not null and {IsUsed}
                """).With(account, project)
            : new NpgsqlBatchCommand($"select s.path, s.content from {OfRevision} and {IsUsedOfRevision}")
                .With(account, project, files.Paths, files.Hashes));
        await using NpgsqlDataReader rows = await batch.ExecuteReaderAsync(cancellationToken);
        Room room = await rows.ReadAsync(cancellationToken) ? new RowReader<Room>(rows).Read() : new Room(true, 0, null, 0);
        List<EarlierSession> earlier = await ReadAllAsync<EarlierSession>(rows, cancellationToken);
        List<SessionFile> saved = await ReadAllAsync<SessionFile>(rows, cancellationToken);
        long quotaBytes = quota.ForAccount(room.Guest, room.StorageQuota);
        // At least 1: the game then hears that the account is full, instead of nothing.
        long bytes = Math.Clamp(quotaBytes - room.BytesUsed + room.Saved, 1, SavedFileRules.MaxBytes);
        return new SavedForRun(saved, (int)bytes, earlier);
    }

    /// <summary>Returns the number of the last change of a session that is stored; null if there is no such session.</summary>
    public Task<long?> FindStoredAsync(Guid session, CancellationToken cancellationToken) =>
        database.FindAsync<long?>("select saved_changes from sessions where id = $1", [session], cancellationToken);

    /// <summary>
    /// Stores what a session has changed, all or nothing. Files beyond the limits or the quota, and those that the author has changed
    /// meanwhile, are left out.
    /// </summary>
    /// <returns>Whether everything had room.</returns>
    public async Task<bool> StoreAsync(
        Guid session, long changes, IReadOnlyList<SavedGameFile> files, CancellationToken cancellationToken)
    {
        if (await database.FindAsync<Writer>(
            """
            select s.account_id, s.project_id, s.created_at, s.project_revision, case when s.by_link then s.revision end as revision,
                project_access(p, s.account_id) >= 'edit' as is_owner
            from sessions s join projects p on p.id = s.project_id where s.id = $1
            """,
            [session], cancellationToken) is not { ProjectId: { } project } writer)
        {
            return true;
        }

        try
        {
            await using ProjectTransaction change = await BeginAsync(writer.AccountId, project, writer.IsOwner, cancellationToken);
            // Another server may have stored the same changes, or newer ones, while this one waited for its lock.
            if (await change.ExecuteAsync(
                "update sessions set saved_changes = $2 where id = $1 and saved_changes < $2", [session, changes], cancellationToken) == 0)
            {
                return true;
            }

            bool fits = await HasRoomAsync(change, files, cancellationToken);
            await WriteAsync(change, writer, fits ? files : [.. files.Where(static file => file.Content is null)], cancellationToken);
            await TrimAsync(change, cancellationToken);
            await change.CommitAsync(cancellationToken);
            return fits;
        }
        catch (ProblemException)
        {
            // The project is deleted or in the trash, or the account is gone.
            return true;
        }
    }

    /// <summary>Lists the saved files of a player.</summary>
    /// <exception cref="ProblemException">404</exception>
    public async Task<IReadOnlyList<SavedFileInfo>> ListAsync(Guid account, Guid project, CancellationToken cancellationToken)
    {
        await access.RequireAsync(account, project, AccessLevel.Edit, cancellationToken);
        return await database.ListAsync<SavedFileInfo>(
            $"""
            select s.path, octet_length(s.content) as size, s.saved_at, {IsUsed} as used
            from saved_files s left join files f on f.project_id = s.project_id and f.path = s.path
            where s.account_id = $1 and s.project_id = $2 and s.content is not null order by s.path
            """,
            [account, project],
            cancellationToken);
    }

    /// <summary>Lists the saved files of a player of a revision. The caller has asked the access policy.</summary>
    public async Task<IReadOnlyList<SavedFileInfo>> ListAsync(
        Guid account, Guid project, RevisionFiles files, CancellationToken cancellationToken) =>
        await database.ListAsync<SavedFileInfo>(
            $"select s.path, octet_length(s.content) as size, s.saved_at, {IsUsedOfRevision} as used from {OfRevision} order by s.path",
            [account, project, files.Paths, files.Hashes],
            cancellationToken);

    /// <summary>Reads the content of a saved file.</summary>
    /// <exception cref="ProblemException">404</exception>
    public async Task<byte[]> ReadAsync(Guid account, Guid project, string path, CancellationToken cancellationToken) =>
        await database.FindAsync<byte[]>(
            """
            select s.content from saved_files s join projects p on p.id = s.project_id
            where s.account_id = $1 and s.project_id = $2 and s.path = $3 and project_access(p, $1) >= 'edit' and s.content is not null
            """,
            [account, project, path],
            cancellationToken) ?? throw Problem.NotFound("file");

    /// <summary>Returns the size of a saved file in bytes; 0 if there is none.</summary>
    public Task<int> SizeAsync(Guid account, Guid project, string path, CancellationToken cancellationToken) =>
        database.FindAsync<int>(
            """
            select octet_length(content) from saved_files
            where account_id = $1 and project_id = $2 and path = $3 and content is not null
            """,
            [account, project, path],
            cancellationToken);

    /// <summary>Deletes a saved file, or all of the player and project if <paramref name="path"/> is null.</summary>
    /// <exception cref="ProblemException">404</exception>
    public async Task ResetAsync(Guid account, Guid project, string? path, bool isOwner, CancellationToken cancellationToken)
    {
        // Locks the account, as every change of its bytes does.
        await using ProjectTransaction change = await BeginAsync(account, project, isOwner, cancellationToken);
        int deleted = await change.ExecuteAsync(
            "delete from saved_files where account_id = $1 and project_id = $2 and ($3::text is null or path = $3)",
            [account, project, Sql.Text(path)],
            cancellationToken);
        if (path is not null && deleted == 0)
        {
            throw Problem.NotFound("file");
        }

        await change.CommitAsync(cancellationToken);
    }

    private async Task<bool> HasRoomAsync(
        ProjectTransaction change, IReadOnlyList<SavedGameFile> files, CancellationToken cancellationToken)
    {
        long before = await change.Connection.FindAsync<long>(
            """
            select coalesce(sum(octet_length(content)), 0)::bigint from saved_files
            where account_id = $1 and project_id = $2 and path = any($3)
            """,
            [change.Owner, change.ProjectId, files.Select(static file => file.Path).ToArray()],
            cancellationToken);
        try
        {
            return await quota.TryMakeRoomAsync(
                change, files.Sum(static file => (long)(file.Content?.Length ?? 0)) - before, cancellationToken);
        }
        catch (ProblemException)
        {
            return false;
        }
    }

    private static Task<int> WriteAsync(
        ProjectTransaction change, Writer writer, IReadOnlyList<SavedGameFile> files, CancellationToken cancellationToken) =>
        change.ExecuteAsync(
            """
            with given as (
                select path, sha256(content) as hash, revision from files where project_id = $2 and path = any($5) and $7 is null
                union all
                select t.path collate "C", t.hash, null
                from revisions r join trees x on x.hash = r.tree_hash cross join lateral unnest(x.paths, x.blobs) as t(path, hash)
                where r.project_id = $2 and r.number = $7)
            insert into saved_files as s (account_id, project_id, path, content, over_hash, session_at)
            select $1, $2, w.path, case when f.hash is distinct from sha256(w.content) then w.content end, f.hash, $3
            from unnest($5, $6) as w(path, content) left join given f on f.path = w.path
            -- A file that its author has changed since the session began counts more than what the game wrote over the older one.
            where f.revision is null or w.content is null or f.revision <= $4
            on conflict (account_id, project_id, path) do update
            set content = excluded.content, over_hash = excluded.over_hash, session_at = excluded.session_at, saved_at = now()
            where excluded.session_at >= s.session_at
            """,
            [
                change.Owner, change.ProjectId, writer.CreatedAt.UtcDateTime, writer.ProjectRevision ?? long.MaxValue,
                files.Select(static file => file.Path).ToArray(),
                Sql.Array(NpgsqlDbType.Bytea, files.Select(static file => file.Content)), Sql.Long(writer.Revision),
            ],
            cancellationToken);

    /// <summary>Deletes the oldest files beyond the limits, and old marks of deleted files.</summary>
    private static Task<int> TrimAsync(ProjectTransaction change, CancellationToken cancellationToken) => change.ExecuteAsync(
        """
        delete from saved_files d using (
            select path, content is null and saved_at < now() - interval '1 day' as is_old_mark,
                sum(octet_length(content)) over newest as bytes, count(content) over newest as files
            from saved_files where account_id = $1 and project_id = $2
            window newest as (order by session_at desc, saved_at desc, path)) s
        where d.account_id = $1 and d.project_id = $2 and d.path = s.path
          and (s.is_old_mark or (d.content is not null and (s.bytes > $3 or s.files > $4)))
        """,
        [change.Owner, change.ProjectId, (long)SavedFileRules.MaxBytes, (long)SavedFileRules.MaxFiles],
        cancellationToken);

    private Task<ProjectTransaction> BeginAsync(Guid account, Guid project, bool isOwner, CancellationToken cancellationToken) => isOwner
        ? ProjectTransaction.BeginAsync(database, account, project, cancellationToken)
        : ProjectTransaction.BeginAsPlayerAsync(database, account, project, cancellationToken);

    private static async Task<List<T>> ReadAllAsync<T>(NpgsqlDataReader rows, CancellationToken cancellationToken)
    {
        await rows.NextResultAsync(cancellationToken);
        RowReader<T> reader = new(rows);
        List<T> list = [];
        while (await rows.ReadAsync(cancellationToken))
        {
            list.Add(reader.Read());
        }

        return list;
    }

    private sealed record Room(bool Guest, long BytesUsed, long? StorageQuota, long Saved);

    private sealed record Writer(
        Guid AccountId, Guid? ProjectId, DateTimeOffset CreatedAt, long? ProjectRevision, long? Revision, bool IsOwner);
}
