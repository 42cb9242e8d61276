using Npgsql;
using PixelGameDev.Api.Database;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Security.Authentication;

namespace PixelGameDev.Api.Accounts;

/// <summary>Holds the stored password of an account.</summary>
/// <param name="Account">The account that has it.</param>
/// <param name="Hash">The password's hash.</param>
/// <param name="TokenGeneration">The generation of the valid access tokens.</param>
/// <param name="OneTimeUntil">Until when a password that somebody else has set can be exchanged; null: it is the person's own.</param>
internal sealed record StoredPassword(Guid Account, string Hash, int TokenGeneration, DateTimeOffset? OneTimeUntil);

/// <summary>Stores names and passwords, and signs browsers in and out.</summary>
internal sealed class SignInStore(NpgsqlDataSource database)
{
    private const string PasswordColumns = "id as account, password_hash as hash, token_generation, one_time_until";

    /// <summary>Finds the password of the account with this name; null if there is none.</summary>
    public Task<StoredPassword?> FindAsync(string name, CancellationToken cancellationToken) => database.FindAsync<StoredPassword>(
        $"select {PasswordColumns} from accounts where name_key = $1 and not guest", [AccountNames.KeyOf(name)], cancellationToken);

    /// <summary>Finds the password of the account; null for a guest.</summary>
    public Task<StoredPassword?> FindAsync(Guid account, CancellationToken cancellationToken) => database.FindAsync<StoredPassword>(
        $"select {PasswordColumns} from accounts where id = $1 and not guest and has_password", [account], cancellationToken);

    /// <summary>
    /// Turns a guest into a registered account. The id stays the same, and so do all references to it. The browser gets
    /// <paramref name="token"/>, and older tokens of the guest become invalid.
    /// </summary>
    /// <param name="guest">The guest.</param>
    /// <param name="name">The checked name.</param>
    /// <param name="passwordHash">The hash of the password.</param>
    /// <param name="token">The browser's new token.</param>
    /// <param name="before">What else must be possible in the same transaction, before the name is taken; null: nothing.</param>
    /// <param name="cancellationToken">Cancels the sign-up without any change.</param>
    /// <exception cref="ProblemException">409: the name is taken, or the account is no longer a guest.</exception>
    public async Task<Account> SignUpAsync(
        Guid guest, string name, string passwordHash, SignInToken token, Func<NpgsqlConnection, Task>? before,
        CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (before is not null)
        {
            await before(connection);
        }

        Account? account;
        try
        {
            account = await connection.FindAsync<Account>(
                """
                update accounts set name = $2, name_key = $1, guest = false, password_hash = $3
                where id = $4 and guest returning id, name, guest, role
                """,
                [AccountNames.KeyOf(name), name, passwordHash, guest],
                cancellationToken);
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

    /// <summary>Signs a browser in. The projects of its guest move to the account, and the guest is deleted.</summary>
    /// <remarks>The starter project does not move if it is unchanged.</remarks>
    /// <param name="stored">The stored password that was verified. If it has changed since, the result is null.</param>
    /// <param name="passwordHash">The hash to store from now on.</param>
    /// <param name="token">The browser's new token.</param>
    /// <param name="oldToken">The hash of the browser's previous token, which becomes invalid. Empty: none.</param>
    /// <param name="guest">The previous guest of the browser; null: none.</param>
    /// <param name="cancellationToken">Cancels the sign-in without any change.</param>
    public Task<Account?> SignInAsync(
        StoredPassword stored, string passwordHash, SignInToken token, byte[] oldToken, Guid? guest, CancellationToken cancellationToken) =>
        SignInAsync(
            """
            update accounts set password_hash = $3, one_time_until = null where id = $1 and password_hash = $2
            returning id, name, guest, role
            """,
            [stored.Account, stored.Hash, passwordHash],
            token, oldToken, guest, cancellationToken);

    /// <summary>Signs a browser in to an account whose person a provider knows; otherwise like a sign-in with a password.</summary>
    /// <returns>The account; null if it is gone.</returns>
    public Task<Account?> SignInExternalAsync(
        Guid account, SignInToken token, byte[] oldToken, Guid? guest, CancellationToken cancellationToken) =>
        SignInAsync(
            "select id, name, guest, role from accounts where id = $1 and not guest for update",
            [account],
            token, oldToken, guest, cancellationToken);

    private async Task<Account?> SignInAsync(
        string find, object?[] values, SignInToken token, byte[] oldToken, Guid? guest, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        Account? account = await connection.FindAsync<Account>(find, values, cancellationToken);
        if (account is null)
        {
            return null;
        }

        await connection.ExecuteAsync(
            """
            with ended as (delete from sign_ins where token_hash = $4)
            insert into sign_ins (token_hash, account_id, expires_at) values ($1, $2, now() + $3)
            """,
            [token.Hash, account.Id, SignInCookie.Lifetime, oldToken],
            cancellationToken);
        if (guest is { } from)
        {
            await MoveGuestAsync(connection, from, account.Id, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return account;
    }

    /// <summary>Moves the games of a guest to another guest of the same browser, and deletes the first one.</summary>
    public async Task JoinGuestsAsync(Guid guest, Guid into, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        await MoveGuestAsync(connection, guest, into, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Ends the sign-in with this token.</summary>
    public Task SignOutAsync(byte[] tokenHash, CancellationToken cancellationToken) =>
        database.ExecuteAsync("delete from sign_ins where token_hash = $1", [tokenHash], cancellationToken);

    /// <summary>Signs out every browser of the account and invalidates its access tokens.</summary>
    public Task SignOutEverywhereAsync(Guid account, CancellationToken cancellationToken) => database.ExecuteAsync(
        """
        with ended as (delete from sign_ins where account_id = $1)
        update accounts set token_generation = token_generation + 1 where id = $1
        """,
        [account],
        cancellationToken);

    /// <summary>
    /// Changes the password. Signs out every browser and invalidates every access token of the account, except the browser that gets
    /// <paramref name="token"/>.
    /// </summary>
    /// <returns>False when the password has changed since it was verified.</returns>
    public async Task<bool> ChangePasswordAsync(
        StoredPassword stored, string passwordHash, SignInToken token, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        int changed = await connection.ExecuteAsync(
            """
            update accounts set password_hash = $3, one_time_until = null, token_generation = token_generation + 1
            where id = $1 and password_hash = $2
            """,
            [stored.Account, stored.Hash, passwordHash],
            cancellationToken);
        if (changed == 0)
        {
            return false;
        }

        await ReplaceSignInsAsync(connection, stored.Account, token, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Creates the problem of a registered account that signs up again.</summary>
    public static ProblemException AlreadySignedUp() => Problem.Conflict(
        "already_signed_up", "You have an account", "You are signed in to an account already. Sign out first to make another one.");

    private static async Task MoveGuestAsync(NpgsqlConnection connection, Guid guest, Guid account, CancellationToken cancellationToken)
    {
        // The lock prevents the guest from signing up meanwhile: a registered account must keep its projects.
        List<int> locked = await connection.ListAsync<int>(
            "select 1 from accounts where id = $1 and guest for update", [guest], cancellationToken);
        if (locked.Count == 0)
        {
            return;
        }

        await connection.ExecuteAsync(
            $"""
            update projects p set
                owner_id = case when p.owner_id is not null then $2 end,
                trashed_owner_id = case when p.trashed_owner_id is not null then $2 end
            from accounts g
            where g.id = $1 and g.id in (p.owner_id, p.trashed_owner_id) and {GuestWork.IsWork("p", "g")}
            """,
            [guest, account],
            cancellationToken);
        // With the scores in games of others. Where the account has scores of its own, those stay and the guest's go with the guest.
        await connection.ExecuteAsync(
            """
            update saved_files s set account_id = $2
            where s.account_id = $1
              and not exists (select from saved_files own where own.account_id = $2 and own.project_id = s.project_id)
            """,
            [guest, account],
            cancellationToken);
        await connection.ExecuteAsync("update sessions set account_id = $2 where account_id = $1", [guest, account], cancellationToken);
        await connection.ExecuteAsync("update remix_credits set maker_id = $2 where maker_id = $1", [guest, account], cancellationToken);
        await connection.ExecuteAsync("delete from accounts where id = $1", [guest], cancellationToken);
    }

    private static Task<int> ReplaceSignInsAsync(
        NpgsqlConnection connection, Guid account, SignInToken token, CancellationToken cancellationToken) => connection.ExecuteAsync(
        """
        with ended as (delete from sign_ins where account_id = $2)
        insert into sign_ins (token_hash, account_id, expires_at) values ($1, $2, now() + $3)
        """,
        [token.Hash, account, SignInCookie.Lifetime],
        cancellationToken);
}
