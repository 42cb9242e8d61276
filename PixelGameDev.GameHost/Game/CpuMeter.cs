using System.Globalization;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.GameHost.Game;

/// <summary>
/// Measures what everything in this sandbox uses of the processors, from its control group and from <c>/proc</c>. GameHost measures
/// because the sandbox sees its own figures wherever the Executor runs; asking the daemon takes a hundredth of a processor for each game.
/// </summary>
internal sealed class CpuMeter
{
    /// <summary>
    /// Shortest time of a report. Where one was late, the next follows at once, and the figures of a moment are chance: a handful of
    /// switches would count as thousands a second.
    /// </summary>
    private static readonly TimeSpan MinInterval = TimeSpan.FromMilliseconds(50);

    private readonly Dictionary<int, long> _switches = [];
    private readonly Dictionary<int, long> _switchesBefore = [];
    private readonly string _proc;
    private readonly TimeProvider _time;

    private readonly KernelFile _unified;
    private readonly KernelFile _used;
    private readonly KernelFile _limit;

    private long _readAt;
    private Counters _last;

    private readonly record struct Counters(double Seconds, long Periods, long Throttled);

    /// <param name="cgroup">Where the control group's files are.</param>
    /// <param name="proc">Where the processes are; only those of this sandbox.</param>
    /// <param name="time">The system's by default.</param>
    public CpuMeter(string cgroup = "/sys/fs/cgroup", string proc = "/proc", TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        _unified = new KernelFile(Path.Combine(cgroup, "cpu.stat"));
        _used = new KernelFile(Path.Combine(cgroup, "cpuacct", "cpuacct.usage"));
        _limit = new KernelFile(Path.Combine(cgroup, "cpu", "cpu.stat"));
        _proc = proc;
        Read();
    }

    /// <summary>Gets whether the control group's files are there.</summary>
    public bool SeesGroup => ReadGroup() is not null;

    /// <summary>The use since the last report; null where it cannot be seen, and too early for one.</summary>
    public SandboxUse? Read()
    {
        long now = _time.GetTimestamp();
        double seconds = _time.GetElapsedTime(_readAt, now).TotalSeconds;
        if (seconds < MinInterval.TotalSeconds || ReadGroup() is not { } counters)
        {
            return null;
        }

        long switched = CountSwitches();
        (Counters before, _last, _readAt) = (_last, counters, now);
        long periods = counters.Periods - before.Periods;
        return new SandboxUse(
            Math.Round(seconds, 3),
            Math.Round(Math.Max(0, counters.Seconds - before.Seconds) / seconds, 3),
            periods <= 0 ? 0 : Math.Round(Math.Clamp((double)(counters.Throttled - before.Throttled) / periods, 0, 1), 3),
            Math.Round(switched / seconds));
    }

    /// <summary>cgroup 2: one file for all; cgroup 1: the time is in another than the limit's periods.</summary>
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

    /// <summary>
    /// Returns how often the living threads have been put on a processor since the last call; those that ended meanwhile do not count.
    /// </summary>
    private long CountSwitches()
    {
        _switchesBefore.Clear();
        foreach ((int thread, long count) in _switches)
        {
            _switchesBefore[thread] = count;
        }

        _switches.Clear();
        long sum = 0;
        foreach (int process in NumberedDirectories(_proc))
        {
            string tasks = Path.Combine(_proc, process.ToString(CultureInfo.InvariantCulture), "task");
            foreach (int thread in NumberedDirectories(tasks))
            {
                // "ns on a processor, ns waiting for one, times on one"
                if (ReadLinesOf(Path.Combine(tasks, thread.ToString(CultureInfo.InvariantCulture), "schedstat")) is [{ } line, ..]
                    && long.TryParse(line.AsSpan(line.LastIndexOf(' ') + 1), NumberStyles.None, CultureInfo.InvariantCulture,
                        out long count))
                {
                    _switches[thread] = count;
                    sum += Math.Max(0, count - _switchesBefore.GetValueOrDefault(thread));
                }
            }
        }

        return sum;
    }

    private static IEnumerable<int> NumberedDirectories(string directory)
    {
        try
        {
            return [.. Directory.EnumerateDirectories(directory)
                .Select(static entry => int.TryParse(Path.GetFileName(entry.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture,
                    out int number) ? number : 0)
                .Where(static number => number > 0)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ended while we looked.
            return [];
        }
    }

    private static string[]? ReadLinesOf(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
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
