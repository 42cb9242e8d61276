using Npgsql;
using PixelGameDev.Api.Database;

namespace PixelGameDev.Api.Projects;

/// <summary>Removes projects and files that have been in the trash for longer than <see cref="TrashStore.Lifetime"/>.</summary>
internal static class TrashExpiry
{
    /// <summary>Removes them account by account. Locks the row of the account first, as every other change does.</summary>
    public static async Task RemoveAsync(NpgsqlConnection connection, int batch, CancellationToken cancellationToken)
    {
        while (await FindOwnersAsync(connection, batch, cancellationToken) is { Count: > 0 } owners)
        {
            foreach (Guid owner in owners)
            {
                await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
                await connection.ExecuteAsync("select 1 from accounts where id = $1 for no key update", [owner], cancellationToken);
                await connection.ExecuteAsync(
                    """
                    delete from trashed_files where id in (
                        select f.id from trashed_files f join projects p on p.id = f.project_id
                        where $1 in (p.owner_id, p.trashed_owner_id) and f.deleted_at < now() - $2 limit $3)
                    """,
                    [owner, TrashStore.Lifetime, batch],
                    cancellationToken);
                await connection.ExecuteAsync(
                    "delete from projects where id in (select id from projects where trashed_owner_id = $1 and deleted_at < now() - $2 " +
                        "limit $3)",
                    [owner, TrashStore.Lifetime, batch],
                    cancellationToken);
                await transaction.CommitAsync(cancellationToken);
            }
        }
    }

    private static Task<List<Guid>> FindOwnersAsync(NpgsqlConnection connection, int batch, CancellationToken cancellationToken) =>
        connection.ListAsync<Guid>(
            """
            select coalesce(p.owner_id, p.trashed_owner_id)
            from (select project_id from trashed_files where deleted_at < now() - $1 order by deleted_at limit $2) f
            join projects p on p.id = f.project_id
            union
            (select trashed_owner_id from projects where deleted_at < now() - $1 order by deleted_at limit $2)
            """,
            [TrashStore.Lifetime, batch],
            cancellationToken);
}
