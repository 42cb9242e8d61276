namespace PixelGameDev.Api.Sessions.Execution;

/// <summary>
/// Remembers since when nothing has answered at the Executors' addresses. Silence counts only while it is listened to: where nobody has
/// asked for <see cref="MaxGap"/>, it begins anew.
/// </summary>
internal sealed class ExecutorReachability(TimeProvider time)
{
    /// <summary>Longest time between two questions of one silence; the health check asks more often.</summary>
    internal static readonly TimeSpan MaxGap = TimeSpan.FromSeconds(20);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (long Since, long Last)> _silent = new(StringComparer.Ordinal);

    /// <summary>Something has answered.</summary>
    public void RecordAnswer(string executor)
    {
        lock (_gate)
        {
            _silent.Remove(executor);
        }
    }

    /// <summary>A question was not answered.</summary>
    public void RecordFailure(string executor)
    {
        long now = time.GetTimestamp();
        lock (_gate)
        {
            bool goesOn = _silent.TryGetValue(executor, out (long Since, long Last) before)
                && time.GetElapsedTime(before.Last, now) <= MaxGap;
            _silent[executor] = (goesOn ? before.Since : now, now);
        }
    }

    /// <summary>From the first to the last question that was not answered.</summary>
    public TimeSpan UnreachableFor(string executor)
    {
        lock (_gate)
        {
            return _silent.TryGetValue(executor, out (long Since, long Last) silent) ? time.GetElapsedTime(silent.Since, silent.Last)
                : TimeSpan.Zero;
        }
    }
}
