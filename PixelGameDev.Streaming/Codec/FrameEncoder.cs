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
/// Step 3 take each dirty tile into the kept copy, noting the rectangle that changed, Step 4 write it in the cheapest form,
/// Step 5 compress.
/// <para>
/// The picture may change while it is read. What is sent is always what is kept: a tile is read once, and one that changed behind
/// the look of Step 1 is found by the next call.
/// </para>
/// <para>
/// The picture arrives exactly, with one exception: where so much changes in ways that neither a palette nor a scroll explains
/// that it exceeds the <see cref="FrameBudget"/>, those tiles go at half their resolution, the frame says <i>lossy</i>, and they
/// are made exact by the next calls in which they stand still (<see cref="IsInexact"/>). A keyframe heavier than
/// <see cref="MaxExactBytes"/> is simplified, too: while it is on its way nothing else can be, and it waits for every viewer that is slow.
/// </para>
/// </remarks>
public sealed class FrameEncoder : IDisposable
{
    /// <summary>Fewer dirty tiles than this are sent as they are.</summary>
    private const int ScrollTiles = 12;

    /// <summary>What a keyframe may weigh without being simplified, and the exact rest of one frame, bytes.</summary>
    internal const int MaxExactBytes = 2 * 1024 * 1024;

    private readonly TimeProvider _time;
    private readonly ZstdStreamCompressor _zstd = new();
    private readonly TilePalette _palette = new();
    private readonly ScrollFinder _scrolls = new();
    private readonly FrameBudget _budget = new();
    private readonly uint[] _tileRgba = new uint[FrameBody.TileSize * FrameBody.TileSize];
    private readonly uint[] _tilePixels = new uint[FrameBody.TileSize * FrameBody.TileSize];

    private int _width;
    private int _height;
    private int _across;
    private ReferencePicture _reference = new(0, 0);
    private bool[] _dirty = [];
    private bool[] _inexact = [];
    private byte[] _body = [];
    private byte[] _message = [];

    private int _inexactTiles;
    private bool _hurried;
    private int _intricatePixels;

    /// <summary>Creates an encoder.</summary>
    /// <param name="time">Measures what encoding takes; the system's by default.</param>
    public FrameEncoder(TimeProvider? time = null) => _time = time ?? TimeProvider.System;

    /// <summary>
    /// Some of what was sent is simplified. Call <see cref="Encode"/> again with the same picture, at the latest when the game
    /// has not drawn for a moment: it answers the exact rest.
    /// </summary>
    public bool IsInexact => _inexactTiles > 0;

    /// <summary>
    /// Encodes the last picture again: complete for somebody who has come, or the exact rest of one that was simplified.
    /// </summary>
    /// <param name="keyframe">Write the complete picture and start anew.</param>
    /// <param name="info">Copied into the header.</param>
    /// <returns>As <see cref="Encode"/>; empty, too, when there has been no picture.</returns>
    public EncodedFrame EncodeAgain(bool keyframe, in FrameInfo info) => _width == 0
        ? default
        : Encode(MemoryMarshal.AsBytes(_reference.Pixels), _width, _height, _width * 4, keyframe, info);

    /// <summary>Encodes one picture.</summary>
    /// <param name="bgrx">Rows of 4-byte pixels: blue, green, red, ignored. They may change meanwhile.</param>
    /// <param name="width">Pixels, 1 … 1920.</param>
    /// <param name="height">Pixels, 1 … 1920; <c>width × height</c> ≤ 1920 × 1080.</param>
    /// <param name="pitchBytes">Bytes from one row to the next; at least <c>width × 4</c>.</param>
    /// <param name="keyframe">Write the complete picture and start anew; implied by the first picture and by a new size.</param>
    /// <param name="info">Copied into the header.</param>
    /// <returns>A message that is valid until the next call; empty when nothing changed.</returns>
    /// <exception cref="ArgumentException">The size is impossible or <paramref name="bgrx"/> is too short for it.</exception>
    public EncodedFrame Encode(ReadOnlySpan<byte> bgrx, int width, int height, int pitchBytes, bool keyframe, in FrameInfo info)
    {
        long started = _time.GetTimestamp();
        if (!FrameHeader.IsValidSize(width, height))
        {
            throw new ArgumentException($"A picture of {width}×{height} pixels cannot be sent.", nameof(width));
        }

        if (pitchBytes < width * 4 || bgrx.Length < ((long)pitchBytes * (height - 1)) + (width * 4))
        {
            throw new ArgumentException("The pixels are fewer than the picture's size says.", nameof(bgrx));
        }

        if (width != _width || height != _height)
        {
            Resize(width, height);
            keyframe = true;
        }

        if (keyframe)
        {
            _zstd.Reset();
        }

        _hurried = !keyframe && _budget.IsExceeded;
        _intricatePixels = 0;
        int length = WriteBody(new PixelRows(bgrx, width, height, pitchBytes), keyframe, out bool lossy);
        if (length == 0)
        {
            return default;
        }

        int compressed = _zstd.Compress(_body.AsSpan(0, length), _message.AsSpan(FrameHeader.Size));
        if (keyframe && compressed > MaxExactBytes)
        {
            _zstd.Reset();
            _hurried = true;
            length = WriteBody(new PixelRows(bgrx, width, height, pitchBytes), keyframe, out lossy);
            compressed = _zstd.Compress(_body.AsSpan(0, length), _message.AsSpan(FrameHeader.Size));
        }

        double micros = _time.GetElapsedTime(started).TotalMicroseconds;
        if (!keyframe)
        {
            _budget.Spent(_intricatePixels, micros, compressed, exact: !_hurried);
        }

        byte flags = (byte)((keyframe ? FrameHeader.KeyframeFlag : 0) | (lossy ? FrameHeader.LossyFlag : 0));
        new FrameHeader(flags, width, height, info.FrameNumber, info.CaptureMicros, info.InputSeq, (uint)micros).Write(_message);
        return new EncodedFrame(_message.AsMemory(0, FrameHeader.Size + compressed));
    }

    /// <inheritdoc/>
    public void Dispose() => _zstd.Dispose();

    private void Resize(int newWidth, int newHeight)
    {
        _width = newWidth;
        _height = newHeight;
        _across = FrameBody.TilesAcross(_width);
        int tiles = _across * FrameBody.TilesAcross(_height);
        _reference = new ReferencePicture(_width, _height);
        _dirty = new bool[tiles];
        _inexact = new bool[tiles];
        _inexactTiles = 0;
        _budget.Reset();
        _body = new byte[FrameBody.MaxLength(_width, _height) + FrameBody.Slack];
        _message = new byte[FrameHeader.Size + ZstdStreamCompressor.Bound(_body.Length)];
        _scrolls.Reset(tiles);
    }

    /// <summary>Fills <see cref="_body"/>; answers its length, 0 when nothing changed.</summary>
    private int WriteBody(in PixelRows now, bool keyframe, out bool lossy)
    {
        lossy = false;
        int length = FrameBody.HeaderSize;
        ushort flags = 0;
        if (keyframe)
        {
            _dirty.AsSpan().Fill(true);
        }
        else
        {
            // Step 1 and 2.
            _dirty.AsSpan().Clear();
            int count = TileRows.MarkChanged(now, _reference.Pixels, 0, 0, 0, _across, FrameBody.TilesAcross(_height), _dirty);
            if (count >= ScrollTiles && _scrolls.TryFind(now, _reference.Pixels, _dirty, count, out Scroll scroll))
            {
                if (_inexactTiles == 0)
                {
                    flags = FrameBody.ScrollFlag;
                    length += WriteScroll(scroll);
                    _reference.Move(scroll);
                    count = _scrolls.TakeDirty(_dirty);
                }
                else
                {
                    // The page's picture cannot be moved, it is not exact. Make it so once, then later frames can.
                    _hurried = false;
                }
            }

            _hurried &= _budget.IsExceededBy(count * (FrameBody.TileSize * FrameBody.TileSize));

            if (count == 0 && _inexactTiles == 0 && flags == 0)
            {
                return 0;
            }
        }

        // Step 3 and 4. What was simplified is made exact where it stands still, in any frame that is not itself in a hurry.
        int tiles = 0;
        for (int tile = 0; tile < _dirty.Length; tile++)
        {
            bool whole = keyframe || _inexact[tile];
            // The exact rest comes in portions: what does not fit now stays simplified until the next call.
            bool rest = _inexact[tile] && length < MaxExactBytes;
            if ((_dirty[tile] || rest) && WriteTile(now, tile, whole, _hurried && _dirty[tile], ref length))
            {
                tiles++;
                lossy |= _inexact[tile];
            }
        }

        lossy |= _inexactTiles > 0;
        BinaryPrimitives.WriteUInt16LittleEndian(_body, (ushort)tiles);
        BinaryPrimitives.WriteUInt16LittleEndian(_body.AsSpan(2), flags);
        return tiles == 0 && flags == 0 ? 0 : length;
    }

    private int WriteScroll(in Scroll scroll)
    {
        Span<byte> target = _body.AsSpan(FrameBody.HeaderSize, FrameBody.ScrollSize);
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
        int left = tile % _across * FrameBody.TileSize;
        int top = tile / _across * FrameBody.TileSize;
        int tileWidth = Math.Min(FrameBody.TileSize, _width - left);
        int tileHeight = Math.Min(FrameBody.TileSize, _height - top);
        TileChange change = TileRows.Take(now, _reference.Pixels, left, top, tileWidth, tileHeight, _tileRgba);
        int x0 = 0, x1 = tileWidth, y0 = 0, y1 = tileHeight;
        if (!whole)
        {
            if (change.Columns == 0)
            {
                // Only the ignored byte did.
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
            // Simplified as a whole, so that it can be made exact as a whole.
            (x0, x1, y0, y1) = (0, tileWidth, 0, tileHeight);
            w = tileWidth;
        }

        Span<byte> record = _body.AsSpan(length);
        BinaryPrimitives.WriteUInt16LittleEndian(record, (ushort)tile);
        record[2] = (byte)mode;
        record[3] = (byte)Math.Max(0, colours - 1);
        record[4] = (byte)x0;
        record[5] = (byte)y0;
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
                MemoryMarshal.AsBytes(_palette.Colours).CopyTo(record);
                record = record[(colours * 4)..];
                _palette.Indices[..count].CopyTo(record);
                int padded = (count + 3) & ~3;
                record[count..padded].Clear();
                length += (colours * 4) + padded;
                break;

            case TileMode.Filtered:
                _intricatePixels += count;
                length += TileFilter.Write(pixels, w, record);
                break;

            default:
                _intricatePixels += w * (y1 - y0);
                length += WriteCoarse(w, y1, record);
                break;
        }

        return true;
    }

    /// <summary>The pixels of a rectangle of the tile, rows without a gap.</summary>
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

    private void SetInexact(int tile, bool value)
    {
        if (_inexact[tile] != value)
        {
            _inexact[tile] = value;
            _inexactTiles += value ? 1 : -1;
        }
    }
}
