using Npgsql;
using PixelGameDev.Api.Database;
using PixelGameDev.ServiceDefaults;

namespace PixelGameDev.Api.Accounts;

/// <summary>
/// Removes what nobody can come back to, so that years of first visits do not fill the database: sign-ins that have run out,
/// counts of attempts that no longer count, and guests. A guest goes when its browser no longer holds its cookie
/// (<see cref="VisitorCookie.Lifetime"/> after its last visit), or <see cref="UntouchedGuest"/> after its last visit if it has
/// changed nothing and run nothing. Accounts with a password stay for ever. Several servers may do this side by side.
/// </summary>
internal sealed partial class Housekeeping(
    NpgsqlDataSource database, DatabaseMigrator migrator, TimeProvider time, BackgroundWork work, ILogger<Housekeeping> logger)
    : RecurringDatabaseWork("housekeeping", TimeSpan.FromHours(1), migrator, time, work)
{
    /// <summary>A guest who only looked at the page is forgotten so long after its last visit.</summary>
    public static readonly TimeSpan UntouchedGuest = TimeSpan.FromDays(30);

    // Few enough rows that nobody waits for their locks.
    private const int Batch = 200;

    /// <summary>One round; the number of guests it removed.</summary>
    internal async Task<int> TidyAsync(CancellationToken cancellationToken)
    {
        await DeleteAsync(
            """
            delete from sign_ins where token_hash in (
                select token_hash from sign_ins where expires_at < now() limit $1 for update skip locked)
            """,
            cancellationToken);
        await DeleteAsync(
            """
            delete from sign_in_attempts where name_hash in (
                select name_hash from sign_in_attempts where since < now() - $2 limit $1 for update skip locked)
            """,
            cancellationToken,
            SignInStore.AttemptWindow);
        // Revision 1 of the only project is the starter game as it came.
        return await DeleteAsync(
            """
            delete from accounts where guest and id in (
                select a.id from accounts a
                where a.guest and a.created_at < now() - interval '1 day'
                  and not exists (select from sessions s where s.account_id = a.id and s.ended_at is null)
                  and (not exists (select from sign_ins s where s.account_id = a.id)
                       or (not exists (select from sign_ins s where s.account_id = a.id and s.seen_at > now() - $2)
                           and not exists (select from sessions s where s.account_id = a.id)
                           and not exists (select from projects p where p.owner_id = a.id and p.revision > 1)
                           and (select count(*) from projects p where p.owner_id = a.id) <= 1))
                limit $1 for update skip locked)
            """,
            cancellationToken,
            UntouchedGuest);
    }

    protected override async Task DoRoundAsync(CancellationToken cancellationToken)
    {
        int guests = await TidyAsync(cancellationToken);
        if (guests > 0)
        {
            LogRemoved(guests);
        }
    }

    private async Task<int> DeleteAsync(string sql, CancellationToken cancellationToken, TimeSpan? age = null)
    {
        int all = 0;
        for (; ; )
        {
            await using NpgsqlCommand command = database.CreateCommand(sql);
            command.Parameters.Add(new() { Value = Batch });
            if (age is { } span)
            {
                command.Parameters.Add(new() { Value = span });
            }

            int rows = await command.ExecuteNonQueryAsync(cancellationToken);
            all += rows;
            if (rows < Batch)
            {
                return all;
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "Removed {Guests} guests to whom nobody can come back")]
    private partial void LogRemoved(int guests);
}
