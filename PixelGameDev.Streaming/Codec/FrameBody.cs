using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PixelGameDev.Streaming.Codec;

/// <summary>Names how a tile's pixels are written; see docs/PROTOCOL.md, <i>Frame body</i>.</summary>
internal enum TileMode : byte
{
    /// <summary>One colour.</summary>
    Solid = 0,

    /// <summary>2 to 32 colours, one byte per pixel.</summary>
    Palette = 1,

    /// <summary>Three bytes per pixel: differences to the neighbour on the left.</summary>
    Filtered = 2,

    /// <summary>As <see cref="Filtered"/>, one pixel for each 2×2. Only in frames with <see cref="FrameHeader.LossyFlag"/>.</summary>
    Coarse = 3,
}

/// <summary>Holds the sizes of the decompressed body.</summary>
internal static class FrameBody
{
    /// <summary>Width and height of a tile, pixels.</summary>
    public const int TileSize = 32;

    /// <summary>Bytes before the scroll or the first record.</summary>
    public const int HeaderSize = 4;

    /// <summary>Bytes of a scroll.</summary>
    public const int ScrollSize = 12;

    /// <summary>Bit of the header's flags: a scroll follows the header.</summary>
    public const ushort ScrollFlag = 1;

    /// <summary>Bytes of a record before its colours.</summary>
    public const int RecordSize = 8;

    /// <summary>Most colours of a palette. With more colours a palette takes more bytes than differences (docs/SPECIFICATION.md).</summary>
    public const int MaxColours = 32;

    /// <summary>Returns the number of tiles along a side.</summary>
    public static int TilesAcross(int pixels) => (pixels + TileSize - 1) / TileSize;

    /// <summary>Returns the size of the largest body of a picture, in which every tile is <see cref="TileMode.Filtered"/>, bytes.</summary>
    public static int MaxLength(int width, int height) =>
        HeaderSize + ScrollSize + (TilesAcross(width) * TilesAcross(height) * (RecordSize + 4)) + (width * height * 3);

    /// <summary>Bytes after the largest body that a writer may touch.</summary>
    public const int Slack = TileFilter.Slack;

    /// <summary>Converts BGRX in a register to opaque RGBA.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint ToRgba(uint bgrx) =>
        0xFF000000 | ((bgrx & 0xFF) << 16) | (bgrx & 0xFF00) | ((bgrx >> 16) & 0xFF);

    /// <summary>Converts a row of BGRX pixels to opaque RGBA.</summary>
    public static void ToRgba(ReadOnlySpan<uint> bgrx, Span<uint> rgba)
    {
        Vector128<byte> swap = Vector128.Create((byte)2, 1, 0, 255, 6, 5, 4, 255, 10, 9, 8, 255, 14, 13, 12, 255);
        Vector128<byte> opaque = Vector128.Create(0xFF000000).AsByte();
        ref uint from = ref MemoryMarshal.GetReference(bgrx);
        ref uint to = ref MemoryMarshal.GetReference(rgba[..bgrx.Length]);
        int i = 0;
        for (; i + 4 <= bgrx.Length; i += 4)
        {
            (Vector128.Shuffle(Vector128.LoadUnsafe(ref from, (nuint)i).AsByte(), swap) | opaque).AsUInt32().StoreUnsafe(ref to, (nuint)i);
        }

        for (; i < bgrx.Length; i++)
        {
            rgba[i] = ToRgba(bgrx[i]);
        }
    }
}

/// <summary>
/// A rectangle whose content moved by (<paramref name="Dx"/>, <paramref name="Dy"/>) pixels. Pixels whose source lies outside of the
/// rectangle keep their value; tiles correct them.
/// </summary>
internal readonly record struct Scroll(int X, int Y, int Width, int Height, int Dx, int Dy)
{
    /// <summary>Returns whether the rectangle lies in the picture and some of its content stays inside it after the move.</summary>
    public bool IsValid(int width, int height) =>
        Width > 0 && Height > 0 && X + Width <= width && Y + Height <= height && Math.Abs(Dx) < Width && Math.Abs(Dy) < Height;

    /// <summary>Writes the scroll at the beginning of <paramref name="target"/>; returns its length, bytes.</summary>
    public int Write(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(target, (ushort)X);
        BinaryPrimitives.WriteUInt16LittleEndian(target[2..], (ushort)Y);
        BinaryPrimitives.WriteUInt16LittleEndian(target[4..], (ushort)Width);
        BinaryPrimitives.WriteUInt16LittleEndian(target[6..], (ushort)Height);
        BinaryPrimitives.WriteInt16LittleEndian(target[8..], (short)Dx);
        BinaryPrimitives.WriteInt16LittleEndian(target[10..], (short)Dy);
        return FrameBody.ScrollSize;
    }

    /// <summary>Moves the pixels in place.</summary>
    public void Apply(Span<uint> pixels, int stride)
    {
        int columns = Width - Math.Abs(Dx);
        int rows = Height - Math.Abs(Dy);
        int from = ((Y + Math.Max(0, -Dy)) * stride) + X + Math.Max(0, -Dx);
        int to = ((Y + Math.Max(0, Dy)) * stride) + X + Math.Max(0, Dx);
        int step = stride;
        if (Dy > 0)
        {
            // Downwards: the lowest row moves first, otherwise rows would be overwritten before they are read.
            from += (rows - 1) * stride;
            to += (rows - 1) * stride;
            step = -stride;
        }

        for (; rows > 0; rows--, from += step, to += step)
        {
            pixels.Slice(from, columns).CopyTo(pixels.Slice(to, columns));
        }
    }
}
