using Npgsql;
using PixelGameDev.Api.Database;
using PixelGameDev.Api.Projects;
using PixelGameDev.Api.Security.Authentication;
using PixelGameDev.Api.Storage;

namespace PixelGameDev.Api.Accounts;

/// <summary>Stores accounts and the browsers that are signed in to them.</summary>
internal sealed class AccountStore(NpgsqlDataSource database, StorageQuota quota, InstallationStorage installation)
{
    /// <summary>Finds the account of the sign-in token with this hash; null if there is none.</summary>
    public Task<Account?> FindByTokenAsync(byte[] tokenHash, CancellationToken cancellationToken) => database.FindAsync<Account>(
        """
        select a.id, a.name, a.guest, a.role
        from sign_ins s join accounts a on a.id = s.account_id
        where s.token_hash = $1 and s.expires_at > now()
        """,
        [tokenHash],
        cancellationToken);

    /// <summary>Finds the account if its access tokens have this generation; null otherwise.</summary>
    public Task<Account?> FindByIdAsync(Guid id, int tokenGeneration, CancellationToken cancellationToken) => database.FindAsync<Account>(
        "select id, name, guest, role from accounts where id = $1 and token_generation = $2", [id, tokenGeneration], cancellationToken);

    /// <summary>
    /// Creates a guest that is signed in with <paramref name="token"/> and has a first project from <paramref name="starter"/>, in one
    /// transaction.
    /// </summary>
    /// <param name="token">The token of its browser; null: nobody can come back to it, so the housekeeping removes it after a day.</param>
    /// <param name="starter">The first project; null: none.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="Problems.ProblemException">507: the installation is full.</exception>
    public async Task<Account> CreateGuestAsync(SignInToken? token, Template? starter, CancellationToken cancellationToken)
    {
        long bytes = starter?.Bytes ?? 0;
        installation.Check(bytes);
        Account account = new(Guid.CreateVersion7(), GuestNames.Next(), Guest: true, Roles.Creator);
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(
            """
            with account as (
                insert into accounts (id, name, guest, role) values ($1, $2, true, $3) returning id)
            insert into sign_ins (token_hash, account_id, expires_at) select $4, id, now() + $5 from account where $4::bytea is not null
            """,
            [account.Id, account.Name, account.Role, token?.Hash, SignInCookie.Lifetime],
            cancellationToken);
        if (starter is not null)
        {
            await ProjectStore.InsertAsync(connection, account.Id, starter.Title, starter, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        installation.Add(bytes);
        return account;
    }

    /// <summary>Reads how much storage the account uses.</summary>
    public async Task<Me> DescribeAsync(Account account, CancellationToken cancellationToken)
    {
        Details? details = await database.FindAsync<Details>(
            "select bytes_used, storage_quota, not guest and has_password as has_password from accounts where id = $1", [account.Id],
            cancellationToken);
        return new Me(
            account.Id, account.Name, account.Guest, account.Role,
            new StorageUse(details?.BytesUsed ?? 0, quota.ForAccount(account.Guest, details?.StorageQuota)), details?.HasPassword ?? false);
    }

    /// <summary>Extends a sign-in to a full lifetime from now, with at most one write a day.</summary>
    /// <returns>Whether the sign-in was extended.</returns>
    public async Task<bool> RenewAsync(byte[] tokenHash, CancellationToken cancellationToken) => await database.ExecuteAsync(
        "update sign_ins set seen_at = now(), expires_at = now() + $2 where token_hash = $1 and seen_at < now() - interval '1 day'",
        [tokenHash, SignInCookie.Lifetime],
        cancellationToken) > 0;

    private sealed record Details(long BytesUsed, long? StorageQuota, bool HasPassword);
}
