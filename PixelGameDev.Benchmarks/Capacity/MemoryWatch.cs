using System.Diagnostics;
using PixelGameDev.Benchmarks.Play;

namespace PixelGameDev.Benchmarks.Capacity;

/// <summary>Looks at the Executor's memory while sessions become more.</summary>
internal sealed class MemoryWatch
{
    private readonly RunningSystem system;
    private readonly Process executor;
    private readonly double warm;
    private double first;
    private int waitingFirst;
    private (int Sessions, int Waiting, double Resident) last;

    private MemoryWatch(RunningSystem system)
    {
        this.system = system;
        warm = Docker.WarmMemory();
        executor = Process.GetProcessById(system.Executors().First());
    }

    /// <summary>With the first session.</summary>
    public static async Task<MemoryWatch> BeginAsync(RunningSystem system, SessionFleet sessions)
    {
        MemoryWatch watch = new(system);
        await sessions.SetAsync(1);
        await sessions.SettleAsync(CapacityBenchmark.SettledAfter, CapacityBenchmark.SettleLimit);
        watch.first = watch.Resident();
        watch.waitingFirst = await system.WarmAsync();
        watch.last = (1, watch.waitingFirst, watch.first);
        return watch;
    }

    /// <summary>Keeps what there is with the most sessions.</summary>
    public async Task LookAsync(int sessions)
    {
        if (sessions > last.Sessions)
        {
            last = (sessions, await system.WarmAsync(), Resident());
        }
    }

    public MemoryFigures Figures()
    {
        double each = last.Sessions > 1
            ? (last.Resident - first) / Math.Max(1, last.Sessions + last.Waiting - 1 - waitingFirst) : double.NaN;
        return new MemoryFigures(first, last.Resident, last.Sessions, last.Waiting, each, warm);
    }

    private double Resident()
    {
        executor.Refresh();
        return executor.WorkingSet64 / 1e6;
    }
}
