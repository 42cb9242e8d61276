using System.Globalization;
using PixelGameDev.AppHost;
using PixelGameDev.AppHost.Machine;

namespace PixelGameDev.Benchmarks.Processes;

/// <summary>
/// Keeps one part of the system running: starts it, waits until it is healthy, starts it again when it ends by itself, with a
/// growing pause (0.5 s, doubled up to 15 s; from the beginning after it was healthy for a minute).
/// </summary>
internal sealed class Supervisor : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Steady = TimeSpan.FromMinutes(1);

    private readonly ISupervised part;
    private readonly Action<string> log;
    private readonly TimeProvider time;
    private readonly SemaphoreSlim turn = new(1);
    private readonly CancellationTokenSource stopping = new();
    private Task watching = Task.CompletedTask;
    private bool wanted;

    public Supervisor(ISupervised part, Action<string> log, TimeProvider time)
    {
        this.part = part;
        this.log = log;
        this.time = time;
    }

    /// <summary>How often it was started again after it ended by itself.</summary>
    public int Restarts { get; private set; }

    /// <summary>First start; returns when healthy. Whatever goes wrong is thrown, not repaired.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            wanted = true;
            await part.StartAsync(cancellationToken);
        }
        finally
        {
            turn.Release();
        }

        if (watching.IsCompleted)
        {
            watching = WatchAsync();
        }
    }

    /// <summary>Ends it in good order and leaves it so until <see cref="StartAsync"/>.</summary>
    public async Task StopAsync()
    {
        wanted = false;
        await turn.WaitAsync();
        try
        {
            await part.StopAsync();
        }
        finally
        {
            turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        wanted = false;
        await stopping.CancelAsync();
        await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await StopAsync();
        stopping.Dispose();
        turn.Dispose();
    }

    private async Task WatchAsync()
    {
        TimeSpan pause = FirstPause;
        while (true)
        {
            long since = time.GetTimestamp();
            string end = await part.EndedAsync(stopping.Token);
            if (!wanted)
            {
                return;
            }

            pause = time.GetElapsedTime(since) >= Steady ? FirstPause : pause;
            log(string.Create(CultureInfo.InvariantCulture, $"ended by itself ({end}); starting it again in {pause.TotalSeconds:0.#} s"));
            await Task.Delay(pause, time, stopping.Token);
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));

            await turn.WaitAsync(stopping.Token);
            try
            {
                if (!wanted)
                {
                    return;
                }

                await part.StartAsync(stopping.Token);
                Restarts++;
                log("is back");
            }
            catch (HostException error)
            {
                log(error.Message); // it ended again, or never got healthy: the next turn tries anew
            }
            finally
            {
                turn.Release();
            }
        }
    }
}

/// <summary>A part of the system that a <see cref="Supervisor"/> looks after.</summary>
internal interface ISupervised
{
    /// <summary>Starts it and returns when it is healthy.</summary>
    /// <exception cref="HostException">It could not be started; nothing of it is left running.</exception>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Completes when it ends, with how, in words.</summary>
    Task<string> EndedAsync(CancellationToken cancellationToken);

    /// <summary>Ends it in good order; nothing happens when it is not running.</summary>
    Task StopAsync();
}
