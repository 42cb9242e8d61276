using System.Runtime.InteropServices;

namespace PixelGameDev.Benchmarks.Codec;

/// <summary>A scripted game: frame <c>n</c> is always the same picture, so every run measures the same work.</summary>
internal abstract class FrameSet(string name, int width, int height)
{
    private readonly uint[] _pixels = new uint[width * height];

    public string Name { get; } = name;

    public int Width { get; } = width;

    public int Height { get; } = height;

    /// <summary>The number of frames.</summary>
    public virtual int Count => 180;

    protected Span<uint> Pixels => _pixels;

    /// <summary>
    /// Draws a frame and returns it as BGRX, valid until the next call. Call it in order from 0, because sets may keep what they drew.
    /// </summary>
    public ReadOnlySpan<byte> Draw(int frame)
    {
        Paint(frame);
        return MemoryMarshal.AsBytes(_pixels.AsSpan());
    }

    protected abstract void Paint(int frame);

    protected void Fill(int x, int y, int w, int h, uint colour)
    {
        int right = Math.Min(Width, x + w);
        for (int row = Math.Max(0, y); row < Math.Min(Height, y + h); row++)
        {
            int left = Math.Max(0, x);
            if (right > left)
            {
                _pixels.AsSpan((row * Width) + left, right - left).Fill(colour);
            }
        }
    }

    /// <summary>Draws the pixels of a sprite that are not 0.</summary>
    protected void Blit(uint[] sprite, int size, int x, int y)
    {
        for (int row = 0; row < size; row++)
        {
            if (y + row < 0 || y + row >= Height)
            {
                continue;
            }

            for (int column = 0; column < size; column++)
            {
                uint colour = sprite[(row * size) + column];
                if (colour != 0 && x + column >= 0 && x + column < Width)
                {
                    _pixels[((y + row) * Width) + x + column] = colour;
                }
            }
        }
    }

    /// <summary>Returns a round figure with a shaded, slightly grainy surface, like a small painted picture.</summary>
    protected static uint[] Ball(int size, int seed)
    {
        Random random = new(seed);
        uint[] sprite = new uint[size * size];
        (int red, int green, int blue) = (random.Next(80, 256), random.Next(80, 256), random.Next(80, 256));
        for (int y = 0; y < size; y++)
        {
            for (int x = 0; x < size; x++)
            {
                double dx = (x - (size * 0.5)) / (size * 0.5);
                double dy = (y - (size * 0.5)) / (size * 0.5);
                double light = 1 - (dx * dx) - (dy * dy);
                if (light > 0)
                {
                    double shade = 0.35 + (0.65 * Math.Sqrt(light)) + (random.NextDouble() * 0.04);
                    sprite[(y * size) + x] = Rgb(red * shade, green * shade, blue * shade);
                }
            }
        }

        return sprite;
    }

    protected static uint Rgb(double red, double green, double blue) =>
        ((uint)Math.Clamp(red, 0, 255) << 16) | ((uint)Math.Clamp(green, 0, 255) << 8) | (uint)Math.Clamp(blue, 1, 255);
}

/// <summary>Lists the frame sets of the specification: still, flat, sprites, scrolling, noise.</summary>
internal static class FrameSets
{
    public static readonly IReadOnlyList<(int Width, int Height)> Sizes = [(320, 240), (640, 480), (800, 600), (1280, 720), (1920, 1080)];

    public static IEnumerable<FrameSet> Of(int width, int height) =>
    [
        new Still(width, height),
        new Flat(width, height),
        new Sprites(width, height),
        new Scrolling(width, height),
        new Noise(width, height),
    ];

    /// <summary>A menu with a blinking caret: two small changes a second.</summary>
    private sealed class Still(int width, int height) : FrameSet("still", width, height)
    {
        protected override void Paint(int frame)
        {
            if (frame == 0)
            {
                Fill(0, 0, Width, Height, 0x20304A);
                Fill(Width / 4, Height / 4, Width / 2, Height / 8, 0xF0C040);
            }

            Fill(Width / 2, Height / 2, 4, 18, frame / 30 % 2 == 0 ? 0xFFFFFFu : 0x20304A);
        }
    }

    /// <summary>A platform game in plain colours: parallax clouds and platforms that move, a figure that jumps.</summary>
    private sealed class Flat(int width, int height) : FrameSet("flat", width, height)
    {
        protected override void Paint(int frame)
        {
            Fill(0, 0, Width, Height, 0x78BEF0);
            for (int i = 0; i < 8; i++)
            {
                Fill((((i * 200) - frame) % (Width + 100)) - 80, 20 + (i * 17 % (Height / 3)), 80, 24, 0xFFFFFF);
            }

            for (int i = 0; i < 12; i++)
            {
                int x = ((i * 110) - (frame * 4)) % (Width + 110);
                Fill(x < -110 ? x + Width + 110 : x, (Height / 2) + (i * 37 % (Height / 3)), 64, 12, 0x3C8C3C);
            }

            Fill(0, Height - 40, Width, 40, 0x5A3C1E);
            Fill(Width / 3, Height - 80 - (int)(80 * Math.Abs(Math.Sin(frame / 10.0))), 30, 40, 0xDC3232);
        }
    }

    /// <summary>Forty shaded figures of 40 pixels over a starry ground, all moving.</summary>
    private sealed class Sprites : FrameSet
    {
        private readonly uint[][] _balls = [.. Enumerable.Range(1, 8).Select(seed => Ball(40, seed))];

        public Sprites(int width, int height)
            : base("sprites", width, height)
        {
        }

        protected override void Paint(int frame)
        {
            Fill(0, 0, Width, Height, 0x0A0A1E);
            for (int i = 0; i < 100; i++)
            {
                Pixels[(((i * 7919) + frame) % Height * Width) + (i * 104729 % Width)] = 0xC8C8C8;
            }

            for (int i = 0; i < 40; i++)
            {
                int x = ((i * 211) + (frame * ((i % 5) - 2)) + (Width * 4)) % Width;
                int y = ((i * 97) + (frame * ((i % 3) + 1))) % Height;
                Blit(_balls[i % _balls.Length], 40, x - 20, y - 20);
            }
        }
    }

    /// <summary>A grainy tile map that moves three pixels a frame, with a figure and a score that stand.</summary>
    private sealed class Scrolling : FrameSet
    {
        private readonly uint[] _ground = new uint[1024 * 1024];
        private readonly uint[] _ball = Ball(40, 3);

        public Scrolling(int width, int height)
            : base("scrolling", width, height)
        {
            Random random = new(5);
            uint[][] tiles = [.. Enumerable.Range(0, 6).Select(_ => Tile(random))];
            int[] map = [.. Enumerable.Range(0, 32 * 32).Select(_ => random.Next(6))];
            for (int y = 0; y < 1024; y++)
            {
                for (int x = 0; x < 1024; x++)
                {
                    _ground[(y * 1024) + x] = tiles[map[(y / 32 * 32) + (x / 32)]][(y % 32 * 32) + (x % 32)];
                }
            }
        }

        protected override void Paint(int frame)
        {
            int dx = frame * 3;
            int dy = 60 + (int)(40 * Math.Sin(frame / 40.0));
            for (int y = 0; y < Height; y++)
            {
                Span<uint> row = Pixels.Slice(y * Width, Width);
                ReadOnlySpan<uint> from = _ground.AsSpan(((y + dy) & 1023) * 1024, 1024);
                for (int x = 0; x < row.Length; x++)
                {
                    row[x] = from[(x + dx) & 1023];
                }
            }

            Blit(_ball, 40, Width / 2, (Height / 2) + (int)(30 * Math.Sin(frame / 9.0)));
            for (int digit = 0; digit < 4; digit++)
            {
                Fill(8 + (digit * 14), 8, 10, 16, digit == 3 && frame % 20 < 10 ? 0xFFFFFFu : 0xF0E060);
            }
        }

        private static uint[] Tile(Random random)
        {
            (int red, int green, int blue) = (random.Next(60, 160), random.Next(80, 200), random.Next(40, 120));
            uint[] tile = new uint[32 * 32];
            for (int i = 0; i < tile.Length; i++)
            {
                int grain = random.Next(-18, 18);
                tile[i] = Rgb(red + grain, green + grain, blue + grain);
            }

            return tile;
        }
    }

    /// <summary>Changes every pixel in every frame: the worst case.</summary>
    private sealed class Noise(int width, int height) : FrameSet("noise", width, height)
    {
        public override int Count => 60;

        protected override void Paint(int frame)
        {
            ulong state = (ulong)(frame + 1) * 0x9E3779B97F4A7C15;
            foreach (ref uint pixel in Pixels)
            {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                pixel = (uint)(state >> 24) & 0xFFFFFF;
            }
        }
    }
}

/// <summary>Frames recorded from a real game: <c>u32 width, height, count</c>, then BGRX pictures.</summary>
internal sealed class RecordedFrames : FrameSet
{
    private readonly FileStream _file;

    private RecordedFrames(FileStream file, string name, int width, int height, int count)
        : base(name, width, height)
    {
        _file = file;
        Count = count;
    }

    public override int Count { get; }

    public static RecordedFrames Open(string path)
    {
        FileStream file = File.OpenRead(path);
        Span<uint> header = stackalloc uint[3];
        file.ReadExactly(MemoryMarshal.AsBytes(header));
        int available = (int)((file.Length - 12) / (header[0] * header[1] * 4));
        return new RecordedFrames(file, Path.GetFileNameWithoutExtension(path), (int)header[0], (int)header[1],
            Math.Min(available, (int)header[2]));
    }

    protected override void Paint(int frame)
    {
        _file.Position = 12 + ((long)frame * Width * Height * 4);
        _file.ReadExactly(MemoryMarshal.AsBytes(Pixels));
    }
}
