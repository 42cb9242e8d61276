namespace PixelGameDev.Streaming.Codec;

/// <summary>Holds the picture that the viewers have: BGRX, rows without a gap.</summary>
/// <remarks>
/// The picture lies in a larger memory. A scroll moves its beginning and copies only what did not scroll: for a landscape a few columns
/// instead of everything.
/// </remarks>
internal sealed class ReferencePicture
{
    private readonly uint[] _memory;
    private readonly int _width;
    private readonly int _height;
    private int _origin;

    public ReferencePicture(int width, int height)
    {
        _width = width;
        _height = height;

        // Enough for half a second or more of scrolling, before the beginning must return to the middle.
        int margin = width * (24 + (height / 4));
        _memory = new uint[(width * height) + (2 * margin)];
        _origin = margin;
    }

    /// <summary>Gets the pixels; valid until the next <see cref="Move"/>.</summary>
    public Span<uint> Pixels => _memory.AsSpan(_origin, _width * _height);

    /// <summary>Moves the pixels like <see cref="Scroll.Apply"/>.</summary>
    public void Move(in Scroll scroll)
    {
        int shift = (scroll.Dy * _width) + scroll.Dx;
        int moved = (scroll.Width - Math.Abs(scroll.Dx)) * (scroll.Height - Math.Abs(scroll.Dy));
        if (moved < _width * _height / 2 || Math.Abs(shift) > _width * _height / 8)
        {
            scroll.Apply(Pixels, _width);
            return;
        }

        if (_origin - shift < 0 || _origin - shift + (_width * _height) > _memory.Length)
        {
            int middle = (_memory.Length - (_width * _height)) / 2;
            Pixels.CopyTo(_memory.AsSpan(middle, _width * _height));
            _origin = middle;
        }

        // Pixels that do not scroll keep their place on the screen, so they move in the memory. The order of the copies matters: in the
        // other order they would overwrite pixels that are not copied yet.
        int left = scroll.X + Math.Max(0, scroll.Dx);
        int right = scroll.X + scroll.Width + Math.Min(0, scroll.Dx);
        int top = scroll.Y + Math.Max(0, scroll.Dy);
        int bottom = scroll.Y + scroll.Height + Math.Min(0, scroll.Dy);
        bool upwards = shift > 0;
        for (int i = 0; i < _height; i++)
        {
            int y = upwards ? i : _height - 1 - i;
            if (y < top || y >= bottom)
            {
                Stay(y, 0, _width, shift);
            }
            else if (upwards)
            {
                Stay(y, 0, left, shift);
                Stay(y, right, _width, shift);
            }
            else
            {
                Stay(y, right, _width, shift);
                Stay(y, 0, left, shift);
            }
        }

        _origin -= shift;
    }

    private void Stay(int y, int from, int to, int shift)
    {
        if (from < to)
        {
            int at = _origin + (y * _width) + from;
            _memory.AsSpan(at, to - from).CopyTo(_memory.AsSpan(at - shift));
        }
    }
}
