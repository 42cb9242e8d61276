using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace PixelGameDev.Streaming.Codec;

/// <summary>
/// What changed in a tile: a bit for each column, and the rows from the first up to <paramref name="Bottom"/>, which is not included.
/// </summary>
internal readonly record struct TileChange(uint Columns, int Top, int Bottom)
{
    public int Left => BitOperations.TrailingZeroCount(Columns);

    public int Right => FrameBody.TileSize - BitOperations.LeadingZeroCount(Columns);
}

/// <summary>
/// Passes over the pixels of tiles. The game may write the picture's memory during that, so each pixel that counts is read once.
/// </summary>
internal static class TileRows
{
    private const int Size = FrameBody.TileSize;

    /// <summary>Rows from a prefetch to its use.</summary>
    private const int Ahead = 8;

    /// <summary>Bytes from a prefetch to its use.</summary>
    private const int BytesAhead = 1024;

    /// <summary>
    /// Marks the tiles of a rectangle that differ from the reference picture, moved by <paramref name="shift"/>; returns how many were
    /// marked. Tiles that are marked already are skipped.
    /// </summary>
    /// <param name="now">The picture.</param>
    /// <param name="kept">The reference picture, rows without a gap.</param>
    /// <param name="shift">For tiles that are not marked, a pixel's index minus this lies in the reference picture.</param>
    /// <param name="left">First column of tiles.</param>
    /// <param name="top">First row of tiles.</param>
    /// <param name="right">First column after the rectangle.</param>
    /// <param name="bottom">First row after the rectangle.</param>
    /// <param name="marks">One mark for each tile of the picture.</param>
    public static int MarkChanged(
        in PixelRows now, ReadOnlySpan<uint> kept, int shift, int left, int top, int right, int bottom, Span<bool> marks)
    {
        int width = now.Width;
        int across = FrameBody.TilesAcross(width);
        int count = 0;
        for (int band = top; band < bottom; band++)
        {
            // Step 1: only the columns from the first to the last that are not marked yet.
            Span<bool> row = marks.Slice(band * across, across);
            int from = left, to = right;
            int lastY = Math.Min(now.Height, (band + 1) * Size);
            for (int y = band * Size; y < lastY; y++)
            {
                while (from < to && row[from])
                {
                    from++;
                }

                while (to > from && row[to - 1])
                {
                    to--;
                }

                if (from == to)
                {
                    break;
                }

                // Step 2: row by row, because that is the order of the memory.
                int x = from * Size;
                int end = Math.Min(width, to * Size);
                ReadOnlySpan<uint> here = now.Row(y)[x..end];
                ReadOnlySpan<uint> before = kept.Slice((y * width) + x - shift, end - x);
                ref byte a = ref Unsafe.As<uint, byte>(ref MemoryMarshal.GetReference(here));
                ref byte b = ref Unsafe.As<uint, byte>(ref MemoryMarshal.GetReference(before));
                int column = from;
                int full = from + ((end - x) / Size);
                for (; column < full; column++)
                {
                    Prefetch(ref a);
                    Prefetch(ref b);
                    if (!row[column] && Differ(ref a, ref b))
                    {
                        row[column] = true;
                        count++;
                    }

                    a = ref Unsafe.Add(ref a, Size * 4);
                    b = ref Unsafe.Add(ref b, Size * 4);
                }

                if (column < to && !row[column] && !here[((column - from) * Size)..].SequenceEqual(before[((column - from) * Size)..]))
                {
                    row[column] = true;
                    count++;
                }
            }
        }

        return count;
    }

    /// <summary>Copies a tile of the picture into the reference picture and, as RGBA in rows of 32, into <paramref name="rgba"/>.</summary>
    public static TileChange Take(in PixelRows now, Span<uint> kept, int left, int top, int width, int height, Span<uint> rgba)
    {
        uint columns = 0;
        int first = height, behind = 0;
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<uint> source = now.Row(top + y).Slice(left, width);
            Span<uint> target = kept.Slice(((top + y) * now.Width) + left, width);
            Span<uint> line = rgba.Slice(y * Size, Size);
            if (top + y + Ahead < now.Height)
            {
                Prefetch(now.Row(top + y + Ahead), left);
                Prefetch(kept.Slice((top + y + Ahead) * now.Width, now.Width), left);
            }

            uint changed = width == Size ? TakeRow(source, target, line) : TakeShortRow(source, target, line);
            if (changed != 0)
            {
                columns |= changed;
                first = Math.Min(first, y);
                behind = y + 1;
            }
        }

        return new TileChange(columns, first, behind);
    }

    /// <summary>Prefetches a row of a tile. A tile's rows lie so far apart that the processor cannot predict the next one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Prefetch(ReadOnlySpan<uint> row, int left)
    {
        if (Sse.IsSupported)
        {
            byte* at = (byte*)Unsafe.AsPointer(ref Unsafe.Add(ref MemoryMarshal.GetReference(row), left));
            Sse.Prefetch0(at);
            Sse.Prefetch0(at + 64);
        }
    }

    /// <summary>Prefetches what follows in a row: both pictures come out of slow memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Prefetch(ref byte at)
    {
        if (Sse.IsSupported)
        {
            byte* ahead = (byte*)Unsafe.AsPointer(ref at) + BytesAhead;
            Sse.Prefetch0(ahead);
            Sse.Prefetch0(ahead + 64);
        }
    }

    /// <summary>Returns whether any of 32 pixels differ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Differ(ref byte a, ref byte b)
    {
        Vector128<byte> d = Vector128.LoadUnsafe(ref a) ^ Vector128.LoadUnsafe(ref b);
        Vector128<byte> e = Vector128.LoadUnsafe(ref a, 16) ^ Vector128.LoadUnsafe(ref b, 16);
        d |= Vector128.LoadUnsafe(ref a, 32) ^ Vector128.LoadUnsafe(ref b, 32);
        e |= Vector128.LoadUnsafe(ref a, 48) ^ Vector128.LoadUnsafe(ref b, 48);
        d |= Vector128.LoadUnsafe(ref a, 64) ^ Vector128.LoadUnsafe(ref b, 64);
        e |= Vector128.LoadUnsafe(ref a, 80) ^ Vector128.LoadUnsafe(ref b, 80);
        d |= Vector128.LoadUnsafe(ref a, 96) ^ Vector128.LoadUnsafe(ref b, 96);
        e |= Vector128.LoadUnsafe(ref a, 112) ^ Vector128.LoadUnsafe(ref b, 112);
        return (d | e) != Vector128<byte>.Zero;
    }

    private static uint TakeRow(ReadOnlySpan<uint> source, Span<uint> kept, Span<uint> rgba)
    {
        ref uint from = ref MemoryMarshal.GetReference(source);
        ref uint old = ref MemoryMarshal.GetReference(kept);
        ref uint to = ref MemoryMarshal.GetReference(rgba);
        uint changed = 0;
        for (int i = 0; i < Size; i += 16)
        {
            Vector128<short> low = Vector128.NarrowWithSaturation(Take4(ref from, ref old, ref to, i),
                Take4(ref from, ref old, ref to, i + 4));
            Vector128<short> high =
                Vector128.NarrowWithSaturation(Take4(ref from, ref old, ref to, i + 8), Take4(ref from, ref old, ref to, i + 12));
            changed |= (~Vector128.NarrowWithSaturation(low, high).ExtractMostSignificantBits() & 0xFFFF) << i;
        }

        return changed;
    }

    /// <summary>Returns -1 for each pixel that is equal, 0 for the others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Take4(ref uint from, ref uint old, ref uint to, int at)
    {
        Vector128<byte> swap = Vector128.Create((byte)2, 1, 0, 255, 6, 5, 4, 255, 10, 9, 8, 255, 14, 13, 12, 255);
        Vector128<uint> pixels = Vector128.LoadUnsafe(ref from, (nuint)at);
        Vector128<uint> difference = (pixels ^ Vector128.LoadUnsafe(ref old, (nuint)at)) & Vector128.Create(0xFFFFFFu);
        pixels.StoreUnsafe(ref old, (nuint)at);
        (Vector128.Shuffle(pixels.AsByte(), swap).AsUInt32() | Vector128.Create(0xFF000000u)).StoreUnsafe(ref to, (nuint)at);
        return Vector128.Equals(difference, Vector128<uint>.Zero).AsInt32();
    }

    private static uint TakeShortRow(ReadOnlySpan<uint> source, Span<uint> kept, Span<uint> rgba)
    {
        uint changed = 0;
        for (int i = 0; i < source.Length; i++)
        {
            uint pixel = source[i];
            changed |= ((pixel ^ kept[i]) & 0xFFFFFF) != 0 ? 1u << i : 0;
            kept[i] = pixel;
            rgba[i] = FrameBody.ToRgba(pixel);
        }

        return changed;
    }
}
