using PixelGameDev.Benchmarks.Capacity;
using PixelGameDev.Benchmarks.Play;

namespace PixelGameDev.Benchmarks.Start;

/// <summary>Measures starts of one game in one system, one after the other.</summary>
internal sealed class StartSamples(string way, RunningSystem system, BenchGame game)
{
    private readonly List<double> _samples = [];
    private readonly Dictionary<string, List<double>> _phases = [];
    private int _others;
    private bool _first = true;

    /// <summary>The number of starts that count.</summary>
    public int Count => _samples.Count;

    /// <summary>
    /// Starts the game once. A start of the other kind does not count, nor does the first, which warms the machine's caches.
    /// </summary>
    /// <param name="warm">Whether to measure a warm start.</param>
    /// <param name="most">The number of starts of the other kind at which it gives up.</param>
    /// <exception cref="InvalidOperationException">Too many starts were of the other kind.</exception>
    public async Task MeasureAsync(bool warm, int most)
    {
        await using Guest guest = await Guest.ComeAsync(system, game);
        await system.UntilQuietAsync();
        await guest.PlayAsync();
        await guest.UntilPhasesAsync();
        if (guest.Warm != warm)
        {
            _others++;
            if (_others > most)
            {
                throw new InvalidOperationException(
                    $"{way}: {_others} starts were {(guest.Warm ? "warm" : "cold")}, only {_samples.Count} were not.");
            }

            return;
        }

        if (_first)
        {
            _first = false;
            return;
        }

        _samples.Add(guest.FirstPicture);
        Note("accepted", guest.Accepted);
        foreach ((string phase, double micros) in guest.Phases)
        {
            Note("sandbox " + phase, micros / 1000);
        }
    }

    public StartRow Row() =>
        new(way, Distribution.Of(_samples),
            _phases.ToDictionary(p => p.Key, p => p.Value.Order().ElementAt(p.Value.Count / 2)))
        { Others = _others };

    private void Note(string phase, double millis)
    {
        if (!_phases.TryGetValue(phase, out List<double>? list))
        {
            _phases[phase] = list = [];
        }

        list.Add(millis);
    }
}
