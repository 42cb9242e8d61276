namespace PixelGameDev.GameHost.Game;

/// <summary>Measures how long a start took until each of its phases, µs since the first file was given: files, code, firstFrame.</summary>
/// <remarks>
/// The report that the code runs comes by the control channel, the first picture by shared memory, each to a thread of its own: where
/// processors are short the later one is seen first. A game that shows a picture runs, so the phases are always reported in their order.
/// Not for several threads at once.
/// </remarks>
internal sealed class StartPhases(TimeProvider time)
{
    public const string Files = "files";
    public const string Code = "code";
    public const string FirstFrame = "firstFrame";

    private static readonly string[] InOrder = [Files, Code, FirstFrame];

    private readonly Dictionary<string, long> _micros = [];
    private long? _given;

    /// <summary>Starts the clock; the first call counts.</summary>
    public void StartClock() => _given ??= time.GetTimestamp();

    /// <summary>Records that a phase is reached, and with it all before it; the first time counts.</summary>
    public void MarkReached(string phase)
    {
        long now = _given is { } start ? (long)time.GetElapsedTime(start).TotalMicroseconds : 0;
        foreach (string reached in InOrder.AsSpan(0, Array.IndexOf(InOrder, phase) + 1))
        {
            _micros.TryAdd(reached, now);
        }
    }

    /// <summary>Returns what is known by now, as a copy.</summary>
    public Dictionary<string, long> Micros() => new(_micros);
}
