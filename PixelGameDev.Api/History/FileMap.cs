namespace PixelGameDev.Api.History;

/// <summary>Maps the paths of a tree to the hashes of their contents.</summary>
internal static class FileMap
{
    public static Dictionary<string, BlobHash> Of(string[] paths, byte[][] hashes)
    {
        Dictionary<string, BlobHash> map = new(paths.Length, StringComparer.Ordinal);
        for (int i = 0; i < paths.Length; i++)
        {
            map[paths[i]] = new BlobHash(hashes[i]);
        }

        return map;
    }
}
