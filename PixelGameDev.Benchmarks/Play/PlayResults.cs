
namespace PixelGameDev.Benchmarks.Play;

/// <summary>Figures of the whole way: browser → Api → Executor → sandbox and back. Times in ms.</summary>
/// <param name="Load">Of the machine before, as <c>/proc/loadavg</c> says it.</param>
/// <param name="RunToFirstFrame">Click's time stamp → first picture drawn.</param>
/// <param name="KeyToPixel">Key's time stamp → the drawn picture that had seen it.</param>
/// <param name="KeysWithPixels">Presses after which the pixel read back from the canvas was another.</param>
/// <param name="Delivered">Games that were watched.</param>
/// <param name="PageBytes">The page before play, as it comes over the network, bytes.</param>
/// <param name="RunPhases">Click's time stamp → what the page notes on its way to the first picture, medians.</param>
internal sealed record PlayResults(
    string Load,
    Distribution RunToFirstFrame,
    Distribution KeyToPixel,
    int KeysWithPixels,
    IReadOnlyList<DeliveredRow> Delivered,
    long PageBytes,
    IReadOnlyDictionary<string, double>? RunPhases = null)
{
    /// <summary>Presses of Run that got a cold sandbox although the pool had been full: not in <see cref="RunToFirstFrame"/>.</summary>
    public int ColdRuns { get; init; }
}

/// <summary>One game that was watched: fps, ms, bytes, % of a core.</summary>
/// <param name="Age">From the game's flip to the drawn picture, read from the stamp in the picture.</param>
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
