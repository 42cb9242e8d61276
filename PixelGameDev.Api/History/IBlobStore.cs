using PixelGameDev.Api.Problems;

namespace PixelGameDev.Api.History;

/// <summary>Reads the content of blobs.</summary>
/// <remarks>
/// A new content is always written to the table <c>blobs</c>, in the transaction that refers to it. With an object store,
/// <see cref="Objects.BlobMover"/> moves large contents there afterwards; so no transaction waits for the store, and none refers to what it
/// lacks.
/// </remarks>
internal interface IBlobStore
{
    /// <summary>Reads contents by their hash (SHA-256). A hash that does not exist is missing in the result.</summary>
    /// <exception cref="ProblemException">503: the object store does not answer.</exception>
    Task<IReadOnlyDictionary<BlobHash, byte[]>> ReadAsync(IReadOnlyCollection<BlobHash> hashes, CancellationToken cancellationToken);

    /// <summary>Checks that contents can be read, before an answer begins that cannot be taken back.</summary>
    /// <exception cref="ProblemException">503: the object store does not answer.</exception>
    Task CheckAsync(CancellationToken cancellationToken);
}
