using Microsoft.Extensions.Time.Testing;
using PixelGameDev.GameHost.Game;

namespace PixelGameDev.Tests.Unit.GameHost;

/// <summary>The phases of a start, in whichever order word of them arrives.</summary>
public sealed class StartPhasesTests
{
    private readonly FakeTimeProvider time = new();
    private readonly StartPhases phases;

    public StartPhasesTests() => phases = new StartPhases(time);

    [Fact]
    public void Time_runs_from_the_first_file_on()
    {
        time.Advance(TimeSpan.FromSeconds(5));
        phases.Given();
        After(200, StartPhases.Files);
        phases.Given();
        After(1500, StartPhases.Code);
        After(20_000, StartPhases.FirstFrame);
        Assert.Equal([("files", 200L), ("code", 1700L), ("firstFrame", 21_700L)], Told());
    }

    [Fact]
    public void A_picture_that_is_seen_before_word_of_the_code_means_that_it_runs()
    {
        phases.Given();
        After(200, StartPhases.Files);
        After(1500, StartPhases.FirstFrame);
        After(300, StartPhases.Code);
        Assert.Equal([("files", 200L), ("code", 1700L), ("firstFrame", 1700L)], Told());
    }

    [Fact]
    public void What_was_told_does_not_change()
    {
        phases.Given();
        After(200, StartPhases.Files);
        Dictionary<string, long> before = phases.Micros();
        After(100, StartPhases.Files);
        After(100, StartPhases.Code);
        Assert.Equal(("files", 200L), Assert.Single(before.Select(p => (p.Key, p.Value))));
        Assert.Equal([("files", 200L), ("code", 400L)], Told());
    }

    private void After(long micros, string phase)
    {
        time.Advance(TimeSpan.FromMicroseconds(micros));
        phases.Reached(phase);
    }

    private IEnumerable<(string Phase, long Micros)> Told() => phases.Micros().Select(p => (p.Key, p.Value)).OrderBy(p => p.Value);
}
