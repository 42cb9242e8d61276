using System.Globalization;
using PixelGameDev.Executor.Sandboxes;

namespace PixelGameDev.Executor.Subprocess;

/// <summary>
/// What <see cref="SandboxPolicy"/> becomes where there is no container: resource limits of the kernel. Weaker by nature, for
/// development only: memory counts per process and not for all together.
/// </summary>
internal static class SubprocessLimits
{
    /// <summary>Arguments of <c>prlimit</c>.</summary>
    /// <param name="policy">What the sandbox may use.</param>
    /// <param name="ownUser">
    /// Whether the processes have a user (or a user namespace) of their own. Elsewhere the limit of processes would count the
    /// developer's own programs and is left out.
    /// </param>
    public static IReadOnlyList<string> Prlimit(SandboxPolicy policy, bool ownUser)
    {
        List<string> limits =
        [
            Limit("nofile", policy.OpenFiles),
            Limit("fsize", policy.FileBytes),
            Limit("core", policy.CoreBytes),
            Limit("sigpending", policy.PendingSignals),
            // Private writable memory of one process. Not the address space: a managed runtime reserves far more than it uses.
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
