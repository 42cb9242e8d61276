namespace PixelGameDev.Streaming.Codec;

/// <summary>
/// Decides when a moving picture is simplified: when its intricate pixels (those that neither a palette nor a scroll explains) would take
/// longer than half a tick to write, or more than <see cref="Bytes"/>, by what they took in the last exact frame.
/// </summary>
internal sealed class FrameBudget
{
    /// <summary>With no more intricate pixels than this (800×600 has 480,000) time is no reason.</summary>
    public const int UnhurriedPixels = 500_000;

    /// <summary>What writing a frame may take, µs: about half a tick.</summary>
    public const int Micros = 8_000;

    /// <summary>
    /// What a frame may weigh, bytes: sixty of them a second are more than most networks carry and as much as a page can decode. A game
    /// stays far below; television snow of 640×480 weighs nearly twice as much.
    /// </summary>
    public const int Bytes = 512 * 1024;

    /// <summary>After this many simplified frames one is written exactly, to see what that takes now.</summary>
    public const int LookAgain = 120;

    private double _nanosPerPixel;
    private double _bytesPerPixel;
    private int _last;
    private int _simplified;

    /// <summary>Forgets everything: the picture has another size.</summary>
    public void Reset() => (_nanosPerPixel, _bytesPerPixel, _last, _simplified) = (0, 0, 0, 0);

    /// <summary>Gets whether the next frame must be simplified if it is like the last one.</summary>
    public bool IsExceeded => IsExceededBy(_last) && _simplified < LookAgain;

    /// <summary>Returns whether a number of intricate pixels is too many.</summary>
    public bool IsExceededBy(int pixels) =>
        (pixels > UnhurriedPixels && pixels * _nanosPerPixel > Micros * 1000.0) || pixels * _bytesPerPixel > Bytes;

    /// <summary>Records what a frame took that was not a keyframe.</summary>
    /// <param name="pixels">Its intricate pixels, simplified or not.</param>
    /// <param name="micros">What it took.</param>
    /// <param name="bytes">What it weighs.</param>
    /// <param name="exact">It was not simplified.</param>
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
