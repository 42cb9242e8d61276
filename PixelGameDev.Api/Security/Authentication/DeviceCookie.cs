using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using PixelGameDev.Api.Accounts;

namespace PixelGameDev.Api.Security.Authentication;

/// <summary>
/// Remembers in a browser which names have signed in there (OWASP: "device cookie"). Wrong passwords from other browsers do not count
/// against such a browser, so nobody can lock a person out of their own browser.
/// </summary>
/// <remarks>
/// The cookie holds one entry for each of the last names: 8 random bytes, and 16 bytes of an HMAC over them and the name. It grants no
/// access: a stolen cookie allows only a few password attempts.
/// </remarks>
internal sealed class DeviceCookie(TokenOptions options)
{
    public const string Name = "pixel_device";

    /// <summary>The maximum number of names in one cookie; several people use one school computer.</summary>
    public const int MaxNames = 8;

    private const int NonceBytes = 8;
    private const int EntryBytes = NonceBytes + 16;

    private readonly byte[] _key =
        HKDF.DeriveKey(HashAlgorithmName.SHA256, options.Secret, 32, info: "pixelgamedev device cookie"u8.ToArray());

    /// <summary>Returns the id of this browser for this name; null if the name has not signed in here.</summary>
    /// <param name="request">The request with the cookie.</param>
    /// <param name="nameKey">The name in the form of <see cref="AccountNames.KeyOf"/>.</param>
    public string? Find(HttpRequest request, string nameKey) =>
        Entries(request).FirstOrDefault(entry => IsOf(entry, nameKey)) is { } found
            ? Convert.ToHexStringLower(found.AsSpan(0, NonceBytes)) : null;

    /// <summary>Remembers that this name has signed in here.</summary>
    public void Remember(HttpContext context, string nameKey)
    {
        byte[] entry = new byte[EntryBytes];
        RandomNumberGenerator.Fill(entry.AsSpan(0, NonceBytes));
        Sign(entry.AsSpan(0, NonceBytes), nameKey).CopyTo(entry.AsSpan(NonceBytes));
        byte[] all = [.. entry, .. Entries(context.Request).Where(other => !IsOf(other, nameKey)).Take(MaxNames - 1)
            .SelectMany(other => other)];
        HostCookie.Append(context, Name, Base64Url.EncodeToString(all), SignInCookie.Lifetime);
    }

    /// <summary>Forgets all names that have signed in here.</summary>
    public static void Forget(HttpContext context) => HostCookie.Delete(context, Name);

    private static IEnumerable<byte[]> Entries(HttpRequest request)
    {
        string? text = HostCookie.Read(request, Name);
        return text is { Length: <= MaxNames * EntryBytes * 4 / 3 } && Base64Url.IsValid(text, out int length) && length % EntryBytes == 0
            ? Base64Url.DecodeFromChars(text).Chunk(EntryBytes)
            : [];
    }

    private bool IsOf(byte[] entry, string nameKey) =>
        CryptographicOperations.FixedTimeEquals(entry.AsSpan(NonceBytes), Sign(entry.AsSpan(0, NonceBytes), nameKey));

    private byte[] Sign(ReadOnlySpan<byte> nonce, string nameKey) =>
        HMACSHA256.HashData(_key, (byte[])[.. nonce, .. Encoding.UTF8.GetBytes(nameKey)])[..(EntryBytes - NonceBytes)];
}
