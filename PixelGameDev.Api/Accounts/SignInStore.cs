using Npgsql;
using NpgsqlTypes;
using PixelGameDev.Api.Database;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Security.Authentication;

namespace PixelGameDev.Api.Accounts;

/// <summary>Names, passwords and the browsers that are signed in with them.</summary>
internal sealed class SignInStore(NpgsqlDataSource database)
{
    public async Task<StoredPassword?> FindAsync(string name, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = database.CreateCommand(
            "select id, password_hash, token_generation from accounts where name_key = $1 and not guest");
        Add(command, AccountNames.KeyOf(name));
        return await ReadPasswordAsync(command, cancellationToken);
    }

    public async Task<StoredPassword?> FindAsync(Guid account, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = database.CreateCommand(
            "select id, password_hash, token_generation from accounts where id = $1 and not guest");
        Add(command, account);
        return await ReadPasswordAsync(command, cancellationToken);
    }

    /// <summary>
    /// Makes an account of a guest, in place: the id stays, and everything that hangs on it. The browser gets
    /// <paramref name="token"/>, and older tokens of the guest end.
    /// </summary>
    /// <exception cref="ProblemException">409: the name is taken, or this is no guest any more.</exception>
    public async Task<Account> SignUpAsync(
        Guid guest, string name, string passwordHash, SignInToken token, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        Account? account;
        try
        {
            await using NpgsqlCommand command = Command(
                connection,
                """
                update accounts set name = $2, name_key = $1, guest = false, password_hash = $3
                where id = $4 and guest returning id, name, guest, role
                """,
                AccountNames.KeyOf(name),
                name,
                passwordHash,
                guest);
            account = await ReadAccountAsync(command, cancellationToken);
        }
        catch (PostgresException error) when (error.SqlState == DatabaseErrors.UniqueViolation)
        {
            throw Problem.Conflict("name_taken", "That name is taken", "This name is already taken. Choose another one.");
        }

        if (account is null)
        {
            throw AlreadySignedUp();
        }

        await ReplaceSignInsAsync(connection, account.Id, token, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return account;
    }

    /// <summary>
    /// Signs a browser in. What its guest has made comes along, but not the game every guest starts with if it is untouched; the
    /// guest is gone then.
    /// </summary>
    /// <param name="stored">What the password was compared with; null is returned when it is no longer that.</param>
    /// <param name="passwordHash">What is to be kept from now on.</param>
    /// <param name="token">The browser's new secret.</param>
    /// <param name="oldToken">Hash of the secret it had; that one ends. Empty: none.</param>
    /// <param name="guest">The guest it was; null: none.</param>
    /// <param name="cancellationToken">Gives up; nothing has changed then.</param>
    public async Task<Account?> SignInAsync(
        StoredPassword stored, string passwordHash, SignInToken token, byte[] oldToken, Guid? guest, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        Account? account;
        await using (NpgsqlCommand command = Command(
            connection,
            "update accounts set password_hash = $3 where id = $1 and password_hash = $2 returning id, name, guest, role",
            stored.Account,
            stored.Hash,
            passwordHash))
        {
            account = await ReadAccountAsync(command, cancellationToken);
        }

        if (account is null)
        {
            return null;
        }

        await using (NpgsqlCommand command = Command(
            connection,
            """
            with ended as (delete from sign_ins where token_hash = $4)
            insert into sign_ins (token_hash, account_id, expires_at) values ($1, $2, now() + $3)
            """,
            token.Hash,
            account.Id,
            SignInCookie.Lifetime,
            oldToken))
        {
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        if (guest is { } from)
        {
            await MoveGuestAsync(connection, from, account.Id, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return account;
    }

    public async Task SignOutAsync(byte[] tokenHash, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = database.CreateCommand("delete from sign_ins where token_hash = $1");
        Add(command, tokenHash);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>
    /// Another password: every browser and every access token of the account ends, but the browser that gets
    /// <paramref name="token"/>. False when the password is no longer the one it was compared with.
    /// </summary>
    public async Task<bool> ChangePasswordAsync(
        StoredPassword stored, string passwordHash, SignInToken token, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (NpgsqlCommand command = Command(
            connection,
            "update accounts set password_hash = $3, token_generation = token_generation + 1 where id = $1 and password_hash = $2",
            stored.Account,
            stored.Hash,
            passwordHash))
        {
            if (await command.ExecuteNonQueryAsync(cancellationToken) == 0)
            {
                return false;
            }
        }

        await ReplaceSignInsAsync(connection, stored.Account, token, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    public static ProblemException AlreadySignedUp() =>
        Problem.Conflict("already_signed_up", "You have an account",
            "You are signed in to an account already. Sign out first to make another one.");

    private static async Task MoveGuestAsync(NpgsqlConnection connection, Guid guest, Guid account, CancellationToken cancellationToken)
    {
        // The lock keeps the guest from becoming an account meanwhile; who is one keeps what is theirs.
        await using (NpgsqlCommand held = Command(connection, "select 1 from accounts where id = $1 and guest for update", guest))
        {
            if (await held.ExecuteScalarAsync(cancellationToken) is null)
            {
                return;
            }
        }

        // A guest and the game it starts with are made in one transaction, so they are of one time.
        await using (NpgsqlCommand projects = Command(
            connection,
            """
            update projects p set
                owner_id = case when p.owner_id is not null then $2 end,
                trashed_owner_id = case when p.trashed_owner_id is not null then $2 end
            from accounts g
            where g.id = $1 and g.id in (p.owner_id, p.trashed_owner_id) and (p.revision > 1 or p.created_at <> g.created_at)
            """,
            guest,
            account))
        {
            await projects.ExecuteNonQueryAsync(cancellationToken);
        }

        await using (NpgsqlCommand sessions =
            Command(connection, "update sessions set account_id = $2 where account_id = $1", guest, account))
        {
            await sessions.ExecuteNonQueryAsync(cancellationToken);
        }

        await using NpgsqlCommand end = Command(connection, "delete from accounts where id = $1", guest);
        await end.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task ReplaceSignInsAsync(
        NpgsqlConnection connection, Guid account, SignInToken token, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = Command(
            connection,
            """
            with ended as (delete from sign_ins where account_id = $2)
            insert into sign_ins (token_hash, account_id, expires_at) values ($1, $2, now() + $3)
            """,
            token.Hash,
            account,
            SignInCookie.Lifetime);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<StoredPassword?> ReadPasswordAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? new StoredPassword(row.GetGuid(0), row.GetString(1), row.GetInt32(2)) : null;
    }

    private static async Task<Account?> ReadAccountAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken)
            ? new Account(row.GetGuid(0), row.GetString(1), row.GetBoolean(2), row.GetString(3))
            : null;
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params ReadOnlySpan<object> values)
    {
        NpgsqlCommand command = new(sql, connection);
        Add(command, values);
        return command;
    }

    private static void Add(NpgsqlCommand command, params ReadOnlySpan<object> values)
    {
        foreach (object value in values)
        {
            NpgsqlParameter parameter = new() { Value = value };
            if (value is string)
            {
                // normalize() would else be asked for a type that nobody named.
                parameter.NpgsqlDbType = NpgsqlDbType.Text;
            }

            command.Parameters.Add(parameter);
        }
    }

    /// <summary>What a password is compared with.</summary>
    internal sealed record StoredPassword(Guid Account, string Hash, int TokenGeneration);
}
