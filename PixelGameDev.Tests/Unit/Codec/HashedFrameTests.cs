using PixelGameDev.Streaming.Codec;
using Xunit;

namespace PixelGameDev.Tests.Unit.Codec;

/// <summary>
/// Tests what the encoder does with hashes of tiles. <see cref="CodecScene"/> holds that it sends the same as without them.
/// </summary>
public sealed class HashedFrameTests : CodecScene
{
    [Fact]
    public void Tiles_that_keep_their_hash_are_not_read()
    {
        Picture picture = new(200, 100);
        ulong[] hashes = picture.Hashes();
        Assert.False(EncodeWith(hashes).IsEmpty);
        picture.Fill(40, 40, 5, 5, 0xFF0000);
        Assert.True(EncodeWith(hashes).IsEmpty);
        Assert.False(EncodeWith(picture.Hashes()).IsEmpty);
        Assert.True(_decoder.Rgba.SequenceEqual(picture.ToRgba()));

        EncodedFrame EncodeWith(ulong[] withHashes)
        {
            EncodedFrame frame = _encoder.Encode(picture.Bgrx, 200, 100, picture.PitchBytes, false, default, withHashes);
            if (!frame.IsEmpty)
            {
                _decoder.Decode(frame.Message.Span);
            }

            return frame;
        }
    }

    [Fact]
    public void Pictures_with_and_without_hashes_in_turns_arrive_exactly()
    {
        Random random = new(5);
        Picture picture = new(321, 203, padding: 5);
        picture.Noise(1, 0x030303);
        for (int i = 0; i < 300; i++)
        {
            // Also the same hashes again after a picture without any, and the same picture twice.
            if (random.Next(3) > 0)
            {
                picture.Fill(random.Next(330), random.Next(210), random.Next(1, 60), random.Next(1, 60), (uint)random.Next(0x1000000));
            }

            bool hashed = random.Next(2) == 0;
            EncodedFrame frame = _encoder.Encode(
                picture.Bgrx, 321, 203, picture.PitchBytes, random.Next(20) == 0, default, hashed ? picture.Hashes() : default);
            if (!frame.IsEmpty)
            {
                _decoder.Decode(frame.Message.Span);
            }

            Assert.True(_decoder.Rgba.SequenceEqual(picture.ToRgba()), $"Picture {i} differs.");
        }
    }

    [Fact]
    public void Another_number_of_hashes_than_of_tiles_is_refused()
    {
        Picture picture = new(64, 33);
        ArgumentException e = Assert.Throws<ArgumentException>(
            () => _encoder.Encode(picture.Bgrx, 64, 33, picture.PitchBytes, false, default, new ulong[3]));
        Assert.Contains("3 hashes of 4 tiles", e.Message, StringComparison.Ordinal);
    }
}
