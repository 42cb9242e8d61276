using System.Runtime.CompilerServices;

namespace PixelGameDev.Streaming.Codec;

/// <summary>How a tile's pixels are written; see docs/PROTOCOL.md, <i>Frame body</i>.</summary>
internal enum TileMode : byte
{
    /// <summary>One colour.</summary>
    Solid = 0,

    /// <summary>2 to 256 colours, one byte a pixel.</summary>
    Palette = 1,

    /// <summary>Four bytes a pixel: red, green, blue, 255.</summary>
    Pixels = 2,
}

/// <summary>Sizes of the decompressed body.</summary>
internal static class FrameBody
{
    /// <summary>Width and height of a tile, pixels.</summary>
    public const int TileSize = 32;

    /// <summary>Bytes before the first record.</summary>
    public const int HeaderSize = 4;

    /// <summary>Bytes of a record before its colours.</summary>
    public const int RecordSize = 8;

    /// <summary>Tiles along a side.</summary>
    public static int TilesAcross(int pixels) => (pixels + TileSize - 1) / TileSize;

    /// <summary>Largest body of a picture: every tile as plain pixels.</summary>
    public static int MaxLength(int width, int height) =>
        HeaderSize + (TilesAcross(width) * TilesAcross(height) * RecordSize) + (width * height * 4);

    /// <summary>BGRX in a register to RGBA, opaque.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint ToRgba(uint bgrx) =>
        0xFF000000 | ((bgrx & 0xFF) << 16) | (bgrx & 0xFF00) | ((bgrx >> 16) & 0xFF);
}
