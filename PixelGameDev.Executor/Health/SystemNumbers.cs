using System.Globalization;

namespace PixelGameDev.Executor.Health;

/// <summary>
/// Processors, memory and disk as this process may use them: in a container its own limits (cgroup v2 or v1), not the host's.
/// </summary>
/// <param name="root">Where <c>/proc</c> and <c>/sys</c> are; another directory in tests.</param>
/// <param name="diskPath">A path on the file system whose fill level matters.</param>
internal sealed class SystemNumbers(string root, string diskPath)
{
    // cgroup v1 says "no limit" with a number near 2^63.
    private const long NoLimit = 1L << 60;

    /// <summary>Returns the number of processors, at least 1.</summary>
    public int CpuCount()
    {
        double? quota = QuotaV2() ?? QuotaV1();
        return quota is { } processors ? Math.Max(1, (int)Math.Ceiling(processors)) : Environment.ProcessorCount;
    }

    /// <summary>Returns the bytes that this process may use.</summary>
    public long MemoryTotal()
    {
        long host = HostMemoryTotal();
        return MemoryLimit() is { } limit && limit < host ? limit : host;
    }

    /// <summary>Returns the bytes of <see cref="MemoryTotal"/> that are free; cache that can be dropped counts as free.</summary>
    public long MemoryAvailable()
    {
        long host = HostMemoryAvailable();
        if (MemoryLimit() is not { } limit || MemoryUsed() is not { } used)
        {
            return host;
        }

        return Math.Min(host, Math.Max(0, limit - used));
    }

    /// <summary>Bytes of the whole machine, whatever the limit of this process.</summary>
    public long HostMemoryTotal() => MemInfo("MemTotal");

    /// <summary>Bytes still free on the whole machine, whatever the limit of this process.</summary>
    public long HostMemoryAvailable() => MemInfo("MemAvailable");

    /// <summary>Returns how full the disk is, per cent.</summary>
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

    // cpu.max: "150000 100000" or "max 100000"
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

    /// <summary>The group's own directory, else the top: in a container with a private view its own group is mounted there.</summary>
    private string? ReadFrom(string mount, string group, string name) =>
        Read(Path.Combine(root, mount, group.TrimStart('/'), name)) ?? Read(Path.Combine(root, mount, name));

    // /proc/self/cgroup: "0::/docker/abc" (v2) or "4:memory:/docker/abc" (v1, a line per hierarchy)
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

    // memory.stat: "inactive_file 123" a line
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

    // /proc/meminfo: "MemAvailable:   23267 kB"
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
