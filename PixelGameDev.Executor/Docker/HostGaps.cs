namespace PixelGameDev.Executor.Docker;

/// <summary>Finds settings of the daemon's machine that weaken the isolation of a sandbox. Only for a daemon on this machine.</summary>
internal static class HostGaps
{
    /// <summary>
    /// Returns one sentence for each setting, for an operator; normally none. <c>./pixel doctor</c> prints the same sentences.
    /// </summary>
    /// <param name="root">The directory that contains /proc; tests use another one.</param>
    public static IEnumerable<string> Find(string root = "/")
    {
        // A pattern with "|" names a program. A core limit of 1 prevents the kernel from starting it, but no limit prevents the use of a
        // socket ("@").
        if (Read("proc/sys/kernel/core_pattern").StartsWith('@'))
        {
            yield return "each crash of a game reaches this machine's crash socket (kernel.core_pattern begins with @; a file name or a " +
                "program after | does not have this)";
        }

        if (Read("proc/cmdline").Split((char[])[' ', ',', '=', '\n']).Contains("nokmem"))
        {
            yield return "kernel memory of games is not counted (this machine was started with cgroup.memory=nokmem): pipes, sockets, " +
                "page tables and names of files have no limit";
        }

        string Read(string path)
        {
            try
            {
                return File.ReadAllText(Path.Combine(root, path));
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                return "";
            }
        }
    }
}
