using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace PixelGameDev.Streaming.Codec;

/// <summary>
/// Decodes frames for tests and benchmarks; this is the reference decoder. It trusts nothing that it reads, and is not thread-safe.
/// </summary>
public sealed class FrameDecoder : IDisposable
{
    private readonly ZstdStreamDecompressor _zstd = new();
    private uint[] _pixels = [];
    private byte[] _body = [];
    private bool _synchronized;

    /// <summary>Gets the width of the picture, pixels; 0 before the first keyframe.</summary>
    public int Width { get; private set; }

    /// <summary>Gets the height of the picture, pixels.</summary>
    public int Height { get; private set; }

    /// <summary>Gets the header of the last frame.</summary>
    public FrameHeader Header { get; private set; }

    /// <summary>Gets the picture: red, green, blue, 255 for each pixel, rows without padding.</summary>
    public ReadOnlySpan<byte> Rgba => MemoryMarshal.AsBytes(_pixels.AsSpan(0, Width * Height));

    /// <summary>Applies one Frame message to the picture.</summary>
    /// <exception cref="InvalidDataException">
    /// The message is malformed, or continues a picture that this decoder does not have. The decoder then needs a keyframe.
    /// </exception>
    public void Decode(ReadOnlySpan<byte> message)
    {
        FrameHeader header = FrameHeader.Read(message);
        if (header.IsKeyframe)
        {
            _zstd.Reset();
            if (header.Width != Width || header.Height != Height)
            {
                Width = header.Width;
                Height = header.Height;
                _pixels = new uint[Width * Height];
                // One byte more than the largest body, so that a body that is too large fills the buffer and is noticed.
                _body = new byte[FrameBody.MaxLength(Width, Height) + 1];
            }
        }
        else if (!_synchronized || header.Width != Width || header.Height != Height)
        {
            _synchronized = false;
            throw new InvalidDataException("The frame continues a picture that is not here.");
        }

        // An exception from here on leaves the window in an unknown state.
        _synchronized = false;
        int length = _zstd.Decompress(message[FrameHeader.Size..], _body);
        Apply(_body.AsSpan(0, length), (header.Flags & FrameHeader.LossyFlag) != 0);
        Header = header;
        _synchronized = true;
    }

    /// <inheritdoc/>
    public void Dispose() => _zstd.Dispose();

    private void Apply(ReadOnlySpan<byte> source, bool lossy)
    {
        int across = FrameBody.TilesAcross(Width);
        int tiles = across * FrameBody.TilesAcross(Height);
        ReadOnlySpan<byte> head = Take(ref source, FrameBody.HeaderSize);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(head);
        int flags = BinaryPrimitives.ReadUInt16LittleEndian(head[2..]);
        if (count > tiles || (flags & ~FrameBody.ScrollFlag) != 0)
        {
            throw Malformed();
        }

        if (flags != 0)
        {
            ApplyScroll(Take(ref source, FrameBody.ScrollSize));
        }

        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> record = Take(ref source, FrameBody.RecordSize);
            int index = BinaryPrimitives.ReadUInt16LittleEndian(record);
            int x = (index % across * FrameBody.TileSize) + record[4];
            int y = (index / across * FrameBody.TileSize) + record[5];
            int w = record[6];
            int h = record[7];
            if (index >= tiles || w == 0 || h == 0 || record[4] + w > FrameBody.TileSize || record[5] + h > FrameBody.TileSize
                || x + w > Width || y + h > Height)
            {
                throw Malformed();
            }

            switch ((TileMode)record[2])
            {
                case TileMode.Solid:
                    uint colour = MemoryMarshal.Read<uint>(Take(ref source, 4));
                    for (int row = 0; row < h; row++)
                    {
                        _pixels.AsSpan(((y + row) * Width) + x, w).Fill(colour);
                    }

                    break;

                case TileMode.Palette:
                    int colours = record[3] + 1;
                    if (colours > FrameBody.MaxColours)
                    {
                        throw Malformed();
                    }

                    ReadOnlySpan<uint> palette = MemoryMarshal.Cast<byte, uint>(Take(ref source, colours * 4));
                    ReadOnlySpan<byte> indices = Take(ref source, ((w * h) + 3) & ~3);
                    for (int row = 0; row < h; row++)
                    {
                        Span<uint> target = _pixels.AsSpan(((y + row) * Width) + x, w);
                        for (int column = 0; column < w; column++)
                        {
                            int at = indices[(row * w) + column];
                            target[column] = at < colours ? palette[at] : throw Malformed();
                        }
                    }

                    break;

                case TileMode.Filtered:
                    TileFilter.Read(Take(ref source, TileFilter.Length(w * h)), w, h, _pixels.AsSpan((y * Width) + x), Width);
                    break;

                case TileMode.Coarse when lossy:
                    int coarse = (w + 1) / 2 * ((h + 1) / 2);
                    TileFilter.ReadCoarse(Take(ref source, TileFilter.Length(coarse)), w, h, _pixels.AsSpan((y * Width) + x), Width);
                    break;

                default:
                    throw Malformed();
            }
        }

        if (!source.IsEmpty)
        {
            throw Malformed();
        }
    }

    private void ApplyScroll(ReadOnlySpan<byte> source)
    {
        Scroll scroll = new(
            BinaryPrimitives.ReadUInt16LittleEndian(source),
            BinaryPrimitives.ReadUInt16LittleEndian(source[2..]),
            BinaryPrimitives.ReadUInt16LittleEndian(source[4..]),
            BinaryPrimitives.ReadUInt16LittleEndian(source[6..]),
            BinaryPrimitives.ReadInt16LittleEndian(source[8..]),
            BinaryPrimitives.ReadInt16LittleEndian(source[10..]));
        if (!scroll.IsValid(Width, Height))
        {
            throw Malformed();
        }

        scroll.Apply(_pixels, Width);
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> source, int length)
    {
        if (source.Length < length)
        {
            throw Malformed();
        }

        ReadOnlySpan<byte> taken = source[..length];
        source = source[length..];
        return taken;
    }

    private static InvalidDataException Malformed() => new("The frame's body is malformed.");
}
