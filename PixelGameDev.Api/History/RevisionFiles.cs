using PixelGameDev.Api.Problems;
using PixelGameDev.Api.Projects;

namespace PixelGameDev.Api.History;

/// <summary>The files of a revision, by the hashes of their contents.</summary>
internal sealed record RevisionFiles(long Number, string Entry, string[] Paths, byte[][] Hashes, bool[] Binaries, long Bytes)
{
    /// <summary>Reads the contents of all files.</summary>
    /// <exception cref="ProblemException">404: the revision was removed meanwhile; 503: the object store does not answer.</exception>
    public async Task<List<NewFile>> ReadAsync(IBlobStore blobs, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<BlobHash, byte[]> contents =
            await blobs.ReadAsync([.. Hashes.Select(static hash => new BlobHash(hash)).Distinct()], cancellationToken);
        return
        [
            .. Paths.Select((path, i) => new NewFile(
                path,
                contents.TryGetValue(new BlobHash(Hashes[i]), out byte[]? content) ? content : throw Problem.NotFound("file"),
                Binaries[i])),
        ];
    }

    /// <summary>Returns where a file is in the arrays; -1 if the revision has no such file.</summary>
    public int IndexOf(string path) => Array.IndexOf(Paths, path);
}
