using System.Buffers.Binary;
using System.Runtime.InteropServices;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Streaming.Codec;

/// <summary>
/// Turns a game's pictures into Frame messages (docs/PROTOCOL.md, <i>Frame body</i>). A message holds what changed since the last
/// picture, in 32×32 tiles, each in the form that suits it. zstd compresses it; its window lives until the next keyframe.
/// </summary>
/// <remarks>
/// One encoder serves one session; it is not thread-safe. It allocates only for the first picture of a size.
/// Step 1: mark the tiles that differ from the reference picture, by their hashes if the caller has them. Step 2: if there are many, find
/// out whether the picture only moved.
/// Step 3: copy each dirty tile into the reference picture and note the rectangle that changed. Step 4: write it in the smallest form.
/// Step 5: compress.
/// <para>
/// The picture may change while it is read. What is sent always equals the reference picture, because a tile is read once. The next call
/// finds a tile that changed after Step 1.
/// </para>
/// <para>
/// The picture arrives exactly, with one exception. If so much changes in ways that neither a palette nor a scroll explains
/// that it exceeds the <see cref="FrameBudget"/>, those tiles go at half their resolution, and the frame says <i>lossy</i>. Later calls
/// make them exact as soon as they stand still (<see cref="IsInexact"/>). A keyframe larger than <see cref="MaxExactBytes"/> is also
/// simplified: nothing else can be sent during its transfer, and it waits for every slow viewer.
/// </para>
/// </remarks>
public sealed class FrameEncoder : IDisposable
{
    /// <summary>With fewer dirty tiles than this, no scroll is looked for.</summary>
    private const int ScrollTiles = 12;

    /// <summary>Most bytes of a keyframe that is not simplified, and of the exact rest in one frame.</summary>
    internal const int MaxExactBytes = 2 * 1024 * 1024;

    private readonly TimeProvider _time;
    private readonly ZstdStreamCompressor _zstd = new();
    private readonly TileWriter _tiles = new();
    private readonly ScrollFinder _scrolls = new();
    private readonly FrameBudget _budget = new();

    private int _width;
    private int _height;
    private int _across;
    private ReferencePicture _reference = new(0, 0);
    private bool[] _dirty = [];
    private readonly TileHashes _hashes = new();
    private bool[] _inexact = [];
    private byte[] _body = [];
    private byte[] _message = [];

    private int _inexactTiles;
    private bool _hurried;

    /// <summary>Creates an encoder.</summary>
    /// <param name="time">Measures the time of encoding; by default the system's clock.</param>
    public FrameEncoder(TimeProvider? time = null) => _time = time ?? TimeProvider.System;

    /// <summary>Gets whether a part of what was sent is simplified.</summary>
    /// <remarks>
    /// Call <see cref="Encode"/> again with the same picture, at the latest when the game has not drawn for a moment. The call returns the
    /// exact rest.
    /// </remarks>
    public bool IsInexact => _inexactTiles > 0;

    /// <summary>Encodes the last picture again: completely for a new viewer, or the exact rest of a simplified picture.</summary>
    /// <param name="keyframe">Whether to write the complete picture and reset the compression.</param>
    /// <param name="info">Copied into the header.</param>
    /// <returns>As <see cref="Encode"/>; also empty if there has been no picture.</returns>
    public EncodedFrame EncodeAgain(bool keyframe, in FrameInfo info) => _width == 0
        ? default
        : Encode(MemoryMarshal.AsBytes(_reference.Pixels), _width, _height, _width * 4, keyframe, info, _hashes.Last);

    /// <summary>Returns the message with a small copy of the last picture; null if that has only one colour, or there is none.</summary>
    public byte[]? CreateSmallPicture() => _width == 0 ? null : SmallPictureMessage.Create(_reference.Pixels, _width, _height);

    /// <summary>Encodes one picture.</summary>
    /// <param name="bgrx">Rows of 4-byte pixels: blue, green, red, ignored. They may change during the call.</param>
    /// <param name="width">Pixels, 1 … 1920.</param>
    /// <param name="height">Pixels, 1 … 1920; <c>width × height</c> ≤ 1920 × 1080.</param>
    /// <param name="pitchBytes">Bytes from one row to the next; at least <c>width × 4</c>.</param>
    /// <param name="keyframe">
    /// Whether to write the complete picture and reset the compression; implied by the first picture and by a new size.
    /// </param>
    /// <param name="info">Copied into the header.</param>
    /// <param name="hashes">
    /// A hash of each tile's pixels, row by row, or nothing. Tiles whose hash is that of the last call are not read. The memory may change
    /// during the call.
    /// </param>
    /// <returns>A message that is valid until the next call; empty if nothing changed.</returns>
    /// <exception cref="ArgumentException">
    /// The size is impossible, <paramref name="bgrx"/> is too short for it, or there is another number of <paramref name="hashes"/> than of
    /// tiles.
    /// </exception>
    public EncodedFrame Encode(
        ReadOnlySpan<byte> bgrx,
        int width,
        int height,
        int pitchBytes,
        bool keyframe,
        in FrameInfo info,
        ReadOnlySpan<ulong> hashes = default)
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

        _hashes.Take(hashes);
        _hurried = !keyframe && _budget.IsExceeded;
        _tiles.IntricatePixels = 0;
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
            _budget.Spent(_tiles.IntricatePixels, micros, compressed, exact: !_hurried);
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
        _hashes.Reset(tiles);
        _budget.Reset();
        _body = new byte[FrameBody.MaxLength(_width, _height) + FrameBody.Slack];
        _message = new byte[FrameHeader.Size + ZstdStreamCompressor.Bound(_body.Length)];
        _scrolls.Reset(tiles);
    }

    /// <summary>Fills <see cref="_body"/>; returns its length, 0 if nothing changed.</summary>
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
            int count = _hashes.CanCompare
                ? _hashes.MarkChanged(_dirty)
                : TileRows.MarkChanged(now, _reference.Pixels, 0, 0, 0, _across, FrameBody.TilesAcross(_height), _dirty);
            if (count >= ScrollTiles && _scrolls.TryFind(now, _reference.Pixels, _dirty, count, out Scroll scroll))
            {
                if (_inexactTiles == 0)
                {
                    flags = FrameBody.ScrollFlag;
                    length += scroll.Write(_body.AsSpan(FrameBody.HeaderSize));
                    _reference.Move(scroll);
                    count = _scrolls.TakeDirty(_dirty);
                }
                else
                {
                    // The page's picture is not exact, so it cannot be moved. This frame makes it exact, and later frames can move it.
                    _hurried = false;
                }
            }

            _hurried &= _budget.IsExceededBy(count * (FrameBody.TileSize * FrameBody.TileSize));

            if (count == 0 && _inexactTiles == 0 && flags == 0)
            {
                return 0;
            }
        }

        // Step 3 and 4. A simplified tile becomes exact when it stands still. Dirty tiles become exact only in a frame that is not hurried.
        int tiles = 0;
        for (int tile = 0; tile < _dirty.Length; tile++)
        {
            bool whole = keyframe || _inexact[tile];
            // The exact rest comes in portions: what does not fit now stays simplified until the next call.
            bool rest = _inexact[tile] && length < MaxExactBytes;
            if ((_dirty[tile] || rest)
                && _tiles.TryWrite(
                    now, _reference.Pixels, tile, whole, coarse: _hurried && _dirty[tile], _body, ref length, out bool inexact))
            {
                SetInexact(tile, inexact);
                tiles++;
                lossy |= inexact;
            }
        }

        lossy |= _inexactTiles > 0;
        BinaryPrimitives.WriteUInt16LittleEndian(_body, (ushort)tiles);
        BinaryPrimitives.WriteUInt16LittleEndian(_body.AsSpan(2), flags);
        return tiles == 0 && flags == 0 ? 0 : length;
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
