using System.Globalization;

namespace PixelGameDev.Executor.Health;

/// <summary>
/// Reads the processors, memory and disk that this process may use: in a container the container's limits (cgroup v2 or v1), not those of
/// the host.
/// </summary>
/// <param name="root">The directory that contains <c>/proc</c> and <c>/sys</c>; tests use another one.</param>
/// <param name="diskPath">A path on the file system to measure.</param>
internal sealed class SystemNumbers(string root, string diskPath)
{
    // cgroup v1 represents "no limit" by a number near 2^63.
    private const long NoLimit = 1L << 60;

    /// <summary>Returns the number of processors, at least 1.</summary>
    public int CpuCount()
    {
        double? quota = QuotaV2() ?? QuotaV1();
        return quota is { } processors ? Math.Max(1, (int)Math.Ceiling(processors)) : Environment.ProcessorCount;
    }

    /// <summary>Returns the memory that this process may use in bytes.</summary>
    public long MemoryTotal()
    {
        long host = HostMemoryTotal();
        return MemoryLimit() is { } limit && limit < host ? limit : host;
    }

    /// <summary>Returns the free part of <see cref="MemoryTotal"/> in bytes; reclaimable cache counts as free.</summary>
    public long MemoryAvailable()
    {
        long host = HostMemoryAvailable();
        if (MemoryLimit() is not { } limit || MemoryUsed() is not { } used)
        {
            return host;
        }

        return Math.Min(host, Math.Max(0, limit - used));
    }

    /// <summary>Returns the memory of the whole machine in bytes, regardless of the limit of this process.</summary>
    public long HostMemoryTotal() => MemInfo("MemTotal");

    /// <summary>Returns the free memory of the whole machine in bytes, regardless of the limit of this process.</summary>
    public long HostMemoryAvailable() => MemInfo("MemAvailable");

    /// <summary>Returns the used part of the disk in per cent.</summary>
    public double DiskUsage()
    {
        try
        {
            DriveInfo drive = new(diskPath);
            long used = drive.TotalSize - drive.TotalFreeSpace;
            long usable = used + drive.AvailableFreeSpace;
            return usable == 0 ? 0 : Math.Round(100.0 * used / usable, 1);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return 0;
        }
    }

    private long? MemoryLimit() =>
        Limit(ReadV2("memory.max")) ?? Limit(ReadV1("memory", "memory.limit_in_bytes"));

    private long? MemoryUsed()
    {
        if (Number(ReadV2("memory.current")) is { } current)
        {
            return current - (Stat(ReadV2("memory.stat"), "inactive_file") ?? 0);
        }

        return Number(ReadV1("memory", "memory.usage_in_bytes")) - (Stat(ReadV1("memory", "memory.stat"), "total_inactive_file") ?? 0);
    }

    // Sample of cpu.max: "150000 100000" or "max 100000"
    private double? QuotaV2() =>
        ReadV2("cpu.max")?.Split(' ') is [string quota, string period] && Number(quota) is { } part && Number(period) is { } whole and > 0
            ? (double)part / whole
            : null;

    private double? QuotaV1() =>
        Number(ReadV1("cpu", "cpu.cfs_quota_us")) is { } part and > 0 && Number(ReadV1("cpu", "cpu.cfs_period_us")) is { } whole and > 0
            ? (double)part / whole
            : null;

    private string? ReadV2(string name) => ReadFrom("sys/fs/cgroup", GroupOf(""), name);

    private string? ReadV1(string controller, string name) => ReadFrom("sys/fs/cgroup/" + controller, GroupOf(controller), name);

    /// <summary>
    /// Reads from the group's own directory, otherwise from the top: a container with a private view has its own group mounted there.
    /// </summary>
    private string? ReadFrom(string mount, string group, string name) =>
        Read(Path.Combine(root, mount, group.TrimStart('/'), name)) ?? Read(Path.Combine(root, mount, name));

    // Sample of /proc/self/cgroup: "0::/docker/abc" (v2) or "4:memory:/docker/abc" (v1, one line for each hierarchy)
    private string GroupOf(string controller)
    {
        foreach (string line in (Read(Path.Combine(root, "proc/self/cgroup")) ?? "").Split('\n'))
        {
            string[] parts = line.Split(':', 3);
            if (parts.Length == 3 && parts[1].Split(',').Contains(controller))
            {
                return parts[2];
            }
        }

        return "";
    }

    private static long? Limit(string? text) => Number(text) is { } value and < NoLimit ? value : null;

    private static long? Number(string? text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) ? value : null;

    // Sample of a line of memory.stat: "inactive_file 123"
    private static long? Stat(string? text, string name)
    {
        foreach (string line in (text ?? "").Split('\n'))
        {
            if (line.StartsWith(name, StringComparison.Ordinal) && line.Length > name.Length && line[name.Length] == ' ')
            {
                return Number(line[(name.Length + 1)..]);
            }
        }

        return null;
    }

    // Sample of a line of /proc/meminfo: "MemAvailable:   23267 kB"
    private long MemInfo(string name)
    {
        foreach (string line in (Read(Path.Combine(root, "proc/meminfo")) ?? "").Split('\n'))
        {
            if (line.StartsWith(name + ":", StringComparison.Ordinal)
                && line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, string kilobytes, ..])
            {
                return (Number(kilobytes) ?? 0) * 1024;
            }
        }

        return 0;
    }

    private static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
