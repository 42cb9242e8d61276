using PixelGameDev.Streaming.Codec;

namespace PixelGameDev.Tests.Unit.Codec;

/// <summary>Tests that a scroll that moves the picture's beginning gives the same pixels as a decoder's scroll.</summary>
public sealed class ReferencePictureTests
{
    private const int Width = 75;
    private const int Height = 61;

    [Theory]
    [InlineData(3, 0)]
    [InlineData(-3, 0)]
    [InlineData(0, 5)]
    [InlineData(0, -5)]
    [InlineData(24, 24)]
    [InlineData(-24, 24)]
    [InlineData(24, -24)]
    [InlineData(-24, -24)]
    [InlineData(1, -1)]
    public void A_whole_picture_moves_again_and_again(int dx, int dy)
    {
        Both both = new();
        for (int i = 0; i < 100; i++)
        {
            both.Move(new Scroll(0, 0, Width, Height, dx, dy));
        }
    }

    [Fact]
    public void Any_rectangle_moves_any_way()
    {
        Random random = new(11);
        Both both = new();
        for (int i = 0; i < 4000; i++)
        {
            // Most rectangles cover nearly the whole picture, as in a game with a fixed score.
            int x = random.Next(0, i % 4 == 0 ? Width - 1 : 6);
            int y = random.Next(0, i % 4 == 0 ? Height - 1 : 6);
            int width = i % 4 == 0 ? random.Next(1, Width - x + 1) : Width - x - random.Next(0, 6);
            int height = i % 4 == 0 ? random.Next(1, Height - y + 1) : Height - y - random.Next(0, 6);
            int dx = random.Next(-24, 25), dy = random.Next(-24, 25);
            Scroll scroll = new(x, y, width, height, dx, dy);
            if (scroll.IsValid(Width, Height))
            {
                both.Move(scroll);
            }
        }
    }

    private sealed class Both
    {
        private readonly ReferencePicture _kept = new(Width, Height);
        private readonly uint[] _plain = new uint[Width * Height];
        private readonly Random _random = new(5);

        public void Move(in Scroll scroll)
        {
            for (int i = 0; i < _plain.Length; i++)
            {
                _plain[i] = (uint)_random.Next();
            }

            _plain.CopyTo(_kept.Pixels);
            scroll.Apply(_plain, Width);
            _kept.Move(scroll);
            Assert.True(_kept.Pixels.SequenceEqual(_plain), $"{scroll} moved differently");
        }
    }
}
