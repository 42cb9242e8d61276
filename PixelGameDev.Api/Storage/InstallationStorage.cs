using Npgsql;
using PixelGameDev.Api.Database;
using PixelGameDev.Api.Problems;
using PixelGameDev.ServiceDefaults;

namespace PixelGameDev.Api.Storage;

/// <summary>
/// Knows how many bytes everybody's files take together: the sum is read from the database every minute, and what this server writes
/// in between is added.
/// </summary>
/// <remarks>
/// One counter for all accounts in the database would be exact, but every save of everybody would wait for its row. Several servers
/// may pass the limit by what they write in a minute.
/// </remarks>
internal sealed class InstallationStorage(
    NpgsqlDataSource database, StorageOptions options, DatabaseMigrator migrator, TimeProvider time, BackgroundWork work)
    : RecurringDatabaseWork("storage", TimeSpan.FromMinutes(1), migrator, time, work)
{
    private long _used;

    /// <summary>Bytes of everybody's files, as far as this server knows.</summary>
    public long Used => Interlocked.Read(ref _used);

    /// <summary>Adds what was written, until the sum is read again. Call it after the commit: what rolls back was not written.</summary>
    public void Add(long added) => Interlocked.Add(ref _used, added);

    /// <exception cref="ProblemException">507: <paramref name="added"/> more bytes do not fit.</exception>
    public void Check(long added)
    {
        if (Used + added > options.InstallationBytes)
        {
            throw new ProblemException(
                StatusCodes.Status507InsufficientStorage,
                "installation_full",
                "This server is full",
                "The disk of this server has no room for more. Your saved work is safe. Delete what you no longer need, and tell the " +
                    "person who runs this server.");
        }
    }

    /// <summary>Reads the sum from the database.</summary>
    internal async Task RefreshAsync(CancellationToken cancellationToken) => Interlocked.Exchange(
        ref _used, await database.FindAsync<long>("select coalesce(sum(bytes_used), 0)::bigint from accounts", [], cancellationToken));

    protected override Task ExecuteOnceAsync(CancellationToken cancellationToken) => RefreshAsync(cancellationToken);
}
