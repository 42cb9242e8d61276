using System.Globalization;
using Npgsql;
using PixelGameDev.Api.Accounts;
using PixelGameDev.Api.Database;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Storage;

namespace PixelGameDev.Api.Administration;

/// <summary>
/// Reads what an admin sees of all accounts: who they are and which sessions run, but never the contents of their projects. Changes what
/// an admin may change, and records that in the audit log.
/// </summary>
internal sealed class AdministrationStore(NpgsqlDataSource database, StorageQuota quota)
{
    /// <summary>The maximum number of rows in one answer.</summary>
    public const int PageSize = 100;

    /// <summary>Lists registered accounts in the order of their creation, starting after <paramref name="after"/>.</summary>
    public async Task<IReadOnlyList<AccountSummary>> ListAccountsAsync(Guid? after, CancellationToken cancellationToken) =>
        await database.ListAsync<AccountSummary>(
            """
            select a.id, a.name, a.role, a.created_at, (select count(*) from projects p where p.owner_id = a.id)::int as projects
            from accounts a where not a.guest and a.id > $1 order by a.id limit $2
            """,
            [after ?? Guid.Empty, PageSize],
            cancellationToken);

    /// <summary>Lists registered accounts whose name begins with some letters, in the order of their names.</summary>
    /// <param name="search">The first letters in the form of <see cref="AccountNames.KeyOf"/>; empty: everybody.</param>
    /// <param name="after">The <see cref="PeoplePage.Next"/> of the answer before; null: from the beginning.</param>
    /// <param name="role">Only accounts of this role; null: all.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<PeoplePage> ListPeopleAsync(string search, string? after, string? role, CancellationToken cancellationToken)
    {
        List<PersonRow> rows = await database.ListAsync<PersonRow>(
            """
            select a.id, a.name, a.role, a.created_at, a.bytes_used, a.storage_quota, a.one_time_until, a.name_key,
                (select count(*) from projects p where p.owner_id = a.id)::int as projects,
                (select max(s.seen_at) from sign_ins s where s.account_id = a.id) as seen_at
            from accounts a
            where not a.guest and a.name_key collate "C" >= $1 and a.name_key collate "C" < $2 and a.name_key collate "C" > $3
                and ($4::text is null or a.role = $4)
            order by a.name_key collate "C" limit $5
            """,
            // U+10FFFF comes after every letter.
            [search, search + "\U0010FFFF", after ?? "", Sql.Text(role), PageSize + 1],
            cancellationToken);
        return new PeoplePage(
            [.. rows.Take(PageSize).Select(row => new Person(
                row.Id, row.Name, row.Role, row.CreatedAt, row.Projects, row.BytesUsed,
                quota.ForAccount(guest: false, row.StorageQuota), row.StorageQuota is not null, row.SeenAt, row.OneTimeUntil))],
            rows.Count > PageSize ? rows[PageSize - 1].NameKey : null);
    }

    /// <summary>Lists the sessions that run now, oldest first.</summary>
    public async Task<IReadOnlyList<RunningSession>> ListRunningAsync(CancellationToken cancellationToken) =>
        await database.ListAsync<RunningSession>(
            """
            select s.id, s.account_id, a.name as account_name, s.state, s.sandbox, s.created_at, s.peak_viewers, s.frames, s.bytes
            from sessions s join accounts a on a.id = s.account_id
            where s.ended_at is null order by s.created_at limit $1
            """,
            [PageSize],
            cancellationToken);

    /// <summary>Finds whose session this is and where it runs.</summary>
    /// <exception cref="ProblemException">404: there is no such session, or it has ended.</exception>
    public async Task<RunningPlace> FindRunningAsync(Guid session, CancellationToken cancellationToken) =>
        await database.FindAsync<RunningPlace>(
            "select account_id, executor from sessions where id = $1 and ended_at is null", [session], cancellationToken)
        ?? throw Problem.NotFound("session");

    /// <summary>Counts people, without a scan of all accounts.</summary>
    public async Task<PeopleCounts> CountAsync(CancellationToken cancellationToken) => (await database.FindAsync<PeopleCounts>(
        """
        select (select count(*) from accounts where not guest)::int as accounts, (select count(*) from accounts where guest)::int as guests,
            (select count(*) from sessions where ended_at is null)::int as running
        """,
        [],
        cancellationToken))!;

    /// <summary>Gives an account a role.</summary>
    /// <exception cref="ProblemException">404: there is no such account, or it is a guest. Guests cannot have a role.</exception>
    public async Task SetRoleAsync(Guid admin, Guid account, string role, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Two admins who take the role from each other would leave none.
        await AccountDeletions.LockAdminsAsync(connection, cancellationToken);
        if (!await connection.FindAsync<bool>(
            "select exists (select from accounts where id = $1 and role = $2 and not guest)", [admin, Roles.Admin], cancellationToken))
        {
            throw Security.Authentication.SignInCookieHandler.Forbidden();
        }

        if (await connection.ExecuteAsync(
            "update accounts set role = $2 where id = $1 and not guest", [account, role], cancellationToken) == 0)
        {
            throw Problem.NotFound("account");
        }

        await AuditLog.AddAsync(connection, admin, AuditActions.Role, account, role, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Sets how many bytes the files of an account may use; null: as many as the installation allows everybody.</summary>
    /// <exception cref="ProblemException">404: there is no such account, or it is a guest.</exception>
    public async Task SetQuotaAsync(Guid admin, Guid account, long? bytes, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await connection.ExecuteAsync(
            "update accounts set storage_quota = $2 where id = $1 and not guest", [account, Sql.Long(bytes)], cancellationToken) == 0)
        {
            throw Problem.NotFound("account");
        }

        string? detail = bytes is { } own ? string.Create(CultureInfo.InvariantCulture, $"{own / 1_000_000} MB") : null;
        await AuditLog.AddAsync(
            connection, admin, bytes is null ? AuditActions.UsualQuota : AuditActions.Quota, account, detail, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>
    /// Gives an account a one-time password; every browser and every token of it ends. Of a teacher's request only pupils are changed.
    /// </summary>
    /// <returns>The account's name.</returns>
    /// <exception cref="ProblemException">404: there is no such account, or the person may not change it.</exception>
    public async Task<string> ResetPasswordAsync(
        Guid actor, bool isAdmin, Guid account, string passwordHash, DateTimeOffset until, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        string name = await connection.FindAsync<string>(
            """
            with ended as (delete from sign_ins where account_id = (
                select id from accounts where id = $1 and not guest and ($4 or role = $5)))
            update accounts set password_hash = $2, has_password = true, one_time_until = $3, token_generation = token_generation + 1
            where id = $1 and not guest and ($4 or role = $5) returning name
            """,
            [account, passwordHash, until, isAdmin, Roles.Creator],
            cancellationToken) ?? throw Problem.NotFound("account");
        await AuditLog.AddAsync(connection, actor, AuditActions.ResetPassword, account, null, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return name;
    }

    /// <summary>Makes the account with this name an admin.</summary>
    /// <returns>False when there is no such account.</returns>
    public async Task<bool> MakeAdminAsync(string name, CancellationToken cancellationToken) => await database.ExecuteAsync(
        "update accounts set role = $2 where name_key = $1 and not guest",
        [AccountNames.KeyOf(name), Roles.Admin],
        cancellationToken) > 0;

    /// <summary>Tells whether there is an admin.</summary>
    public Task<bool> HasAdminAsync(CancellationToken cancellationToken) => database.FindAsync<bool>(
        "select exists (select from accounts where role = 'admin' and not guest)", [], cancellationToken);

    /// <summary>Makes the account an admin if there is none yet.</summary>
    /// <returns>False when there is one.</returns>
    public async Task<bool> MakeFirstAdminAsync(Guid account, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        await AccountDeletions.LockAdminsAsync(connection, cancellationToken);
        if (await connection.ExecuteAsync(
            """
            update accounts set role = 'admin'
            where id = $1 and not guest and not exists (select from accounts where role = 'admin' and not guest)
            """,
            [account],
            cancellationToken) == 0)
        {
            return false;
        }

        await AuditLog.AddAsync(connection, account, AuditActions.SetUp, account, null, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private sealed record PersonRow(
        Guid Id, string Name, string Role, DateTimeOffset CreatedAt, long BytesUsed, long? StorageQuota, DateTimeOffset? OneTimeUntil,
        string NameKey, int Projects, DateTimeOffset? SeenAt);
}

/// <summary>A registered account in the list of an admin.</summary>
internal sealed record AccountSummary(Guid Id, string Name, string Role, DateTimeOffset CreatedAt, int Projects);

/// <summary>
/// A registered account in a search. <paramref name="Bytes"/> are used of <paramref name="Quota"/>; <paramref name="HasOwnQuota"/> tells
/// whether an admin has set it for this account. <paramref name="SeenAt"/> is the last visit within a day; <paramref name="OneTimeUntil"/>
/// is set while a one-time password waits.
/// </summary>
internal sealed record Person(
    Guid Id, string Name, string Role, DateTimeOffset CreatedAt, int Projects, long Bytes, long Quota, bool HasOwnQuota,
    DateTimeOffset? SeenAt, DateTimeOffset? OneTimeUntil);

/// <summary>Some of the registered accounts. <paramref name="Next"/> asks for those after them; null: these are the last.</summary>
internal sealed record PeoplePage(IReadOnlyList<Person> People, string? Next);

/// <summary>A running session in the list of an admin.</summary>
internal sealed record RunningSession(
    Guid Id, Guid AccountId, string AccountName, string State, string? Sandbox, DateTimeOffset CreatedAt, int PeakViewers,
    long Frames, long Bytes);

/// <summary>Whose session it is, and the name of its Executor.</summary>
internal sealed record RunningPlace(Guid AccountId, string? Executor);

/// <summary>The number of registered accounts, of guests, and of games that run now.</summary>
internal sealed record PeopleCounts(int Accounts, int Guests, int Running);
