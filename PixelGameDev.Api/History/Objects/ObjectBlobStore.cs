using System.Collections.Concurrent;
using Npgsql;
using PixelGameDev.Api.Database;
using PixelGameDev.Api.Problems;

namespace PixelGameDev.Api.History.Objects;

/// <summary>Reads contents from the table <c>blobs</c>, and those that were moved out of it from the object store.</summary>
/// <param name="database">The database.</param>
/// <param name="objects">The object store; null without one.</param>
/// <param name="logger">Receives what the store does not give.</param>
internal sealed partial class ObjectBlobStore(NpgsqlDataSource database, ObjectStore? objects, ILogger<ObjectBlobStore> logger)
    : IBlobStore
{
    private const int RequestsAtOnce = 8;

    /// <summary>The longest time that a person waits for the store.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(15);

    public async Task<IReadOnlyDictionary<BlobHash, byte[]>> ReadAsync(
        IReadOnlyCollection<BlobHash> hashes, CancellationToken cancellationToken)
    {
        ConcurrentDictionary<BlobHash, byte[]> contents = [];
        List<Blob> moved = await ListAsync(hashes, contents, cancellationToken);
        if (moved.Count == 0)
        {
            return contents;
        }

        ObjectStore store = objects ?? throw Unavailable();
        ConcurrentBag<Blob> missing = [];
        await WithinAsync(limited => Parallel.ForEachAsync(
            moved,
            new ParallelOptions { MaxDegreeOfParallelism = RequestsAtOnce, CancellationToken = limited },
            async (blob, token) =>
            {
                if (await store.ReadAsync(blob.Object!, new BlobHash(blob.Hash), token) is { } content)
                {
                    contents[new BlobHash(blob.Hash)] = content;
                }
                else
                {
                    missing.Add(blob);
                }
            }), cancellationToken);
        if (!missing.IsEmpty)
        {
            // It came back to the database meanwhile, its last revision was removed, or somebody removed the object.
            BlobHash[] again = [.. missing.Select(static blob => new BlobHash(blob.Hash))];
            foreach (Blob lost in (await ListAsync(again, contents, cancellationToken))
                .Where(blob => missing.Any(one => one.Object == blob.Object)))
            {
                LogLost(lost.Object!);
            }
        }

        return contents;
    }

    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        if (objects is not null)
        {
            await WithinAsync(objects.CheckAsync, cancellationToken);
        }
        else if (await database.FindAsync<bool>("select exists (select from blobs where object is not null)", [], cancellationToken))
        {
            throw Unavailable();
        }
    }

    /// <summary>Adds the contents of the table to <paramref name="contents"/>, and returns the blobs whose content is an object.</summary>
    private async Task<List<Blob>> ListAsync(
        IReadOnlyCollection<BlobHash> hashes, ConcurrentDictionary<BlobHash, byte[]> contents, CancellationToken cancellationToken)
    {
        List<Blob> blobs = hashes.Count == 0 ? [] : await database.ListAsync<Blob>(
            "select hash, content, object from blobs where hash = any($1) and (content is not null or object is not null)",
            [hashes.Select(static hash => hash.Bytes).ToArray()],
            cancellationToken);
        foreach (Blob blob in blobs.Where(static blob => blob.Content is not null))
        {
            contents[new BlobHash(blob.Hash)] = blob.Content!;
        }

        return [.. blobs.Where(static blob => blob.Content is null)];
    }

    private async Task WithinAsync(Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(MaxWait);
        try
        {
            await work(limited.Token);
        }
        catch (Exception error)
            when (error is ObjectStoreException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            LogUnavailable(error is ObjectStoreException ? error.Message : "It does not answer in time.");
            throw Unavailable();
        }
    }

    private static ProblemException Unavailable() =>
        new(
            StatusCodes.Status503ServiceUnavailable, "history_away", "Older versions cannot be read right now",
            "The place where older versions are kept does not answer. Nothing is lost; try again later. Your game itself is not affected.")
        {
            RetryAfter = 30,
        };

    [LoggerMessage(LogLevel.Warning, "Older versions cannot be read from the object store. {Reason}")]
    private partial void LogUnavailable(string reason);

    [LoggerMessage(LogLevel.Error, "The object store does not have {Key}, which a revision needs")]
    private partial void LogLost(string key);

    private sealed record Blob(byte[] Hash, byte[]? Content, string? Object);
}
