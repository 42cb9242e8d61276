using Npgsql;
using PixelGameDev.Api.Database;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Projects;

namespace PixelGameDev.Api.History;

/// <summary>
/// Reads the revisions of projects. Every WHERE clause asks the access policy, so the project of another account looks as if it does not
/// exist.
/// </summary>
internal sealed class HistoryStore(NpgsqlDataSource database, IBlobStore blobs)
{
    /// <summary>The number of revisions in one answer.</summary>
    public const int PageSize = 50;

    /// <summary>How many changed paths a revision names in the list.</summary>
    public const int MaxChanged = 5;

    /// <summary>Lists the revisions of a project, newest first; with <paramref name="before"/> those with a smaller number.</summary>
    /// <exception cref="ProblemException">404</exception>
    public async Task<RevisionList> ListAsync(Guid owner, Guid project, long? before, CancellationToken cancellationToken)
    {
        // One more than the answer has: what it changed is the difference to the one before it.
        List<RevisionRow> rows = await database.ListAsync<RevisionRow>(
            """
            select r.number, r.reason, r.created_at, r.restored, r.path, encode(r.picture, 'hex') as picture, t.paths, t.blobs, t.bytes,
                (select min(number) from revisions where project_id = p.id) as first
            from projects p
            left join lateral (
                select * from revisions where project_id = p.id and number < $3 order by number desc limit $4) r on true
            left join trees t on t.hash = r.tree_hash
            where p.id = $1 and project_access(p, $2) >= 'edit'
            order by r.number desc
            """,
            [project, owner, before ?? long.MaxValue, PageSize + 1],
            cancellationToken);
        return rows is [var any, ..]
            ? new RevisionList(
                [.. rows.Where(static row => row.Number is not null).Take(PageSize).Select((row, i) => row.ToRevision(rows, i + 1))],
                any.First)
            : throw Problem.NotFound("project");
    }

    /// <summary>Reads a revision with its files, compared with the project as it is now.</summary>
    /// <exception cref="ProblemException">404</exception>
    public async Task<RevisionDetails> ReadAsync(Guid owner, Guid project, long number, CancellationToken cancellationToken)
    {
        RevisionState state = await database.FindAsync<RevisionState>(
            """
            select r.reason, r.created_at, t.entry, t.paths, t.blobs, t.binaries,
                coalesce(f.paths, '{}') as now_paths, coalesce(f.hashes, '{}') as now_hashes, coalesce(f.binaries, '{}') as now_binaries
            from projects p
            join revisions r on r.project_id = p.id
            join trees t on t.hash = r.tree_hash
            left join lateral (
                select array_agg(path order by path) as paths,
                    array_agg(coalesce(content_hash, sha256(content)) order by path) as hashes,
                    array_agg(is_binary order by path) as binaries
                from files where project_id = p.id) f on true
            where p.id = $1 and project_access(p, $2) >= 'edit' and r.number = $3
            """,
            [project, owner, number],
            cancellationToken) ?? throw Problem.NotFound("revision");
        return new RevisionDetails(number, state.Reason, state.CreatedAt, state.Entry, state.Compare());
    }

    /// <summary>Reads a file of a revision.</summary>
    /// <exception cref="ProblemException">404</exception>
    public async Task<(byte[] Content, bool Binary)> ReadFileAsync(
        Guid owner, Guid project, long number, string path, CancellationToken cancellationToken)
    {
        BlobOfFile blob = await database.FindAsync<BlobOfFile>(
            """
            select t.blobs[place] as hash, t.binaries[place] as binary
            from projects p
            join revisions r on r.project_id = p.id
            join trees t on t.hash = r.tree_hash
            cross join lateral array_position(t.paths, $4) as place
            where p.id = $1 and project_access(p, $2) >= 'edit' and r.number = $3 and place is not null
            """,
            [project, owner, number, path],
            cancellationToken) ?? throw Problem.NotFound("file");
        return (await ReadBlobAsync(new BlobHash(blob.Hash), cancellationToken), blob.Binary);
    }

    /// <summary>Reads a content. The caller has asked the access policy for what names it.</summary>
    /// <exception cref="ProblemException">404; 503: the object store does not answer.</exception>
    public async Task<byte[]> ReadBlobAsync(BlobHash hash, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<BlobHash, byte[]> found = await blobs.ReadAsync([hash], cancellationToken);
        return found.TryGetValue(hash, out byte[]? content) ? content : throw Problem.NotFound("file");
    }

    /// <summary>Returns the size of a content in bytes; 0 if there is none.</summary>
    public Task<int> BlobSizeAsync(BlobHash hash, CancellationToken cancellationToken) =>
        database.FindAsync<int>("select size from blobs where hash = $1", [hash.Bytes], cancellationToken);

    /// <summary>Returns the size of a file of a revision in bytes; 0 if there is none.</summary>
    public Task<int> FileSizeAsync(Guid owner, Guid project, long number, string path, CancellationToken cancellationToken) =>
        database.FindAsync<int>(
            """
            select b.size
            from projects p
            join revisions r on r.project_id = p.id
            join trees t on t.hash = r.tree_hash
            cross join lateral array_position(t.paths, $4) as place
            join blobs b on b.hash = t.blobs[place]
            where p.id = $1 and project_access(p, $2) >= 'edit' and r.number = $3
            """,
            [project, owner, number, path],
            cancellationToken);

    private sealed record BlobOfFile(byte[] Hash, bool Binary);

    /// <summary>A revision with its tree. Everything is null in the only row of a project without revisions.</summary>
    private sealed record RevisionRow(
        long? Number, string? Reason, DateTimeOffset? CreatedAt, long? Restored, string? Path, string? Picture, string[]? Paths,
        byte[][]? Blobs, long? Bytes, long? First)
    {
        public Revision ToRevision(List<RevisionRow> rows, int before)
        {
            List<string> changed = before < rows.Count ? FindChanges(rows[before]) : [];
            return new Revision(
                Number!.Value, Reason!, CreatedAt!.Value, Paths!.Length, Bytes!.Value, [.. changed.Take(MaxChanged)], changed.Count,
                Restored, Path, Picture);
        }

        private List<string> FindChanges(RevisionRow older)
        {
            Dictionary<string, BlobHash> was = FileMap.Of(older.Paths!, older.Blobs!);
            Dictionary<string, BlobHash> now = FileMap.Of(Paths!, Blobs!);
            return
            [
                .. Paths!.Where(path => !was.TryGetValue(path, out BlobHash hash) || !hash.Equals(now[path])),
                .. older.Paths!.Where(path => !now.ContainsKey(path)),
            ];
        }
    }

    private sealed record RevisionState(
        string Reason, DateTimeOffset CreatedAt, string Entry, string[] Paths, byte[][] Blobs, bool[] Binaries, string[] NowPaths,
        byte[][] NowHashes, bool[] NowBinaries)
    {
        public List<RevisionFile> Compare()
        {
            Dictionary<string, BlobHash> now = FileMap.Of(NowPaths, NowHashes);
            HashSet<string> then = new(Paths, StringComparer.Ordinal);
            IEnumerable<RevisionFile> files = Paths.Select((path, i) => new RevisionFile(
                path, Binaries[i],
                !now.TryGetValue(path, out BlobHash hash) ? "gone" : hash.Equals(new BlobHash(Blobs[i])) ? "same" : "changed"));
            IEnumerable<RevisionFile> added = NowPaths
                .Select((path, i) => new RevisionFile(path, NowBinaries[i], "new"))
                .Where(file => !then.Contains(file.Path));
            return [.. files.Concat(added).OrderBy(static file => file.Path, StringComparer.Ordinal)];
        }
    }
}
