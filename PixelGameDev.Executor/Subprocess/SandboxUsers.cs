using PixelGameDev.Executor.Sandboxes;

namespace PixelGameDev.Executor.Subprocess;

/// <summary>Gives each sandbox of an Executor that runs as root a user number of its own.</summary>
/// <remarks>
/// No account has these numbers. Sandboxes cannot touch one another, and what runs in one can be counted and ended by its number.
/// </remarks>
internal sealed class SandboxUsers
{
    private const int First = 61_184;
    private const int Count = 1000;

    private readonly Lock _gate = new();
    private readonly HashSet<int> _taken = [];

    /// <summary>Takes a number.</summary>
    /// <exception cref="SandboxUnavailableException">All are taken.</exception>
    public int Take()
    {
        // Another Executor of this machine takes from the same numbers; where each begins differs by its process id.
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

    /// <summary>Gives a number back, when nothing with it runs any more.</summary>
    public void Return(int user)
    {
        lock (_gate)
        {
            _taken.Remove(user);
        }
    }
}
