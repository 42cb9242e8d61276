using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace PixelGameDev.Benchmarks.Soak;

/// <summary>One run and what the person was told.</summary>
internal sealed class SoakRun(string game, string[] ends, Guid session)
{
    public string Game { get; } = game;

    /// <summary>The possible ends when nothing is killed.</summary>
    public string[] Ends { get; } = ends;

    public Guid Session { get; } = session;

    public long Started { get; } = Stopwatch.GetTimestamp();

    /// <summary>True when the press of Run got no answer. The record then told whether the game began.</summary>
    public bool Unanswered { get; init; }

    /// <summary>True when the game had not begun after all.</summary>
    public bool Withdrawn { get; set; }

    /// <summary>The end that the person was told; null when nothing was told.</summary>
    public string? Told { get; set; }

    /// <summary>True when the stream said it, false when only the record did.</summary>
    public bool ToldByStream { get; set; }

    public long Ended { get; set; }
}

/// <summary>Counts everything. A failure is a line here, never an exception.</summary>
internal sealed class SoakLedger
{
    private readonly ConcurrentDictionary<string, int> _refused = new();
    private readonly ConcurrentDictionary<string, int> _faults = new();
    private readonly ConcurrentQueue<SoakRun> _runs = new();
    private readonly ConcurrentQueue<string> _lost = new();
    private readonly ConcurrentQueue<(long From, string What)> _kills = new();
    private int _frozen;
    private int _stalls;

    public IReadOnlyCollection<SoakRun> Runs => _runs;

    public IReadOnlyCollection<string> Lost => _lost;

    public int Frozen => Volatile.Read(ref _frozen);

    public int Stalls => Volatile.Read(ref _stalls);

    public SortedDictionary<string, int> Refused => new(_refused, StringComparer.Ordinal);

    public SortedDictionary<string, int> Faults => new(_faults, StringComparer.Ordinal);

    public void Begin(SoakRun run) => _runs.Enqueue(run);

    public void Refuse(string why) => _refused.AddOrUpdate(why, 1, static (_, count) => count + 1);

    public void Lose(string what)
    {
        _lost.Enqueue(what);
        Console.WriteLine($"  lost: {what}");
    }

    public void Stall() => Interlocked.Increment(ref _stalls);

    public void Freeze(string what)
    {
        Interlocked.Increment(ref _frozen);
        Console.WriteLine($"  frozen: {what}");
    }

    public void Killed(string what)
    {
        _faults.AddOrUpdate(what, 1, static (_, count) => count + 1);
        _kills.Enqueue((Stopwatch.GetTimestamp(), what));
    }

    /// <summary>Notes the end that the person was told, and checks whether it can be true.</summary>
    public void End(SoakRun run, string reason, bool byStream)
    {
        run.Told = reason;
        run.ToldByStream = byStream;
        run.Ended = Stopwatch.GetTimestamp();
        if (run.Ends.Contains(reason))
        {
            return;
        }

        // Something was killed while the game ran, and the end says so.
        if (reason is "sandbox_lost" or "shutting_down" or "not_started" && KilledDuring(run))
        {
            return;
        }

        // Two windows of one person, who may have two games. While a stalled game of one window is being stopped, the other window reports
        // this and offers to stop it.
        if (reason is "too_many_games")
        {
            Refuse(reason);
            return;
        }

        Lose(string.Create(CultureInfo.InvariantCulture, $"told wrongly: a game that {run.Game} ended as {reason} ({run.Session})"));
    }

    /// <summary>
    /// Returns true when the database was killed just after the start. Nothing waits for the record of a game that has hardly begun
    /// (<c>SessionStore.BeginAsync</c>), and the kill loses the last half second of the database.
    /// </summary>
    public bool RecordMayBeGone(SoakRun run) =>
        _kills.Any(kill => kill.What == "Postgres" && kill.From >= run.Started
            && Stopwatch.GetElapsedTime(run.Started, kill.From) < TimeSpan.FromSeconds(1));

    /// <summary>
    /// Returns true when a service was killed just after the person was told. The end reaches the record within a second and can be lost
    /// with the Executor in that time.
    /// </summary>
    public bool KilledSoonAfter(SoakRun run) =>
        _kills.Any(kill => kill.What != "sandbox" && kill.From >= run.Ended
            && Stopwatch.GetElapsedTime(run.Ended, kill.From) < TimeSpan.FromSeconds(2));

    private bool KilledDuring(SoakRun run)
    {
        // A kill just before counts, because its effects last as long as a restart.
        TimeSpan before = TimeSpan.FromSeconds(45);
        return _kills.Any(kill => kill.From <= run.Ended && Stopwatch.GetElapsedTime(kill.From, run.Started) < before);
    }
}
