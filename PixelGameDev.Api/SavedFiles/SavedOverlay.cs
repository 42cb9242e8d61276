using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Api.SavedFiles;

/// <summary>Lays the saved files of a player over the files of a project.</summary>
internal static class SavedOverlay
{
    /// <summary>Returns the files of a run, and which of them are saved ones.</summary>
    /// <remarks>
    /// A saved file whose path would be both a file and a folder is left out: the project may have got a folder of that name since.
    /// </remarks>
    public static (IReadOnlyList<SessionFile> Files, IReadOnlyList<string> Saved) Create(
        IReadOnlyList<SessionFile> project, IReadOnlyList<SessionFile> saved)
    {
        if (saved.Count == 0)
        {
            return (project, []);
        }

        Dictionary<string, SessionFile> files = project.ToDictionary(static file => file.Path, StringComparer.Ordinal);
        HashSet<string> folders = new(project.SelectMany(static file => FoldersOf(file.Path)), StringComparer.Ordinal);
        List<string> paths = [];
        foreach (SessionFile file in saved)
        {
            // The rules may be stricter than those of the version that stored it.
            if (SavedFileRules.GetRefusal(file.Path) is null && !folders.Contains(file.Path)
                && !FoldersOf(file.Path).Any(files.ContainsKey))
            {
                files[file.Path] = file;
                folders.UnionWith(FoldersOf(file.Path));
                paths.Add(file.Path);
            }
        }

        return ([.. files.Values], paths);
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
