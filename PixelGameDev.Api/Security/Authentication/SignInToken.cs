using System.Buffers.Text;
using System.Security.Cryptography;

namespace PixelGameDev.Api.Security.Authentication;

/// <summary>
/// The secret in a browser's cookie: 32 random bytes as base64url. The server stores only its SHA-256. The secret is random and long, so a
/// fast hash without a salt is sufficient, and no key must survive a restart.
/// </summary>
internal readonly record struct SignInToken(string Text, byte[] Hash)
{
    private const int Bytes = 32;

    public static SignInToken Create()
    {
        byte[] secret = RandomNumberGenerator.GetBytes(Bytes);
        return new SignInToken(Base64Url.EncodeToString(secret), SHA256.HashData(secret));
    }

    /// <summary>Computes the hash of the token; returns false if <paramref name="text"/> cannot be a token.</summary>
    public static bool TryHash(string? text, out byte[] hash)
    {
        Span<byte> secret = stackalloc byte[Bytes];
        if (text is { Length: 43 }
            && Base64Url.IsValid(text)
            && Base64Url.TryDecodeFromChars(text, secret, out int written)
            && written == Bytes)
        {
            hash = SHA256.HashData(secret);
            return true;
        }

        hash = [];
        return false;
    }
}
