using System.IO.Compression;

namespace PixelGameDev.Api.Projects.Zip;

/// <summary>Makes a zip of a project that runs on a desktop with <c>python main.py</c>.</summary>
internal static class ProjectZip
{
    // These are compressed already.
    private static readonly HashSet<string> Packed = new(StringComparer.OrdinalIgnoreCase)
    {
        ".png", ".jpg", ".jpeg", ".gif", ".webp", ".ogg", ".oga", ".opus", ".mp3", ".flac",
    };

    /// <summary>
    /// Returns the zip. All files lie in one folder, so that unpacking does not fill a desktop. If another file than <c>main.py</c> starts
    /// the game, a launcher is added.
    /// </summary>
    public static byte[] Create(string name, string entry, IReadOnlyList<NewFile> files)
    {
        List<NewFile> all = [.. files];
        if (entry != Launcher.MainFile)
        {
            all.Add(new NewFile(Launcher.NameBeside(files), Launcher.Create(entry, files), Binary: false));
        }

        return Create(FolderOf(name), all);
    }

    /// <summary>Returns a zip of these files in one folder.</summary>
    public static byte[] Create(string folder, IReadOnlyList<NewFile> files)
    {
        using MemoryStream stream = new();
        using (ZipArchive zip = new(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (NewFile file in files)
            {
                Add(zip, $"{folder}/{file.Path}", file.Content);
            }
        }

        return stream.ToArray();
    }

    /// <summary>Returns the project's name as a name of a folder that every system takes.</summary>
    public static string FolderOf(string name)
    {
        char[] letters = [.. name.Select(static letter => char.IsLetterOrDigit(letter) || letter is ' ' or '-' or '_' ? letter : '_')];
        string folder = new string(letters).Trim();
        return folder.Length == 0 ? "game" : folder;
    }

    private static void Add(ZipArchive zip, string path, byte[] content)
    {
        CompressionLevel level = Packed.Contains(Path.GetExtension(path)) ? CompressionLevel.NoCompression : CompressionLevel.Optimal;
        using Stream entry = zip.CreateEntry(path, level).Open();
        entry.Write(content);
    }
}
