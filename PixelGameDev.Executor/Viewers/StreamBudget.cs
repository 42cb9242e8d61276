namespace PixelGameDev.Executor.Viewers;

/// <summary>
/// Counts the memory of the messages that wait for all viewers of this process, so that viewers that do not read cannot use the memory of
/// other games. A message counts once for each viewer, although the viewers share it.
/// </summary>
internal sealed class StreamBudget(long mostBytes)
{
    private const long MinBytes = 32 << 20;
    private const long MaxBytes = 256 << 20;

    private long _used;

    /// <summary>Returns the budget of this process: a quarter of its available memory, 32 to 256 MiB.</summary>
    public static StreamBudget Shared { get; } = new(Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4, MinBytes, MaxBytes));

    /// <summary>
    /// Returns the budget of all who watch by an invitation: half of <see cref="Shared"/>. So they take no room from people who play.
    /// </summary>
    public static StreamBudget Watchers { get; } = new(Shared.Most / 2);

    /// <summary>Returns the budget for the <see cref="LastPicture"/> of all sessions: a quarter of <see cref="Shared"/>.</summary>
    public static StreamBudget LastPictures { get; } = new(Shared.Most / 4);

    /// <summary>Returns the maximum number of bytes.</summary>
    public long Most => mostBytes;

    /// <summary>Returns the number of waiting bytes.</summary>
    public long Used => Interlocked.Read(ref _used);

    /// <summary>Gets whether more than three quarters are used. Then stalled viewers must release their waiting messages.</summary>
    public bool IsTight => Used > mostBytes / 4 * 3;

    /// <summary>Returns whether this many more bytes still fit.</summary>
    public bool HasRoomFor(long bytes) => Used + bytes <= mostBytes;

    /// <summary>Adds waiting bytes. The caller has checked that they fit, or must accept them in any case.</summary>
    public void Charge(long bytes) => Interlocked.Add(ref _used, bytes);

    /// <summary>Subtracts bytes that no longer wait.</summary>
    public void Release(long bytes) => Interlocked.Add(ref _used, -bytes);
}
