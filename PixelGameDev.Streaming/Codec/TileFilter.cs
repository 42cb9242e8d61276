namespace PixelGameDev.Streaming.Codec;

/// <summary>
/// Three bytes a pixel, each pixel as its difference to the one on its left (the first of a row: to the first of the row
/// above): green, red less green's difference, blue less green's difference. Shaded and photographic tiles shrink by this
/// where a plain pixel has nothing that repeats; content that repeats still does.
/// </summary>
internal static class TileFilter
{
    /// <summary>Bytes of so many pixels, padded to a multiple of 4.</summary>
    public static int Length(int pixels) => ((pixels * 3) + 3) & ~3;

    public static int Write(ReadOnlySpan<uint> pixels, int width, Span<byte> target)
    {
        int at = 0;
        uint first = 0;
        for (int i = 0; i < pixels.Length; i += width)
        {
            uint left = first;
            first = pixels[i];
            foreach (uint pixel in pixels.Slice(i, width))
            {
                byte green = (byte)((pixel >> 8) - (left >> 8));
                target[at + 2] = (byte)((pixel >> 16) - (left >> 16) - green);
                target[at + 1] = (byte)(pixel - left - green);
                target[at] = green;
                at += 3;
                left = pixel;
            }
        }

        int padded = Length(pixels.Length);
        target[at..padded].Clear();
        return padded;
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
