using PixelGameDev.Executor.Sandboxes;

namespace PixelGameDev.Executor.Subprocess;

/// <summary>Assigns a separate user id to each sandbox of an Executor that runs as root.</summary>
/// <remarks>
/// No user account has these ids. Sandboxes cannot affect one another, and the processes of a sandbox can be counted and ended by its id.
/// </remarks>
internal sealed class SandboxUsers
{
    private const int First = 61_184;
    private const int Count = 1000;

    private readonly Lock _gate = new();
    private readonly HashSet<int> _taken = [];

    /// <summary>Reserves a user id.</summary>
    /// <exception cref="SandboxUnavailableException">All user ids are in use.</exception>
    public int Take()
    {
        // Another Executor on this machine uses the same ids, so the first one to try depends on the process id.
        int first = Environment.ProcessId * 37;
        lock (_gate)
        {
            for (int step = 0; step < Count; step++)
            {
                int candidate = First + ((first + step) % Count);
                if (_taken.Add(candidate))
                {
                    return candidate;
                }
            }
        }

        throw new SandboxUnavailableException("too many sandboxes at once");
    }

    /// <summary>Releases a user id after all its processes have ended.</summary>
    public void Return(int user)
    {
        lock (_gate)
        {
            _taken.Remove(user);
        }
    }
}
