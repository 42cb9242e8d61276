namespace PixelGameDev.Executor.Sandboxes;

/// <summary>
/// Whether a sandbox has earned the full CPU weight: who uses no more than a share of the machine for a while gets it, who uses more
/// loses it again. A game that draws sixty times a second and sleeps between keeps it; a hog gives way to all of those and shares
/// with other hogs what they leave.
/// </summary>
/// <remarks>
/// The share is three quarters of what an equal division of the machine would give, or of the sandbox's own limit where that is
/// less: on a machine that is short of processors a hog does not get much, so that an absolute bound would not see it. Many processes
/// that work and rest in turns may be modest on average and meet their limit all the same; that counts too. The gap between the two
/// bounds, and two looks in a row, keep a game at the border from changing all the time.
/// </remarks>
internal sealed class CpuStanding(double limit)
{
    private const double Busy = 0.75;
    private const double Calm = 0.6;
    private const double OftenThrottled = 0.1;
    private const int Looks = 2;

    private int _streak;

    /// <summary>Whether it has the full weight; nobody begins with it.</summary>
    public bool Full { get; private set; }

    /// <summary>Takes one look into account.</summary>
    /// <param name="use">What the sandbox used.</param>
    /// <param name="sessions">Games that run there, this one among them; 1 or more.</param>
    /// <returns>True when <see cref="Full"/> has changed.</returns>
    public bool Take(CpuUse use, int sessions)
    {
        double share = Math.Min(limit, (double)use.Machine / Math.Max(1, sessions));
        bool against = Full
            ? use.Processors > Busy * share || use.Throttled > OftenThrottled
            : use.Processors < Calm * share && use.Throttled <= OftenThrottled;
        _streak = against ? _streak + 1 : 0;
        if (_streak < Looks)
        {
            return false;
        }

        _streak = 0;
        Full = !Full;
        return true;
    }
}
