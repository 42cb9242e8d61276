
namespace PixelGameDev.Benchmarks.Play;

/// <summary>Figures of the whole way: browser → Api → Executor → sandbox and back. Times in ms.</summary>
/// <param name="Load">The load of the machine before, from <c>/proc/loadavg</c>.</param>
/// <param name="RunToFirstFrame">The click's time stamp → the first drawn picture.</param>
/// <param name="KeyToPixel">The key's time stamp → the drawn picture that includes the key.</param>
/// <param name="KeysWithPixels">The number of presses after which the pixel on the canvas had changed.</param>
/// <param name="Delivered">The games that were watched.</param>
/// <param name="PageBytes">The bytes of the page before play, as transferred.</param>
/// <param name="RunPhases">The click's time stamp → the steps that the page records until the first picture, medians.</param>
internal sealed record PlayResults(
    string Load,
    Distribution RunToFirstFrame,
    Distribution KeyToPixel,
    int KeysWithPixels,
    IReadOnlyList<DeliveredRow> Delivered,
    long PageBytes,
    IReadOnlyDictionary<string, double>? RunPhases = null)
{
    /// <summary>
    /// The number of runs that got a cold sandbox although the pool had been full. <see cref="RunToFirstFrame"/> leaves them out.
    /// </summary>
    public int ColdRuns { get; init; }
}

/// <summary>One watched game: fps, ms, bytes, % of a core.</summary>
/// <param name="Age">The time from the game's flip to the drawn picture, from the stamp in the picture.</param>
internal sealed record DeliveredRow(
    string Game,
    int Width,
    int Height,
    double Fps,
    Distribution FrameInterval,
    Distribution Age,
    double BytesPerSecond,
    double DecodeMillis,
    IReadOnlyDictionary<string, double> CpuPercent);
