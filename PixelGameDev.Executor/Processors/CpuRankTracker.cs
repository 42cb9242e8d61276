using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Processors;

/// <summary>Lists the ranks that determine a sandbox's share of the processors.</summary>
internal enum CpuRank
{
    /// <summary>The low weight: the sandbox is new or uses more than its share.</summary>
    Low,

    /// <summary>The full weight: the sandbox leaves time to others.</summary>
    Full,

    /// <summary>The low weight and little time: the threads of the sandbox only wake each other.</summary>
    Storm,
}

/// <summary>
/// Decides the rank of a sandbox. A sandbox that uses no more than its share of the machine for some time gets the full weight; one that
/// uses more loses it. A game that draws sixty times a second and sleeps in between keeps the full weight. A sandbox that computes all the
/// time gets the remaining time.
/// </summary>
/// <remarks>
/// The share is three quarters of an equal part of the machine, or of the sandbox's own limit if that is
/// less. An absolute bound does not work: on a machine that is short of processors even a greedy sandbox gets little. Many processes
/// that work and rest in turns may use little on average but still reach their limit, which counts, too. The gap between the two
/// bounds, and two consecutive checks, prevent constant changes for a game near a bound.
/// <para>
/// A weight divides time, but does not shorten the wait of a process that wakes. Processes that wake each other endlessly always run
/// first, whatever their weight (docs/threat-model.md has the numbers). Their switches reveal them: the threads of a game get a
/// processor one or two thousand times a second, those of a storm two hundred thousand times.
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

    // A storm that is limited to a tenth of the time still makes about sixteen thousand switches a second.
    private const double CalmSwitches = 5_000;
    private const double CalmSeconds = 5;

    private int _streak;
    private double _seconds;
    private double _used;
    private double _throttled;
    private double _calm;
    private bool _silent;

    /// <summary>Gets the rank of the sandbox; no sandbox starts with <see cref="CpuRank.Full"/>.</summary>
    public CpuRank Rank { get; private set; }

    /// <summary>Processes a report.</summary>
    /// <param name="use">The processor use of the sandbox.</param>
    /// <param name="machine">The number of processors of its machine, at least 1.</param>
    /// <param name="sessions">The number of games that run there, including this one; at least 1.</param>
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
            // The sandbox reports again and was no storm meanwhile: the report covers the whole silence.
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
    /// Lowers the rank to <see cref="CpuRank.Storm"/> until the next report, because a sandbox that prevents its GameHost from reporting
    /// may hide a storm.
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
