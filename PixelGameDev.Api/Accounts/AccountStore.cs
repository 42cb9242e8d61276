using Npgsql;
using PixelGameDev.Api.Projects;
using PixelGameDev.Api.Security.Authentication;
using PixelGameDev.Api.Storage;

namespace PixelGameDev.Api.Accounts;

/// <summary>Accounts and the browsers signed in to them.</summary>
internal sealed class AccountStore(NpgsqlDataSource database, StorageQuota quota, InstallationStorage installation)
{
    /// <summary>The person whose browser holds the token with this hash.</summary>
    public async Task<Account?> FindByTokenAsync(byte[] tokenHash, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = database.CreateCommand(
            """
            select a.id, a.name, a.guest, a.role
            from sign_ins s join accounts a on a.id = s.account_id
            where s.token_hash = $1 and s.expires_at > now()
            """);
        command.Parameters.Add(new() { Value = tokenHash });
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken)
            ? new Account(row.GetGuid(0), row.GetString(1), row.GetBoolean(2), row.GetString(3))
            : null;
    }

    /// <summary>The account, if its access tokens are of this generation.</summary>
    public async Task<Account?> FindByIdAsync(Guid id, int tokenGeneration, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = database.CreateCommand(
            "select id, name, guest, role from accounts where id = $1 and token_generation = $2");
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = tokenGeneration });
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken)
            ? new Account(row.GetGuid(0), row.GetString(1), row.GetBoolean(2), row.GetString(3))
            : null;
    }

    /// <summary>
    /// A new guest, signed in with <paramref name="token"/>, with a first project made of <paramref name="starter"/>: all of it or
    /// nothing.
    /// </summary>
    /// <exception cref="Problems.ProblemException">507: the installation is full.</exception>
    public async Task<Account> CreateGuestAsync(SignInToken token, Template? starter, CancellationToken cancellationToken)
    {
        long bytes = starter?.Bytes ?? 0;
        installation.Check(bytes);
        Account account = new(Guid.CreateVersion7(), GuestNames.Next(), Guest: true, Roles.Creator);
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (NpgsqlCommand command = new(
            """
            with account as (
                insert into accounts (id, name, guest, role) values ($1, $2, true, $3) returning id)
            insert into sign_ins (token_hash, account_id, expires_at) select $4, id, now() + $5 from account
            """,
            connection))
        {
            command.Parameters.Add(new() { Value = account.Id });
            command.Parameters.Add(new() { Value = account.Name });
            command.Parameters.Add(new() { Value = account.Role });
            command.Parameters.Add(new() { Value = token.Hash });
            command.Parameters.Add(new() { Value = SignInCookie.Lifetime });
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        if (starter is not null)
        {
            await ProjectStore.InsertAsync(connection, account.Id, starter.Title, starter, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        installation.Count(bytes);
        return account;
    }

    /// <summary>Reads how much of its quota the account uses.</summary>
    public async Task<Me> DescribeAsync(Account account, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = database.CreateCommand("select bytes_used from accounts where id = $1");
        command.Parameters.Add(new() { Value = account.Id });
        long used = await command.ExecuteScalarAsync(cancellationToken) as long? ?? 0;
        return new Me(account.Id, account.Name, account.Guest, account.Role, new StorageUse(used, quota.ForAccount(account.Guest)));
    }

    /// <summary>Moves the end of a sign-in a full lifetime ahead; at most one write a day. True when it did.</summary>
    public async Task<bool> RenewAsync(byte[] tokenHash, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = database.CreateCommand(
            "update sign_ins set seen_at = now(), expires_at = now() + $2 where token_hash = $1 and seen_at < now() - interval '1 day'");
        command.Parameters.Add(new() { Value = tokenHash });
        command.Parameters.Add(new() { Value = SignInCookie.Lifetime });
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
    }
}
