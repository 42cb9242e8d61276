using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace PixelGameDev.Streaming.Codec;

/// <summary>Writes the tiles of a frame, each in the form that takes the fewest bytes. Allocates nothing after construction.</summary>
internal sealed class TileWriter
{
    private readonly TilePalette _palette = new();
    private readonly uint[] _tileRgba = new uint[FrameBody.TileSize * FrameBody.TileSize];
    private readonly uint[] _tilePixels = new uint[FrameBody.TileSize * FrameBody.TileSize];

    /// <summary>
    /// Gets or sets how many pixels were written that no palette explains. They take most of the time and most of the bytes.
    /// </summary>
    public int IntricatePixels { get; set; }

    /// <summary>Takes a tile into the reference picture and writes its record.</summary>
    /// <param name="now">The picture.</param>
    /// <param name="reference">The picture that the viewers have; the tile in it is updated.</param>
    /// <param name="tile">Number of the tile, row by row.</param>
    /// <param name="whole">Whether to write the whole tile; otherwise only the rectangle that changed.</param>
    /// <param name="coarse">Whether to simplify the tile if it has too many colours for a palette.</param>
    /// <param name="body">The body of the frame.</param>
    /// <param name="length">Where the record goes; advanced past it.</param>
    /// <param name="inexact">Whether the written tile is simplified.</param>
    /// <returns>False if nothing has changed and nothing was written.</returns>
    public bool TryWrite(
        in PixelRows now, Span<uint> reference, int tile, bool whole, bool coarse, byte[] body, ref int length, out bool inexact)
    {
        inexact = false;
        int across = FrameBody.TilesAcross(now.Width);
        int left = tile % across * FrameBody.TileSize;
        int top = tile / across * FrameBody.TileSize;
        int tileWidth = Math.Min(FrameBody.TileSize, now.Width - left);
        int tileHeight = Math.Min(FrameBody.TileSize, now.Height - top);
        TileChange change = TileRows.Take(now, reference, left, top, tileWidth, tileHeight, _tileRgba);
        int x0 = 0, x1 = tileWidth, y0 = 0, y1 = tileHeight;
        if (!whole)
        {
            if (change.Columns == 0)
            {
                // Only the ignored byte of some pixels changed.
                return false;
            }

            (x0, x1, y0, y1) = (change.Left, change.Right, change.Top, change.Bottom);
        }

        int w = x1 - x0;
        int count = w * (y1 - y0);
        ReadOnlySpan<uint> pixels = Pixels(x0, x1, y0, y1);
        int colours = _palette.Collect(pixels, Math.Min(FrameBody.MaxColours, count / 4));
        TileMode mode = colours switch { 1 => TileMode.Solid, > 1 => TileMode.Palette, _ => coarse ? TileMode.Coarse : TileMode.Filtered };
        if (mode == TileMode.Coarse && !whole)
        {
            // A tile is simplified as a whole, so that it can be made exact as a whole.
            (x0, x1, y0, y1) = (0, tileWidth, 0, tileHeight);
            w = tileWidth;
        }

        Span<byte> record = body.AsSpan(length);
        BinaryPrimitives.WriteUInt16LittleEndian(record, (ushort)tile);
        record[2] = (byte)mode;
        record[3] = (byte)Math.Max(0, colours - 1);
        record[4] = (byte)x0;
        record[5] = (byte)y0;
        record[6] = (byte)w;
        record[7] = (byte)(y1 - y0);
        record = record[FrameBody.RecordSize..];
        length += FrameBody.RecordSize;
        inexact = mode == TileMode.Coarse;
        switch (mode)
        {
            case TileMode.Solid:
                MemoryMarshal.Write(record, pixels[0]);
                length += 4;
                break;

            case TileMode.Palette:
                MemoryMarshal.AsBytes(_palette.Colours).CopyTo(record);
                record = record[(colours * 4)..];
                _palette.Indices[..count].CopyTo(record);
                int padded = (count + 3) & ~3;
                record[count..padded].Clear();
                length += (colours * 4) + padded;
                break;

            case TileMode.Filtered:
                IntricatePixels += count;
                length += TileFilter.Write(pixels, w, record);
                break;

            default:
                IntricatePixels += w * (y1 - y0);
                length += WriteCoarse(w, y1, record);
                break;
        }

        return true;
    }

    /// <summary>Returns the pixels of a rectangle of the tile, rows without a gap.</summary>
    private ReadOnlySpan<uint> Pixels(int x0, int x1, int y0, int y1)
    {
        int w = x1 - x0;
        if (w == FrameBody.TileSize)
        {
            return _tileRgba.AsSpan(y0 * FrameBody.TileSize, w * (y1 - y0));
        }

        int count = 0;
        for (int y = y0; y < y1; y++)
        {
            _tileRgba.AsSpan((y * FrameBody.TileSize) + x0, w).CopyTo(_tilePixels.AsSpan(count));
            count += w;
        }

        return _tilePixels.AsSpan(0, count);
    }

    private int WriteCoarse(int w, int h, Span<byte> target)
    {
        int count = 0;
        for (int y = 0; y < h; y += 2)
        {
            for (int x = 0; x < w; x += 2)
            {
                _tilePixels[count++] = _tileRgba[(y * FrameBody.TileSize) + x];
            }
        }

        return TileFilter.Write(_tilePixels.AsSpan(0, count), (w + 1) / 2, target);
    }
}
