using System.Globalization;
using PixelGameDev.Executor.Sandboxes;

namespace PixelGameDev.Executor.Subprocess;

/// <summary>
/// Converts <see cref="SandboxPolicy"/> into resource limits of the kernel if there is no container. They are weaker and only for
/// development: memory is limited for each process, not in total.
/// </summary>
internal static class SubprocessLimits
{
    /// <summary>Returns the arguments of <c>prlimit</c>.</summary>
    /// <param name="policy">The policy of the sandbox.</param>
    /// <param name="ownUser">
    /// Whether the processes have their own user or user namespace. Otherwise the limit of processes would count the developer's programs,
    /// and is omitted.
    /// </param>
    public static IReadOnlyList<string> Prlimit(SandboxPolicy policy, bool ownUser)
    {
        List<string> limits =
        [
            Limit("nofile", policy.OpenFiles),
            Limit("fsize", policy.FileBytes),
            Limit("core", policy.CoreBytes),
            Limit("sigpending", policy.PendingSignals),
            // Private writable memory of one process. The address space is not limited, because a managed runtime reserves far more than it
            // uses.
            Limit("data", policy.MemoryBytes * 2),
            Limit("memlock", 64 * 1024),
        ];
        if (ownUser)
        {
            limits.Add(Limit("nproc", policy.Pids));
        }

        return limits;
    }

    private static string Limit(string name, long value) => string.Create(CultureInfo.InvariantCulture, $"--{name}={value}:{value}");
}
