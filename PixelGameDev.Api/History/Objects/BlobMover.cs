using Npgsql;
using PixelGameDev.Api.Database;
using PixelGameDev.ServiceDefaults;

namespace PixelGameDev.Api.History.Objects;

/// <summary>
/// Moves large contents of the history from the database to the object store, and removes objects that nothing needs any more. Only one
/// server at a time does this. Nobody waits for it.
/// </summary>
/// <remarks>
/// A content is moved in three steps, and a server may die after each of them:
/// <list type="number">
/// <item>A new key is written to <c>unneeded_objects</c>.</item>
/// <item>The object is written, read back and compared with the hash.</item>
/// <item>One statement takes the key out of that table, gives it to the blob and sets the content to null. It does nothing if the blob was
/// removed meanwhile, was moved by another server, or if the removal has claimed the key.</item>
/// </list>
/// When the store does not answer, the contents stay in the database. The pauses before the next try grow.
/// </remarks>
internal sealed partial class BlobMover(
    NpgsqlDataSource database, ObjectStore objects, DatabaseMigrator migrator, TimeProvider time, BackgroundWork work,
    ILogger<BlobMover> logger)
    : RecurringDatabaseWork("object-store", Interval, migrator, time, work)
{
    /// <summary>
    /// The size in bytes from which a content is moved. A smaller one, such as most Python files, is quicker to read in the database. The
    /// index <c>blobs_large</c> has the same number.
    /// </summary>
    public const int MinSize = 16_384;

    /// <summary>How long an object that nothing needs any more is kept.</summary>
    public static readonly TimeSpan UnneededLifetime = TimeSpan.FromDays(1);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan MaxPause = TimeSpan.FromMinutes(5);

    /// <summary>A round ends after this time, so that health does not take a long move for a round that hangs.</summary>
    private static readonly TimeSpan MaxRound = TimeSpan.FromSeconds(60);

    private const int Batch = 20;

    // An arbitrary number that nothing else in this database uses.
    private const long AdvisoryLock = 0x50495845_4D4F5645;

    private byte[] _after = [];
    private TimeSpan _pause;
    private long _failedAt;
    private ObjectStoreException? _failure;

    /// <summary>Takes the lock of this work, or returns null at once while another server has it.</summary>
    public static Task<DatabaseLock?> TryLockAsync(NpgsqlDataSource database, CancellationToken cancellationToken) =>
        DatabaseLock.TryTakeAsync(database, AdvisoryLock, cancellationToken);

    /// <summary>Executes one round and returns the number of moved contents.</summary>
    /// <exception cref="ObjectStoreException">The store does not do what it was asked for.</exception>
    internal async Task<int> MoveAsync(CancellationToken cancellationToken)
    {
        await using DatabaseLock? held = await TryLockAsync(database, cancellationToken);
        if (held is null)
        {
            return 0;
        }

        await objects.CheckAsync(cancellationToken);
        await RemoveUnneededAsync(cancellationToken);
        int moved = 0;
        for (long began = Time.GetTimestamp(); Time.GetElapsedTime(began) < MaxRound;)
        {
            List<byte[]> hashes = await database.ListAsync<byte[]>(
                """
                select hash from blobs where content is not null and size >= 16384 and object is null and hash > $1
                order by hash limit $2
                """,
                [_after, Batch],
                cancellationToken);
            foreach (byte[] hash in hashes)
            {
                // After a failure the next round begins behind this content, so that one that the store refuses does not hold up others.
                _after = hash;
                moved += await MoveAsync(new BlobHash(hash), cancellationToken) ? 1 : 0;
            }

            if (hashes.Count < Batch)
            {
                _after = [];
                break;
            }
        }

        return moved;
    }

    /// <summary>Moves one content.</summary>
    /// <returns>False if it was removed or moved meanwhile.</returns>
    internal async Task<bool> MoveAsync(BlobHash hash, CancellationToken cancellationToken)
    {
        if (await database.FindAsync<byte[]>("select content from blobs where hash = $1 and content is not null", [hash.Bytes],
            cancellationToken) is not { } content)
        {
            return false;
        }

        string key = ObjectStore.NewKey(hash);
        await database.ExecuteAsync("insert into unneeded_objects (key) values ($1)", [key], cancellationToken);
        await objects.WriteAsync(key, hash, content, cancellationToken);
        if (await database.ExecuteAsync(
            """
            with here as (
                select hash from blobs where hash = $1 and object is null for update),
            given as (
                delete from unneeded_objects where key = $2 and not claimed and exists (select from here) returning key)
            update blobs set object = given.key, content = null from given where blobs.hash = $1
            """,
            [hash.Bytes, key],
            cancellationToken) == 1)
        {
            return true;
        }

        // The removal may have been here before the object was.
        await database.ExecuteAsync("insert into unneeded_objects (key) values ($1) on conflict do nothing", [key], cancellationToken);
        return false;
    }

    /// <summary>Executes one round, or none during the pause after a failed one.</summary>
    /// <exception cref="BackgroundDependencyException">The store does not do what it was asked for.</exception>
    internal async Task ExecuteUnlessPausedAsync(CancellationToken cancellationToken)
    {
        if (_failure is not null && Time.GetElapsedTime(_failedAt) < _pause)
        {
            throw new BackgroundDependencyException(_failure);
        }

        try
        {
            int moved = await MoveAsync(cancellationToken);
            if (moved > 0)
            {
                LogMoved(moved);
            }

            (_failure, _pause) = (null, TimeSpan.Zero);
        }
        catch (ObjectStoreException error)
        {
            if (_failure?.Message != error.Message)
            {
                LogFailed(error.Message);
            }

            _failure = error;
            _failedAt = Time.GetTimestamp();
            _pause = _pause == TimeSpan.Zero ? Interval : _pause * 2 < MaxPause ? _pause * 2 : MaxPause;
            // BackgroundWork names it in the health, and does not log it a second time.
            throw new BackgroundDependencyException(error);
        }
    }

    protected override Task ExecuteOnceAsync(CancellationToken cancellationToken) => ExecuteUnlessPausedAsync(cancellationToken);

    private async Task RemoveUnneededAsync(CancellationToken cancellationToken)
    {
        List<string> keys;
        do
        {
            // Claimed in a statement of its own: from now on no blob gets such a key, however long the removal takes.
            keys = await database.ListAsync<string>(
                """
                update unneeded_objects set claimed = true
                where key in (select key from unneeded_objects where since < now() - $1 order by since limit $2)
                returning key
                """,
                [UnneededLifetime, Batch],
                cancellationToken);
            foreach (string key in keys)
            {
                await objects.RemoveAsync(key, cancellationToken);
            }

            await database.ExecuteAsync("delete from unneeded_objects where key = any($1)", [keys.ToArray()], cancellationToken);
        }
        while (keys.Count == Batch);
    }

    [LoggerMessage(LogLevel.Information, "Moved {Contents} contents of the history to the object store")]
    private partial void LogMoved(int contents);

    [LoggerMessage(
        LogLevel.Warning,
        "The object store is not available; contents of the history stay in the database until it is. Older versions that are there " +
            "cannot be read meanwhile. {Reason}")]
    private partial void LogFailed(string reason);
}
