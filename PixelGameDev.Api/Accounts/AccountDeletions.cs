using Npgsql;
using PixelGameDev.Api.Database;
using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Sessions.Execution;
using PixelGameDev.Api.Sessions.Records;

namespace PixelGameDev.Api.Accounts;

/// <summary>Deletes accounts with everything that belongs to them.</summary>
/// <remarks>
/// <list type="number">
/// <item>The account becomes a nameless guest without a browser: nobody can sign in or use a token, and its name is free.</item>
/// <item>Its games are stopped, then its records and projects are deleted, a few in each statement.</item>
/// <item>The account itself is deleted.</item>
/// </list>
/// <para>If this server ends in between, <see cref="ExpiredDataCleanup"/> finishes: nobody can come back to such a guest.</para>
/// </remarks>
internal sealed partial class AccountDeletions(
    NpgsqlDataSource database, SessionStore sessions, ExecutorClient executor, ILogger<AccountDeletions> logger)
{
    private const int ProjectsAtOnce = 5;
    private const int RecordsAtOnce = 500;

    // No guest gets this name.
    private const string ClosedName = "deleted";

    // Statements of admins that must not run at the same time: an arbitrary number that nothing else in this database uses.
    private const long AdminLock = 0x50495845_41444D4E;

    /// <summary>Deletes the account.</summary>
    /// <exception cref="ProblemException">404: there is no such account; 409: it is the only admin.</exception>
    public async Task DeleteAsync(Guid account, CancellationToken cancellationToken)
    {
        await CloseAsync(account, cancellationToken);
        // From here on nobody can repeat the request, so it does not end when the browser goes away.
        foreach (SessionRecord session in await sessions.ListAsync(account, running: true, CancellationToken.None))
        {
            try
            {
                await executor.StopAsync(session.Id, session.Executor, CancellationToken.None);
            }
            catch (ProblemException)
            {
                // The watcher stops games that have no record when their Executor answers again.
            }
        }

        // The records first: the deletion of a project would write each of its records once more, without the project.
        await RepeatAsync(
            "delete from sessions where id in (select id from sessions where account_id = $1 limit $2)", RecordsAtOnce);
        await RepeatAsync(
            "delete from projects where id in (select id from projects where owner_id = $1 or trashed_owner_id = $1 limit $2)",
            ProjectsAtOnce);
        await database.ExecuteAsync("delete from accounts where id = $1", [account], CancellationToken.None);
        LogDeleted(account);

        async Task RepeatAsync(string sql, int most)
        {
            while (await database.ExecuteAsync(sql, [account, most], CancellationToken.None) == most)
            {
            }
        }
    }

    /// <summary>Makes the account unusable, in one transaction.</summary>
    private async Task CloseAsync(Guid account, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        await LockAdminsAsync(connection, cancellationToken);
        Closing? found = await connection.FindAsync<Closing>(
            "select role, guest and name = $2 as is_closed from accounts where id = $1 for update",
            [account, ClosedName],
            cancellationToken);
        if (found is null or { IsClosed: true })
        {
            // Another request deletes it at this moment, or the housekeeping will.
            throw Problem.NotFound("account");
        }

        if (found.Role == Roles.Admin && !await connection.FindAsync<bool>(
            "select exists (select from accounts where role = $2 and id <> $1 and not guest)", [account, Roles.Admin], cancellationToken))
        {
            throw Problem.Conflict(
                "last_admin", "You are the only admin",
                "You are the only admin here. Make somebody else an admin first.");
        }

        // The time of creation lets the housekeeping finish what this server cannot.
        await connection.ExecuteAsync(
            """
            with ended as (delete from sign_ins where account_id = $1)
            update accounts set guest = true, name = $3, name_key = null, password_hash = null, role = $2,
                token_generation = token_generation + 1, created_at = least(created_at, now() - interval '2 days')
            where id = $1
            """,
            [account, Roles.Creator, ClosedName],
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Lets only one transaction at a time change who is an admin, so that one always remains.</summary>
    internal static Task LockAdminsAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        connection.ExecuteAsync("select pg_advisory_xact_lock($1)", [AdminLock], cancellationToken);

    [LoggerMessage(LogLevel.Information, "Account {Account} is deleted")]
    private partial void LogDeleted(Guid account);

    private sealed record Closing(string Role, bool IsClosed);
}
