using System.Globalization;
using PixelGameDev.AppHost;
using PixelGameDev.AppHost.Machine;

namespace PixelGameDev.Benchmarks.Processes;

/// <summary>
/// Keeps one part of the system running: starts it, waits until it is healthy, and starts it again when it ends by itself. The pause before
/// a restart grows from 0.5 s to 15 s by doubling. It begins again after a healthy minute.
/// </summary>
internal sealed class Supervisor : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Steady = TimeSpan.FromMinutes(1);

    private readonly ISupervised _part;
    private readonly Action<string> _log;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _stopping = new();
    private Task _watching = Task.CompletedTask;
    private bool _wanted;

    public Supervisor(ISupervised part, Action<string> log, TimeProvider time)
    {
        _part = part;
        _log = log;
        _time = time;
    }

    /// <summary>Counts the restarts after the part ended by itself.</summary>
    public int Restarts { get; private set; }

    /// <summary>Starts the part for the first time and returns when it is healthy. Every error is thrown, not repaired.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            _wanted = true;
            await _part.StartAsync(cancellationToken);
        }
        finally
        {
            _turn.Release();
        }

        if (_watching.IsCompleted)
        {
            _watching = WatchAsync();
        }
    }

    /// <summary>Ends the part in good order. It stays stopped until <see cref="StartAsync"/>.</summary>
    public async Task StopAsync()
    {
        _wanted = false;
        await _turn.WaitAsync();
        try
        {
            await _part.StopAsync();
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _wanted = false;
        await _stopping.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await StopAsync();
        _stopping.Dispose();
        _turn.Dispose();
    }

    private async Task WatchAsync()
    {
        TimeSpan pause = FirstPause;
        while (true)
        {
            long since = _time.GetTimestamp();
            string end = await _part.EndedAsync(_stopping.Token);
            if (!_wanted)
            {
                return;
            }

            pause = _time.GetElapsedTime(since) >= Steady ? FirstPause : pause;
            _log(string.Create(CultureInfo.InvariantCulture, $"ended by itself ({end}); starting it again in {pause.TotalSeconds:0.#} s"));
            await Task.Delay(pause, _time, _stopping.Token);
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));

            await _turn.WaitAsync(_stopping.Token);
            try
            {
                if (!_wanted)
                {
                    return;
                }

                await _part.StartAsync(_stopping.Token);
                Restarts++;
                _log("is back");
            }
            catch (HostException error)
            {
                _log(error.Message); // it ended again, or never became healthy: the loop tries again
            }
            finally
            {
                _turn.Release();
            }
        }
    }
}

/// <summary>A part of the system that a <see cref="Supervisor"/> watches.</summary>
internal interface ISupervised
{
    /// <summary>Starts it and returns when it is healthy.</summary>
    /// <exception cref="HostException">It could not be started; nothing of it still runs.</exception>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Completes when it ends, with a description of how it ended.</summary>
    Task<string> EndedAsync(CancellationToken cancellationToken);

    /// <summary>Ends it in good order. Does nothing when it does not run.</summary>
    Task StopAsync();
}
