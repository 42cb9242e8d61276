using Microsoft.Extensions.Time.Testing;
using PixelGameDev.GameHost.Game;

namespace PixelGameDev.Tests.Unit.GameHost;

/// <summary>Tests that the phases of a start may be reported in any order.</summary>
public sealed class StartPhasesTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly StartPhases _phases;

    public StartPhasesTests() => _phases = new StartPhases(_time);

    [Fact]
    public void Time_runs_from_the_first_file_on()
    {
        _time.Advance(TimeSpan.FromSeconds(5));
        _phases.StartClock();
        After(200, StartPhases.Files);
        _phases.StartClock();
        After(1500, StartPhases.Code);
        After(20_000, StartPhases.FirstFrame);
        Assert.Equal([("files", 200L), ("code", 1700L), ("firstFrame", 21_700L)], Told());
    }

    [Fact]
    public void A_picture_that_is_seen_before_word_of_the_code_means_that_it_runs()
    {
        _phases.StartClock();
        After(200, StartPhases.Files);
        After(1500, StartPhases.FirstFrame);
        After(300, StartPhases.Code);
        Assert.Equal([("files", 200L), ("code", 1700L), ("firstFrame", 1700L)], Told());
    }

    [Fact]
    public void What_was_told_does_not_change()
    {
        _phases.StartClock();
        After(200, StartPhases.Files);
        Dictionary<string, long> before = _phases.Micros();
        After(100, StartPhases.Files);
        After(100, StartPhases.Code);
        Assert.Equal(("files", 200L), Assert.Single(before.Select(p => (p.Key, p.Value))));
        Assert.Equal([("files", 200L), ("code", 400L)], Told());
    }

    private void After(long micros, string phase)
    {
        _time.Advance(TimeSpan.FromMicroseconds(micros));
        _phases.MarkReached(phase);
    }

    private IEnumerable<(string Phase, long Micros)> Told() => _phases.Micros().Select(p => (p.Key, p.Value)).OrderBy(p => p.Value);
}
