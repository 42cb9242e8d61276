using Npgsql;
using PixelGameDev.Api.Accounts;
using PixelGameDev.Api.Database;
using PixelGameDev.Api.Problems;

namespace PixelGameDev.Api.Administration;

/// <summary>
/// Reads what an admin sees of all accounts: who they are and which sessions run, but never the contents of their projects.
/// </summary>
internal sealed class AdministrationStore(NpgsqlDataSource database)
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

    /// <summary>Gives an account a role.</summary>
    /// <exception cref="ProblemException">404: there is no such account, or it is a guest. Guests cannot have a role.</exception>
    public async Task SetRoleAsync(Guid account, string role, CancellationToken cancellationToken)
    {
        if (await database.ExecuteAsync(
            "update accounts set role = $2 where id = $1 and not guest", [account, role], cancellationToken) == 0)
        {
            throw Problem.NotFound("account");
        }
    }

    /// <summary>Makes the account with this name an admin.</summary>
    /// <returns>False when there is no such account.</returns>
    public async Task<bool> MakeAdminAsync(string name, CancellationToken cancellationToken) => await database.ExecuteAsync(
        "update accounts set role = $2 where name_key = $1 and not guest",
        [AccountNames.KeyOf(name), Roles.Admin],
        cancellationToken) > 0;
}

/// <summary>A registered account in the list of an admin.</summary>
internal sealed record AccountSummary(Guid Id, string Name, string Role, DateTimeOffset CreatedAt, int Projects);

/// <summary>A running session in the list of an admin.</summary>
internal sealed record RunningSession(
    Guid Id, Guid AccountId, string AccountName, string State, string? Sandbox, DateTimeOffset CreatedAt, int PeakViewers,
    long Frames, long Bytes);
