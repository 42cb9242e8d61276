using PixelGameDev.GameHost.Capture;
using PixelGameDev.GameHost.Game;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.GameHost.Link;

/// <summary>Reports what a running game does: figures of its pictures once per second, use of processors four times per second.</summary>
internal sealed class PeriodicReports : IDisposable
{
    private readonly Outbox _outbox;
    private readonly Func<FrameCounts> _pump;
    private readonly SharedFrames _frames;

    /// <summary>
    /// Measures the use of processors. It opens its files before the game runs; null if GameHost has no processes and control group of its
    /// own.
    /// </summary>
    private readonly CpuMeter? _meter = Environment.ProcessId == 1 ? new() : null;

    private PeriodicTimer? _statisticsTimer;
    private PeriodicTimer? _useTimer;

    /// <param name="outbox">Takes the reports.</param>
    /// <param name="pump">Returns what the frame pump counts.</param>
    /// <param name="frames">Counts what the game shows.</param>
    public PeriodicReports(Outbox outbox, Func<FrameCounts> pump, SharedFrames frames)
    {
        _outbox = outbox;
        _pump = pump;
        _frames = frames;
    }

    /// <summary>Announces the reports of use before the game can prevent them. After that, silence counts against the game.</summary>
    public void Announce()
    {
        if (_meter?.SeesGroup == true)
        {
            Post(new SandboxUse(0.001, 0, 0, 0));
        }
    }

    /// <summary>Begins to report; false if it has begun already.</summary>
    /// <param name="everySecond">Called before each report of figures.</param>
    public bool TryStart(Action everySecond)
    {
        if (_statisticsTimer is not null)
        {
            return false;
        }

        FrameStatistics statistics = new(_pump, _frames);
        _statisticsTimer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        _ = RepeatAsync(TimeSpan.Zero, _statisticsTimer, () =>
        {
            everySecond();
            _outbox.Post(SandboxMessages.Json(MessageType.Stats, statistics.Read(), ProtocolJson.Default.SandboxStats));
        });
        if (_meter is { } meter)
        {
            // The time in the pool does not count. The first report comes early, so that a game that disturbs the others is found quickly.
            meter.Read();
            _useTimer = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
            _ = RepeatAsync(TimeSpan.FromMilliseconds(100), _useTimer, () =>
            {
                if (meter.Read() is { } used)
                {
                    Post(used);
                }
            });
        }

        return true;
    }

    /// <summary>Ends the reports.</summary>
    public void Dispose()
    {
        _statisticsTimer?.Dispose();
        _useTimer?.Dispose();
    }

    private void Post(SandboxUse used) => _outbox.Post(SandboxMessages.Json(MessageType.Use, used, ProtocolJson.Default.SandboxUse));

    /// <summary>Makes one report after the other. On a busy machine one report may take longer than the interval.</summary>
    /// <param name="first">Delay of a report before the first tick; zero: none.</param>
    /// <param name="timer">Ticks for the other reports; disposed to end them.</param>
    /// <param name="report">Makes one report.</param>
    private static async Task RepeatAsync(TimeSpan first, PeriodicTimer timer, Action report)
    {
        if (first > TimeSpan.Zero)
        {
            await Task.Delay(first);
            report();
        }

        while (await timer.WaitForNextTickAsync())
        {
            report();
        }
    }
}
