using System.Security.Cryptography;
using System.Text;

namespace PixelGameDev.Api.Security;

/// <summary>Makes random codes that people read aloud and copy from paper.</summary>
internal static class ReadableCode
{
    // Excludes letters and digits that look alike.
    private const string Letters = "abcdefghjkmnpqrstuvwxyz23456789";

    private const int MaxLength = 64;

    /// <summary>Returns a random code of so many letters; each has 4.95 bits.</summary>
    public static string Create(int length) => RandomNumberGenerator.GetString(Letters, length);

    /// <summary>Returns the hash of a code. Capital letters and missing dashes do not matter, because people copy codes by hand.</summary>
    public static byte[] HashOf(string? code) => SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Concat((code ?? "").ToLowerInvariant().Where(char.IsAsciiLetterOrDigit).Take(MaxLength))));
}
