using System.Globalization;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.GameHost.Game;

/// <summary>Measures what the whole sandbox uses of the processors, from its control group and from <c>/proc</c>.</summary>
/// <remarks>
/// GameHost measures because the sandbox sees its own figures wherever the Executor runs. Asking the Docker daemon would take a hundredth
/// of a processor for each game.
/// </remarks>
internal sealed class CpuMeter
{
    /// <summary>
    /// Shortest interval of a report. After a late report the next one follows at once, and the figures of a very short interval are
    /// random: a few switches would count as thousands per second.
    /// </summary>
    private static readonly TimeSpan MinInterval = TimeSpan.FromMilliseconds(50);

    private readonly ThreadSwitches _switches;
    private readonly TimeProvider _time;

    private readonly KernelFile _unified;
    private readonly KernelFile _used;
    private readonly KernelFile _limit;

    private long _readAt;
    private Counters _last;

    private readonly record struct Counters(double Seconds, long Periods, long Throttled);

    /// <param name="cgroup">Directory of the control group's files.</param>
    /// <param name="proc">Directory of the processes; it shows only those of this sandbox.</param>
    /// <param name="time">By default the system's clock.</param>
    public CpuMeter(string cgroup = "/sys/fs/cgroup", string proc = "/proc", TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        _unified = new KernelFile(Path.Combine(cgroup, "cpu.stat"));
        _used = new KernelFile(Path.Combine(cgroup, "cpuacct", "cpuacct.usage"));
        _limit = new KernelFile(Path.Combine(cgroup, "cpu", "cpu.stat"));
        _switches = new ThreadSwitches(proc);
        Read();
    }

    /// <summary>Gets whether the control group's files exist.</summary>
    public bool SeesGroup => ReadGroup() is not null;

    /// <summary>Returns the use since the last report; null if it cannot be read, or if the interval is too short.</summary>
    public SandboxUse? Read()
    {
        long now = _time.GetTimestamp();
        double seconds = _time.GetElapsedTime(_readAt, now).TotalSeconds;
        if (seconds < MinInterval.TotalSeconds || ReadGroup() is not { } counters)
        {
            return null;
        }

        long switched = _switches.Count();
        (Counters before, _last, _readAt) = (_last, counters, now);
        long periods = counters.Periods - before.Periods;
        return new SandboxUse(
            Math.Round(seconds, 3),
            Math.Round(Math.Max(0, counters.Seconds - before.Seconds) / seconds, 3),
            periods <= 0 ? 0 : Math.Round(Math.Clamp((double)(counters.Throttled - before.Throttled) / periods, 0, 1), 3),
            Math.Round(switched / seconds));
    }

    /// <summary>
    /// Reads the control group. In cgroup 2, one file holds all figures; in cgroup 1, the time and the limit's periods are in different
    /// files.
    /// </summary>
    private Counters? ReadGroup()
    {
        if (_unified.ReadLines() is { } all)
        {
            return new Counters(Value(all, "usage_usec ") / 1e6, Value(all, "nr_periods "), Value(all, "nr_throttled "));
        }

        if (_used.ReadLines() is [{ } text, ..] && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long nanos))
        {
            string[] periods = _limit.ReadLines() ?? [];
            return new Counters(nanos / 1e9, Value(periods, "nr_periods "), Value(periods, "nr_throttled "));
        }

        return null;
    }

    private static long Value(string[] lines, string name)
    {
        foreach (string line in lines)
        {
            if (line.StartsWith(name, StringComparison.Ordinal)
                && long.TryParse(line.AsSpan(name.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long value))
            {
                return value;
            }
        }

        return 0;
    }
}
