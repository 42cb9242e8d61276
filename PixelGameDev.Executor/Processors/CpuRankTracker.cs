using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Processors;

/// <summary>Names what a sandbox is given of the processors.</summary>
internal enum CpuRank
{
    /// <summary>The low weight: it is new, or uses more than its share.</summary>
    Low,

    /// <summary>The full weight: it leaves time to others.</summary>
    Full,

    /// <summary>The low weight and little time: its threads do nothing but wake each other.</summary>
    Storm,
}

/// <summary>
/// Decides what a sandbox has earned of the processors: one that uses no more than its share of the machine for a while gets the full
/// weight, one that uses more loses it again. A game that draws sixty times a second and sleeps in between keeps it; a sandbox that always
/// computes gets what those leave.
/// </summary>
/// <remarks>
/// The share is three quarters of what an equal division of the machine would give, or of the sandbox's own limit where that is
/// less: on a machine that is short of processors a hog does not get much, so that an absolute bound would not see it. Many processes
/// that work and rest in turns may be modest on average and meet their limit all the same; that counts too. The gap between the two
/// bounds, and two checks in a row, keep a game at the border from changing all the time.
/// <para>
/// Weight divides time; it does not shorten the wait of a process that wakes. Processes that wake each other without end always run
/// first, whatever their weight (docs/threat-model.md has the figures). They show by their switches: a game puts its threads on a
/// processor one or two thousand times a second, those do it two hundred thousand times.
/// </para>
/// </remarks>
internal sealed class CpuRankTracker(double limit)
{
    private const double BusyShare = 0.75;
    private const double CalmShare = 0.6;
    private const double ThrottledShare = 0.1;
    private const int ChecksInARow = 2;
    private const double CheckSeconds = 0.95;
    private const double StormSwitches = 20_000;

    // Kept to a tenth of the time, a storm still makes some sixteen thousand a second.
    private const double CalmSwitches = 5_000;
    private const double CalmSeconds = 5;

    private int _streak;
    private double _seconds;
    private double _used;
    private double _throttled;
    private double _calm;
    private bool _silent;

    /// <summary>Gets what the sandbox has earned; none begins with <see cref="CpuRank.Full"/>.</summary>
    public CpuRank Rank { get; private set; }

    /// <summary>Takes a report into account.</summary>
    /// <param name="use">What the sandbox used.</param>
    /// <param name="machine">Processors of the machine it runs on, 1 or more.</param>
    /// <param name="sessions">Games that run there, this one among them; 1 or more.</param>
    /// <returns>True when <see cref="Rank"/> has changed.</returns>
    public bool AddReport(SandboxUse use, int machine, int sessions)
    {
        bool silent = _silent;
        _silent = false;
        if (use.Switches > StormSwitches)
        {
            _calm = 0;
            return SetRank(CpuRank.Storm);
        }

        if (silent)
        {
            // It can be seen again, and was no storm meanwhile: the report covers all of the silence.
            return SetRank(CpuRank.Low);
        }

        if (Rank == CpuRank.Storm)
        {
            _calm = use.Switches < CalmSwitches ? _calm + use.Seconds : 0;
            return _calm >= CalmSeconds && SetRank(CpuRank.Low);
        }

        _seconds += use.Seconds;
        _used += use.Processors * use.Seconds;
        _throttled += use.Throttled * use.Seconds;
        return _seconds >= CheckSeconds && Evaluate(Math.Min(limit, (double)machine / Math.Max(1, sessions)));
    }

    /// <summary>
    /// Lowers the rank to <see cref="CpuRank.Storm"/> until the next report: a sandbox that keeps its GameHost from reporting may hide a
    /// storm.
    /// </summary>
    /// <returns>True when <see cref="Rank"/> has changed.</returns>
    public bool MarkSilent()
    {
        _silent |= Rank != CpuRank.Storm;
        return SetRank(CpuRank.Storm);
    }

    private bool Evaluate(double share)
    {
        double used = _used / _seconds;
        bool often = _throttled / _seconds > ThrottledShare;
        _seconds = _used = _throttled = 0;
        bool against = Rank == CpuRank.Full ? used > BusyShare * share || often : used < CalmShare * share && !often;
        _streak = against ? _streak + 1 : 0;
        return _streak >= ChecksInARow && SetRank(Rank == CpuRank.Full ? CpuRank.Low : CpuRank.Full);
    }

    private bool SetRank(CpuRank rank)
    {
        bool changed = rank != Rank;
        Rank = rank;
        _streak = 0;
        _seconds = _used = _throttled = 0;
        return changed;
    }
}
