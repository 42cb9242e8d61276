namespace PixelGameDev.Api.History;

/// <summary>The SHA-256 of a content. Two hashes of the same bytes are equal.</summary>
internal readonly struct BlobHash(byte[] bytes) : IEquatable<BlobHash>
{
    public byte[] Bytes { get; } = bytes;

    public bool Equals(BlobHash other) => Bytes.AsSpan().SequenceEqual(other.Bytes);

    public override bool Equals(object? obj) => obj is BlobHash other && Equals(other);

    // A hash is random, so its first bytes are as good as any.
    public override int GetHashCode() => BitConverter.ToInt32(Bytes);

    public override string ToString() => Convert.ToHexStringLower(Bytes);
}
