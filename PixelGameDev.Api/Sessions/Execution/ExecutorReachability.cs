namespace PixelGameDev.Api.Sessions.Execution;

/// <summary>
/// Measures for how long nothing has answered at each Executor's address. Only time with requests counts: after <see cref="MaxGap"/>
/// without a request the measurement starts again.
/// </summary>
internal sealed class ExecutorReachability(TimeProvider time)
{
    /// <summary>The longest time between two requests of one measurement. The health check runs more often.</summary>
    internal static readonly TimeSpan MaxGap = TimeSpan.FromSeconds(20);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (long Since, long Last)> _silent = new(StringComparer.Ordinal);

    /// <summary>Records an answer.</summary>
    public void RecordAnswer(string executor)
    {
        lock (_gate)
        {
            _silent.Remove(executor);
        }
    }

    /// <summary>Records a request without an answer.</summary>
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

    /// <summary>Returns the time from the first to the last unanswered request; zero after an answer.</summary>
    public TimeSpan UnreachableFor(string executor)
    {
        lock (_gate)
        {
            return _silent.TryGetValue(executor, out (long Since, long Last) silent) ? time.GetElapsedTime(silent.Since, silent.Last)
                : TimeSpan.Zero;
        }
    }
}
