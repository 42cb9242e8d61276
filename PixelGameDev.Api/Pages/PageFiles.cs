using System.Collections.Concurrent;
using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.StaticFiles;

namespace PixelGameDev.Api.Pages;

/// <summary>A file of the page, ready to send in each encoding.</summary>
internal sealed record PageFile(
    string ContentType, string ETag, byte[] Plain, byte[]? Brotli, byte[]? Gzip, DateTime ModifiedUtc, bool Hashed);

/// <summary>
/// The files of the built page, kept in memory with their compressed forms: they are few and small. Scripts and styles come
/// compressed from the build; the rest is compressed here, once. A file that changes on disk (a rebuild while developing) is read anew.
/// </summary>
internal sealed class PageFiles(IConfiguration configuration, IHostEnvironment environment)
{
    // Vite writes a hash into the name of everything below this folder, so such a file never changes.
    private const string HashedFolder = "assets/";
    private const int SmallestWorthCompressing = 512;

    private static readonly FileExtensionContentTypeProvider Types = new()
    {
        Mappings = { [".webmanifest"] = "application/manifest+json", [".mjs"] = "text/javascript", [".map"] = "application/json" },
    };

    // By the path on disk: an address can be written in many ways ("a//b"), and each would else be a copy. There are as many entries as
    // files. Lazy, so that a file asked for by many at once is compressed once.
    private readonly ConcurrentDictionary<string, CachedFile> _files = new(StringComparer.Ordinal);

    /// <summary>Files that are kept in memory.</summary>
    internal int Count => _files.Count;

    /// <summary>The file at <paramref name="path"/> (with <c>/</c>, no leading one), null when there is none.</summary>
    public PageFile? Find(string path)
    {
        if (path.Length == 0 || path.Contains("..", StringComparison.Ordinal) || path.Contains("//", StringComparison.Ordinal)
            || path[0] == '/' || path.Contains('\\') || path.Contains('\0') || Root() is not { } root)
        {
            return null;
        }

        string full = Path.GetFullPath(Path.Combine(root, path));
        System.IO.FileInfo info = new(full);
        if (!full.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal) || !info.Exists)
        {
            return null;
        }

        CachedFile cached = _files.AddOrUpdate(
            full,
            static (_, now) => now,
            static (_, kept, now) => kept.ModifiedUtc == now.ModifiedUtc && kept.Length == now.Length ? kept : now,
            new CachedFile(info.LastWriteTimeUtc, info.Length, new Lazy<PageFile>(() => Load(path, full, info.LastWriteTimeUtc))));
        try
        {
            return cached.Content.Value;
        }
        catch (IOException)
        {
            // The page is being built right now: the next request tries again.
            _files.TryRemove(KeyValuePair.Create(full, cached));
            return null;
        }
    }

    /// <summary>
    /// Where the built page is: the setting <c>WEB_ROOT</c>, beside the program (published), or in the source tree. Looked for again
    /// while it is missing, because a developer may build it while this runs.
    /// </summary>
    private string? Root()
    {
        if (configuration["WEB_ROOT"] is { Length: > 0 } given)
        {
            return HasPage(given) ? Path.GetFullPath(given) : null;
        }

        foreach (string candidate in Candidates())
        {
            if (HasPage(candidate))
            {
                return Path.GetFullPath(candidate);
            }
        }

        return null;
    }

    private IEnumerable<string> Candidates()
    {
        yield return Path.Combine(AppContext.BaseDirectory, "wwwroot");
        yield return Path.Combine(environment.ContentRootPath, "wwwroot");
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            yield return Path.Combine(folder.FullName, "PixelGameDev.Api", "wwwroot");
        }
    }

    private static bool HasPage(string folder) => File.Exists(Path.Combine(folder, "index.html"));

    private static PageFile Load(string path, string full, DateTime modifiedUtc)
    {
        byte[] plain = File.ReadAllBytes(full);
        string type = Types.TryGetContentType(path, out string? known) ? known : "application/octet-stream";
        bool text = type.StartsWith("text/", StringComparison.Ordinal)
            || type is "application/json" or "application/manifest+json" or "application/wasm" or "image/svg+xml";
        bool compress = text && plain.Length >= SmallestWorthCompressing;
        return new PageFile(
            type.StartsWith("text/", StringComparison.Ordinal) ? $"{type}; charset=utf-8" : type,
            $"\"{Convert.ToHexStringLower(SHA256.HashData(plain).AsSpan(0, 12))}\"",
            plain,
            compress ? ReadCompressed(full, plain)
                ?? Compress(plain, stream => new BrotliStream(stream, new BrotliCompressionOptions { Quality = 9 })) : null,
            compress ? Compress(plain, stream => new GZipStream(stream, CompressionLevel.SmallestSize)) : null,
            modifiedUtc,
            path.StartsWith(HashedFolder, StringComparison.Ordinal));
    }

    /// <summary>
    /// Returns what the build has compressed, at a level that takes too long here; null when that is missing or of other bytes.
    /// </summary>
    private static byte[]? ReadCompressed(string full, byte[] plain)
    {
        try
        {
            byte[] compressed = File.ReadAllBytes(full + ".br");
            byte[] unpacked = new byte[plain.Length];
            return BrotliDecoder.TryDecompress(compressed, unpacked, out int length) && unpacked.AsSpan(0, length).SequenceEqual(plain)
                ? compressed : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private sealed record CachedFile(DateTime ModifiedUtc, long Length, Lazy<PageFile> Content);

    private static byte[] Compress(byte[] plain, Func<Stream, Stream> wrap)
    {
        using MemoryStream compressed = new();
        using (Stream stream = wrap(compressed))
        {
            stream.Write(plain);
        }

        return compressed.ToArray();
    }
}
