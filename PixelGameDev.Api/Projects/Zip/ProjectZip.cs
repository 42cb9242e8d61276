using System.IO.Compression;
using PixelGameDev.Api.Accounts;

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
    /// Returns the content of the zip. All files lie in one folder, so that unpacking does not fill a desktop. If another file than
    /// <c>main.py</c> starts the game, a launcher is added.
    /// </summary>
    public static ZipFolder Create(string name, string entry, IReadOnlyList<NewFile> files)
    {
        List<NewFile> all = [.. files];
        if (entry != Launcher.MainFile)
        {
            all.Add(new NewFile(Launcher.NameBeside(files), Launcher.Create(entry, files), Binary: false));
        }

        return new ZipFolder(FolderNames.Clean(name), all);
    }

    /// <summary>Writes the zip, one file after the other.</summary>
    public static async Task WriteAsync(ZipFolder content, Stream output, CancellationToken cancellationToken)
    {
        await using SendBuffer buffer = new(output);
        await using (ZipArchive zip = new(buffer, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (NewFile file in content.Files)
            {
                Add(zip, $"{content.Folder}/{file.Path}", file.Content);
                await buffer.SendAsync(cancellationToken);
            }
        }

        await buffer.SendAsync(cancellationToken);
    }

    private static void Add(ZipArchive zip, string path, byte[] content)
    {
        CompressionLevel level = Packed.Contains(Path.GetExtension(path)) ? CompressionLevel.NoCompression : CompressionLevel.Optimal;
        using Stream entry = zip.CreateEntry(path, level).Open();
        entry.Write(content);
    }
}

/// <summary>The content of a zip.</summary>
/// <param name="Folder">The folder that all files lie in.</param>
/// <param name="Files">The files, with their paths in it.</param>
internal sealed record ZipFolder(string Folder, IReadOnlyList<NewFile> Files);
