using System.Diagnostics;
using PixelGameDev.Benchmarks.Play;

namespace PixelGameDev.Benchmarks.Capacity;

/// <summary>Reads the Executor's memory while the number of sessions grows.</summary>
internal sealed class MemoryWatch
{
    private readonly RunningSystem _system;
    private readonly Process _executor;
    private readonly double _warm;
    private double _first;
    private int _waitingFirst;
    private (int Sessions, int Waiting, double Resident) _last;

    private MemoryWatch(RunningSystem system)
    {
        _system = system;
        _warm = Docker.WarmMemory();
        _executor = Process.GetProcessById(system.Executors().First());
    }

    /// <summary>Begins with the first session.</summary>
    public static async Task<MemoryWatch> BeginAsync(RunningSystem system, SessionFleet sessions)
    {
        MemoryWatch watch = new(system);
        await sessions.SetAsync(1);
        await sessions.SettleAsync(CapacityBenchmark.SettledAfter, CapacityBenchmark.SettleLimit);
        watch._first = watch.Resident();
        watch._waitingFirst = await system.WarmAsync();
        watch._last = (1, watch._waitingFirst, watch._first);
        return watch;
    }

    /// <summary>Keeps the values at the highest number of sessions.</summary>
    public async Task LookAsync(int sessions)
    {
        if (sessions > _last.Sessions)
        {
            _last = (sessions, await _system.WarmAsync(), Resident());
        }
    }

    public MemoryFigures Figures()
    {
        double each = _last.Sessions > 1
            ? (_last.Resident - _first) / Math.Max(1, _last.Sessions + _last.Waiting - 1 - _waitingFirst) : double.NaN;
        return new MemoryFigures(_first, _last.Resident, _last.Sessions, _last.Waiting, each, _warm);
    }

    private double Resident()
    {
        _executor.Refresh();
        return _executor.WorkingSet64 / 1e6;
    }
}
