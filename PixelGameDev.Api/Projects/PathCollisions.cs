namespace PixelGameDev.Api.Projects;

/// <summary>Finds names that would be both a file and a folder.</summary>
internal static class PathCollisions
{
    /// <summary>
    /// Returns those of <paramref name="paths"/> that do not fit beside another path of <paramref name="all"/>, each with that path.
    /// </summary>
    public static List<(string Path, string Obstacle)> Find(IEnumerable<string> all, IEnumerable<string> paths)
    {
        HashSet<string> known = new(all, StringComparer.Ordinal);
        Dictionary<string, string> folders = new(StringComparer.Ordinal);
        foreach (string path in known)
        {
            foreach (string folder in FoldersOf(path))
            {
                folders.TryAdd(folder, path);
            }
        }

        List<(string, string)> found = [];
        foreach (string path in paths)
        {
            if ((folders.GetValueOrDefault(path) ?? FoldersOf(path).FirstOrDefault(known.Contains)) is { } obstacle)
            {
                found.Add((path, obstacle));
            }
        }

        return found;
    }

    /// <summary>Returns the folders of a path: <c>a</c> and <c>a/b</c> of <c>a/b/c.png</c>.</summary>
    private static IEnumerable<string> FoldersOf(string path)
    {
        for (int slash = path.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            yield return path[..slash];
        }
    }
}
