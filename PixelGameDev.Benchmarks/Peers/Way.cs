using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Playwright;
using PixelGameDev.Benchmarks.Play;

namespace PixelGameDev.Benchmarks.Peers;

/// <summary>Shows a game that runs on a server in a browser: in our way or in a peer's.</summary>
internal abstract class Way : IAsyncDisposable
{
    /// <summary>The name in the results.</summary>
    public abstract string Name { get; }

    /// <summary>The port that the browser connects to.</summary>
    public abstract int Port { get; }

    public IPage Page { get; protected set; } = null!;

    /// <summary>Starts what can exist before a person starts a game: services and the page.</summary>
    public abstract Task PrepareAsync(IBrowserContext context, BenchGame game);

    /// <summary>
    /// Waits until nothing of the last game runs and the next can start in the best conditions. This time does not count.
    /// </summary>
    public virtual Task UntilQuietAsync() => Task.CompletedTask;

    /// <summary>Checks after a start that it was of the kind that is measured.</summary>
    /// <exception cref="InvalidOperationException">It was of another kind; the message says which.</exception>
    public virtual Task CheckStartAsync() => Task.CompletedTask;

    /// <summary>Clicks as a person does. The time from here to the first picture counts.</summary>
    public abstract Task StartAsync();

    /// <summary>Gives the keyboard to the game.</summary>
    public abstract Task FocusAsync();

    /// <summary>Ends the game and closes the page.</summary>
    public abstract Task StopAsync();

    /// <summary>Returns the CPU seconds so far by process and name.</summary>
    public abstract Dictionary<(int Process, string Name), double> Times(int browser);

    public abstract ValueTask DisposeAsync();

    protected static string WebFolder => Path.Combine(Results.RepositoryRoot(), "PixelGameDev.Benchmarks", "Peers", "web");

    protected static async Task<IPage> NewPageAsync(IBrowserContext context, string read)
    {
        IPage page = await context.NewPageAsync();
        await page.AddInitScriptAsync(await File.ReadAllTextAsync(Path.Combine(WebFolder, "probe.js")) + $"\nbench.read = {read};");
        return page;
    }

    protected static async Task UntilListeningAsync(int port, Process process, string log)
    {
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(40);)
        {
            Children.MustRun(process, log);
            using Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(5);
            }
        }

        throw new TimeoutException($"{log} does not listen at port {port.ToString(CultureInfo.InvariantCulture)}.");
    }

    /// <summary>Returns a display number that no X server uses.</summary>
    protected static int FreeDisplay()
    {
        for (int display = 90; ; display++)
        {
            if (!File.Exists(DisplaySocket(display)) && !File.Exists(string.Create(CultureInfo.InvariantCulture, $"/tmp/.X{display}-lock")))
            {
                return display;
            }
        }
    }

    protected static string DisplaySocket(int display) => string.Create(CultureInfo.InvariantCulture, $"/tmp/.X11-unix/X{display}");

    /// <summary>The machine's own Python with pygame.</summary>
    protected const string Python = "/usr/bin/python3";

    protected static Dictionary<(int, string), double> TimesOf(int browser, params (Process? Process, string Name)[] parts)
    {
        Dictionary<int, string> roots = new() { [browser] = "browser" };
        foreach ((Process? process, string name) in parts)
        {
            if (process is not null)
            {
                roots[process.Id] = name;
            }
        }

        return ProcessTimes.Below(roots);
    }
}
