using System.Security.Cryptography;
using System.Text;
using Npgsql;
using PixelGameDev.Api.Database;

namespace PixelGameDev.Api.History;

/// <summary>Records the files of a project as a revision.</summary>
/// <remarks>
/// The heads (table <c>files</c>) keep their content themselves: autosave writes one every 600 ms, and a blob for each would be garbage a
/// moment later. A revision copies what changed since the last one into <c>blobs</c>, inside of the database, and names the rest by hash.
/// </remarks>
internal static class RevisionWriter
{
    /// <summary>
    /// Is held shared while a revision is recorded, and alone while unneeded blobs are removed. So a blob that a new revision finds is
    /// still there when it commits.
    /// </summary>
    public const long CollectionLock = 0x50495845_424C4F42;

    /// <summary>
    /// Records the project in the transaction of <paramref name="connection"/>, which holds the lock of the project's row. Nothing is
    /// recorded if the last revision has the same files.
    /// </summary>
    /// <returns>The number of the revision that has the project's files now; null if there is no such project.</returns>
    public static async Task<long?> RecordAsync(
        NpgsqlConnection connection, Guid project, string reason, CancellationToken cancellationToken, long? restored = null,
        string? path = null)
    {
        if (await ReadHeadsAsync(connection, project, cancellationToken) is not { } heads)
        {
            return null;
        }

        byte[] tree = HashOf(heads);
        if (heads.LastTree is { } last && last.AsSpan().SequenceEqual(tree))
        {
            if (reason == RevisionReason.Run)
            {
                // A state that ran is easier to recognize than a pause.
                await connection.ExecuteAsync(
                    "update revisions set reason = $3 where project_id = $1 and number = $2 and reason = $4",
                    [project, heads.LastNumber, reason, RevisionReason.Pause],
                    cancellationToken);
            }

            return heads.LastNumber;
        }

        if (heads.Unhashed > 0)
        {
            await connection.ExecuteAsync(
                "update files set content_hash = sha256(content) where project_id = $1 and content_hash is null", [project],
                cancellationToken);
        }

        await connection.ExecuteAsync(
            """
            with blob as (
                insert into blobs (hash, size, content)
                select distinct on (head.hash) head.hash, octet_length(f.content), f.content
                from unnest($3, $4) as head (path, hash) join files f on f.project_id = $1 and f.path = head.path
                where not exists (select from blobs b where b.hash = head.hash)
                order by head.hash
                on conflict do nothing returning size),
            tree as (
                insert into trees (hash, entry, paths, blobs, binaries, bytes) values ($5, $6, $3, $4, $7, $8) on conflict do nothing)
            insert into revisions (project_id, number, reason, tree_hash, new_bytes, restored, path)
            select $1, $2, $9, $5, (select coalesce(sum(size), 0) from blob), $10, $11
            on conflict do nothing
            """,
            [
                project, heads.Revision, heads.Paths, heads.Hashes, tree, heads.Entry, heads.Binaries, heads.Bytes,
                heads.Revision == 1 ? RevisionReason.Begin : reason, Sql.Long(restored), Sql.Text(path),
            ],
            cancellationToken);
        return heads.Revision;
    }

    private static async Task<Heads?> ReadHeadsAsync(NpgsqlConnection connection, Guid project, CancellationToken cancellationToken)
    {
        // A statement of its own: the next one sees what was committed while this one waited.
        await connection.ExecuteAsync("select pg_advisory_xact_lock_shared($1)", [CollectionLock], cancellationToken);
        return await connection.FindAsync<Heads>(
            """
            select p.entry, p.revision,
                coalesce(f.paths, '{}') as paths, coalesce(f.hashes, '{}') as hashes, coalesce(f.binaries, '{}') as binaries,
                coalesce(f.bytes, 0)::bigint as bytes, coalesce(f.unhashed, 0)::bigint as unhashed,
                last.number as last_number, last.tree_hash as last_tree
            from projects p
            left join lateral (
                select array_agg(path order by path) as paths,
                    array_agg(coalesce(content_hash, sha256(content)) order by path) as hashes,
                    array_agg(is_binary order by path) as binaries,
                    sum(octet_length(content)) as bytes, count(*) filter (where content_hash is null) as unhashed
                from files where project_id = p.id) f on true
            left join lateral (
                select number, tree_hash from revisions where project_id = p.id order by number desc limit 1) last on true
            where p.id = $1
            """,
            [project],
            cancellationToken);
    }

    private static byte[] HashOf(Heads heads)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // No path contains a line break.
        hash.AppendData(Encoding.UTF8.GetBytes(heads.Entry + '\n'));
        for (int i = 0; i < heads.Paths.Length; i++)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(heads.Paths[i] + '\n'));
            hash.AppendData(heads.Hashes[i]);
        }

        return hash.GetHashAndReset();
    }

    private sealed record Heads(
        string Entry, long Revision, string[] Paths, byte[][] Hashes, bool[] Binaries, long Bytes, long Unhashed, long? LastNumber,
        byte[]? LastTree);
}
