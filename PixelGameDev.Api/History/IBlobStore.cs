namespace PixelGameDev.Api.History;

/// <summary>Reads the content of blobs, and removes those that nothing needs any more.</summary>
/// <remarks>
/// A new content is always written to the table <c>blobs</c>, in the transaction that refers to it. A store outside of the database takes
/// contents over from there afterwards and sets them to null; so no transaction waits for it, and none refers to what it lacks.
/// </remarks>
internal interface IBlobStore
{
    /// <summary>Reads contents by their hash (SHA-256). A hash that the store does not have is missing in the result.</summary>
    Task<IReadOnlyDictionary<BlobHash, byte[]>> ReadAsync(IReadOnlyCollection<BlobHash> hashes, CancellationToken cancellationToken);

    /// <summary>Removes contents. A hash that the store does not have is no error.</summary>
    Task RemoveAsync(IReadOnlyCollection<BlobHash> hashes, CancellationToken cancellationToken);
}
