using Npgsql;
using PixelGameDev.Api.Database;

namespace PixelGameDev.Api.History;

/// <summary>
/// Removes trees and blobs that neither a revision nor a recording needs any more, a day after the last one went. It reads only the lists
/// of what was removed, so its work does not grow with what is kept. Objects of removed blobs are removed later, by
/// <see cref="Objects.BlobMover"/>.
/// </summary>
internal static class HistoryCleanup
{
    /// <summary>Executes one round on a connection of the housekeeping, in batches.</summary>
    public static async Task RunAsync(NpgsqlConnection connection, int batch, CancellationToken cancellationToken)
    {
        await HistoryThinning.ThinGrownOldAsync(connection, batch, cancellationToken);
        await RepeatAsync(
            connection,
            """
            with old as (
                select hash from discarded_trees where discarded_at < now() - interval '1 day' order by hash limit $1),
            seen as (
                delete from discarded_trees where hash in (select hash from old))
            delete from trees t
            where t.hash in (select hash from old) and not exists (select from revisions r where r.tree_hash = t.hash)
            """,
            "select exists (select from discarded_trees where discarded_at < now() - interval '1 day')",
            batch,
            cancellationToken);
        await RepeatAsync(
            connection,
            """
            with old as (
                select hash from discarded_blobs where discarded_at < now() - interval '1 day' order by hash limit $1),
            seen as (
                delete from discarded_blobs where hash in (select hash from old))
            delete from blobs b
            where b.hash in (select hash from old) and not exists (select from trees t where t.blobs @> array[b.hash])
              and not exists (select from recordings x where x.hash = b.hash)
            """,
            "select exists (select from discarded_blobs where discarded_at < now() - interval '1 day')",
            batch,
            cancellationToken);
    }

    private static async Task RepeatAsync(
        NpgsqlConnection connection, string remove, string isMore, int batch, CancellationToken cancellationToken)
    {
        do
        {
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
            // While a revision is being recorded, the next round does this: a person must not wait for the cleanup.
            if (!await connection.FindAsync<bool>(
                "select pg_try_advisory_xact_lock($1)", [RevisionWriter.CollectionLock], cancellationToken))
            {
                return;
            }

            await connection.ExecuteAsync(remove, [batch], cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        while (await connection.FindAsync<bool>(isMore, [], cancellationToken));
    }
}
