using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;

namespace PixelGameDev.Api.Pages;

/// <summary>Finds the files of the built page.</summary>
/// <remarks>
/// The page is in the folder of the setting <c>WEB_ROOT</c>, next to the program (published), or in the source tree. The search is repeated
/// while the page is missing, because a developer may build it while the Api runs.
/// </remarks>
internal sealed class PageFileProvider(IConfiguration configuration, IHostEnvironment environment) : IFileProvider, IDisposable
{
    /// <summary>The name of the document for every address of the page.</summary>
    public const string Index = "index.html";

    // The key is the path on disk, so the number of entries does not depend on how addresses are written.
    private readonly ConcurrentDictionary<string, Tag> _tags = new(StringComparer.Ordinal);

    private volatile PhysicalFileProvider? _files;

    /// <summary>Returns the number of files with a stored tag.</summary>
    internal int TagCount => _tags.Count;

    public IFileInfo GetFileInfo(string subpath) => Files()?.GetFileInfo(subpath) ?? new NotFoundFileInfo(subpath);

    public IDirectoryContents GetDirectoryContents(string subpath) => NotFoundDirectoryContents.Singleton;

    public IChangeToken Watch(string filter) => NullChangeToken.Singleton;

    /// <summary>
    /// Returns the entity tag of a file: a hash of its content. The framework's own tag uses time and length, which can be equal for two
    /// builds of the document if images are built with fixed times.
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

    /// <summary>Reads the document of the page behind a link; null while the page has not been built.</summary>
    public async Task<string?> ReadPlayAsync(CancellationToken cancellationToken) =>
        GetFileInfo("play.html") is { Exists: true, PhysicalPath: { } path } ? await File.ReadAllTextAsync(path, cancellationToken) : null;

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
            // The first of two concurrent requests determines the provider.
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
