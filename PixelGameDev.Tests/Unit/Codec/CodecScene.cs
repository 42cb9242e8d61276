using PixelGameDev.Streaming.Codec;
using PixelGameDev.Tests.Fixtures;
using Xunit;

namespace PixelGameDev.Tests.Unit.Codec;

/// <summary>Provides an encoder and a decoder that follows it.</summary>
public abstract class CodecScene : IDisposable
{
    private protected readonly FrameEncoder _encoder = new();
    private protected readonly FrameDecoder _decoder = new();
    private protected uint _number;

    public void Dispose()
    {
        _encoder.Dispose();
        _decoder.Dispose();
    }

    private protected EncodedFrame Encode(Picture picture, bool keyframe = false) =>
        _encoder.Encode(picture.Bgrx, picture.Width, picture.Height, picture.PitchBytes, keyframe,
            new FrameInfo(++_number, _number * 16_667, 0));

    private protected EncodedFrame AssertArrives(Picture picture, bool keyframe = false)
    {
        EncodedFrame frame = Encode(picture, keyframe);
        if (!frame.IsEmpty)
        {
            _decoder.Decode(frame.Message.Span);
        }

        // The exact rest of a heavy keyframe follows later.
        while (_encoder.IsInexact)
        {
            _decoder.Decode(_encoder.EncodeAgain(keyframe: false, default).Message.Span);
        }

        Assert.True(_decoder.Rgba.SequenceEqual(picture.ToRgba()), "The decoded picture differs from the drawn one.");
        return frame;
    }

    /// <summary>Provides a clock by which every frame takes 20 ms.</summary>
    private protected sealed class SlowClock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => _now += 20;
    }
}
