using Npgsql;
using PixelGameDev.Api.Database;
using PixelGameDev.Api.History.Pictures;
using PixelGameDev.Api.Storage;

namespace PixelGameDev.Api.History;

/// <summary>
/// Removes revisions as they grow old: everything of a day is kept, one revision an hour for a week, and one a day after that. The first
/// and the last revision of a project always stay, and so do those that a link shows.
/// </summary>
internal static class HistoryThinning
{
    /// <summary>The maximum number of revisions of one project. The oldest ones above it are removed.</summary>
    public const int MaxRevisions = 500;

    /// <summary>
    /// Keeps the history of a project and of its account within bounds. Call it after each recording, when that is committed.
    /// </summary>
    public static async Task KeepWithinBoundsAsync(
        NpgsqlConnection connection, Guid project, StorageQuota quota, CancellationToken cancellationToken)
    {
        await ThinAsync(connection, [project], cancellationToken);
        await LimitAsync(connection, project, quota, cancellationToken);
    }

    /// <summary>Thins the history of projects. The last revision of an hour or a day is the one that stays.</summary>
    public static Task ThinAsync(NpgsqlConnection connection, Guid[] projects, CancellationToken cancellationToken) =>
        RemoveAsync(
            connection,
            """
            select project_id, number
            from (
                select project_id, number, created_at,
                    row_number() over (partition by project_id order by number) as from_first,
                    row_number() over (partition by project_id order by number desc) as from_last,
                    row_number() over (
                        partition by project_id,
                            date_trunc(case when created_at > now() - interval '7 days' then 'hour' else 'day' end, created_at, 'UTC')
                        order by number desc) as in_its_time
                from revisions where project_id = any($1)) ordered
            where from_first > 1 and from_last > 1
              and (from_last >= $2 or (in_its_time > 1 and created_at < now() - interval '1 day'))
            """,
            [projects, MaxRevisions],
            cancellationToken);

    /// <summary>
    /// Keeps the contents that only the history of an account needs to about the size of its quota: removes its oldest revisions.
    /// </summary>
    private static async Task LimitAsync(
        NpgsqlConnection connection, Guid project, StorageQuota quota, CancellationToken cancellationToken)
    {
        Owner? owner = await connection.FindAsync<Owner>(
            "select a.id, a.guest, a.storage_quota from accounts a join projects p on p.owner_id = a.id where p.id = $1", [project],
            cancellationToken);
        if (owner is null)
        {
            return;
        }

        await RemoveAsync(
            connection,
            """
            select project_id, number
            from (
                select r.project_id, r.number,
                    sum(r.new_bytes + coalesce(octet_length(x.content), 0))
                        over (order by r.created_at desc, r.number desc, r.project_id) as with_newer,
                    row_number() over (partition by r.project_id order by r.number) as from_first,
                    row_number() over (partition by r.project_id order by r.number desc) as from_last
                from (
                    -- A picture that several revisions name is stored once, and counts with the newest of them.
                    select r.project_id, r.number, r.created_at, r.new_bytes, r.picture,
                        row_number() over (partition by r.project_id, r.picture order by r.created_at desc, r.number desc) as nth
                    from revisions r join projects p on p.id = r.project_id
                    where $1 in (p.owner_id, p.trashed_owner_id)) r
                left join pictures x on x.project_id = r.project_id and x.hash = r.picture and r.nth = 1) ordered
            where from_first > 1 and from_last > 1 and with_newer > $2
            """,
            [owner.Id, quota.ForAccount(owner.Guest, owner.StorageQuota)],
            cancellationToken);
    }

    /// <summary>
    /// Thins the projects whose revisions have just reached the age of a day or a week. A project that is still worked on is thinned by
    /// each of its recordings too.
    /// </summary>
    /// <remarks>
    /// One statement finds all of them in the index of times. Finding each batch by itself, in the order of the projects, would read far
    /// more: almost all projects have no revision of this age. The ids take 16 bytes for each project of two days.
    /// </remarks>
    public static async Task ThinGrownOldAsync(NpgsqlConnection connection, int batch, CancellationToken cancellationToken)
    {
        List<Guid> projects = await connection.ListAsync<Guid>(
            """
            select project_id from revisions where created_at between now() - interval '2 days' and now() - interval '1 day'
            union
            select project_id from revisions where created_at between now() - interval '8 days' and now() - interval '7 days'
            """,
            [],
            cancellationToken);
        foreach (Guid[] some in projects.Chunk(batch))
        {
            await ThinAsync(connection, some, cancellationToken);
        }
    }

    /// <summary>Removes revisions, and the pictures that only they needed: both or neither.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="doomed">A query for the project and the number of each revision to remove.</param>
    /// <param name="values">The parameters of the query.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    private static async Task RemoveAsync(
        NpgsqlConnection connection, string doomed, object?[] values, CancellationToken cancellationToken)
    {
        // Usually there is nothing to remove, and nobody has to wait for a lock.
        List<Guid> projects = await connection.ListAsync<Guid>(
            $"select distinct project_id from ({doomed}) doomed", values, cancellationToken);
        if (projects.Count == 0)
        {
            return;
        }

        Guid[] thinned = [.. projects];
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Otherwise a run that ends now could name a picture that is removed at the same moment.
        await connection.ExecuteAsync(
            "select from projects where id = any($1) order by id for no key update", [thinned], cancellationToken);
        await connection.ExecuteAsync(
            $"""
            delete from revisions r using ({doomed}) doomed
            where r.project_id = doomed.project_id and r.number = doomed.number and r.project_id = any(${values.Length + 1})
              and not exists (select from links l where l.project_id = r.project_id and l.revision = r.number)
            """,
            [.. values, thinned],
            cancellationToken);
        await PictureStore.RemoveUnneededAsync(connection, thinned, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private sealed record Owner(Guid Id, bool Guest, long? StorageQuota);
}
