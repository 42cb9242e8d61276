using System.Diagnostics;
using System.Runtime.InteropServices;

namespace PixelGameDev.Benchmarks;

/// <summary>Reads the CPU time of the calling thread. On a busy machine the wall clock would also measure other work.</summary>
internal static partial class ThreadClock
{
    private const int ThreadCpuTime = 3;

    /// <summary>Nanoseconds; wall time on systems other than Linux.</summary>
    public static long Now
    {
        get
        {
            if (OperatingSystem.IsLinux() && GetTime(ThreadCpuTime, out Timespec time) == 0)
            {
                return (time.Seconds * 1_000_000_000L) + time.Nanoseconds;
            }

            return (long)(Stopwatch.GetTimestamp() * (1e9 / Stopwatch.Frequency));
        }
    }

    public static double MicrosSince(long start) => (Now - start) / 1000.0;

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out Timespec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
