using Npgsql;
using PixelGameDev.Api.Database;
using PixelGameDev.ServiceDefaults;

namespace PixelGameDev.Api.Sessions.Records;

/// <summary>
/// Removes the records of sessions <see cref="Records"/> after their end, and their console output after <see cref="Tails"/>. Only one
/// server at a time does this, in small batches.
/// </summary>
internal sealed partial class SessionRetention(
    NpgsqlDataSource database, DatabaseMigrator migrator, TimeProvider time, BackgroundWork work, ILogger<SessionRetention> logger)
    : RecurringDatabaseWork("session-retention", TimeSpan.FromHours(1), migrator, time, work)
{
    /// <summary>How long a record is kept.</summary>
    public static readonly TimeSpan Records = TimeSpan.FromDays(90);

    /// <summary>How long the console output of a session is kept.</summary>
    public static readonly TimeSpan Tails = TimeSpan.FromDays(7);

    private const long AdvisoryLock = 0x50495845_53455353;

    // Small enough that other transactions do not wait long for the locks.
    private const int Batch = 500;

    /// <summary>Executes one round.</summary>
    /// <returns>The number of removed records and of removed console outputs; zero while another server does the work.</returns>
    internal async Task<(int Records, int Tails)> ExpireAsync(CancellationToken cancellationToken)
    {
        await using DatabaseLock? held = await DatabaseLock.TryTakeAsync(database, AdvisoryLock, cancellationToken);
        if (held is null)
        {
            return default;
        }

        // Each step follows the order of the index and starts where the previous step ended, so removed rows are not read again.
        int records = await RepeatAsync(
            held.Connection,
            """
            delete from sessions where id in (
                select id from sessions where ended_at < now() - $1 order by ended_at, id limit $2 for update skip locked)
            """,
            Records,
            cancellationToken);
        int tails = await RepeatAsync(
            held.Connection,
            """
            update sessions set console_tail = null where id in (
                select id from sessions where console_tail is not null and ended_at < now() - $1
                order by ended_at, id limit $2 for update skip locked)
            """,
            Tails,
            cancellationToken);
        return (records, tails);
    }

    protected override async Task ExecuteOnceAsync(CancellationToken cancellationToken)
    {
        (int records, int tails) = await ExpireAsync(cancellationToken);
        if (records + tails > 0)
        {
            LogExpired(records, tails);
        }
    }

    private static async Task<int> RepeatAsync(NpgsqlConnection connection, string sql, TimeSpan age, CancellationToken cancellationToken)
    {
        for (int all = 0; ;)
        {
            int rows = await connection.ExecuteAsync(sql, [age, Batch], cancellationToken);
            all += rows;
            if (rows < Batch)
            {
                return all;
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "Removed {Records} old records of sessions, and what {Tails} games printed")]
    private partial void LogExpired(int records, int tails);
}
