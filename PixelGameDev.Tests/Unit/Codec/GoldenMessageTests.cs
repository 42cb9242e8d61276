using System.Security.Cryptography;
using System.Text.Json;
using PixelGameDev.Streaming.Codec;
using Xunit;

namespace PixelGameDev.Tests.Unit.Codec;

/// <summary>
/// Tests that this encoder still writes the messages with which the page tests its decoder (<c>golden.json</c> in the folder of those
/// tests). After an intended change of the format run <c>UPDATE_GOLDEN=1 ./pixel test GoldenMessage</c>.
/// </summary>
public sealed class GoldenMessageTests
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, NewLine = "\n" };

    [Fact]
    public void Golden_messages_are_current()
    {
        GoldenScene[] scenes = [Starter(), Sizes(), Scroller(), Noise(), Hurried()];
        string path = Path.Combine(RepositoryRoot(), "PixelGameDev.Api", "Web", "src", "stream", "codec", "golden.json");
        string now = JsonSerializer.Serialize(scenes, Json) + "\n";
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, now);
        }

        Assert.Equal(now, File.ReadAllText(path));
        foreach (GoldenScene scene in scenes)
        {
            using FrameDecoder decoder = new();
            foreach (GoldenFrame frame in scene.Frames)
            {
                decoder.Decode(Convert.FromBase64String(frame.Message));
                Assert.Equal(frame.RgbaSha256, Convert.ToHexStringLower(SHA256.HashData(decoder.Rgba)));
            }
        }
    }

    /// <summary>Draws flat shapes, a few colours and small changes.</summary>
    private static GoldenScene Starter()
    {
        Recorder recorder = new("starter");
        Picture picture = new(160, 120);
        picture.Fill(0, 0, 160, 120, 0x87CEEB);
        picture.Fill(0, 100, 160, 20, 0x3B7A2B);
        for (int i = 0; i < 12; i++)
        {
            picture.Fill(i * 10, 60, 16, 16, 0x87CEEB);
            picture.Fill((i + 1) * 10, 60, 16, 16, 0xE4572E);
            picture.Fill(((i + 1) * 10) + 4, 64, 3, 3, (uint)(i * 999));
            recorder.Add(picture, keyframe: i == 8);
        }

        return recorder.Scene;
    }

    private static GoldenScene Sizes()
    {
        Recorder recorder = new("sizes");
        int i = 0;
        foreach ((int width, int height) in new[] { (1, 1), (33, 31), (64, 64), (100, 7) })
        {
            Picture picture = new(width, height, padding: 2);
            picture.Noise(++i, 0x0F1F3F);
            recorder.Add(picture);
            picture.Fill(width / 2, 0, 9, 3, 0xFF8800);
            recorder.Add(picture);
        }

        return recorder.Scene;
    }

    /// <summary>Draws a textured ground that moves in all directions under a figure that stands still.</summary>
    private static GoldenScene Scroller()
    {
        Recorder recorder = new("scroller");
        Picture texture = new(320, 320);
        for (int i = 0; i < 400; i++)
        {
            texture.Fill(i * 7919 % 320, i * 104729 % 320, 3 + (i % 17), 3 + (i % 11), (uint)(i * 2654435) & 0xFFFFFF);
        }

        Picture picture = new(160, 130);
        int x = 80, y = 90;
        foreach ((int dx, int dy) in new[] { (0, 0), (3, 0), (3, 0), (-5, 0), (0, 7), (0, -2), (4, 4), (-6, -3), (-24, 11), (2, -24) })
        {
            x += dx;
            y += dy;
            picture.Copy(texture, x, y);
            picture.Fill(60, 50, 12, 12, 0xFFFFFF);
            recorder.Add(picture);
        }

        return recorder.Scene;
    }

    private static GoldenScene Noise()
    {
        Recorder recorder = new("noise");
        Picture picture = new(70, 50);
        for (int i = 0; i < 2; i++)
        {
            picture.Noise(i + 100);
            recorder.Add(picture);
        }

        return recorder.Scene;
    }

    /// <summary>Draws too much for one tick: frames are simplified first and exact later.</summary>
    private static GoldenScene Hurried()
    {
        Recorder recorder = new("hurried", new SlowClock());
        Picture picture = new(800, 640);
        for (int i = 0; i < 4; i++)
        {
            for (int y = 0; y < 640; y++)
            {
                for (int x = 0; x < 800; x++)
                {
                    // Many colours in every tile, but small when compressed, because this becomes a file in the repository.
                    picture[x, y] = (uint)((((x & 31) * 0x010800) + ((y & 31) * 0x000107)) ^ (Math.Min(i, 2) * 0x101010));
                }
            }

            recorder.Add(picture);
        }

        return recorder.Scene;
    }

    private static string RepositoryRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "PixelGameDev.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests run outside the repository.");
    }

    private sealed record GoldenScene(string Name, IReadOnlyList<GoldenFrame> Frames);

    private sealed record GoldenFrame(
        int Width, int Height, bool Keyframe, bool Lossy, uint FrameNumber, string RgbaSha256, string Message);

    private sealed class Recorder(string name, TimeProvider? clock = null)
    {
        private readonly FrameEncoder _encoder = new(clock ?? new StoppedClock());
        private readonly FrameDecoder _decoder = new();
        private readonly List<GoldenFrame> _frames = [];

        public GoldenScene Scene => new(name, _frames);

        public void Add(Picture picture, bool keyframe = false)
        {
            uint number = (uint)_frames.Count + 1;
            EncodedFrame frame = _encoder.Encode(picture.Bgrx, picture.Width, picture.Height, picture.PitchBytes, keyframe,
                new FrameInfo(number, number * 16_667, number / 2));
            Assert.False(frame.IsEmpty);
            _decoder.Decode(frame.Message.Span);
            byte[] shown = _decoder.Rgba.ToArray();
            Assert.Equal(_decoder.Header.Flags <= 1, shown.AsSpan().SequenceEqual(picture.ToRgba()));
            _frames.Add(new GoldenFrame(
                picture.Width,
                picture.Height,
                frame.IsKeyframe,
                _decoder.Header.Flags > 1,
                number,
                Convert.ToHexStringLower(SHA256.HashData(shown)),
                Convert.ToBase64String(frame.Message.Span)));
        }
    }

    /// <summary>Provides a clock that stands still, because the encode time is part of the message.</summary>
    private sealed class StoppedClock : TimeProvider
    {
        public override long GetTimestamp() => 0;
    }

    /// <summary>Provides a clock by which every frame takes 20 ms.</summary>
    private sealed class SlowClock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => _now += 20;
    }
}
