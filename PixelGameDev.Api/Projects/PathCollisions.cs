namespace PixelGameDev.Api.Projects;

/// <summary>Finds names that would be both a file and a folder.</summary>
internal static class PathCollisions
{
    /// <summary>
    /// Returns those of <paramref name="paths"/> that do not fit beside another path of <paramref name="all"/>, each with that path.
    /// </summary>
    public static List<(string Path, string Obstacle)> Find(IEnumerable<string> all, IEnumerable<string> paths)
    {
        PathSet known = new();
        foreach (string path in all)
        {
            known.Add(path);
        }

        List<(string, string)> found = [];
        foreach (string path in paths)
        {
            if (known.FindObstacle(path) is { } obstacle)
            {
                found.Add((path, obstacle));
            }
        }

        return found;
    }
}

/// <summary>Holds the paths of files, and knows their folders.</summary>
internal sealed class PathSet
{
    private readonly HashSet<string> _paths = new(StringComparer.Ordinal);

    // Each folder with a file in it.
    private readonly Dictionary<string, string> _folders = new(StringComparer.Ordinal);

    public bool Contains(string path) => _paths.Contains(path);

    public void Add(string path)
    {
        if (_paths.Add(path))
        {
            foreach (string folder in FoldersOf(path))
            {
                _folders.TryAdd(folder, path);
            }
        }
    }

    /// <summary>Returns a file that has this path as its folder, or that this path has as its folder; null if there is none.</summary>
    public string? FindObstacle(string path) => _folders.GetValueOrDefault(path) ?? FoldersOf(path).FirstOrDefault(_paths.Contains);

    /// <summary>Returns the folders of a path: <c>a</c> and <c>a/b</c> of <c>a/b/c.png</c>.</summary>
    private static IEnumerable<string> FoldersOf(string path)
    {
        for (int slash = path.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            yield return path[..slash];
        }
    }
}
