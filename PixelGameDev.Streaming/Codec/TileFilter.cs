using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PixelGameDev.Streaming.Codec;

/// <summary>Writes three bytes per pixel, each pixel as its difference to the one on its left.</summary>
/// <remarks>
/// The first pixel of a row is the difference to the first of the row above. The bytes are: green, red minus green's difference, blue minus
/// green's difference. Shaded and photographic tiles shrink, because plain pixels there do not repeat; content that repeats still does.
/// </remarks>
internal static class TileFilter
{
    /// <summary>Returns the bytes that a number of pixels takes, padded to a multiple of 4.</summary>
    public static int Length(int pixels) => ((pixels * 3) + 3) & ~3;

    /// <summary>Bytes after the written ones that <see cref="Write"/> may overwrite.</summary>
    public const int Slack = 16;

    /// <summary>Writes the differences of a rectangle whose rows follow each other; returns their padded length.</summary>
    public static int Write(ReadOnlySpan<uint> pixels, int width, Span<byte> target)
    {
        // Four differences in a register: G from lanes 1, 5, 9, 13 goes first and is subtracted from R and B.
        Vector128<byte> spreadGreen = Vector128.Create((byte)1, 255, 1, 255, 5, 255, 5, 255, 9, 255, 9, 255, 13, 255, 13, 255);
        Vector128<byte> pack = Vector128.Create((byte)1, 0, 2, 5, 4, 6, 9, 8, 10, 13, 12, 14, 255, 255, 255, 255);
        ref byte to = ref MemoryMarshal.GetReference(target);
        int padded = Length(pixels.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(target.Length, padded + Slack);
        int at = 0;
        uint above = 0;
        for (int start = 0; start < pixels.Length; start += width)
        {
            ReadOnlySpan<uint> row = pixels.Slice(start, width);
            ref byte source = ref Unsafe.As<uint, byte>(ref MemoryMarshal.GetReference(row));
            at += One(row[0], above, target[at..]);
            above = row[0];
            int i = 1;
            for (; i + 4 <= row.Length; i += 4)
            {
                Vector128<byte> here = Vector128.LoadUnsafe(ref source, (nuint)(i * 4));
                Vector128<byte> difference = here - Vector128.LoadUnsafe(ref source, (nuint)((i - 1) * 4));
                difference -= Vector128.Shuffle(difference, spreadGreen);
                Vector128.Shuffle(difference, pack).StoreUnsafe(ref to, (nuint)at);
                at += 12;
            }

            for (; i < row.Length; i++)
            {
                at += One(row[i], row[i - 1], target[at..]);
            }
        }

        target[at..padded].Clear();
        return padded;
    }

    private static int One(uint pixel, uint left, Span<byte> target)
    {
        byte green = (byte)((pixel >> 8) - (left >> 8));
        target[2] = (byte)((pixel >> 16) - (left >> 16) - green);
        target[1] = (byte)(pixel - left - green);
        target[0] = green;
        return 3;
    }

    public static void Read(ReadOnlySpan<byte> source, int width, int height, Span<uint> target, int stride)
    {
        int at = 0;
        uint first = 0;
        for (int row = 0; row < height; row++)
        {
            uint left = first;
            Span<uint> line = target.Slice(row * stride, width);
            for (int column = 0; column < line.Length; column++)
            {
                left = Next(left, source, at);
                line[column] = left;
                at += 3;
            }

            first = line[0];
        }
    }

    /// <summary>Reads a picture of half the size and doubles it.</summary>
    public static void ReadCoarse(ReadOnlySpan<byte> source, int width, int height, Span<uint> target, int stride)
    {
        int at = 0;
        uint first = 0;
        for (int row = 0; row < height; row += 2)
        {
            uint left = first;
            Span<uint> line = target.Slice(row * stride, width);
            for (int column = 0; column < width; column += 2)
            {
                left = Next(left, source, at);
                at += 3;
                line[column] = left;
                if (column + 1 < width)
                {
                    line[column + 1] = left;
                }
            }

            first = line[0];
            if (row + 1 < height)
            {
                line.CopyTo(target.Slice((row + 1) * stride, width));
            }
        }
    }

    private static uint Next(uint left, ReadOnlySpan<byte> source, int at)
    {
        uint green = source[at];
        uint red = (left + green + source[at + 1]) & 0xFF;
        uint blue = ((left >> 16) + green + source[at + 2]) & 0xFF;
        green = ((left >> 8) + green) & 0xFF;
        return 0xFF000000 | (blue << 16) | (green << 8) | red;
    }
}
