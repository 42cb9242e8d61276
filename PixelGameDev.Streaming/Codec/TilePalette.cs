using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PixelGameDev.Streaming.Codec;

/// <summary>
/// Collects the colours of a tile in the order of their first pixels. One object serves every tile; nothing is cleared in between.
/// </summary>
internal sealed class TilePalette
{
    private const int Slots = 1024;

    private readonly uint[] _slotColour = new uint[Slots];
    private readonly uint[] _slotStamp = new uint[Slots];
    private readonly byte[] _slotIndex = new byte[Slots];
    private readonly uint[] _colours = new uint[256];
    private readonly byte[] _indices = new byte[FrameBody.TileSize * FrameBody.TileSize];
    private uint _stamp;
    private int _count;

    /// <summary>Gets the colours, in the order of their first pixels.</summary>
    public ReadOnlySpan<uint> Colours => _colours.AsSpan(0, _count);

    /// <summary>Gets for each pixel the index of its colour in <see cref="Colours"/>.</summary>
    public ReadOnlySpan<byte> Indices => _indices;

    /// <summary>Returns how many colours there are; 0 if there are more than <paramref name="limit"/> (at least 1).</summary>
    public int Collect(ReadOnlySpan<uint> pixels, int limit)
    {
        if (++_stamp == 0)
        {
            _slotStamp.AsSpan().Clear();
            _stamp = 1;
        }

        _count = 0;
        limit = Math.Max(1, limit);
        uint last = ~pixels[0];
        byte lastIndex = 0;
        for (int i = 0; i < pixels.Length; i++)
        {
            uint colour = pixels[i];
            if (colour == last)
            {
                // Most pixels are in runs.
                Vector128<uint> run = Vector128.Create(last);
                while (i + 5 <= pixels.Length && Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(pixels), (nuint)i + 1) == run)
                {
                    Unsafe.WriteUnaligned(ref _indices[i], lastIndex * 0x01010101u);
                    i += 4;
                }
            }
            else
            {
                uint slot = (colour * 2654435761u) >> 22;
                while (_slotStamp[slot] == _stamp && _slotColour[slot] != colour)
                {
                    slot = (slot + 1) & (Slots - 1);
                }

                if (_slotStamp[slot] != _stamp)
                {
                    if (_count == limit)
                    {
                        return 0;
                    }

                    _slotStamp[slot] = _stamp;
                    _slotColour[slot] = colour;
                    _slotIndex[slot] = (byte)_count;
                    _colours[_count++] = colour;
                }

                last = colour;
                lastIndex = _slotIndex[slot];
            }

            _indices[i] = lastIndex;
        }

        return _count;
    }
}
