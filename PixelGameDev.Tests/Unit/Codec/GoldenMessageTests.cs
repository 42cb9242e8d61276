using System.Security.Cryptography;
using System.Text.Json;
using PixelGameDev.Streaming.Codec;
using Xunit;

namespace PixelGameDev.Tests.Unit.Codec;

/// <summary>
/// The messages by which the page's decoder is tested (<c>golden.json</c> beside it) are what this encoder writes now. After
/// a wanted change of the format: <c>UPDATE_GOLDEN=1 ./pixel test GoldenMessage</c>.
/// </summary>
public sealed class GoldenMessageTests
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, NewLine = "\n" };

    [Fact]
    public void Golden_messages_are_current()
    {
        GoldenScene[] scenes = [Starter(), Sizes(), Scroller(), Noise()];
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

    /// <summary>Flat shapes, a few colours, small changes.</summary>
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

    /// <summary>A textured ground that moves under a figure that stands.</summary>
    private static GoldenScene Scroller()
    {
        Recorder recorder = new("scroller");
        Picture texture = new(320, 72);
        texture.Noise(11, 0x1F3F1F);
        Picture picture = new(96, 72);
        for (int i = 0; i < 10; i++)
        {
            for (int y = 0; y < 72; y++)
            {
                for (int x = 0; x < 96; x++)
                {
                    picture[x, y] = texture[x + (i * 3), y];
                }
            }

            picture.Fill(40, 30, 12, 12, 0xFFFFFF);
            recorder.Add(picture);
        }

        return recorder.Scene;
    }

    private static GoldenScene Noise()
    {
        Recorder recorder = new("noise");
        Picture picture = new(70, 50);
        for (int i = 0; i < 3; i++)
        {
            picture.Noise(i + 100);
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

    private sealed record GoldenFrame(int Width, int Height, bool Keyframe, uint FrameNumber, string RgbaSha256, string Message);

    private sealed class Recorder(string name)
    {
        private readonly FrameEncoder encoder = new(new StoppedClock());
        private readonly List<GoldenFrame> frames = [];

        public GoldenScene Scene => new(name, frames);

        public void Add(Picture picture, bool keyframe = false)
        {
            uint number = (uint)frames.Count + 1;
            EncodedFrame frame = encoder.Encode(picture.Bgrx, picture.Width, picture.Height, picture.PitchBytes, keyframe, new FrameInfo(number, number * 16_667, number / 2));
            frames.Add(new GoldenFrame(
                picture.Width,
                picture.Height,
                frame.IsKeyframe,
                number,
                Convert.ToHexStringLower(SHA256.HashData(picture.ToRgba())),
                Convert.ToBase64String(frame.Message.Span)));
        }
    }

    /// <summary>The encode time is part of the message.</summary>
    private sealed class StoppedClock : TimeProvider
    {
        public override long GetTimestamp() => 0;
    }
}
