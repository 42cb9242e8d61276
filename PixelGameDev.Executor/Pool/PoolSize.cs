using PixelGameDev.Executor.Configuration;

namespace PixelGameDev.Executor.Pool;

/// <summary>Decides how many sandboxes should be ready.</summary>
internal sealed class PoolSize(ExecutorOptions options, SandboxMemory memory, PoolStock stock)
{
    /// <summary>The memory that stays free for other purposes, in bytes.</summary>
    private const long ReservedBytes = 200L << 20;

    private volatile bool _draining;

    /// <summary>Gets or sets whether the Executor is drained. A drained Executor keeps no sandbox ready.</summary>
    public bool Draining
    {
        get => _draining;
        set => _draining = value;
    }

    /// <summary>Gets how many sessions may run at the same time; 0 while the Executor is drained.</summary>
    public int Places => _draining ? 0 : options.MaxSessions;

    /// <summary>
    /// Gets the target size: the setting, or a larger demand if session places are free; limited by the available memory.
    /// </summary>
    public int Target
    {
        get
        {
            (int ready, int used, int demand) = stock.Count();
            int min = _draining ? 0 : Math.Min(options.Warm, options.MaxSessions);
            int target = min == 0 ? 0 : Math.Max(min, Math.Min(demand, options.MaxSessions - used));

            // A waiting sandbox uses little memory, but must be able to grow to the limit of the policy. When memory is short, the
            // sandboxes above the setting are removed, one in each round.
            long fits = ready + (long)Math.Floor((memory.Free(ready + used) - ReservedBytes) / (double)options.Policy.MemoryBytes);
            return (int)Math.Min(target, Math.Max(fits, Math.Min(ready, min)));
        }
    }
}
