using System.Runtime.InteropServices;

namespace PixelGameDev.Tests.Unit.Codec;

/// <summary>A BGRX picture to draw on, with an odd pitch as a real surface may have.</summary>
internal sealed class Picture
{
    private readonly uint[] _pixels;
    private readonly int _stride;

    public Picture(int width, int height, int padding = 0)
    {
        Width = width;
        Height = height;
        _stride = width + padding;
        _pixels = new uint[_stride * height];
        _pixels.AsSpan().Fill(0xDEADBEEF);
        Fill(0, 0, width, height, 0);
    }

    public int Width { get; }

    public int Height { get; }

    public int PitchBytes => _stride * 4;

    public ReadOnlySpan<byte> Bgrx => MemoryMarshal.AsBytes(_pixels.AsSpan());

    /// <summary>Gets or sets a pixel. Colours are 0xRRGGBB, which is BGRX in memory.</summary>
    public uint this[int x, int y]
    {
        get => _pixels[(y * _stride) + x];
        set => _pixels[(y * _stride) + x] = value;
    }

    public void Fill(int x, int y, int width, int height, uint colour)
    {
        for (int row = Math.Max(0, y); row < Math.Min(Height, y + height); row++)
        {
            for (int column = Math.Max(0, x); column < Math.Min(Width, x + width); column++)
            {
                this[column, row] = colour;
            }
        }
    }

    /// <summary>Returns a hash of each tile, row by row.</summary>
    /// <param name="hashes">Filled and returned; null: a new array.</param>
    public ulong[] Hashes(ulong[]? hashes = null)
    {
        int across = (Width + 31) / 32;
        hashes ??= new ulong[across * ((Height + 31) / 32)];
        Array.Clear(hashes);
        for (int y = 0; y < Height; y++)
        {
            for (int x = 0; x < Width; x++)
            {
                ref ulong hash = ref hashes[(y / 32 * across) + (x / 32)];
                hash = (hash ^ this[x, y]) * 0x9E3779B97F4A7C15;
                hash ^= hash >> 29;
            }
        }

        return hashes;
    }

    /// <summary>Fills the picture with the part of a larger one that begins at (<paramref name="x"/>, <paramref name="y"/>).</summary>
    public void Copy(Picture from, int x, int y)
    {
        for (int row = 0; row < Height; row++)
        {
            for (int column = 0; column < Width; column++)
            {
                this[column, row] = from[column + x, row + y];
            }
        }
    }

    public void Noise(int seed, uint mask = 0xFFFFFF)
    {
        Random random = new(seed);
        for (int y = 0; y < Height; y++)
        {
            for (int x = 0; x < Width; x++)
            {
                this[x, y] = (uint)random.Next() & mask;
            }
        }
    }

    /// <summary>Returns what a decoder should show.</summary>
    public byte[] ToRgba()
    {
        byte[] rgba = new byte[Width * Height * 4];
        for (int y = 0; y < Height; y++)
        {
            for (int x = 0; x < Width; x++)
            {
                uint colour = this[x, y];
                int at = ((y * Width) + x) * 4;
                rgba[at] = (byte)(colour >> 16);
                rgba[at + 1] = (byte)(colour >> 8);
                rgba[at + 2] = (byte)colour;
                rgba[at + 3] = 255;
            }
        }

        return rgba;
    }
}
