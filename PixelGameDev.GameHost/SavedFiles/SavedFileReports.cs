using PixelGameDev.GameHost.Link;

namespace PixelGameDev.GameHost.SavedFiles;

/// <summary>Reports the files that a game writes: every few seconds, and once more when the game is over.</summary>
internal sealed class SavedFileReports(SavedFileScanner scanner, Outbox outbox) : IDisposable
{
    /// <summary>The time between two scans while no file waits.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    /// <summary>The time until the next scan when a changed file waits for it. A sandbox that is killed loses at most both times.</summary>
    private static readonly TimeSpan SecondLook = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly PeriodicTimer _timer = new(Interval);
    private bool _isOver;

    /// <summary>Begins to report; call it once.</summary>
    public void Start() => _ = RepeatAsync();

    /// <summary>Reports what has changed since the last report. Call it when no process of the game is left.</summary>
    public void ReportLast()
    {
        _timer.Dispose();
        Report(isLast: true);
    }

    public void Dispose() => _timer.Dispose();

    private async Task RepeatAsync()
    {
        while (await _timer.WaitForNextTickAsync())
        {
            Report(isLast: false);
            try
            {
                _timer.Period = scanner.HasWaiting ? SecondLook : Interval;
            }
            catch (ObjectDisposedException)
            {
                // The game is over.
            }
        }
    }

    private void Report(bool isLast)
    {
        // One at a time: an older state of a file must not follow a newer one.
        lock (_gate)
        {
            if (_isOver)
            {
                return;
            }

            _isOver = isLast;
            foreach (byte[] message in scanner.Scan(isLast))
            {
                outbox.Post(message);
            }
        }
    }
}
