using PixelGameDev.Executor.Configuration;

namespace PixelGameDev.Executor.Pool;

/// <summary>Decides how many sandboxes should be ready.</summary>
internal sealed class PoolSize(ExecutorOptions options, SandboxMemory memory, PoolStock stock)
{
    /// <summary>Memory that stays free for everything else, bytes.</summary>
    private const long ReservedBytes = 200L << 20;

    private volatile bool _draining;

    /// <summary>Gets or sets whether the Executor is drained, so that no sandbox should be ready.</summary>
    public bool Draining
    {
        get => _draining;
        set => _draining = value;
    }

    /// <summary>
    /// Gets the size: the setting, or what demand asks for beyond it where places for sessions are left; bounded by the memory that is
    /// there.
    /// </summary>
    public int Target
    {
        get
        {
            (int ready, int used, int demand) = stock.Count();
            int min = _draining ? 0 : Math.Min(options.Warm, options.MaxSessions);
            int target = min == 0 ? 0 : Math.Max(min, Math.Min(demand, options.MaxSessions - used));

            // A sandbox that waits is small, but it must be able to grow to what the policy allows. Where memory gets short, those beyond
            // the setting are removed, one in each round.
            long fits = ready + (long)Math.Floor((memory.Free(ready + used) - ReservedBytes) / (double)options.Policy.MemoryBytes);
            return (int)Math.Min(target, Math.Max(fits, Math.Min(ready, min)));
        }
    }
}
