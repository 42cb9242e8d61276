using System.Globalization;

namespace PixelGameDev.Benchmarks.Play;

/// <summary>Reads the CPU time of processes by kind from <c>/proc</c>.</summary>
internal static class ProcessTimes
{
    /// <summary>USER_HZ, the unit of /proc/PID/stat: 100 on every Linux that .NET runs on.</summary>
    private const double TicksPerSecond = 100;

    /// <summary>
    /// Returns the seconds of CPU so far, by name: <c>api</c>, <c>executor</c>, <c>postgres</c>, <c>gamehost</c>, <c>game</c>,
    /// <c>browser</c>, <c>dockerd</c>, <c>containerd</c> (with its shims).
    /// </summary>
    /// <param name="system">The AppHost whose children count; null counts every such process of the machine.</param>
    /// <param name="browser">The browser's process.</param>
    public static Dictionary<(int Process, string Name), double> Read(int? system, int browser)
    {
        List<Entry> all = All();
        Dictionary<int, int> parents = all.ToDictionary(e => e.Id, e => e.Parent);
        Dictionary<(int, string), double> times = [];
        foreach (Entry entry in all)
        {
            if (Classify(entry, parents, system, browser) is { } name)
            {
                times[(entry.Id, name)] = entry.Seconds;
            }
        }

        return times;
    }

    /// <summary>
    /// Returns the seconds of CPU so far of these processes and their descendants. A descendant counts under its nearest named ancestor.
    /// </summary>
    /// <param name="roots">The names of the processes.</param>
    public static Dictionary<(int Process, string Name), double> Below(IReadOnlyDictionary<int, string> roots)
    {
        List<Entry> all = All();
        Dictionary<int, int> parents = all.ToDictionary(e => e.Id, e => e.Parent);
        Dictionary<(int, string), double> times = [];
        foreach (Entry entry in all)
        {
            int process = entry.Id;
            for (int depth = 0; depth < 32 && process > 1; depth++)
            {
                if (roots.TryGetValue(process, out string? name))
                {
                    times[(entry.Id, name)] = entry.Seconds;
                    break;
                }

                process = parents.GetValueOrDefault(process);
            }
        }

        return times;
    }

    /// <summary>Returns all descendants of a process.</summary>
    public static IEnumerable<int> Descendants(int ancestor)
    {
        List<Entry> all = All();
        Dictionary<int, int> parents = all.ToDictionary(e => e.Id, e => e.Parent);
        return all.Select(e => e.Id).Where(id => id != ancestor && IsBelow(id, ancestor, parents)).ToList();
    }

    /// <summary>Returns the descendants with this name, without those that another one of the name has started.</summary>
    public static IReadOnlyList<int> Roots(int ancestor, string name)
    {
        List<Entry> all = All();
        Dictionary<int, int> parents = all.ToDictionary(e => e.Id, e => e.Parent);
        HashSet<int> named = [.. all.Where(e => e.Name == name).Select(e => e.Id)];
        return [.. named.Where(id => IsBelow(id, ancestor, parents) && !named.Contains(parents[id]))];
    }

    /// <summary>Returns the command lines that contain a text, without this process.</summary>
    public static IReadOnlyList<string> Naming(string something) =>
        [.. All().Where(e => e.Id != Environment.ProcessId && e.CommandLine.Contains(something, StringComparison.Ordinal))
            .Select(e => e.CommandLine.Trim())];

    /// <summary>Returns the command line of a process; null when it has ended.</summary>
    public static string? CommandOf(int process) => Entry.TryRead(process)?.CommandLine;

    /// <summary>Returns the shares of one core by name between two readings.</summary>
    public static SortedDictionary<string, double> Shares(
        Dictionary<(int Process, string Name), double> before, Dictionary<(int Process, string Name), double> after, TimeSpan elapsed)
    {
        SortedDictionary<string, double> shares = new(StringComparer.Ordinal);
        foreach (((int process, string name), double seconds) in after)
        {
            double spent = seconds - before.GetValueOrDefault((process, name), seconds);
            double share = 100 * spent / elapsed.TotalSeconds;
            // Warm sandboxes wait next to the one that plays. The busiest one is the one that plays.
            shares[name] = name is "gamehost" or "game" ? Math.Max(shares.GetValueOrDefault(name), share)
                : shares.GetValueOrDefault(name) + share;
        }

        return shares;
    }

    /// <summary>Returns the share of one core of all processes of a name together, between two readings.</summary>
    public static SortedDictionary<string, double> Totals(
        Dictionary<(int Process, string Name), double> before, Dictionary<(int Process, string Name), double> after, TimeSpan elapsed)
    {
        SortedDictionary<string, double> totals = new(StringComparer.Ordinal);
        foreach (((int process, string name), double seconds) in after)
        {
            totals[name] = totals.GetValueOrDefault(name) +
                (100 * (seconds - before.GetValueOrDefault((process, name), seconds)) / elapsed.TotalSeconds);
        }

        return totals;
    }

    private static List<Entry> All() => [.. Directory.EnumerateDirectories("/proc")
        .Select(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out int id) ? Entry.TryRead(id) : null)
        .OfType<Entry>()];

    private static string? Classify(Entry entry, Dictionary<int, int> parents, int? system, int browser)
    {
        if (IsBelow(entry.Id, browser, parents))
        {
            return "browser";
        }

        switch (entry.Name)
        {
            case "dockerd":
                return "dockerd";
            case "containerd":
            case "containerd-shim":
                return "containerd";
            case "gamehost":
                return "gamehost";
        }

        if (system is not null && !IsBelow(entry.Id, system.Value, parents))
        {
            // The game is a child of GameHost.
            return parents.TryGetValue(entry.Id, out int parent) && NameOf(parent) == "gamehost" ? "game" : null;
        }

        return entry.CommandLine.Contains("PixelGameDev.Api", StringComparison.Ordinal) ? "api"
            : entry.CommandLine.Contains("PixelGameDev.Executor", StringComparison.Ordinal) ? "executor"
            : entry.Name == "postgres" ? "postgres"
            : parents.TryGetValue(entry.Id, out int over) && NameOf(over) == "gamehost" ? "game"
            : null;
    }

    private static string? NameOf(int process) => Entry.TryRead(process)?.Name;

    private static bool IsBelow(int process, int ancestor, Dictionary<int, int> parents)
    {
        for (int depth = 0; depth < 32; depth++)
        {
            if (process == ancestor)
            {
                return true;
            }

            if (!parents.TryGetValue(process, out process) || process <= 1)
            {
                return false;
            }
        }

        return false;
    }

    private sealed record Entry(int Id, int Parent, string Name, string CommandLine, double Seconds)
    {
        public static Entry? TryRead(int id)
        {
            try
            {
                // 1234 (name with blanks) S 1 … utime stime …
                string stat = File.ReadAllText($"/proc/{id}/stat");
                int open = stat.IndexOf('(', StringComparison.Ordinal);
                int close = stat.LastIndexOf(')');
                string[] rest = stat[(close + 2)..].Split(' ');
                double ticks = double.Parse(rest[11], CultureInfo.InvariantCulture) + double.Parse(rest[12], CultureInfo.InvariantCulture);
                string command = File.ReadAllText($"/proc/{id}/cmdline").Replace('\0', ' ');
                return new Entry(id, int.Parse(rest[1], CultureInfo.InvariantCulture), stat[(open + 1)..close], command,
                    ticks / TicksPerSecond);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // It has ended meanwhile.
                return null;
            }
        }
    }
}
