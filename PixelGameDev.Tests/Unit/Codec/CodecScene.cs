using Microsoft.Extensions.Time.Testing;
using PixelGameDev.Streaming.Codec;
using PixelGameDev.Tests.Fixtures;
using Xunit;

namespace PixelGameDev.Tests.Unit.Codec;

/// <summary>
/// Provides an encoder and a decoder that follows it. A second encoder gets the hashes of the tiles too, and must send the same.
/// </summary>
public abstract class CodecScene : IDisposable
{
    private protected readonly FrameEncoder _encoder = new(new FakeTimeProvider());
    private readonly FrameEncoder _hashedEncoder = new(new FakeTimeProvider());
    private protected readonly FrameDecoder _decoder = new();
    private protected uint _number;

    public void Dispose()
    {
        _encoder.Dispose();
        _hashedEncoder.Dispose();
        _decoder.Dispose();
    }

    private protected EncodedFrame Encode(Picture picture, bool keyframe = false)
    {
        FrameInfo info = new(++_number, _number * 16_667, 0);
        return Same(
            _encoder.Encode(picture.Bgrx, picture.Width, picture.Height, picture.PitchBytes, keyframe, info),
            _hashedEncoder.Encode(picture.Bgrx, picture.Width, picture.Height, picture.PitchBytes, keyframe, info, picture.Hashes()));
    }

    /// <summary>Encodes the last picture again.</summary>
    private protected EncodedFrame EncodeAgain(bool keyframe = false) =>
        Same(_encoder.EncodeAgain(keyframe, default), _hashedEncoder.EncodeAgain(keyframe, default));

    private static EncodedFrame Same(EncodedFrame frame, EncodedFrame hashed)
    {
        Assert.True(frame.Message.Span.SequenceEqual(hashed.Message.Span), "With hashes the encoder sends something else.");
        return frame;
    }

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
            _decoder.Decode(EncodeAgain().Message.Span);
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
