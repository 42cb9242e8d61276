using System.Globalization;

namespace PixelGameDev.ServiceDefaults;

/// <summary>Gives a service priority over games when processors are short, because all pictures pass through it.</summary>
/// <remarks>
/// If processes have no control group of their own, the kernel distributes processors equally between sessions (in the sense of setsid) and
/// the group of all containers. An equal part is not enough for a service: games that only switch between processes took a fifth of the
/// turns of a process outside (measured on Linux 6.18). A higher priority requires root, for example a service that <c>./pixel run</c>
/// starts on a dedicated machine. In other cases the weights of containers or units have the same effect (docs/operations.md).
/// </remarks>
public static class ServicePriority
{
    // As a weight, about nine times that of an ordinary session.
    private const int Nice = -10;
    private const int SessionField = 6 - 3;

    /// <summary>
    /// Raises the priority of this process's session if the session is its own or that of Aspire's orchestrator (which contains only our
    /// parts), and if the kernel and our rights allow it. Otherwise does nothing.
    /// </summary>
    /// <returns>Whether the priority was raised.</returns>
    public static bool Raise()
    {
        try
        {
            // Sample: "1234 (name with ) and spaces) S <parent> <group> <session> …". The session of a user's shell must not be raised.
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
            // Not Linux, no support in the kernel, or no permission: the priority stays unchanged.
            return false;
        }
    }

    private static bool IsOrchestrator(string process) => File.ReadAllText($"/proc/{process}/comm").Trim() == "dcp";
}
