using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PixelGameDev.Streaming.Codec;

/// <summary>A picture in its owner's memory: rows of BGRX pixels with a pitch.</summary>
internal readonly ref struct PixelRows(ReadOnlySpan<byte> bgrx, int width, int height, int pitchBytes)
{
    private readonly ReadOnlySpan<byte> _bgrx = bgrx;
    private readonly int _pitchBytes = pitchBytes;

    public int Width { get; } = width;

    public int Height { get; } = height;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<uint> Row(int y) => MemoryMarshal.Cast<byte, uint>(_bgrx.Slice(y * _pitchBytes, Width * 4));
}
