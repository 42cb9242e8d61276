using PixelGameDev.Executor.Configuration;
using PixelGameDev.Executor.Health;
using PixelGameDev.Executor.Sandboxes;

namespace PixelGameDev.Executor.Pool;

/// <summary>Measures the free memory where the sandboxes run, which is often not where the Executor runs.</summary>
/// <remarks>
/// In the published deployment the Executor is a container with a limit of 512 MB, and its sandboxes are containers next to it. The
/// Executor's own limit would never leave room for a warm sandbox.
/// </remarks>
internal sealed class SandboxMemory(ISandboxFactory factory, ExecutorOptions options, SystemNumbers system)
{
    /// <summary>Returns the memory that further sandboxes could use in bytes.</summary>
    /// <param name="existing">The number of sandboxes that exist or are being started.</param>
    public long Free(int existing)
    {
        if (options.SandboxMemoryTotal is { } setting)
        {
            return setting - LimitsOf(existing);
        }

        if (factory.MemoryTotal is not { } total)
        {
            // The sandboxes are processes on this machine, in this process's control group.
            return system.MemoryAvailable();
        }

        // On the same machine the kernel's number is better than the sum of limits, because other programs run there, too, and most games
        // stay far below their limit.
        return total == system.HostMemoryTotal() ? system.HostMemoryAvailable() : total - LimitsOf(existing);
    }

    private long LimitsOf(int existing) => existing * options.Policy.MemoryBytes;
}
