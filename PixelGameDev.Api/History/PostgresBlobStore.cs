using Npgsql;
using PixelGameDev.Api.Database;

namespace PixelGameDev.Api.History;

/// <summary>Stores contents in the table <c>blobs</c>.</summary>
internal sealed class PostgresBlobStore(NpgsqlDataSource database) : IBlobStore
{
    public async Task<IReadOnlyDictionary<BlobHash, byte[]>> ReadAsync(
        IReadOnlyCollection<BlobHash> hashes, CancellationToken cancellationToken) =>
        hashes.Count == 0 ? new Dictionary<BlobHash, byte[]>() : (await database.ListAsync<Blob>(
            "select hash, content from blobs where hash = any($1) and content is not null",
            [hashes.Select(static hash => hash.Bytes).ToArray()],
            cancellationToken)).ToDictionary(static blob => new BlobHash(blob.Hash), static blob => blob.Content);

    // The content is a column of the row, which the cleanup removes.
    public Task RemoveAsync(IReadOnlyCollection<BlobHash> hashes, CancellationToken cancellationToken) => Task.CompletedTask;

    private sealed record Blob(byte[] Hash, byte[] Content);
}
