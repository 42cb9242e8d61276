namespace PixelGameDev.Executor.Viewers;

/// <summary>
/// Counts the memory that waits for all viewers of this process together, so that many who do not read cannot use up what the
/// games of the others need. A message is counted for each viewer it waits for, although they share it.
/// </summary>
internal sealed class StreamBudget(long mostBytes)
{
    private const long MinBytes = 32 << 20;
    private const long MaxBytes = 256 << 20;

    private long _used;

    /// <summary>The budget of this process: a quarter of the memory it may use, 32 to 256 MiB.</summary>
    public static StreamBudget Shared { get; } = new(Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4, MinBytes, MaxBytes));

    /// <summary>Bytes that wait.</summary>
    public long Used => Interlocked.Read(ref _used);

    /// <summary>More than three quarters are used: viewers that do not move on must give back what waits for them.</summary>
    public bool IsTight => Used > mostBytes / 4 * 3;

    /// <summary>Whether so many more bytes still fit.</summary>
    public bool HasRoomFor(long bytes) => Used + bytes <= mostBytes;

    /// <summary>Counts what waits now. The caller has seen that it fits, or must take it in any case.</summary>
    public void Charge(long bytes) => Interlocked.Add(ref _used, bytes);

    /// <summary>Counts what does not wait any more.</summary>
    public void Release(long bytes) => Interlocked.Add(ref _used, -bytes);
}
