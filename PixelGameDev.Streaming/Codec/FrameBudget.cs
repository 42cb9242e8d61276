namespace PixelGameDev.Streaming.Codec;

/// <summary>Decides when a moving picture is simplified.</summary>
/// <remarks>
/// A pixel is intricate when neither a palette nor a scroll explains it. The picture is simplified when its intricate pixels would take
/// longer than <see cref="Micros"/> to write, or more than <see cref="Bytes"/>. The estimate comes from the last exact frame.
/// </remarks>
internal sealed class FrameBudget
{
    /// <summary>Up to this number of intricate pixels (800×600 has 480,000), the time is not a reason to simplify.</summary>
    public const int UnhurriedPixels = 500_000;

    /// <summary>Longest time to write a frame, µs: about half a tick.</summary>
    public const int Micros = 8_000;

    /// <summary>Most bytes of a frame.</summary>
    /// <remarks>
    /// Sixty frames of this size per second are more than most networks carry, and as much as a page can decode. A game stays far below.
    /// Television snow of 640×480 takes nearly twice as much.
    /// </remarks>
    public const int Bytes = 512 * 1024;

    /// <summary>After this many simplified frames, one is written exactly, to measure its cost again.</summary>
    public const int MaxSimplified = 120;

    private double _nanosPerPixel;
    private double _bytesPerPixel;
    private int _last;
    private int _simplified;

    /// <summary>Forgets all measurements, because the picture has another size.</summary>
    public void Reset() => (_nanosPerPixel, _bytesPerPixel, _last, _simplified) = (0, 0, 0, 0);

    /// <summary>Gets whether the next frame must be simplified if it resembles the last one.</summary>
    public bool IsExceeded => IsExceededBy(_last) && _simplified < MaxSimplified;

    /// <summary>Returns whether a number of intricate pixels is too many.</summary>
    public bool IsExceededBy(int pixels) =>
        (pixels > UnhurriedPixels && pixels * _nanosPerPixel > Micros * 1000.0) || pixels * _bytesPerPixel > Bytes;

    /// <summary>Records the cost of a frame that was not a keyframe.</summary>
    /// <param name="pixels">Its intricate pixels, simplified or not.</param>
    /// <param name="micros">Time it took, µs.</param>
    /// <param name="bytes">Size of the frame, bytes.</param>
    /// <param name="exact">Whether the frame was written without simplification.</param>
    public void Spent(int pixels, double micros, int bytes, bool exact)
    {
        _last = pixels;
        _simplified = exact ? 0 : _simplified + 1;
        if (exact && pixels > 0)
        {
            _nanosPerPixel = micros * 1000 / pixels;
            _bytesPerPixel = (double)bytes / pixels;
        }
    }
}
