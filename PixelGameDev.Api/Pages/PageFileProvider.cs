using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;

namespace PixelGameDev.Api.Pages;

/// <summary>Finds the files of the built page.</summary>
/// <remarks>
/// The page is in the folder of the setting <c>WEB_ROOT</c>, beside the program (published), or in the source tree. It is looked for
/// again while it is missing, because a developer may build it while this runs.
/// </remarks>
internal sealed class PageFileProvider(IConfiguration configuration, IHostEnvironment environment) : IFileProvider, IDisposable
{
    /// <summary>The document that every address of the page shows.</summary>
    public const string Index = "index.html";

    // By the path on disk: as many as there are files, however an address is written.
    private readonly ConcurrentDictionary<string, Tag> _tags = new(StringComparer.Ordinal);

    private volatile PhysicalFileProvider? _files;

    /// <summary>Files whose tags are kept.</summary>
    internal int TagCount => _tags.Count;

    public IFileInfo GetFileInfo(string subpath) => Files()?.GetFileInfo(subpath) ?? new NotFoundFileInfo(subpath);

    public IDirectoryContents GetDirectoryContents(string subpath) => NotFoundDirectoryContents.Singleton;

    public IChangeToken Watch(string filter) => NullChangeToken.Singleton;

    /// <summary>
    /// Returns the entity tag of a file: a hash of its content. The framework's own is made of time and length, which two builds of the
    /// document may share where images are built with fixed times.
    /// </summary>
    public string TagOf(IFileInfo file)
    {
        string path = file.PhysicalPath!;
        Tag tag = _tags.GetOrAdd(path, static (_, file) => Tag.Of(file), file);
        if (tag.LastModified != file.LastModified || tag.Length != file.Length)
        {
            _tags[path] = tag = Tag.Of(file);
        }

        return tag.Value;
    }

    public void Dispose() => _files?.Dispose();

    private PhysicalFileProvider? Files()
    {
        if (_files is { } files)
        {
            return files;
        }

        if (Candidates().FirstOrDefault(static folder => File.Exists(Path.Combine(folder, Index))) is { } found)
        {
            PhysicalFileProvider created = new(Path.GetFullPath(found));
            // Of two requests at once the first one's counts.
            if (Interlocked.CompareExchange(ref _files, created, null) is not null)
            {
                created.Dispose();
            }
        }

        return _files;
    }

    private IEnumerable<string> Candidates()
    {
        if (configuration["WEB_ROOT"] is { Length: > 0 } given)
        {
            yield return given;
            yield break;
        }

        yield return Path.Combine(AppContext.BaseDirectory, "wwwroot");
        yield return Path.Combine(environment.ContentRootPath, "wwwroot");
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            yield return Path.Combine(folder.FullName, "PixelGameDev.Api", "wwwroot");
        }
    }

    private sealed record Tag(DateTimeOffset LastModified, long Length, string Value)
    {
        public static Tag Of(IFileInfo file)
        {
            using Stream content = file.CreateReadStream();
            return new Tag(file.LastModified, file.Length, $"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 12))}\"");
        }
    }
}
