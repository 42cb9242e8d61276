using System.IO.Compression;
using System.IO.Hashing;
using PixelGameDev.Api.Problems;

namespace PixelGameDev.Api.Projects.Zip;

/// <summary>What was read from a zip.</summary>
/// <param name="Entry">The file that starts the game.</param>
/// <param name="Files">The files that were taken.</param>
/// <param name="LeftOut">The files that were not, each with the reason.</param>
internal sealed record ZipContent(string Entry, IReadOnlyList<TemplateFile> Files, IReadOnlyList<RefusedFile> LeftOut);

/// <summary>
/// Reads the zip of a game; an instance reads one at a time. Whatever it claims, no more than a project's worth of bytes is unpacked.
/// </summary>
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

    // Names in a zip have up to 65,535 characters. Nobody needs a longer one than this in an answer.
    private const int MaxNameLength = 1000;
    private const int ShownNameLength = 150;

    private const string DamagedCode = "file_damaged";

    private readonly byte[] _buffer = new byte[81_920];

    /// <exception cref="ProblemException">400: not a zip, or no Python file in it; 413: too many entries.</exception>
    public ZipContent Read(byte[] bytes, CancellationToken cancellationToken)
    {
        try
        {
            using ZipArchive zip = new(new MemoryStream(bytes, writable: false), ZipArchiveMode.Read);
            if (zip.Entries.Count > MaxEntries)
            {
                throw Problem.TooLarge("too_many_files", "Too many files",
                    $"A project can hold {ProjectLimits.MaxFiles} files, and this zip has {zip.Entries.Count}.",
                    ("limit", ProjectLimits.MaxFiles));
            }

            ZipFiles files = new(limits);
            List<(string Path, ZipArchiveEntry Entry)> entries = [];
            foreach (ZipArchiveEntry entry in zip.Entries)
            {
                if (entry.FullName.Length > MaxNameLength)
                {
                    files.LeftOut.Add(new RefusedFile($"{entry.FullName[..ShownNameLength]}…", FilePaths.TooLong()));
                }
                else if (PathOf(entry) is var path && IsWanted(path))
                {
                    entries.Add((path, entry));
                }
            }

            Unpack(entries, files, cancellationToken);
            return new ZipContent(ChooseEntry(files), files.Files, files.LeftOut);
        }
        catch (Exception error) when (IsBroken(error))
        {
            throw Problem.Invalid("bad_zip", "This is not a zip", "The file is not a zip, or it is broken. Make the zip again.");
        }
    }

    private void Unpack(List<(string Path, ZipArchiveEntry Entry)> entries, ZipFiles files, CancellationToken cancellationToken)
    {
        long unpacked = 0;
        int common = LengthOfCommonFolder(entries);
        foreach ((string whole, ZipArchiveEntry entry) in entries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            string name = whole[common..];
            try
            {
                string path = FilePaths.Check(name);
                limits.CheckFile(path, entry.Length);
                files.CheckCount(path);
                files.Add(path, Unpack(entry, path, ref unpacked));
            }
            catch (ProblemException problem)
            {
                files.LeftOut.Add(new RefusedFile(name, problem));
            }
        }
    }

    /// <summary>Unpacks a file, at most as many bytes as a file may have: the length that the zip claims proves nothing.</summary>
    private byte[] Unpack(ZipArchiveEntry entry, string path, ref long unpacked)
    {
        if (unpacked >= MaxUnpacked)
        {
            throw Problem.TooLarge("project_too_large", "The project is full", "There is no room for this file any more.",
                ("megabytes", ProjectLimits.MaxProjectBytes / 1_000_000));
        }

        if (entry.IsEncrypted)
        {
            throw Damaged(path);
        }

        try
        {
            using Stream stream = entry.Open();
            using MemoryStream content = new();
            int read;
            while ((read = stream.Read(_buffer)) > 0)
            {
                unpacked += read;
                if (content.Length + read > ProjectLimits.MaxFileBytes)
                {
                    throw ProjectLimits.FileTooLarge(path);
                }

                content.Write(_buffer, 0, read);
            }

            byte[] bytes = content.ToArray();
            // The framework does not compare the checksum.
            return Crc32.HashToUInt32(bytes) == entry.Crc32 ? bytes : throw Damaged(path);
        }
        catch (Exception error) when (IsBroken(error))
        {
            // Damaged, or packed in a way that nobody uses.
            throw Damaged(path);
        }
    }

    private static ProblemException Damaged(string path) => Problem.Invalid(
        DamagedCode, "The file cannot be read",
        $"\"{path}\" in the zip is damaged, or it has a password. Make the zip again, without a password.", ("path", path));

    /// <summary>What the framework throws for a zip that is broken in one way or another.</summary>
    private static bool IsBroken(Exception error) =>
        error is InvalidDataException or IOException or NotSupportedException or ArgumentException or OverflowException;

    private static string ChooseEntry(ZipFiles files)
    {
        string? started = files.FindStarted();
        List<TemplateFile> programs =
        [
            .. files.Files.Where(static file => FileKinds.IsSource(file.Path))
                .OrderBy(static file => file.Path.Count(static letter => letter == '/'))
                .ThenBy(static file => file.Path, StringComparer.Ordinal),
        ];
        if (programs.Count == 0)
        {
            throw files.LeftOut.Find(static file => file.Problem.Code == DamagedCode)?.Problem
                ?? Problem.Invalid("no_python", "There is no game in it",
                    "The zip has no Python file that can be used. A game needs one, for example main.py.");
        }

        return programs.Find(file => file.Path == started)?.Path
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

    /// <summary>A zip of a folder has that folder in front of every path. Returns the length of all such folders.</summary>
    private static int LengthOfCommonFolder(List<(string Path, ZipArchiveEntry Entry)> entries)
    {
        int length = 0;
        while (entries.Count > 0 && entries[0].Path.IndexOf('/', length) is var slash && slash > length)
        {
            string folder = entries[0].Path[length..(slash + 1)];
            // A folder of assets alone keeps its name.
            if (folder == "../" || !entries.TrueForAll(entry => entry.Path.AsSpan(length).StartsWith(folder, StringComparison.Ordinal)))
            {
                break;
            }

            length = slash + 1;
        }

        return length;
    }
}
