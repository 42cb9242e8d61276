using Npgsql;
using PixelGameDev.Api.Database;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Projects;
using PixelGameDev.Api.Storage;

namespace PixelGameDev.Api.History;

/// <summary>Brings the files of a revision back. The state before is recorded first, so that a restore can be taken back.</summary>
internal sealed class RestoreStore(NpgsqlDataSource database, IBlobStore blobs, ProjectLimits limits, StorageQuota quota)
{
    /// <summary>Returns how many bytes a restore of the revision writes at most; 0 if it does not exist.</summary>
    public async Task<long> SizeAsync(Guid owner, Guid project, long number, CancellationToken cancellationToken) =>
        await database.FindAsync<long>(
            """
            select t.bytes from revisions r join projects p on p.id = r.project_id join trees t on t.hash = r.tree_hash
            where r.project_id = $1 and project_access(p, $2) >= 'edit' and r.number = $3
            """,
            [project, owner, number],
            cancellationToken);

    /// <summary>Restores all files of a revision, or one of them. Files that are the same keep their revision.</summary>
    /// <returns>The number of the revision that the project had before.</returns>
    /// <exception cref="ProblemException">404; 409, 413, 507: a limit is exceeded.</exception>
    public async Task<long> RestoreAsync(Guid owner, Guid project, long number, string? path, CancellationToken cancellationToken)
    {
        // Read before the project is locked, because an object store may take seconds.
        Dictionary<BlobHash, byte[]> contents = new(await blobs.ReadAsync(
            await FindDifferentAsync(owner, project, number, path, cancellationToken), cancellationToken));
        await using ProjectTransaction change = await ProjectTransaction.BeginAsync(database, owner, project, cancellationToken);
        Tree tree = await FindTreeAsync(change, number, cancellationToken) ?? throw Problem.NotFound("revision");
        if (path is not null && !tree.Paths.Contains(path, StringComparer.Ordinal))
        {
            throw Problem.NotFound("file");
        }

        long before = (await RevisionWriter.RecordAsync(
            change.Connection, project, RevisionReason.BeforeRestore, cancellationToken))!.Value;
        Dictionary<string, Head> heads = (await change.Connection.ListAsync<Head>(
            "select path, content_hash as hash, octet_length(content) as size from files where project_id = $1", [project],
            cancellationToken)).ToDictionary(static head => head.Path, StringComparer.Ordinal);
        List<TreeFile> written = [.. tree.Files().Where(file =>
            (path is null || file.Path == path)
            && (!heads.TryGetValue(file.Path, out Head? head) || !new BlobHash(head.Hash).Equals(file.Hash)))];
        string[] removed = path is null ? [.. heads.Keys.Except(tree.Paths, StringComparer.Ordinal)] : [];
        bool otherEntry = path is null && tree.Entry != change.Entry;
        if (written.Count == 0 && removed.Length == 0 && !otherEntry)
        {
            await change.CommitAsync(cancellationToken);
            await HistoryThinning.KeepWithinBoundsAsync(change.Connection, project, quota, CancellationToken.None);
            return before;
        }

        List<NewFile> files = await ReadAsync(written, contents, cancellationToken);
        await CheckAsync(change, files, removed, heads, cancellationToken);
        await WriteAsync(change, files, removed, path is null ? tree.Entry : change.Entry, cancellationToken);
        await RevisionWriter.RecordAsync(
            change.Connection, project, RevisionReason.Restore, cancellationToken, restored: number, path: path);
        await change.CommitAsync(cancellationToken);
        // Also for a browser that has gone away meanwhile.
        await HistoryThinning.KeepWithinBoundsAsync(change.Connection, project, quota, CancellationToken.None);
        return before;
    }

    /// <summary>Checks the project as it will be.</summary>
    private async Task CheckAsync(
        ProjectTransaction change, List<NewFile> files, string[] removed, Dictionary<string, Head> heads,
        CancellationToken cancellationToken)
    {
        long before = heads.Values.Sum(static head => (long)head.Size);
        Dictionary<string, long> sizes = heads.ToDictionary(
            static head => head.Key, static head => (long)head.Value.Size, StringComparer.Ordinal);
        foreach (string path in removed)
        {
            sizes.Remove(path);
        }

        foreach (NewFile file in files)
        {
            limits.CheckFile(file.Path, file.Content.Length);
            sizes[file.Path] = file.Content.Length;
        }

        if (PathCollisions.Find(sizes.Keys, files.Select(static file => file.Path)) is [var (restored, obstacle), ..])
        {
            throw ProjectSurvey.FileAndFolder(restored, obstacle);
        }

        limits.CheckProject(
            sizes.Count, sizes.Values.Sum(), sizes.Where(static file => FileKinds.IsSource(file.Key)).Sum(static file => file.Value));
        await quota.MakeRoomAsync(change, sizes.Values.Sum() - before, cancellationToken);
    }

    /// <summary>Returns the contents of a revision that the project does not have now; none if the revision does not exist.</summary>
    private async Task<List<BlobHash>> FindDifferentAsync(
        Guid owner, Guid project, long number, string? path, CancellationToken cancellationToken) =>
        [
            .. (await database.ListAsync<byte[]>(
                """
                select distinct file.hash
                from projects p join revisions r on r.project_id = p.id join trees t on t.hash = r.tree_hash
                cross join lateral unnest(t.paths, t.blobs) as file (path, hash)
                where p.id = $1 and project_access(p, $2) >= 'edit' and r.number = $3 and ($4 is null or file.path = $4)
                  and not exists (
                      select from files f where f.project_id = p.id and f.path = file.path and f.content_hash = file.hash)
                """,
                [project, owner, number, Sql.Text(path)],
                cancellationToken)).Select(static hash => new BlobHash(hash)),
        ];

    private async Task<List<NewFile>> ReadAsync(
        List<TreeFile> written, Dictionary<BlobHash, byte[]> contents, CancellationToken cancellationToken)
    {
        // What another window has changed meanwhile.
        BlobHash[] more = [.. written.Select(static file => file.Hash).Distinct().Where(hash => !contents.ContainsKey(hash))];
        foreach ((BlobHash hash, byte[] content) in await blobs.ReadAsync(more, cancellationToken))
        {
            contents[hash] = content;
        }

        return
        [
            .. written.Select(file => new NewFile(
                file.Path, contents.TryGetValue(file.Hash, out byte[]? content) ? content : throw Problem.NotFound("file"), file.Binary)),
        ];
    }

    private static async Task WriteAsync(
        ProjectTransaction change, List<NewFile> files, string[] removed, string entry, CancellationToken cancellationToken) =>
        await change.ExecuteAsync(
            """
            with raised as (
                update projects set revision = $6, entry = $7, updated_at = now() where id = $1),
            gone as (
                delete from files where project_id = $1 and path = any($5))
            insert into files (project_id, path, content, is_binary, revision)
            select $1, path, content, is_binary, $6 from unnest($2, $3, $4) as new(path, content, is_binary)
            on conflict (project_id, path) do update
            set content = excluded.content, is_binary = excluded.is_binary, revision = excluded.revision, updated_at = now()
            """,
            [
                change.ProjectId, files.Select(static file => file.Path).ToArray(), files.Select(static file => file.Content).ToArray(),
                files.Select(static file => file.Binary).ToArray(), removed, change.Revision + 1, entry,
            ],
            cancellationToken);

    private static Task<Tree?> FindTreeAsync(ProjectTransaction change, long number, CancellationToken cancellationToken) =>
        change.Connection.FindAsync<Tree>(
            """
            select t.entry, t.paths, t.blobs, t.binaries from revisions r join trees t on t.hash = r.tree_hash
            where r.project_id = $1 and r.number = $2
            """,
            [change.ProjectId, number],
            cancellationToken);

    private sealed record Head(string Path, byte[] Hash, int Size);

    private sealed record TreeFile(string Path, BlobHash Hash, bool Binary);

    private sealed record Tree(string Entry, string[] Paths, byte[][] Blobs, bool[] Binaries)
    {
        public IEnumerable<TreeFile> Files() => Paths.Select((path, i) => new TreeFile(path, new BlobHash(Blobs[i]), Binaries[i]));
    }
}
