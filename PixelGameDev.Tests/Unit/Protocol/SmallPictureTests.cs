using System.Buffers.Binary;
using System.IO.Compression;
using PixelGameDev.Streaming.Codec;
using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Tests.Unit.Protocol;

/// <summary>Tests the small picture of how a game looked.</summary>
public sealed class SmallPictureTests
{
    [Theory]
    [InlineData(640, 480, 320, 240)]
    [InlineData(321, 203, 320, 202)]
    [InlineData(1920, 1080, 320, 180)]
    [InlineData(400, 1200, 80, 240)]
    [InlineData(1920, 1, 320, 1)]
    [InlineData(100, 50, 100, 50)]
    public void A_picture_becomes_as_small_as_it_must_and_keeps_its_shape(int width, int height, int across, int down)
    {
        uint[] pixels = new uint[width * height];
        Array.Fill(pixels, 0xFF204060u, 0, pixels.Length / 2);
        Array.Fill(pixels, 0x00204060u, pixels.Length / 2, pixels.Length - (pixels.Length / 2));
        pixels[^1] = 0xFF204061;
        SmallPicture picture = SmallPictureMessage.Read(SmallPictureMessage.Create(pixels, width, height)!);
        Assert.Equal((across, down), (picture.Width, picture.Height));
        Assert.Equal([0x20, 0x40, 0x60], picture.Pixels[..3]);
        Assert.Equal(3 * across * down, picture.Pixels.Length);
    }

    [Fact]
    public void A_pixel_has_the_mean_of_what_it_covers_and_one_colour_is_no_picture()
    {
        uint[] pixels = new uint[640 * 480];
        (pixels[0], pixels[1], pixels[640], pixels[641]) = (0xFF0000, 0x00FF00, 0x0000FF, 0x040404);
        SmallPicture picture = SmallPictureMessage.Read(SmallPictureMessage.Create(pixels, 640, 480)!);
        Assert.Equal([64, 64, 64, 0, 0, 0], picture.Pixels[..6]);
        Assert.Null(SmallPictureMessage.Create(new uint[640 * 480], 640, 480));
    }

    [Theory]
    [InlineData(0, 1, 3)]
    [InlineData(1, 241, 723)]
    [InlineData(321, 1, 963)]
    [InlineData(2, 2, 11)]
    [InlineData(2, 2, 13)]
    public void A_message_of_another_size_is_refused(int width, int height, int bytes)
    {
        byte[] message = [(byte)MessageType.SmallPicture, .. BitConverter.GetBytes((ushort)width), .. BitConverter.GetBytes((ushort)height),
            .. new byte[bytes]];
        Assert.Throws<ProtocolException>(() => MessageRules.Check(message, MessageRoute.SandboxToExecutor));
    }

    [Fact]
    public void The_largest_noise_fits_into_its_column()
    {
        byte[] noise = new byte[3 * SmallPictureMessage.MaxWidth * SmallPictureMessage.MaxHeight];
        new Random(1).NextBytes(noise);
        byte[] png = PngPicture.Encode(
            SmallPictureMessage.MaxWidth, SmallPictureMessage.MaxHeight, noise, CompressionLevel.Optimal);
        Assert.InRange(png.Length, noise.Length, 300_000);
        // The first chunk is the header: width, height, 8 bits, RGB.
        Assert.Equal(320, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)));
        Assert.Equal(240, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)));
        Assert.Equal([8, 2], png[24..26]);
        Assert.Throws<ArgumentException>(() => PngPicture.Encode(3, 2, new byte[19]));
    }
}
