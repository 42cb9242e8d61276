using System.IO.Compression;
using PixelGameDev.Api.Problems;

namespace PixelGameDev.Api.Projects.Zip;

/// <summary>What was read from a zip.</summary>
/// <param name="Entry">The file that starts the game.</param>
/// <param name="Files">The files that were taken.</param>
/// <param name="LeftOut">The files that were not, each with the reason.</param>
internal sealed record ZipContent(string Entry, IReadOnlyList<TemplateFile> Files, IReadOnlyList<RefusedFile> LeftOut);

/// <summary>Reads the zip of a game. Whatever it claims, no more than a project's worth of bytes is unpacked.</summary>
internal sealed class ZipReader(ProjectLimits limits)
{
    /// <summary>The maximum number of entries that are looked at, folders included.</summary>
    public const int MaxEntries = 5 * ProjectLimits.MaxFiles;

    // Unpacking stops here, also of files that are left out afterwards.
    private const long MaxUnpacked = 2L * ProjectLimits.MaxProjectBytes;

    // What systems and tools leave in folders; nobody misses it.
    private static readonly HashSet<string> Ignored = new(StringComparer.OrdinalIgnoreCase)
    {
        "__MACOSX", "__pycache__", ".git", ".idea", ".vscode", ".venv", "venv", ".DS_Store", "Thumbs.db", "desktop.ini",
    };

    /// <exception cref="ProblemException">400: not a zip, or no Python file in it; 413: too many entries.</exception>
    public ZipContent Read(byte[] bytes)
    {
        List<(string Path, ZipArchiveEntry Entry)> entries;
        try
        {
            using ZipArchive zip = new(new MemoryStream(bytes, writable: false), ZipArchiveMode.Read);
            if (zip.Entries.Count > MaxEntries)
            {
                throw Problem.TooLarge("too_many_files", "Too many files",
                    $"A project can hold {ProjectLimits.MaxFiles} files, and this zip has {zip.Entries.Count}.",
                    ("limit", ProjectLimits.MaxFiles));
            }

            entries = [.. zip.Entries.Select(static entry => (PathOf(entry), entry)).Where(static entry => IsWanted(entry.Item1))];
            return Read(WithoutCommonFolder(entries));
        }
        catch (Exception error) when (IsBroken(error))
        {
            throw Problem.Invalid("bad_zip", "This is not a zip", "The file is not a zip, or it is broken. Make the zip again.");
        }
    }

    private ZipContent Read(List<(string Path, ZipArchiveEntry Entry)> entries)
    {
        List<TemplateFile> files = [];
        List<RefusedFile> leftOut = [];
        long unpacked = 0;
        string? entryOfLauncher = null;
        foreach ((string name, ZipArchiveEntry entry) in entries)
        {
            try
            {
                string path = FilePaths.Check(name);
                limits.CheckFile(path, entry.Length);
                byte[] content = Unpack(entry, path, ref unpacked);
                if (Launcher.FindEntry(path, content) is { } started)
                {
                    entryOfLauncher = started;
                    continue;
                }

                Check(path, content, files);
                files.Add(new TemplateFile(path, content, FileKinds.IsBinary(path, content)));
            }
            catch (ProblemException problem)
            {
                leftOut.Add(new RefusedFile(name, problem));
            }
        }

        return new ZipContent(ChooseEntry(files, entryOfLauncher), files, leftOut);
    }

    private void Check(string path, byte[] content, List<TemplateFile> files)
    {
        if (files.Exists(file => file.Path == path))
        {
            throw FileStore.NameTaken(path);
        }

        if (PathCollisions.Find([path, .. files.Select(static file => file.Path)], [path]) is [var (_, obstacle), ..])
        {
            throw ProjectSurvey.FileAndFolder(path, obstacle);
        }

        limits.CheckProject(
            files.Count + 1,
            files.Sum(static file => (long)file.Content.Length) + content.Length,
            files.Where(static file => FileKinds.IsSource(file.Path)).Sum(static file => (long)file.Content.Length)
                + (FileKinds.IsSource(path) ? content.Length : 0));
    }

    /// <summary>Unpacks a file, at most as many bytes as a file may have: the length that the zip claims proves nothing.</summary>
    private static byte[] Unpack(ZipArchiveEntry entry, string path, ref long unpacked)
    {
        if (unpacked >= MaxUnpacked)
        {
            throw Problem.TooLarge("project_too_large", "The project is full", "There is no room for this file any more.",
                ("megabytes", ProjectLimits.MaxProjectBytes / 1_000_000));
        }

        try
        {
            using Stream stream = entry.Open();
            using MemoryStream content = new();
            byte[] buffer = new byte[81_920];
            int read;
            while ((read = stream.Read(buffer)) > 0)
            {
                unpacked += read;
                if (content.Length + read > ProjectLimits.MaxFileBytes)
                {
                    throw ProjectLimits.FileTooLarge(path);
                }

                content.Write(buffer, 0, read);
            }

            return content.ToArray();
        }
        catch (Exception error) when (IsBroken(error))
        {
            // Damaged, encrypted, or packed in a way that nobody uses.
            throw Problem.Invalid("bad_zip", "The file cannot be read", $"\"{path}\" in the zip is damaged, or it has a password.");
        }
    }

    /// <summary>What the framework throws for a zip that is broken in one way or another.</summary>
    private static bool IsBroken(Exception error) =>
        error is InvalidDataException or IOException or NotSupportedException or ArgumentException or OverflowException;

    private static string ChooseEntry(List<TemplateFile> files, string? entryOfLauncher)
    {
        List<TemplateFile> programs =
        [
            .. files.Where(static file => FileKinds.IsSource(file.Path))
                .OrderBy(static file => file.Path.Count(static letter => letter == '/'))
                .ThenBy(static file => file.Path, StringComparer.Ordinal),
        ];
        if (programs.Count == 0)
        {
            throw Problem.Invalid("no_python", "There is no game in it",
                "The zip has no Python file that can be used. A game needs one, for example main.py.");
        }

        return programs.Find(file => file.Path == entryOfLauncher)?.Path
            ?? programs.Find(static file => file.Path is Launcher.MainFile)?.Path
            ?? programs.Find(static file => file.Path.EndsWith("/main.py", StringComparison.Ordinal))?.Path
            ?? programs.Find(static file => file.Content.AsSpan().IndexOf("set_mode"u8) >= 0)?.Path
            ?? programs[0].Path;
    }

    // Windows writes backslashes into some zips.
    private static string PathOf(ZipArchiveEntry entry)
    {
        string path = entry.FullName.Replace('\\', '/');
        return path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path;
    }

    private static bool IsWanted(string path) =>
        path.Length > 0 && path[^1] != '/' && !path.EndsWith(".pyc", StringComparison.OrdinalIgnoreCase)
        && !path.Split('/').Any(Ignored.Contains);

    /// <summary>A zip of a folder has that folder in front of every path.</summary>
    private static List<(string, ZipArchiveEntry)> WithoutCommonFolder(List<(string Path, ZipArchiveEntry Entry)> entries)
    {
        while (entries.Count > 0 && entries[0].Path.IndexOf('/', StringComparison.Ordinal) is var slash and > 0)
        {
            string folder = entries[0].Path[..(slash + 1)];
            // A folder of assets alone keeps its name.
            if (folder == "../" || !entries.TrueForAll(entry => entry.Path.StartsWith(folder, StringComparison.Ordinal)))
            {
                break;
            }

            entries = [.. entries.Select(entry => (entry.Path[folder.Length..], entry.Entry))];
        }

        return entries;
    }
}
