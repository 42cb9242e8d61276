using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using PixelGameDev.Api.Problems;

namespace PixelGameDev.Api.Accounts;

/// <summary>Checks the rules for passwords, and hashes them.</summary>
internal sealed class Passwords : IDisposable
{
    /// <summary>The minimum length of a password in characters.</summary>
    public const int MinLength = 8;

    /// <summary>The maximum length of a password in characters; it limits the work of hashing.</summary>
    public const int MaxLength = 200;

    // The value that OWASP's Password Storage Cheat Sheet recommends for PBKDF2-HMAC-SHA512.
    private const int Iterations = 210_000;
    private const int MinDifferent = 4;
    private const int MaxWaiting = 200;

    private readonly PasswordHasher<Passwords> _hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = Iterations }));
    private readonly string _dummyHash = CreateDummyHash();

    // Hashing uses the processors. While a whole class signs in, some processors must stay free for running games.
    private readonly ConcurrencyLimiter _hashers = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = Math.Max(1, Environment.ProcessorCount / 2),
        QueueLimit = MaxWaiting,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <exception cref="ProblemException">400: the detail names the broken rule.</exception>
    public static string Check(string? password, string name)
    {
        if (password is null || password.Length is < MinLength or > MaxLength)
        {
            throw Problem.Invalid("password_length", "This password has the wrong length",
                $"A password has {MinLength} to {MaxLength} characters. Three words in a row are easy to remember.",
                ("least", MinLength), ("most", MaxLength));
        }

        return password.Distinct().Count() >= MinDifferent
            && !WeakPasswords.IsWeak(password, name)
            ? password
            : throw Problem.Invalid("password_simple", "That password is too easy to guess",
                "Choose one that is harder to guess. Three words in a row are easy to remember.");
    }

    public async Task<string> HashAsync(string password, CancellationToken cancellationToken)
    {
        using RateLimitLease hasher = await WaitForHasherAsync(cancellationToken);
        return _hasher.HashPassword(this, password);
    }

    /// <summary>
    /// Verifies a password. Without a <paramref name="hash"/> it fails after the same work, because the time must not reveal whether the
    /// account exists.
    /// </summary>
    public async Task<PasswordVerificationResult> VerifyAsync(string? hash, string? password, CancellationToken cancellationToken)
    {
        using RateLimitLease hasher = await WaitForHasherAsync(cancellationToken);
        PasswordVerificationResult result = _hasher.VerifyHashedPassword(
            this, hash ?? _dummyHash, password is { Length: <= MaxLength } ? password : "");
        return hash is null ? PasswordVerificationResult.Failed : result;
    }

    public void Dispose() => _hashers.Dispose();

    /// <summary>Creates random bytes in the format of the hasher: 1, PRF (2: SHA-512), iterations, salt length, salt, key.</summary>
    internal static string CreateDummyHash()
    {
        byte[] bytes = RandomNumberGenerator.GetBytes(13 + 16 + 32);
        bytes[0] = 1;
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(1), 2);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(5), Iterations);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(9), 16);
        return Convert.ToBase64String(bytes);
    }

    private async ValueTask<RateLimitLease> WaitForHasherAsync(CancellationToken cancellationToken)
    {
        RateLimitLease hasher = await _hashers.AcquireAsync(1, cancellationToken);
        if (hasher.IsAcquired)
        {
            return hasher;
        }

        hasher.Dispose();
        throw new ProblemException(
            StatusCodes.Status503ServiceUnavailable, "busy", "Many people are signing in",
            "Many people are signing in right now. Try again in a moment.")
        {
            RetryAfter = 10,
        };
    }
}
