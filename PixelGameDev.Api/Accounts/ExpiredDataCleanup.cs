using Npgsql;
using PixelGameDev.Api.Administration;
using PixelGameDev.Api.Database;
using PixelGameDev.Api.History;
using PixelGameDev.Api.Moderation;
using PixelGameDev.Api.Projects;
using PixelGameDev.Api.Security.Authentication;
using PixelGameDev.ServiceDefaults;

namespace PixelGameDev.Api.Accounts;

/// <summary>
/// Removes data that nobody can use any more, so that years of first visits do not fill the database: expired sign-ins, expired counts of
/// sign-in attempts, old entries of the audit log, invitations and settled reports, trash older than <see cref="TrashStore.Lifetime"/>,
/// history that has grown old, and guests. A guest is removed when its browser no longer has the cookie
/// (<see cref="SignInCookie.Lifetime"/> after its last visit), or <see cref="UntouchedGuest"/> after its last visit if it has changed
/// nothing and run nothing. Registered accounts are never removed.
/// </summary>
/// <remarks>
/// Only one server at a time does this. It works in batches of <see cref="Batch"/>, so that other transactions do not wait for its locks.
/// Each batch starts where the previous one ended, so a round reads every guest once.
/// </remarks>
internal sealed partial class ExpiredDataCleanup(
    NpgsqlDataSource database, DatabaseMigrator migrator, TimeProvider time, BackgroundWork work,
    ILogger<ExpiredDataCleanup> logger)
    : RecurringDatabaseWork("housekeeping", TimeSpan.FromHours(1), migrator, time, work)
{
    /// <summary>How long a guest that has changed nothing and run nothing is kept after its last visit.</summary>
    public static readonly TimeSpan UntouchedGuest = TimeSpan.FromDays(30);

    private const int Batch = 200;

    // An arbitrary number that nothing else in this database uses.
    private const long AdvisoryLock = 0x50495845_4C484B50;

    /// <summary>Executes one round and returns the number of removed guests. Does nothing while another server does the work.</summary>
    internal async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using DatabaseLock? held = await DatabaseLock.TryTakeAsync(database, AdvisoryLock, cancellationToken);
        if (held is null)
        {
            return 0;
        }

        await RemoveSignInsAsync(held.Connection, cancellationToken);
        await TrashExpiry.RemoveAsync(held.Connection, Batch, cancellationToken);
        int guests = await RemoveGuestsAsync(held.Connection, cancellationToken);
        await HistoryCleanup.RunAsync(held.Connection, Batch, cancellationToken);
        return guests;
    }

    protected override async Task ExecuteOnceAsync(CancellationToken cancellationToken)
    {
        int guests = await RunAsync(cancellationToken);
        if (guests > 0)
        {
            LogRemoved(guests);
        }
    }

    private static async Task RemoveSignInsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await RepeatAsync(
            "delete from sign_ins where token_hash in (select token_hash from sign_ins where expires_at < now() limit $1 for update " +
            "skip locked)", []);
        await RepeatAsync(
            "delete from sign_in_attempts where name_hash in (select name_hash from sign_in_attempts where since < now() - $2 limit $1 " +
                "for update skip locked)",
            [SignInAttempts.Window]);
        await RepeatAsync(
            "delete from audit_log where id in (select id from audit_log where at < now() - $2 limit $1 for update skip locked)",
            [AuditLog.Lifetime]);
        await RepeatAsync(
            "delete from invitations where id in (select id from invitations where expires_at < now() - $2 limit $1 for update " +
                "skip locked)",
            [AuditLog.Lifetime]);
        await RepeatAsync(
            "delete from reports where id in (select r.id from reports r join projects p on p.id = r.project_id " +
                "where r.settled_at < now() - $2 and p.taken_down_at is null limit $1 for update of r skip locked)",
            [ReportStore.Lifetime]);

        async Task RepeatAsync(string sql, object?[] values)
        {
            while (await connection.ExecuteAsync(sql, [Batch, .. values], cancellationToken) == Batch)
            {
            }
        }
    }

    /// <summary>Reads the guests in the order of their creation, one batch in each statement.</summary>
    private static async Task<int> RemoveGuestsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        int removed = 0;
        GuestBatch? last = new(0, DateTimeOffset.UnixEpoch, Guid.Empty);
        while (true)
        {
            last = await connection.FindAsync<GuestBatch>(
                $"""
                with batch as (
                    select id, created_at from accounts
                    where guest and created_at < now() - interval '1 day' and (created_at, id) > ($1, $2)
                    order by created_at, id limit $3),
                doomed as (
                    select a.id from accounts a
                    where a.guest and a.id in (select id from batch)
                      and not exists (select from sessions s where s.account_id = a.id and s.ended_at is null)
                      and (not exists (select from sign_ins s where s.account_id = a.id)
                           or (not exists (select from sign_ins s where s.account_id = a.id and s.seen_at > now() - $4)
                               and not exists (select from sessions s where s.account_id = a.id)
                               and not exists (select from saved_files f where f.account_id = a.id and f.content is not null)
                               and not exists (select from projects p where p.owner_id = a.id and {GuestWork.IsWork("p", "a")})
                               and not exists (
                                   select from projects p where p.trashed_owner_id = a.id and {GuestWork.IsWork("p", "a")})))
                    for update of a skip locked),
                gone as (
                    delete from accounts where guest and id in (select id from doomed) returning 1)
                select (select count(*) from gone)::int as removed, created_at as last_created_at, id as last_id
                from batch order by created_at desc, id desc limit 1
                """,
                [last.LastCreatedAt, last.LastId, Batch, UntouchedGuest],
                cancellationToken);
            if (last is null)
            {
                return removed;
            }

            removed += last.Removed;
        }
    }

    [LoggerMessage(LogLevel.Information, "Removed {Guests} guests to whom nobody can come back")]
    private partial void LogRemoved(int guests);

    /// <summary>Holds the number of removed guests of a batch, and the position where the next batch begins.</summary>
    private sealed record GuestBatch(int Removed, DateTimeOffset LastCreatedAt, Guid LastId);
}
