using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;

namespace PixelGameDev.Streaming.Codec;

/// <summary>Writes a picture as PNG, without filters.</summary>
public static class PngPicture
{
    private const byte Rgb = 2;
    private const byte Rgba = 6;

    /// <summary>Returns the PNG of a picture.</summary>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="pixels">Three bytes (RGB) or four bytes (RGBA) for each pixel, in rows.</param>
    /// <param name="level">How hard to compress.</param>
    /// <exception cref="ArgumentException"><paramref name="pixels"/> has another length.</exception>
    public static byte[] Encode(
        int width, int height, ReadOnlySpan<byte> pixels, CompressionLevel level = CompressionLevel.Fastest)
    {
        int row = pixels.Length / height;
        if (row * height != pixels.Length || (row != 3 * width && row != 4 * width))
        {
            throw new ArgumentException($"{pixels.Length} bytes are no picture of {width}×{height} pixels.", nameof(pixels));
        }

        using MemoryStream body = new();
        using (ZLibStream packed = new(body, level, leaveOpen: true))
        {
            for (int y = 0; y < height; y++)
            {
                packed.WriteByte(0);
                packed.Write(pixels.Slice(y * row, row));
            }
        }

        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, row == 3 * width ? Rgb : Rgba);
        return [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, .. Chunk("IHDR", header), .. Chunk("IDAT", body.ToArray()),
            .. Chunk("IEND", [])];
    }

    private static byte[] Chunk(string type, byte[] data)
    {
        byte[] chunk = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        Encoding.ASCII.GetBytes(type, chunk.AsSpan(4));
        data.CopyTo(chunk, 8);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Crc32.HashToUInt32(chunk.AsSpan(4, 4 + data.Length)));
        return chunk;
    }
}
