using PixelGameDev.Api.Database;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Projects;

namespace PixelGameDev.Api.Storage;

/// <summary>The bytes that the files of an account use and may use, including the trash. Part of <c>GET /api/me</c>.</summary>
internal sealed record StorageUse(long Used, long Quota);

/// <summary>Keeps the bytes of one account within its quota, and those of all accounts within the installation's limit.</summary>
/// <remarks>
/// The trash counts, because it uses the same disk. It does not block a save: when a write does not fit, the oldest items in the trash are
/// removed permanently until it fits.
/// </remarks>
internal sealed class StorageQuota(StorageOptions options, InstallationStorage installation)
{
    /// <summary>Returns the bytes that the files of an account may use.</summary>
    /// <param name="guest">Whether it is a guest.</param>
    /// <param name="own">The quota that an admin has given to this account; null: none, so the installation's counts.</param>
    public long ForAccount(bool guest, long? own) => own ?? (guest ? options.GuestBytes : options.AccountBytes);

    /// <summary>Makes room for <paramref name="added"/> more bytes; removes items from the trash if necessary.</summary>
    /// <exception cref="ProblemException">413: the account is full; 507: the installation is full.</exception>
    public async Task MakeRoomAsync(ProjectTransaction change, long added, CancellationToken cancellationToken)
    {
        if (!await TryMakeRoomAsync(change, added, cancellationToken))
        {
            long room = ForAccount(change) / 1_000_000;
            long more = ForAccount(guest: false, own: null) / 1_000_000;
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

    /// <summary>
    /// Makes room like <see cref="MakeRoomAsync"/>, but returns false and removes nothing if the account would exceed its quota.
    /// </summary>
    /// <exception cref="ProblemException">507: the installation is full.</exception>
    public async Task<bool> TryMakeRoomAsync(ProjectTransaction change, long added, CancellationToken cancellationToken)
    {
        if (added <= 0)
        {
            return true;
        }

        installation.Check(added);
        long missing = change.BytesUsed + added - ForAccount(change);
        if (missing > 0 && (added > ForAccount(change) || !await TryEmptyTrashAsync(change, missing, cancellationToken)))
        {
            return false;
        }

        change.Committed += () => installation.Add(added);
        return true;
    }

    private long ForAccount(ProjectTransaction change) => ForAccount(change.IsGuest, change.OwnQuota);

    /// <summary>
    /// Removes the oldest items from the trash, at least <paramref name="missing"/> bytes; removes nothing if they are not enough.
    /// </summary>
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
