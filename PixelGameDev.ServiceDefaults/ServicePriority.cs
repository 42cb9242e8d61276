using System.Globalization;

namespace PixelGameDev.ServiceDefaults;

/// <summary>
/// Lets a service go before the games where processors are short: everybody's picture passes through it.
/// </summary>
/// <remarks>
/// Where processes are in no group of their own, the kernel shares processors out between sessions (in setsid's sense) and the group of
/// all containers, each alike. Fair is not enough for a service: games that do nothing but switch between processes took a fifth of the
/// turns of a process outside (measured on Linux 6.18). Asking for more needs root, which is a service that <c>./pixel run</c> started on
/// a machine of its own; elsewhere weights of containers or units do the same (docs/operations.md).
/// </remarks>
public static class ServicePriority
{
    // As weights, about nine times an ordinary session's.
    private const int Nice = -10;
    private const int SessionField = 6 - 3;

    /// <summary>
    /// Raises this process's session where it is its own, or that of Aspire's orchestrator, in which there are only parts of ours, and
    /// where the kernel and our rights allow; else does nothing.
    /// </summary>
    /// <returns>Whether it was raised.</returns>
    public static bool Raise()
    {
        try
        {
            // "1234 (name with ) and spaces) S <parent> <group> <session> …": somebody's shell is not ours to raise.
            string stat = File.ReadAllText("/proc/self/stat");
            string session = stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[SessionField];
            if (session != Environment.ProcessId.ToString(CultureInfo.InvariantCulture) && !IsOrchestrator(session))
            {
                return false;
            }

            File.WriteAllText("/proc/self/autogroup", Nice.ToString(CultureInfo.InvariantCulture));
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Not Linux, a kernel without it, or no right to: the ordinary share it is.
            return false;
        }
    }

    private static bool IsOrchestrator(string process) => File.ReadAllText($"/proc/{process}/comm").Trim() == "dcp";
}
