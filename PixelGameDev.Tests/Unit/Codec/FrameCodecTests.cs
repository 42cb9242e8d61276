using PixelGameDev.Streaming.Codec;
using PixelGameDev.Tests.Fixtures;
using Xunit;

namespace PixelGameDev.Tests.Unit.Codec;

public sealed class FrameCodecTests : CodecScene
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(31, 33)]
    [InlineData(320, 240)]
    [InlineData(641, 479)]
    [InlineData(1920, 1080)]
    [InlineData(1080, 1920)]
    public void Any_size_arrives_exactly(int width, int height)
    {
        Picture picture = new(width, height, padding: 3);
        picture.Noise(1);
        picture.Fill(width / 4, height / 4, width / 2, height / 2, 0x3366CC);
        AssertArrives(picture);
        picture.Fill(0, 0, 7, 5, 0xFFFFFF);
        AssertArrives(picture);
    }

    [Fact]
    public void The_first_frame_is_a_keyframe_without_being_asked()
    {
        Picture picture = new(64, 64);
        EncodedFrame frame = Encode(picture);
        Assert.True(frame.IsKeyframe);
        Assert.Equal(1, frame.Message.Span[0]);
    }

    [Fact]
    public void A_still_picture_sends_nothing()
    {
        Picture picture = new(200, 100);
        Encode(picture);
        Assert.True(Encode(picture).IsEmpty);
        Assert.False(Encode(picture, keyframe: true).IsEmpty);
    }

    [Fact]
    public void The_unused_byte_of_a_pixel_is_not_a_change()
    {
        Picture picture = new(200, 100);
        Encode(picture);
        picture[50, 50] |= 0xFF000000;
        Assert.True(Encode(picture).IsEmpty);
    }

    [Fact]
    public void A_new_size_starts_with_a_keyframe()
    {
        AssertArrives(new Picture(200, 100));
        Picture larger = new(300, 200);
        larger.Noise(3);
        Assert.True(AssertArrives(larger).IsKeyframe);
        Assert.True(AssertArrives(new Picture(20, 10)).IsKeyframe);
    }

    [Fact]
    public void A_late_viewer_joins_at_a_keyframe()
    {
        Picture picture = new(320, 240);
        for (int i = 0; i < 20; i++)
        {
            picture.Fill(i * 5, i * 3, 20, 20, (uint)(i * 7919));
            AssertArrives(picture);
        }

        using FrameDecoder late = new();
        picture.Fill(0, 0, 5, 5, 0x123456);
        EncodedFrame delta = Encode(picture);
        Assert.Throws<InvalidDataException>(() => late.Decode(delta.Message.Span));
        late.Decode(Encode(picture, keyframe: true).Message.Span);
        picture.Fill(9, 9, 5, 5, 0x654321);
        late.Decode(Encode(picture).Message.Span);
        Assert.True(late.Rgba.SequenceEqual(picture.ToRgba()));
    }

    [Fact]
    public void The_header_carries_what_the_capture_knew()
    {
        Picture picture = new(40, 30);
        EncodedFrame frame = _encoder.Encode(picture.Bgrx, 40, 30, picture.PitchBytes, false, new FrameInfo(7, 4_000_000_000, 99));
        _decoder.Decode(frame.Message.Span);
        Assert.Equal((40, 30, 7u, 4_000_000_000u, 99u), (_decoder.Header.Width, _decoder.Header.Height, _decoder.Header.FrameNumber,
            _decoder.Header.CaptureMicros, _decoder.Header.InputSeq));
    }

    [Fact]
    public void Impossible_pictures_are_refused()
    {
        byte[] pixels = new byte[64 * 64 * 4];
        Assert.Throws<ArgumentException>(() => _encoder.Encode(pixels, 0, 10, 40, false, default));
        Assert.Throws<ArgumentException>(() => _encoder.Encode(pixels, 1921, 1, 1921 * 4, false, default));
        Assert.Throws<ArgumentException>(() => _encoder.Encode(pixels, 1920, 1081, 1920 * 4, false, default));
        Assert.Throws<ArgumentException>(() => _encoder.Encode(pixels, 64, 64, 255, false, default));
        Assert.Throws<ArgumentException>(() => _encoder.Encode(pixels, 64, 65, 256, false, default));
    }

    [Fact]
    public void Random_drawing_arrives_exactly_frame_after_frame()
    {
        Random random = new(42);
        Picture picture = new(333, 211, padding: 1);
        for (int i = 0; i < 150; i++)
        {
            int shapes = random.Next(0, 12);
            for (int s = 0; s < shapes; s++)
            {
                picture.Fill(random.Next(-10, 333), random.Next(-10, 211), random.Next(1, 80), random.Next(1, 80),
                    (uint)random.Next(0, 1 << random.Next(1, 25)));
            }

            if (i % 40 == 17)
            {
                picture.Noise(i, i % 80 == 17 ? 0xFFFFFFu : 0x0F0F0Fu);
            }

            AssertArrives(picture, keyframe: i % 50 == 49);
        }
    }

    [Theory]
    [InlineData(3, 0)]
    [InlineData(-7, 0)]
    [InlineData(0, 24)]
    [InlineData(0, -1)]
    [InlineData(5, 9)]
    [InlineData(-24, -24)]
    public void A_scrolling_picture_costs_its_edges_only(int dx, int dy)
    {
        // Grain everywhere: only a scroll can make this small.
        Picture ground = new(1000, 1000);
        ground.Noise(9);
        Picture picture = new(320, 256);
        int x = 400, y = 400;
        for (int i = 0; i < 8; i++)
        {
            picture.Copy(ground, x, y);
            picture.Fill(150, 100, 20, 20, 0xFFFFFF);
            int bytes = AssertArrives(picture).Message.Length;
            if (i > 0)
            {
                Assert.InRange(bytes, 1, 320 * 256 * 3 / 2);
            }

            x += dx;
            y += dy;
        }
    }

    [Fact]
    public void A_picture_that_changes_while_it_is_read_leaves_no_trace()
    {
        // The encoder's copy of the page's picture must stay equal to it. Otherwise it would never send these tiles again.
        Picture ground = new(700, 500);
        ground.Noise(3, 0x3F3F3F);
        Picture picture = new(320, 240);
        bool stop = false;
        int differ = 0;
        Thread scribbler = new(() =>
        {
            Random random = new(8);
            while (!Volatile.Read(ref stop))
            {
                picture[random.Next(320), random.Next(240)] = (uint)random.Next(0, 4);
            }
        });
        scribbler.Start();
        for (int i = 0; i < 150; i++)
        {
            // The picture scrolls too.
            picture.Copy(ground, i * 2, i);
            EncodedFrame frame = Read(picture);
            if (!frame.IsEmpty)
            {
                _decoder.Decode(frame.Message.Span);
            }

            byte[] had = _decoder.Rgba.ToArray();
            _decoder.Decode(_encoder.EncodeAgain(keyframe: true, default).Message.Span);
            differ += _decoder.Rgba.SequenceEqual(had) ? 0 : 1;
        }

        Volatile.Write(ref stop, true);
        scribbler.Join();
        Assert.Equal(0, differ);
        _decoder.Decode(Read(picture, keyframe: true).Message.Span);
        Assert.True(_decoder.Rgba.SequenceEqual(picture.ToRgba()));

        EncodedFrame Read(Picture changing, bool keyframe = false) =>
            _encoder.Encode(changing.Bgrx, changing.Width, changing.Height, changing.PitchBytes, keyframe, default);
    }

    [Fact]
    public void The_last_picture_again_is_complete_for_who_comes_late()
    {
        Assert.True(EncodeAgain(keyframe: true).IsEmpty);
        Picture ground = new(400, 300);
        ground.Noise(2);
        Picture picture = new(200, 150, padding: 2);
        for (int i = 0; i < 30; i++)
        {
            picture.Copy(ground, i * 5, i * 4);
            AssertArrives(picture);
        }

        Assert.True(EncodeAgain().IsEmpty);
        using FrameDecoder late = new();
        late.Decode(_encoder.EncodeAgain(keyframe: true, new FrameInfo(77, 0, 0)).Message.Span);
        Assert.True(late.Rgba.SequenceEqual(picture.ToRgba()));
        Assert.Equal(77u, late.Header.FrameNumber);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Steady_encoding_allocates_nothing(bool hashed)
    {
        Picture ground = new(800, 600);
        ground.Noise(1, 0x3F3F3F);
        Picture picture = new(640, 480);
        ulong[] hashes = picture.Hashes();
        for (int i = 0; i < 60; i++)
        {
            Step(i);
        }

        long[] allocated = new long[600];
        for (int i = 0; i < allocated.Length; i++)
        {
            Step(i);
            allocated[i] = GC.GetAllocatedBytesForCurrentThread();
        }

        SteadyState.AssertNothing(allocated);

        void Step(int i)
        {
            picture.Fill(i * 9 % 600, i * 7 % 440, 40, 40, (uint)(i * 104729));
            picture[i % 480, i % 480] = (uint)i;
            picture.Copy(ground, i % 60 * 2, i % 60);
            _encoder.Encode(
                picture.Bgrx, 640, 480, picture.PitchBytes, i % 20 == 0, default, hashed ? picture.Hashes(hashes) : default);
        }
    }

    [Fact]
    public void Damaged_messages_never_do_more_than_throw()
    {
        Picture picture = new(160, 120);
        picture.Noise(5, 0x0F0F0F);
        byte[] keyframe = Encode(picture).Message.ToArray();
        picture.Fill(10, 10, 90, 60, 0xAA5500);
        byte[] delta = Encode(picture).Message.ToArray();
        Random random = new(7);
        int thrown = 0;
        for (int i = 0; i < 3000; i++)
        {
            byte[] damaged = (i % 2 == 0 ? keyframe : delta).ToArray();
            int hits = random.Next(1, 4);
            for (int h = 0; h < hits; h++)
            {
                damaged[random.Next(0, damaged.Length)] = (byte)random.Next();
            }

            if (i % 5 == 0)
            {
                damaged = damaged[..random.Next(0, damaged.Length)];
            }

            try
            {
                _decoder.Decode(keyframe);
                _decoder.Decode(damaged);
            }
            catch (InvalidDataException)
            {
                thrown++;
            }
        }

        Assert.InRange(thrown, 1000, 3000);
        _decoder.Decode(keyframe);
        _decoder.Decode(delta);
        Assert.True(_decoder.Rgba.SequenceEqual(picture.ToRgba()));
    }
}
