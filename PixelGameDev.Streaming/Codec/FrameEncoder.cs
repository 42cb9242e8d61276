using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace PixelGameDev.Streaming.Codec;

/// <summary>
/// Turns a game's pictures into Frame messages (docs/PROTOCOL.md, <i>Frame body</i>): what changed since the last picture, in
/// 32×32 tiles, each in the form that suits it, compressed with zstd whose window lives until the next keyframe.
/// </summary>
/// <remarks>
/// One encoder serves one session; it is not thread-safe. It allocates for the first picture of a size and never after.
/// Step 1 mark the tiles that differ from the kept copy, Step 2 when they are many, see whether the picture only moved,
/// Step 3 narrow each dirty tile to the rectangle that changed, Step 4 write it in the cheapest form, Step 5 compress.
/// <para>
/// The picture arrives exactly, with one exception: where more than <see cref="AlwaysExactPixels"/> pixels a frame change in
/// ways that neither a palette nor a scroll explains, and writing them takes longer than <see cref="BudgetMicros"/>, those
/// tiles go at half their resolution, the frame says <i>lossy</i>, and they are made exact by the next call in which they
/// stand still (<see cref="IsInexact"/>).
/// </para>
/// </remarks>
public sealed class FrameEncoder : IDisposable
{
    /// <summary>Pictures with no more pixels than this (800×600 has 480,000) are never simplified.</summary>
    public const int AlwaysExactPixels = 500_000;

    /// <summary>What writing a frame may take before tiles are simplified, µs: about half a tick.</summary>
    public const int BudgetMicros = 8_000;

    /// <summary>Fewer dirty tiles than this are sent as they are.</summary>
    private const int ScrollTiles = 12;

    private readonly TimeProvider time;
    private readonly ZstdStreamCompressor zstd = new();
    private readonly TilePalette palette = new();
    private readonly ScrollFinder scrolls = new();
    private readonly uint[] tilePixels = new uint[FrameBody.TileSize * FrameBody.TileSize];

    private int width;
    private int height;
    private int across;
    private uint[] kept = [];
    private bool[] dirty = [];
    private bool[] inexact = [];
    private byte[] body = [];
    private byte[] message = [];

    private int inexactTiles;
    private bool hurried;
    private int intricatePixels;
    private double nanosPerPixel;

    /// <summary>Creates an encoder.</summary>
    /// <param name="time">Measures what encoding takes; the system's by default.</param>
    public FrameEncoder(TimeProvider? time = null) => this.time = time ?? TimeProvider.System;

    /// <summary>
    /// Some of what was sent is simplified. Call <see cref="Encode"/> again with the same picture, at the latest when the game
    /// has not drawn for a moment: it answers the exact rest.
    /// </summary>
    public bool IsInexact => inexactTiles > 0;

    /// <summary>Encodes one picture.</summary>
    /// <param name="bgrx">Rows of 4-byte pixels: blue, green, red, ignored.</param>
    /// <param name="width">Pixels, 1 … 1920.</param>
    /// <param name="height">Pixels, 1 … 1920; <c>width × height</c> ≤ 1920 × 1080.</param>
    /// <param name="pitchBytes">Bytes from one row to the next; at least <c>width × 4</c>.</param>
    /// <param name="keyframe">Write the complete picture and start anew; implied by the first picture and by a new size.</param>
    /// <param name="info">Copied into the header.</param>
    /// <returns>A message that is valid until the next call; empty when nothing changed.</returns>
    /// <exception cref="ArgumentException">The size is impossible or <paramref name="bgrx"/> is too short for it.</exception>
    public EncodedFrame Encode(ReadOnlySpan<byte> bgrx, int width, int height, int pitchBytes, bool keyframe, in FrameInfo info)
    {
        long started = time.GetTimestamp();
        if (!FrameHeader.IsValidSize(width, height))
        {
            throw new ArgumentException($"A picture of {width}×{height} pixels cannot be sent.", nameof(width));
        }

        if (pitchBytes < width * 4 || bgrx.Length < ((long)pitchBytes * (height - 1)) + (width * 4))
        {
            throw new ArgumentException("The pixels are fewer than the picture's size says.", nameof(bgrx));
        }

        if (width != this.width || height != this.height)
        {
            Resize(width, height);
            keyframe = true;
        }

        if (keyframe)
        {
            zstd.Reset();
        }

        hurried = !keyframe && intricatePixels > AlwaysExactPixels && intricatePixels * nanosPerPixel > BudgetMicros * 1000.0;
        intricatePixels = 0;
        int length = WriteBody(new PixelRows(bgrx, width, height, pitchBytes), keyframe, out bool lossy);
        if (length == 0)
        {
            return default;
        }

        int compressed = zstd.Compress(body.AsSpan(0, length), message.AsSpan(FrameHeader.Size));
        double micros = time.GetElapsedTime(started).TotalMicroseconds;
        if (!hurried && !keyframe && intricatePixels > AlwaysExactPixels)
        {
            nanosPerPixel = micros * 1000 / intricatePixels;
        }

        byte flags = (byte)((keyframe ? FrameHeader.KeyframeFlag : 0) | (lossy ? FrameHeader.LossyFlag : 0));
        new FrameHeader(flags, width, height, info.FrameNumber, info.CaptureMicros, info.InputSeq, (uint)micros).Write(message);
        return new EncodedFrame(message.AsMemory(0, FrameHeader.Size + compressed));
    }

    /// <inheritdoc/>
    public void Dispose() => zstd.Dispose();

    private void Resize(int newWidth, int newHeight)
    {
        width = newWidth;
        height = newHeight;
        across = FrameBody.TilesAcross(width);
        int tiles = across * FrameBody.TilesAcross(height);
        kept = new uint[width * height];
        dirty = new bool[tiles];
        inexact = new bool[tiles];
        inexactTiles = 0;
        intricatePixels = 0;
        body = new byte[FrameBody.MaxLength(width, height) + FrameBody.Slack];
        message = new byte[FrameHeader.Size + ZstdStreamCompressor.Bound(body.Length)];
        scrolls.Reset();
    }

    /// <summary>Fills <see cref="body"/>; answers its length, 0 when nothing changed.</summary>
    private int WriteBody(in PixelRows now, bool keyframe, out bool lossy)
    {
        lossy = false;
        int length = FrameBody.HeaderSize;
        ushort flags = 0;
        if (keyframe)
        {
            dirty.AsSpan().Fill(true);
        }
        else
        {
            // Step 1 and 2.
            int count = MarkDirty(now);
            if (count >= ScrollTiles && scrolls.TryFind(now, kept, dirty, count, out Scroll scroll))
            {
                if (inexactTiles == 0)
                {
                    flags = FrameBody.ScrollFlag;
                    length += WriteScroll(scroll);
                    scroll.Apply(kept, width);
                    count = MarkDirty(now);
                }
                else
                {
                    // The page's picture cannot be moved, it is not exact. Make it so once, then later frames can.
                    hurried = false;
                }
            }

            hurried &= count * (FrameBody.TileSize * FrameBody.TileSize) > AlwaysExactPixels;

            if (count == 0 && inexactTiles == 0 && flags == 0)
            {
                return 0;
            }
        }

        // Step 3 and 4. What was simplified is made exact where it stands still, in any frame that is not itself in a hurry.
        int tiles = 0;
        for (int tile = 0; tile < dirty.Length; tile++)
        {
            bool whole = keyframe || inexact[tile];
            if ((dirty[tile] || inexact[tile]) && WriteTile(now, tile, whole, hurried && dirty[tile], ref length))
            {
                tiles++;
                lossy |= inexact[tile];
            }
        }

        lossy |= inexactTiles > 0;
        BinaryPrimitives.WriteUInt16LittleEndian(body, (ushort)tiles);
        BinaryPrimitives.WriteUInt16LittleEndian(body.AsSpan(2), flags);
        return tiles == 0 && flags == 0 ? 0 : length;
    }

    /// <summary>Compares with the kept copy; answers the number of tiles that differ.</summary>
    private int MarkDirty(in PixelRows now)
    {
        int count = 0;
        dirty.AsSpan().Clear();
        for (int top = 0, first = 0; top < height; top += FrameBody.TileSize, first += across)
        {
            Span<bool> marks = dirty.AsSpan(first, across);
            int bottom = Math.Min(height, top + FrameBody.TileSize);
            int clean = across;
            for (int y = top; y < bottom && clean > 0; y++)
            {
                // Whole rows first: they are equal far more often than not.
                ReadOnlySpan<uint> row = now.Row(y);
                ReadOnlySpan<uint> before = kept.AsSpan(y * width, width);
                if (row.SequenceEqual(before))
                {
                    continue;
                }

                for (int column = 0, x = 0; column < across; column++, x += FrameBody.TileSize)
                {
                    int w = Math.Min(FrameBody.TileSize, width - x);
                    if (!marks[column] && !row.Slice(x, w).SequenceEqual(before.Slice(x, w)))
                    {
                        marks[column] = true;
                        clean--;
                        count++;
                    }
                }
            }
        }

        return count;
    }

    private int WriteScroll(in Scroll scroll)
    {
        Span<byte> target = body.AsSpan(FrameBody.HeaderSize, FrameBody.ScrollSize);
        BinaryPrimitives.WriteUInt16LittleEndian(target, (ushort)scroll.X);
        BinaryPrimitives.WriteUInt16LittleEndian(target[2..], (ushort)scroll.Y);
        BinaryPrimitives.WriteUInt16LittleEndian(target[4..], (ushort)scroll.Width);
        BinaryPrimitives.WriteUInt16LittleEndian(target[6..], (ushort)scroll.Height);
        BinaryPrimitives.WriteInt16LittleEndian(target[8..], (short)scroll.Dx);
        BinaryPrimitives.WriteInt16LittleEndian(target[10..], (short)scroll.Dy);
        return FrameBody.ScrollSize;
    }

    private bool WriteTile(in PixelRows now, int tile, bool whole, bool coarse, ref int length)
    {
        int left = tile % across * FrameBody.TileSize;
        int top = tile / across * FrameBody.TileSize;
        int right = Math.Min(width, left + FrameBody.TileSize);
        int bottom = Math.Min(height, top + FrameBody.TileSize);
        int x0 = left, x1 = right, y0 = top, y1 = bottom;
        if (!whole)
        {
            Narrow(now, ref x0, ref x1, ref y0, ref y1);
        }

        for (int y = top; y < bottom; y++)
        {
            now.Row(y)[left..right].CopyTo(kept.AsSpan((y * width) + left));
        }

        if (x0 >= x1)
        {
            return false;
        }

        int w = x1 - x0;
        int count = 0;
        for (int y = y0; y < y1; y++)
        {
            FrameBody.ToRgba(now.Row(y)[x0..x1], tilePixels.AsSpan(count));
            count += w;
        }

        ReadOnlySpan<uint> pixels = tilePixels.AsSpan(0, count);
        int colours = palette.Collect(pixels, Math.Min(FrameBody.MaxColours, count / 4));
        TileMode mode = colours switch { 1 => TileMode.Solid, > 1 => TileMode.Palette, _ => coarse ? TileMode.Coarse : TileMode.Filtered };
        if (mode == TileMode.Coarse && !whole)
        {
            // Simplified as a whole, so that it can be made exact as a whole.
            x0 = left;
            x1 = right;
            y0 = top;
            y1 = bottom;
            w = x1 - x0;
        }

        Span<byte> record = body.AsSpan(length);
        BinaryPrimitives.WriteUInt16LittleEndian(record, (ushort)tile);
        record[2] = (byte)mode;
        record[3] = (byte)Math.Max(0, colours - 1);
        record[4] = (byte)(x0 - left);
        record[5] = (byte)(y0 - top);
        record[6] = (byte)w;
        record[7] = (byte)(y1 - y0);
        record = record[FrameBody.RecordSize..];
        length += FrameBody.RecordSize;
        SetInexact(tile, mode == TileMode.Coarse);
        switch (mode)
        {
            case TileMode.Solid:
                MemoryMarshal.Write(record, pixels[0]);
                length += 4;
                break;

            case TileMode.Palette:
                MemoryMarshal.AsBytes(palette.Colours).CopyTo(record);
                record = record[(colours * 4)..];
                palette.Indices[..count].CopyTo(record);
                int padded = (count + 3) & ~3;
                record[count..padded].Clear();
                length += (colours * 4) + padded;
                break;

            case TileMode.Filtered:
                intricatePixels += count;
                length += TileFilter.Write(pixels, w, record);
                break;

            default:
                intricatePixels += w * (y1 - y0);
                length += WriteCoarse(now, x0, x1, y0, y1, record);
                break;
        }

        return true;
    }

    /// <summary>The rectangle that really changed; empty when only the ignored byte did.</summary>
    private void Narrow(in PixelRows now, ref int x0, ref int x1, ref int y0, ref int y1)
    {
        (int left, int right, int top, int bottom) = (x0, x1, y0, y1);
        (x0, x1, y0, y1) = (right, left, bottom, top);
        for (int y = top; y < bottom; y++)
        {
            ReadOnlySpan<uint> row = now.Row(y)[left..right];
            ReadOnlySpan<uint> before = kept.AsSpan((y * width) + left, row.Length);
            int first = row.CommonPrefixLength(before);
            while (first < row.Length && ((row[first] ^ before[first]) & 0xFFFFFF) == 0)
            {
                first++;
            }

            if (first == row.Length)
            {
                continue;
            }

            int last = row.Length - 1;
            while (((row[last] ^ before[last]) & 0xFFFFFF) == 0)
            {
                last--;
            }

            x0 = Math.Min(x0, left + first);
            x1 = Math.Max(x1, left + last + 1);
            y0 = Math.Min(y0, y);
            y1 = y + 1;
        }
    }

    private int WriteCoarse(in PixelRows now, int x0, int x1, int y0, int y1, Span<byte> target)
    {
        int count = 0;
        for (int y = y0; y < y1; y += 2)
        {
            ReadOnlySpan<uint> row = now.Row(y);
            for (int x = x0; x < x1; x += 2)
            {
                tilePixels[count++] = FrameBody.ToRgba(row[x]);
            }
        }

        return TileFilter.Write(tilePixels.AsSpan(0, count), (x1 - x0 + 1) / 2, target);
    }

    private void SetInexact(int tile, bool value)
    {
        if (inexact[tile] != value)
        {
            inexact[tile] = value;
            inexactTiles += value ? 1 : -1;
        }
    }
}
