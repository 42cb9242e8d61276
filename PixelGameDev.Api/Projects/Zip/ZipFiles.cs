using PixelGameDev.Api.Problems;

namespace PixelGameDev.Api.Projects.Zip;

/// <summary>Collects the files of a zip that fit into one project.</summary>
internal sealed class ZipFiles(ProjectLimits limits)
{
    private readonly PathSet _paths = new();
    private readonly List<(string Path, byte[] Content, string Entry)> _launchers = [];
    private long _bytes;
    private long _codeBytes;

    public List<TemplateFile> Files { get; } = [];

    public List<RefusedFile> LeftOut { get; } = [];

    /// <summary>Checks that the project can have one more file. Call it before the file is unpacked.</summary>
    /// <exception cref="ProblemException">413</exception>
    public void CheckCount(string path)
    {
        // A launcher does not become a file of the project, and it may come last.
        if (!Launcher.IsName(path))
        {
            limits.CheckProject(Files.Count + 1, 0, 0);
        }
    }

    /// <summary>Adds a file. One that looks like a launcher waits for <see cref="FindStarted"/>.</summary>
    /// <exception cref="ProblemException">409, 413, 415</exception>
    public void Add(string path, byte[] content)
    {
        if (Launcher.FindEntry(path, content) is { } started)
        {
            _launchers.Add((path, content, started));
        }
        else
        {
            AddFile(path, content);
        }
    }

    /// <summary>
    /// Returns the file that the zip's launcher starts. A launcher whose file is not there is a file of the game: somebody has changed it.
    /// </summary>
    public string? FindStarted()
    {
        string? found = null;
        foreach ((string path, byte[] content, string entry) in _launchers)
        {
            if (_paths.Contains(entry))
            {
                found = entry;
                continue;
            }

            try
            {
                AddFile(path, content);
            }
            catch (ProblemException problem)
            {
                LeftOut.Add(new RefusedFile(path, problem));
            }
        }

        _launchers.Clear();
        return found;
    }

    private void AddFile(string path, byte[] content)
    {
        if (_paths.Contains(path))
        {
            throw FileStore.NameTaken(path);
        }

        if (_paths.FindObstacle(path) is { } obstacle)
        {
            throw ProjectSurvey.FileAndFolder(path, obstacle);
        }

        int code = FileKinds.IsSource(path) ? content.Length : 0;
        limits.CheckProject(Files.Count + 1, _bytes + content.Length, _codeBytes + code);
        Files.Add(new TemplateFile(path, content, FileKinds.IsBinary(path, content)));
        _paths.Add(path);
        _bytes += content.Length;
        _codeBytes += code;
    }
}
