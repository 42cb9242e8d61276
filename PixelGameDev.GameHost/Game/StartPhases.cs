namespace PixelGameDev.GameHost.Game;

/// <summary>Measures the time until each phase of a start, µs since the first file arrived: files, code, firstFrame.</summary>
/// <remarks>
/// The report that the code runs arrives through the control channel, the first picture through shared memory, each on its own thread. On
/// a busy machine the later one can be seen first. A game that shows a picture runs, so the phases are always reported in their order.
/// Not thread-safe.
/// </remarks>
internal sealed class StartPhases(TimeProvider time)
{
    public const string Files = "files";
    public const string Code = "code";
    public const string FirstFrame = "firstFrame";

    private static readonly string[] InOrder = [Files, Code, FirstFrame];

    private readonly Dictionary<string, long> _micros = [];
    private long? _given;

    /// <summary>Starts the clock; only the first call counts.</summary>
    public void StartClock() => _given ??= time.GetTimestamp();

    /// <summary>Records that a phase and all phases before it are reached; only the first time counts.</summary>
    public void MarkReached(string phase)
    {
        long now = _given is { } start ? (long)time.GetElapsedTime(start).TotalMicroseconds : 0;
        foreach (string reached in InOrder.AsSpan(0, Array.IndexOf(InOrder, phase) + 1))
        {
            _micros.TryAdd(reached, now);
        }
    }

    /// <summary>Returns a copy of what is known so far.</summary>
    public Dictionary<string, long> Micros() => new(_micros);
}
