using PixelGameDev.Api.Database;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Projects;

namespace PixelGameDev.Api.Storage;

/// <summary>Bytes that a person's files take and may take, the trash included. Part of <c>GET /api/me</c>.</summary>
internal sealed record StorageUse(long Used, long Quota);

/// <summary>Keeps the bytes of one account within its quota, and those of all accounts within the installation's limit.</summary>
/// <remarks>
/// The trash counts, because its bytes lie on the same disk. It never stands in the way of work, though: when a write does not fit,
/// the oldest things in the trash are removed for good until it does. Otherwise a person with a full trash could not save.
/// </remarks>
internal sealed class StorageQuota(StorageOptions options, InstallationStorage installation)
{
    /// <summary>Bytes a person's files may take.</summary>
    public long ForAccount(bool guest) => guest ? options.GuestBytes : options.AccountBytes;

    /// <summary>Makes room for <paramref name="added"/> more bytes, from the trash if need be.</summary>
    /// <exception cref="ProblemException">413: the account is full; 507: the whole installation is.</exception>
    public async Task MakeRoomAsync(ProjectTransaction change, long added, CancellationToken cancellationToken)
    {
        if (!await TryMakeRoomAsync(change, added, cancellationToken))
        {
            long room = ForAccount(change.IsGuest) / 1_000_000;
            long more = ForAccount(guest: false) / 1_000_000;
            throw Problem.TooLarge(
                "storage_full",
                "Your space is full",
                change.IsGuest
                    ? $"All your games together can be {room} MB. Delete files or games you no longer need, or make an account: it " +
                        $"holds {more} MB."
                    : $"All your games together can be {room} MB. Delete files or games you no longer need, or make pictures and sounds " +
                        $"smaller.",
                ("kind", change.IsGuest ? "guest" : "account"), ("megabytes", room), ("more", more));
        }
    }

    /// <summary>Like <see cref="MakeRoomAsync"/>, but answers false and removes nothing when the account would be too full.</summary>
    /// <exception cref="ProblemException">507: the whole installation is full.</exception>
    public async Task<bool> TryMakeRoomAsync(ProjectTransaction change, long added, CancellationToken cancellationToken)
    {
        if (added <= 0)
        {
            return true;
        }

        installation.Check(added);
        long missing = change.BytesUsed + added - ForAccount(change.IsGuest);
        if (missing > 0 && (added > ForAccount(change.IsGuest) || !await TryEmptyTrashAsync(change, missing, cancellationToken)))
        {
            return false;
        }

        change.Committed += () => installation.Add(added);
        return true;
    }

    /// <summary>Removes the oldest things in the trash, at least <paramref name="missing"/> bytes of them, or nothing.</summary>
    private static async Task<bool> TryEmptyTrashAsync(ProjectTransaction change, long missing, CancellationToken cancellationToken)
    {
        long removed = await change.Connection.FindAsync<long>(
            """
            with items as (
                select p.id, true as whole, p.bytes, p.deleted_at from projects p where p.trashed_owner_id = $1
                union all
                select f.id, false, octet_length(f.content), f.deleted_at
                from trashed_files f join projects p on p.id = f.project_id where p.owner_id = $1),
            ordered as (
                select *, sum(bytes) over (order by deleted_at, id) - bytes as before, sum(bytes) over () as of_all from items),
            chosen as (
                select id, whole from ordered where before < $2 and of_all >= $2),
            files as (
                delete from trashed_files where id in (select id from chosen where not whole) returning 1),
            whole as (
                delete from projects where id in (select id from chosen where whole) returning 1)
            select count(*) from chosen
            """,
            [change.Owner, missing],
            cancellationToken);
        return removed > 0;
    }
}
