using System.Numerics;

namespace PixelGameDev.Benchmarks.Codec;

/// <summary>
/// Computes the bytes of a picture as the prototype sent it: baseline JPEG at quality 75 in base64, with halved chroma and the standard's
/// tables, as libjpeg and Pillow write it by default. It counts the bytes of an encoder and stores none. It leaves out the stuffing after
/// bytes of 0xFF (under half a per cent).
/// </summary>
/// <remarks>ITU-T T.81: quantization tables K.1 and K.2 scaled as libjpeg does for 75, Huffman tables K.3 to K.6.</remarks>
internal static class JpegSize
{
    /// <summary>SOI, JFIF, tables, frame and scan headers, EOI.</summary>
    private const int HeaderBytes = 625;

    private static readonly byte[] LumaQuantum =
    [
        8, 6, 6, 7, 6, 5, 8, 7, 7, 7, 9, 9, 8, 10, 12, 20, 13, 12, 11, 11, 12, 25, 18, 19, 15, 20, 29, 26, 31, 30, 29, 26,
        28, 28, 32, 36, 46, 39, 32, 34, 44, 35, 28, 28, 40, 55, 41, 44, 48, 49, 52, 52, 52, 31, 39, 57, 61, 56, 50, 60, 46, 51, 52, 50,
    ];

    private static readonly byte[] ChromaQuantum =
        [9, 9, 9, 12, 11, 12, 24, 13, 13, 24, 50, 33, 28, 33, .. Enumerable.Repeat((byte)50, 50)];

    private static readonly byte[] ZigZag =
    [
        0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
        35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
    ];

    private static readonly byte[] LumaDc = Lengths([0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0], "000102030405060708090a0b");
    private static readonly byte[] ChromaDc = Lengths([0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0], "000102030405060708090a0b");

    private static readonly byte[] LumaAc = Lengths(
        [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 125],
        "01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a3435363738393a434445464748494a"
        + "535455565758595a636465666768696a737475767778797a838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6"
        + "c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa");

    private static readonly byte[] ChromaAc = Lengths(
        [0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 119],
        "000102031104052131061241510761711322328108144291a1b1c109233352f0156272d10a162434e125f11718191a262728292a35363738393a43444546474849"
        + "4a535455565758595a636465666768696a737475767778797a82838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4"
        + "c5c6c7c8c9cad2d3d4d5d6d7d8d9dae2e3e4e5e6e7e8e9eaf2f3f4f5f6f7f8f9fa");

    private static readonly float[] Cosines = [.. Enumerable.Range(0, 64).Select(i =>
        (float)(Math.Cos(((2 * (i % 8)) + 1) * (i / 8) * Math.PI / 16) * (i / 8 == 0 ? Math.Sqrt(0.125) : 0.5)))];

    /// <summary>Returns the bytes of the JPEG in base64 in one server-sent event: with <c>data: </c> and two line ends.</summary>
    public static long OfEvent(ReadOnlySpan<byte> bgrx, int width, int height) => ((OfFile(bgrx, width, height) + 2) / 3 * 4) + 8;

    /// <summary>Returns the bytes of the JPEG.</summary>
    /// <param name="bgrx">Rows of 4-byte pixels without gaps.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    public static long OfFile(ReadOnlySpan<byte> bgrx, int width, int height)
    {
        int across = (width + 15) / 16, down = (height + 15) / 16;
        Span<float> luma = stackalloc float[256];
        Span<float> blue = stackalloc float[64];
        Span<float> red = stackalloc float[64];
        Span<float> block = stackalloc float[64];
        long bits = 0;
        int lumaBefore = 0, blueBefore = 0, redBefore = 0;
        for (int row = 0; row < down; row++)
        {
            for (int column = 0; column < across; column++)
            {
                blue.Clear();
                red.Clear();
                for (int y = 0; y < 16; y++)
                {
                    // Beyond the edge the last pixel repeats, as in libjpeg.
                    int line = Math.Min((row * 16) + y, height - 1) * width;
                    for (int x = 0; x < 16; x++)
                    {
                        int at = (line + Math.Min((column * 16) + x, width - 1)) * 4;
                        (float b, float g, float r) = (bgrx[at], bgrx[at + 1], bgrx[at + 2]);
                        luma[(y * 16) + x] = (0.299f * r) + (0.587f * g) + (0.114f * b) - 128;
                        int half = (y / 2 * 8) + (x / 2);
                        blue[half] += 0.25f * ((-0.168736f * r) - (0.331264f * g) + (0.5f * b));
                        red[half] += 0.25f * ((0.5f * r) - (0.418688f * g) - (0.081312f * b));
                    }
                }

                for (int part = 0; part < 4; part++)
                {
                    for (int y = 0; y < 8; y++)
                    {
                        luma.Slice((((part / 2 * 8) + y) * 16) + (part % 2 * 8), 8).CopyTo(block[(y * 8)..]);
                    }

                    bits += BlockBits(block, LumaQuantum, LumaDc, LumaAc, ref lumaBefore);
                }

                bits += BlockBits(blue, ChromaQuantum, ChromaDc, ChromaAc, ref blueBefore);
                bits += BlockBits(red, ChromaQuantum, ChromaDc, ChromaAc, ref redBefore);
            }
        }

        return HeaderBytes + ((bits + 7) / 8);
    }

    private static int BlockBits(Span<float> samples, byte[] quantum, byte[] dc, byte[] ac, ref int before)
    {
        Span<float> half = stackalloc float[64];
        Span<float> whole = stackalloc float[64];
        Transform(samples, half);
        Transform(half, whole);
        int first = (int)MathF.Round(whole[0] / quantum[0]);
        int size = Size(first - before);
        before = first;
        int bits = dc[size] + size;
        int zeros = 0;
        for (int i = 1; i < 64; i++)
        {
            int value = (int)MathF.Round(whole[ZigZag[i]] / quantum[i]);
            if (value == 0)
            {
                zeros++;
                continue;
            }

            for (; zeros > 15; zeros -= 16)
            {
                bits += ac[0xF0];
            }

            size = Size(value);
            bits += ac[(zeros << 4) | size] + size;
            zeros = 0;
        }

        return zeros > 0 ? bits + ac[0] : bits;
    }

    /// <summary>Computes the cosine transform of each row and writes it as columns. Two calls give both directions.</summary>
    private static void Transform(ReadOnlySpan<float> from, Span<float> to)
    {
        for (int row = 0; row < 8; row++)
        {
            ReadOnlySpan<float> line = from.Slice(row * 8, 8);
            for (int k = 0; k < 8; k++)
            {
                ReadOnlySpan<float> cosine = Cosines.AsSpan(k * 8, 8);
                to[(k * 8) + row] = (line[0] * cosine[0]) + (line[1] * cosine[1]) + (line[2] * cosine[2]) + (line[3] * cosine[3])
                    + (line[4] * cosine[4]) + (line[5] * cosine[5]) + (line[6] * cosine[6]) + (line[7] * cosine[7]);
            }
        }
    }

    private static int Size(int value) => 32 - BitOperations.LeadingZeroCount((uint)Math.Abs(value));

    /// <summary>Returns the code length of each symbol.</summary>
    private static byte[] Lengths(int[] counts, string symbols)
    {
        byte[] values = Convert.FromHexString(symbols);
        byte[] lengths = new byte[256];
        int next = 0;
        for (int length = 1; length <= 16; length++)
        {
            for (int i = 0; i < counts[length - 1]; i++)
            {
                lengths[values[next++]] = (byte)length;
            }
        }

        return lengths;
    }
}
