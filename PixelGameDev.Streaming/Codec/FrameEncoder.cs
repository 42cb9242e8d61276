using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace PixelGameDev.Streaming.Codec;

/// <summary>
/// Turns a game's pictures into Frame messages (docs/PROTOCOL.md, <i>Frame body</i>): what changed since the last picture, in
/// 32×32 tiles, each in the form that suits it, compressed with zstd whose window lives until the next keyframe.
/// </summary>
/// <remarks>
/// One encoder serves one session; it is not thread-safe. It allocates for the first picture of a size and never after.
/// Step 1 compare rows with the kept copy, Step 2 narrow each dirty tile to the rectangle that changed, Step 3 write it in
/// the cheapest form, Step 4 compress and flush.
/// </remarks>
public sealed class FrameEncoder(TimeProvider? time = null) : IDisposable
{
    private readonly TimeProvider time = time ?? TimeProvider.System;
    private readonly ZstdStreamCompressor zstd = new();
    private readonly TilePalette palette = new();
    private readonly uint[] tilePixels = new uint[FrameBody.TileSize * FrameBody.TileSize];

    private int width;
    private int height;
    private uint[] kept = [];
    private bool[] dirty = [];
    private byte[] body = [];
    private byte[] message = [];

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

        int length = WriteBody(bgrx, pitchBytes, keyframe);
        if (length == 0)
        {
            return default;
        }

        int compressed = zstd.Compress(body.AsSpan(0, length), message.AsSpan(FrameHeader.Size));
        new FrameHeader(
            keyframe ? FrameHeader.KeyframeFlag : (byte)0,
            width,
            height,
            info.FrameNumber,
            info.CaptureMicros,
            info.InputSeq,
            (uint)time.GetElapsedTime(started).TotalMicroseconds).Write(message);
        return new EncodedFrame(message.AsMemory(0, FrameHeader.Size + compressed));
    }

    /// <inheritdoc/>
    public void Dispose() => zstd.Dispose();

    private void Resize(int newWidth, int newHeight)
    {
        width = newWidth;
        height = newHeight;
        kept = new uint[width * height];
        dirty = new bool[FrameBody.TilesAcross(width)];
        body = new byte[FrameBody.MaxLength(width, height)];
        message = new byte[FrameHeader.Size + ZstdStreamCompressor.Bound(body.Length)];
    }

    /// <summary>Fills <see cref="body"/>; answers its length, 0 when nothing changed.</summary>
    private int WriteBody(ReadOnlySpan<byte> bgrx, int pitchBytes, bool keyframe)
    {
        int length = FrameBody.HeaderSize;
        int tiles = 0;
        int across = FrameBody.TilesAcross(width);
        int down = FrameBody.TilesAcross(height);
        for (int row = 0; row < down; row++)
        {
            int top = row * FrameBody.TileSize;
            int bottom = Math.Min(height, top + FrameBody.TileSize);

            // Step 1: whole rows first, they are equal far more often than not.
            bool any = keyframe;
            dirty.AsSpan().Fill(keyframe);
            for (int y = top; y < bottom && !keyframe; y++)
            {
                ReadOnlySpan<uint> now = Row(bgrx, pitchBytes, y);
                ReadOnlySpan<uint> before = kept.AsSpan(y * width, width);
                if (now.SequenceEqual(before))
                {
                    continue;
                }

                any = true;
                for (int column = 0, x = 0; column < across; column++, x += FrameBody.TileSize)
                {
                    if (!dirty[column])
                    {
                        int w = Math.Min(FrameBody.TileSize, width - x);
                        dirty[column] = !now.Slice(x, w).SequenceEqual(before.Slice(x, w));
                    }
                }
            }

            for (int column = 0; any && column < across; column++)
            {
                if (dirty[column] && WriteTile(bgrx, pitchBytes, column, top, bottom, keyframe, row * across + column, ref length))
                {
                    tiles++;
                }
            }
        }

        if (tiles == 0)
        {
            return 0;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(body, (uint)tiles);
        return length;
    }

    private ReadOnlySpan<uint> Row(ReadOnlySpan<byte> bgrx, int pitchBytes, int y) =>
        MemoryMarshal.Cast<byte, uint>(bgrx.Slice(y * pitchBytes, width * 4));

    private bool WriteTile(ReadOnlySpan<byte> bgrx, int pitchBytes, int column, int top, int bottom, bool keyframe, int index, ref int length)
    {
        int left = column * FrameBody.TileSize;
        int w = Math.Min(FrameBody.TileSize, width - left);

        // Step 2: the rectangle that really changed. The ignored byte may differ where the colours do not.
        int x0 = 0, x1 = w, y0 = top, y1 = bottom;
        if (!keyframe)
        {
            x0 = w;
            x1 = 0;
            y0 = bottom;
            y1 = top;
            for (int y = top; y < bottom; y++)
            {
                ReadOnlySpan<uint> now = Row(bgrx, pitchBytes, y).Slice(left, w);
                ReadOnlySpan<uint> before = kept.AsSpan((y * width) + left, w);
                int first = 0;
                while (first < w && ((now[first] ^ before[first]) & 0xFFFFFF) == 0)
                {
                    first++;
                }

                if (first == w)
                {
                    continue;
                }

                int last = w - 1;
                while (((now[last] ^ before[last]) & 0xFFFFFF) == 0)
                {
                    last--;
                }

                x0 = Math.Min(x0, first);
                x1 = Math.Max(x1, last + 1);
                y0 = Math.Min(y0, y);
                y1 = y + 1;
            }
        }

        for (int y = top; y < bottom; y++)
        {
            Row(bgrx, pitchBytes, y).Slice(left, w).CopyTo(kept.AsSpan((y * width) + left, w));
        }

        if (x0 >= x1)
        {
            return false;
        }

        int count = 0;
        for (int y = y0; y < y1; y++)
        {
            foreach (uint pixel in Row(bgrx, pitchBytes, y)[(left + x0)..(left + x1)])
            {
                tilePixels[count++] = FrameBody.ToRgba(pixel);
            }
        }

        // Step 3: the form. Palettes are worth their bytes only where the tile is larger than they are.
        ReadOnlySpan<uint> pixels = tilePixels.AsSpan(0, count);
        int colours = palette.Collect(pixels, Math.Min(256, count / 4));
        Span<byte> record = body.AsSpan(length);
        BinaryPrimitives.WriteUInt16LittleEndian(record, (ushort)index);
        record[2] = (byte)(colours == 1 ? TileMode.Solid : colours > 0 ? TileMode.Palette : TileMode.Pixels);
        record[3] = (byte)Math.Max(0, colours - 1);
        record[4] = (byte)x0;
        record[5] = (byte)(y0 - top);
        record[6] = (byte)(x1 - x0);
        record[7] = (byte)(y1 - y0);
        length += FrameBody.RecordSize;
        record = record[FrameBody.RecordSize..];
        if (colours == 0)
        {
            MemoryMarshal.AsBytes(pixels).CopyTo(record);
            length += count * 4;
            return true;
        }

        MemoryMarshal.AsBytes(palette.Colours).CopyTo(record);
        length += colours * 4;
        if (colours > 1)
        {
            record = record[(colours * 4)..];
            palette.Indices[..count].CopyTo(record);
            int padded = (count + 3) & ~3;
            record[count..padded].Clear();
            length += padded;
        }

        return true;
    }
}
