using System.Text;
using PixelGameDev.Api.Problems;

namespace PixelGameDev.Api.Projects;

/// <summary>Tells text files from binary files, and chooses the media type for the browser.</summary>
internal static class FileKinds
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // Files with these extensions must contain text. Other content is refused, because it would be stored as a broken file.
    private static readonly HashSet<string> TextExtensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".py", ".pyw", ".txt", ".md", ".json", ".csv", ".tsv", ".toml", ".ini", ".cfg", ".xml", ".yaml", ".yml", ".tmx", ".tsx",
        ".tmj", ".svg",
    };

    // Contains only types that cannot carry a script. The page shows these pictures and plays these sounds; every other binary file is
    // served as plain bytes.
    private static readonly Dictionary<string, string> MediaTypes = new(StringComparer.OrdinalIgnoreCase)
    {
        [".png"] = "image/png",
        [".jpg"] = "image/jpeg",
        [".jpeg"] = "image/jpeg",
        [".gif"] = "image/gif",
        [".bmp"] = "image/bmp",
        [".webp"] = "image/webp",
        [".wav"] = "audio/wav",
        [".ogg"] = "audio/ogg",
        [".oga"] = "audio/ogg",
        [".opus"] = "audio/ogg",
        [".mp3"] = "audio/mpeg",
        [".flac"] = "audio/flac",
    };

    /// <summary>Tells whether a file is Python source, which counts towards <see cref="ProjectLimits.MaxCodeBytes"/>.</summary>
    public static bool IsSource(string path) => path.EndsWith(".py", StringComparison.OrdinalIgnoreCase)
        || path.EndsWith(".pyw", StringComparison.OrdinalIgnoreCase);

    /// <summary>Returns true when the bytes are not text (UTF-8 without NUL).</summary>
    /// <exception cref="ProblemException">415: the name requires text, but the bytes are not text.</exception>
    public static bool IsBinary(string path, ReadOnlySpan<byte> content)
    {
        if (!content.Contains((byte)0) && IsUtf8(content))
        {
            return false;
        }

        CheckMayBeBinary(path);
        return true;
    }

    /// <exception cref="ProblemException">415: the name requires text.</exception>
    public static void CheckMayBeBinary(string path)
    {
        if (TextExtensions.Contains(Extension(path)))
        {
            throw new ProblemException(
                StatusCodes.Status415UnsupportedMediaType,
                "not_text",
                "This is not a text file",
                $"\"{path}\" must hold text, but what arrived is not (text here is UTF-8). If it is a picture or a sound, give it that " +
                    $"ending, for example .png or .ogg.",
                ("path", path));
        }
    }

    /// <summary>Returns the media type for the browser.</summary>
    public static string MediaType(string path, bool binary) =>
        !binary ? "text/plain; charset=utf-8" : MediaTypes.GetValueOrDefault(Extension(path), "application/octet-stream");

    private static string Extension(string path) => System.IO.Path.GetExtension(path);

    private static bool IsUtf8(ReadOnlySpan<byte> content)
    {
        try
        {
            _ = StrictUtf8.GetCharCount(content);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
