using Npgsql;
using NpgsqlTypes;
using PixelGameDev.Api.Accounts;
using PixelGameDev.Api.Problems;

namespace PixelGameDev.Api.Administration;

/// <summary>What an admin sees of everybody: who is here and what runs, never what is in somebody's projects.</summary>
internal sealed class AdministrationStore(NpgsqlDataSource database)
{
    /// <summary>Rows in one answer.</summary>
    public const int PageSize = 100;

    /// <summary>People with a name of their own (no guests) in the order of their making, from behind <paramref name="after"/>.</summary>
    public async Task<IReadOnlyList<AccountSummary>> ListAccountsAsync(Guid? after, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = database.CreateCommand(
            """
            select a.id, a.name, a.role, a.created_at, (select count(*) from projects p where p.owner_id = a.id)::int
            from accounts a where not a.guest and a.id > $1 order by a.id limit $2
            """);
        command.Parameters.Add(new() { Value = after ?? Guid.Empty });
        command.Parameters.Add(new() { Value = PageSize });
        List<AccountSummary> accounts = [];
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            accounts.Add(new AccountSummary(
                rows.GetGuid(0), rows.GetString(1), rows.GetString(2), rows.GetFieldValue<DateTimeOffset>(3), rows.GetInt32(4)));
        }

        return accounts;
    }

    /// <summary>The sessions that run now, oldest first.</summary>
    public async Task<IReadOnlyList<RunningSession>> ListRunningAsync(CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = database.CreateCommand(
            """
            select s.id, s.account_id, a.name, s.state, s.sandbox, s.created_at, s.peak_viewers, s.frames, s.bytes
            from sessions s join accounts a on a.id = s.account_id
            where s.ended_at is null order by s.created_at limit $1
            """);
        command.Parameters.Add(new() { Value = PageSize });
        List<RunningSession> sessions = [];
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            sessions.Add(new RunningSession(
                rows.GetGuid(0),
                rows.GetGuid(1),
                rows.GetString(2),
                rows.GetString(3),
                rows.IsDBNull(4) ? null : rows.GetString(4),
                rows.GetFieldValue<DateTimeOffset>(5),
                rows.GetInt32(6),
                rows.GetInt64(7),
                rows.GetInt64(8)));
        }

        return sessions;
    }

    /// <exception cref="ProblemException">404; a guest has no role to give.</exception>
    public async Task SetRoleAsync(Guid account, string role, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = database.CreateCommand("update accounts set role = $2 where id = $1 and not guest");
        command.Parameters.Add(new() { Value = account });
        command.Parameters.Add(new() { Value = role });
        if (await command.ExecuteNonQueryAsync(cancellationToken) == 0)
        {
            throw Problem.NotFound("account");
        }
    }

    /// <summary>False when nobody has this name.</summary>
    public async Task<bool> MakeAdminAsync(string name, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = database.CreateCommand(
            "update accounts set role = $2 where name_key = $1 and not guest");
        command.Parameters.Add(new() { Value = AccountNames.KeyOf(name), NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = Roles.Admin });
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
    }
}

/// <summary>A person for the list of an admin.</summary>
internal sealed record AccountSummary(Guid Id, string Name, string Role, DateTimeOffset CreatedAt, int Projects);

/// <summary>A session for the list of an admin.</summary>
internal sealed record RunningSession(
    Guid Id, Guid AccountId, string AccountName, string State, string? Sandbox, DateTimeOffset CreatedAt, int PeakViewers,
    long Frames, long Bytes);
