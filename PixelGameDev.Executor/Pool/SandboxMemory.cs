using PixelGameDev.Executor.Configuration;
using PixelGameDev.Executor.Health;
using PixelGameDev.Executor.Sandboxes;

namespace PixelGameDev.Executor.Pool;

/// <summary>Tells how much memory is free where sandboxes live, which is often not where the Executor itself lives.</summary>
/// <remarks>
/// In the published files the Executor is a container with a limit of 512 MB, and its sandboxes are containers beside it. Measured
/// against the Executor's own limit there is never room for a warm sandbox.
/// </remarks>
internal sealed class SandboxMemory(ISandboxFactory factory, ExecutorOptions options, SystemNumbers system)
{
    /// <summary>Returns the bytes that further sandboxes could use.</summary>
    /// <param name="existing">Sandboxes that exist or are being started.</param>
    public long Free(int existing)
    {
        if (options.SandboxMemoryTotal is { } setting)
        {
            return setting - LimitsOf(existing);
        }

        if (factory.MemoryTotal is not { } total)
        {
            // Sandboxes are processes of this machine, in this process's own group.
            return system.MemoryAvailable();
        }

        // The same machine: its kernel's figure is better than a sum of limits, because other programs run there too, and most games
        // stay far below their limit.
        return total == system.HostMemoryTotal() ? system.HostMemoryAvailable() : total - LimitsOf(existing);
    }

    private long LimitsOf(int existing) => existing * options.Policy.MemoryBytes;
}
