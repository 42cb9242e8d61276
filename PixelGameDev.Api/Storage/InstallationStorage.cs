using Npgsql;
using PixelGameDev.Api.Database;
using PixelGameDev.Api.Problems;
using PixelGameDev.ServiceDefaults;

namespace PixelGameDev.Api.Storage;

/// <summary>
/// Tracks how many bytes the files of all accounts and their history use. It reads the sum from the database every minute and adds what
/// this server writes in between.
/// </summary>
/// <remarks>
/// A single counter in the database would be exact, but every save would wait for its row. Several servers together may exceed the limit by
/// what they write within a minute.
/// </remarks>
internal sealed class InstallationStorage(
    NpgsqlDataSource database, StorageOptions options, DatabaseMigrator migrator, TimeProvider time, BackgroundWork work)
    : RecurringDatabaseWork("storage", TimeSpan.FromMinutes(1), migrator, time, work)
{
    private long _used;

    /// <summary>Returns the bytes that the files of all accounts use, as far as this server knows.</summary>
    public long Used => Interlocked.Read(ref _used);

    /// <summary>Adds written bytes until the sum is read again. Call it after the commit, because a rollback writes nothing.</summary>
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

    /// <summary>Reads the sum of all accounts from the database.</summary>
    internal async Task RefreshAsync(CancellationToken cancellationToken) => Interlocked.Exchange(
        ref _used, await database.FindAsync<long>(
            "select coalesce(sum(bytes_used), 0)::bigint + pg_table_size('blobs') + pg_table_size('pictures') from accounts", [],
            cancellationToken));

    protected override Task ExecuteOnceAsync(CancellationToken cancellationToken) => RefreshAsync(cancellationToken);
}
