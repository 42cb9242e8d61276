using System.Globalization;
using Npgsql;
using PixelGameDev.Api.Database;
using PixelGameDev.Api.History;
using PixelGameDev.Api.History.Objects;

namespace PixelGameDev.Api.Administration;

/// <summary>
/// Implements <c>--bring-back-history now</c>: moves all contents of the history from the object store back to the database and exits. An
/// operator runs it before the store is switched off.
/// </summary>
internal static class BringBackHistory
{
    public const string Setting = "bring-back-history";

    private const int Batch = 50;

    /// <summary>Moves everything back. Returns the exit code: 0 on success, 1 on failure.</summary>
    public static async Task<int> RunAsync(IServiceProvider services)
    {
        if (services.GetService<ObjectStore>() is not { } objects)
        {
            await Console.Error.WriteLineAsync(
                "No object store is set. Set OBJECT_STORE_BUCKET and what belongs to it, then run this again.");
            return 1;
        }

        try
        {
            await services.GetRequiredService<DatabaseMigrator>().MigrateAsync(CancellationToken.None);
            NpgsqlDataSource database = services.GetRequiredService<NpgsqlDataSource>();
            await using DatabaseLock? held = await BlobMover.TryLockAsync(database, CancellationToken.None);
            if (held is null)
            {
                await Console.Error.WriteLineAsync(
                    "A running Api moves contents to the object store right now. Stop every Api, then run this again.");
                return 1;
            }

            (long back, long missing) = await RunAsync(database, objects);
            await Console.Out.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"{back} contents of the history are in the database again."));
            if (missing == 0)
            {
                return 0;
            }

            await Console.Error.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"The object store does not have {missing} contents. They stay noted as moved."));
        }
        catch (ObjectStoreException error)
        {
            await Console.Error.WriteLineAsync($"The object store does not answer as it should. {error.Message} Run this again later.");
        }
        catch (Exception error) when (error is NpgsqlException || DatabaseErrors.IsTransient(error))
        {
            await Console.Error.WriteLineAsync($"The database does not answer: {error.Message}");
        }

        return 1;
    }

    private static async Task<(long Back, long Missing)> RunAsync(NpgsqlDataSource database, ObjectStore objects)
    {
        long back = 0;
        long missing = 0;
        byte[] after = [];
        while (true)
        {
            List<MovedBlob> blobs = await database.ListAsync<MovedBlob>(
                "select hash, object from blobs where object is not null and hash > $1 order by hash limit $2", [after, Batch],
                CancellationToken.None);
            foreach (MovedBlob blob in blobs)
            {
                if (await objects.ReadAsync(blob.Object, new BlobHash(blob.Hash), CancellationToken.None) is not { } content)
                {
                    missing++;
                    continue;
                }

                back += await database.ExecuteAsync(
                    """
                    with here as (
                        update blobs set content = $3, object = null where hash = $1 and object = $2 returning 1)
                    insert into unneeded_objects (key) select $2 from here on conflict do nothing
                    """,
                    [blob.Hash, blob.Object, content],
                    CancellationToken.None);
            }

            if (blobs.Count < Batch)
            {
                return (back, missing);
            }

            after = blobs[^1].Hash;
        }
    }

    private sealed record MovedBlob(byte[] Hash, string Object);
}
