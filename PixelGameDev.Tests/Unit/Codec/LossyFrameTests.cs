using PixelGameDev.Streaming.Codec;
using PixelGameDev.Tests.Fixtures;
using Xunit;

namespace PixelGameDev.Tests.Unit.Codec;

/// <summary>Tests what is simplified because it is too much, and how it becomes exact again.</summary>
public sealed class LossyFrameTests : CodecScene
{
    [Fact]
    public void What_is_too_much_for_a_tick_is_simplified_and_exact_again_when_it_stands()
    {
        using FrameEncoder slow = new(new SlowClock());
        Picture picture = new(900, 600);
        List<bool> lossy = [];
        int largest = 0;
        for (int i = 0; i < 5; i++)
        {
            picture.Noise(i);
            largest = Math.Max(i < 3 ? 0 : largest, Show());
        }

        Assert.Equal([false, false, true, true, true], lossy);
        Assert.True(slow.IsInexact);
        Assert.InRange(largest, 1, 900 * 600);

        // The game stands still: encoding the same picture again makes it exact.
        _decoder.Decode(slow.EncodeAgain(keyframe: false, default).Message.Span);
        lossy.Add((_decoder.Header.Flags & FrameHeader.LossyFlag) != 0);
        Assert.False(slow.IsInexact);
        Assert.False(lossy[^1]);
        Assert.True(_decoder.Rgba.SequenceEqual(picture.ToRgba()));
        Assert.Equal(0, Show());

        int Show()
        {
            EncodedFrame frame = slow.Encode(picture.Bgrx, picture.Width, picture.Height, picture.PitchBytes, false, default);
            if (!frame.IsEmpty)
            {
                _decoder.Decode(frame.Message.Span);
                lossy.Add((_decoder.Header.Flags & FrameHeader.LossyFlag) != 0);
                Assert.Equal(lossy[^1], slow.IsInexact);
            }

            return frame.Message.Length;
        }
    }

    [Fact]
    public void What_weighs_too_much_is_simplified_however_fast_it_is_written()
    {
        // Snow in 640×480: 924,000 bytes a frame.
        Picture picture = new(640, 480);
        List<(bool Lossy, int Bytes)> frames = [];
        for (int i = 0; i < 8; i++)
        {
            picture.Noise(i);
            EncodedFrame frame = Encode(picture);
            _decoder.Decode(frame.Message.Span);
            frames.Add(((_decoder.Header.Flags & FrameHeader.LossyFlag) != 0, frame.Message.Length));
        }

        Assert.All(frames[..2], static frame => Assert.False(frame.Lossy));
        Assert.All(frames[2..], static frame => Assert.True(frame is { Lossy: true, Bytes: < FrameBudget.Bytes }));
        _decoder.Decode(EncodeAgain().Message.Span);
        Assert.True(_decoder.Rgba.SequenceEqual(picture.ToRgba()));
        Assert.False(_encoder.IsInexact);
    }

    [Fact]
    public void A_heavy_keyframe_is_simplified_and_the_exact_rest_comes_in_portions()
    {
        // Snow in 1920×1080: 6.2 MB.
        Picture picture = new(1920, 1080);
        picture.Noise(1);
        EncodedFrame frame = Encode(picture, keyframe: true);
        _decoder.Decode(frame.Message.Span);
        Assert.InRange(frame.Message.Length, 1, FrameEncoder.MaxExactBytes);
        Assert.True((_decoder.Header.Flags & FrameHeader.LossyFlag) != 0);

        int portions = 0;
        while (_encoder.IsInexact)
        {
            frame = EncodeAgain();
            Assert.InRange(frame.Message.Length, 1, FrameEncoder.MaxExactBytes * 5 / 4);
            _decoder.Decode(frame.Message.Span);
            Assert.InRange(++portions, 1, 8);
        }

        Assert.True(_decoder.Rgba.SequenceEqual(picture.ToRgba()));
    }

    [Fact]
    public void A_small_change_brings_the_exact_rest()
    {
        using FrameEncoder slow = new(new SlowClock());
        Picture picture = new(900, 600);
        Picture grain = new(900, 600);
        for (int i = 0; i < 4; i++)
        {
            grain.Noise(i);
            picture.Copy(grain, 0, 0);
            Show();
        }

        Assert.True(slow.IsInexact);
        picture.Fill(0, 0, 100, 100, 0x00FF00);
        Show();
        Assert.False(slow.IsInexact);
        Assert.True(_decoder.Rgba.SequenceEqual(picture.ToRgba()));

        void Show() =>
            _decoder.Decode(slow.Encode(picture.Bgrx, picture.Width, picture.Height, picture.PitchBytes, false, default).Message.Span);
    }
}
