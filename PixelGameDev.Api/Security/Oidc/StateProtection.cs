using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace PixelGameDev.Api.Security.Oidc;

/// <summary>
/// Encrypts what travels through the browser during a sign-in at a provider: AES-256-GCM with keys derived from <c>JWT_SECRET</c>. Every
/// server of an installation can read what another one wrote, also after a restart, without a store of keys.
/// </summary>
internal sealed class StateProtection : IDataProtector
{
    private const int KeyBytes = 32;

    private readonly byte[] _secret;
    private readonly byte[] _key;

    public StateProtection(byte[] secret)
        : this(secret, "pixelgamedev oidc state")
    {
    }

    private StateProtection(byte[] secret, string purpose)
    {
        _secret = secret;
        Purpose = purpose;
        _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, KeyBytes, info: Encoding.UTF8.GetBytes(purpose));
    }

    private string Purpose { get; }

    public IDataProtector CreateProtector(string purpose) => new StateProtection(_secret, $"{Purpose}\n{purpose}");

    public byte[] Protect(byte[] plaintext)
    {
        int nonce = AesGcm.NonceByteSizes.MaxSize;
        int tag = AesGcm.TagByteSizes.MaxSize;
        byte[] sealedBytes = new byte[nonce + tag + plaintext.Length];
        RandomNumberGenerator.Fill(sealedBytes.AsSpan(0, nonce));
        using AesGcm aes = new(_key, tag);
        aes.Encrypt(sealedBytes.AsSpan(0, nonce), plaintext, sealedBytes.AsSpan(nonce + tag), sealedBytes.AsSpan(nonce, tag));
        return sealedBytes;
    }

    /// <exception cref="CryptographicException">The data was not protected by this installation for this purpose.</exception>
    public byte[] Unprotect(byte[] protectedData)
    {
        int nonce = AesGcm.NonceByteSizes.MaxSize;
        int tag = AesGcm.TagByteSizes.MaxSize;
        if (protectedData.Length < nonce + tag)
        {
            throw new CryptographicException("The protected data is too short.");
        }

        byte[] plaintext = new byte[protectedData.Length - nonce - tag];
        using AesGcm aes = new(_key, tag);
        aes.Decrypt(
            protectedData.AsSpan(0, nonce), protectedData.AsSpan(nonce + tag), protectedData.AsSpan(nonce, tag), plaintext);
        return plaintext;
    }
}
