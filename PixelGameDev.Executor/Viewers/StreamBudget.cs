namespace PixelGameDev.Executor.Viewers;

/// <summary>
/// Counts the memory of what waits for all viewers of this process, so that many viewers that do not read cannot use up what other
/// games need. A message is counted for each viewer it waits for, although they share it.
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

    /// <summary>
    /// Gets whether more than three quarters are used: viewers whose connection stalls must give back what waits for them.
    /// </summary>
    public bool IsTight => Used > mostBytes / 4 * 3;

    /// <summary>Returns whether this many more bytes still fit.</summary>
    public bool HasRoomFor(long bytes) => Used + bytes <= mostBytes;

    /// <summary>Counts what waits now. The caller has seen that it fits, or must take it in any case.</summary>
    public void Charge(long bytes) => Interlocked.Add(ref _used, bytes);

    /// <summary>Counts what does not wait any more.</summary>
    public void Release(long bytes) => Interlocked.Add(ref _used, -bytes);
}
