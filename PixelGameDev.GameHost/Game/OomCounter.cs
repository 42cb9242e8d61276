using System.Globalization;

namespace PixelGameDev.GameHost.Game;

/// <summary>Counts how often the kernel has killed a process of this control group because of memory.</summary>
internal static class OomCounter
{
    // cgroup v2: "oom_kill 3" in memory.events; v1: "oom_kill 3" in memory.oom_control.
    private static readonly string[] Files = ["/sys/fs/cgroup/memory.events", "/sys/fs/cgroup/memory/memory.oom_control"];

    /// <summary>Returns the count; 0 if it cannot be read.</summary>
    public static long Read()
    {
        foreach (string file in Files)
        {
            try
            {
                foreach (string line in File.ReadLines(file))
                {
                    if (line.StartsWith("oom_kill ", StringComparison.Ordinal)
                        && long.TryParse(line.AsSpan(9), NumberStyles.None, CultureInfo.InvariantCulture, out long count))
                    {
                        return count;
                    }
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Not this version.
            }
        }

        return 0;
    }
}
