using System.Diagnostics;
using System.Globalization;
using PixelGameDev.Benchmarks.Play;

namespace PixelGameDev.Benchmarks.Capacity;

/// <summary>How many games of one kind ran steadily at once, and at what number some did not.</summary>
/// <param name="Way">Sessions or bare subprocesses.</param>
/// <param name="Steady">The most with which every game had at least <see cref="CapacityBenchmark.SteadyFps"/>.</param>
/// <param name="Tried">Number → slowest game's fps.</param>
internal sealed record CapacityRow(string Way, int Steady, IReadOnlyDictionary<int, double> Tried);

/// <summary>Memory in MB (10⁶ bytes).</summary>
/// <param name="ExecutorFirst">Executor's resident memory with the first session.</param>
/// <param name="ExecutorLast">The same with <paramref name="Sessions"/> sessions.</param>
/// <param name="Sessions">How many.</param>
/// <param name="Waiting">Sandboxes that waited in the pool then; it grows with demand.</param>
/// <param name="ExecutorPerSession">Growth for each sandbox, playing or waiting.</param>
/// <param name="WarmSandbox">What one idle warm sandbox holds, median.</param>
internal sealed record MemoryFigures(double ExecutorFirst, double ExecutorLast, int Sessions, int Waiting, double ExecutorPerSession, double WarmSandbox);

internal sealed record CapacityResults(string Load, string Game, CapacityRow Bare, CapacityRow Sessions, double Share, MemoryFigures Memory);

/// <summary>
/// Sessions per machine at a steady 60 fps against bare subprocesses of the same game, one after the other in the same run, with the
/// same Python and pygame (the game image's). A session counts with everything: sandbox, encoder, Executor, Api, and a viewer who
/// takes every picture.
/// </summary>
internal static class CapacityBenchmark
{
    /// <summary>Each game shows at least as many pictures a second.</summary>
    public const double SteadyFps = 59;

    /// <summary>Pictures that each game has shown before it is measured: two and a half seconds' worth.</summary>
    private const int SettledAfter = 150;

    /// <summary>So many that they do not get so far are too many, and are measured as they are.</summary>
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(12);

    public static async Task<CapacityResults> RunAsync(Options options)
    {
        string name = options["game"] ?? "starter";
        BenchGame game = GameSet.Own.Concat(GameSet.Templates).First(g => g.Name == name);
        int most = options.Int("most", 100);
        TimeSpan window = TimeSpan.FromSeconds(options.Int("seconds", 4));
        string load = File.ReadAllText("/proc/loadavg").Trim();

        CapacityRow bare;
        await using (BareFleet fleet = new(game))
        {
            bare = await FindAsync("bare subprocesses", fleet, most, window, options.Int("begin", 0));
        }

        await using RunningSystem system = await RunningSystem.StartAsync(null, new Dictionary<string, string>
        {
            ["MAX_CONCURRENT_SESSIONS"] = "200",
            ["MAX_SESSION_TIME"] = "900",
            ["SANDBOX_WARM"] = "2",
        });
        await using SessionFleet sessions = new(system, game);
        await system.UntilQuietAsync();
        double warm = Docker.WarmMemory();
        int executor = ProcessTimes.Descendants(system.ProcessId!.Value).First(p => ProcessTimes.CommandOf(p)?.Contains("PixelGameDev.Executor", StringComparison.Ordinal) == true);
        await sessions.SetAsync(1);
        await sessions.SettleAsync(SettledAfter, SettleLimit);
        double first = Resident(executor);
        int waitingFirst = await system.WarmAsync();
        (int at, int waiting, double last) = (1, waitingFirst, first);
        CapacityRow ours = await FindAsync("sessions", sessions, most, window, options.Int("begin", 0), async count =>
        {
            if (count > at)
            {
                (at, waiting, last) = (count, await system.WarmAsync(), Resident(executor));
            }
        });
        MemoryFigures memory = new(first, last, at, waiting, at > 1 ? (last - first) / Math.Max(1, at + waiting - 1 - waitingFirst) : double.NaN, warm);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"sessions {ours.Steady} of {bare.Steady} bare subprocesses: {100.0 * ours.Steady / bare.Steady:0} %"));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"Executor {first:0.0} MB with one session, {last:0.0} MB with {at} and {waiting} that wait: {memory.ExecutorPerSession:0.00} MB each; a warm sandbox {warm:0.0} MB"));
        return new CapacityResults(load, name, bare, ours, (double)ours.Steady / bare.Steady, memory);
    }

    /// <summary>Begins where the processors should be almost busy, then goes up or down to the border.</summary>
    private static async Task<CapacityRow> FindAsync(string way, Fleet fleet, int most, TimeSpan window, int begin, Func<int, Task>? look = null)
    {
        SortedDictionary<int, double> tried = [];
        await fleet.SetAsync(3);
        await fleet.SettleAsync(SettledAfter, SettleLimit);
        double busy = await BusyAsync(window);
        int count = Math.Clamp((int)(3 * 0.9 * Environment.ProcessorCount / Math.Max(0.03, busy)), 2, most);
        count = begin > 0 ? begin : count;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{way}: three keep {busy:0.00} cores busy; begins with {count}"));
        while (count >= 1 && count <= most && !tried.ContainsKey(count) && tried.Count < 12)
        {
            int more = Math.Max(0, count - fleet.Count);
            double slowest = 0;
            try
            {
                await fleet.SetAsync(count);
                // New ones need the processors to begin.
                if (!await fleet.SettleAsync(SettledAfter, SettleLimit + (TimeSpan.FromSeconds(0.8) * more / Environment.ProcessorCount)))
                {
                    Console.WriteLine("  did not settle; measured as it is");
                }

                slowest = (await fleet.FpsAsync(window)).Min();
            }
            catch (Exception error) when (error is TimeoutException or InvalidOperationException or HttpRequestException)
            {
                // So many cannot even start.
                Console.WriteLine($"  {error.Message}");
            }

            tried[count] = Math.Round(slowest, 2);
            await (look?.Invoke(count) ?? Task.CompletedTask);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {count,3}: slowest {slowest:0.0} fps"));
            int step = Math.Max(1, count / 12);
            count += slowest >= SteadyFps ? step : -step;
            if (tried.TryGetValue(count, out double known) && step > 1)
            {
                // Between a number that held and one that did not.
                count += known >= SteadyFps ? 1 : -1;
            }
        }

        return new CapacityRow(way, tried.Where(t => t.Value >= SteadyFps).Select(t => t.Key).DefaultIfEmpty(0).Max(), tried);
    }

    /// <summary>Cores that are busy, of the whole machine.</summary>
    private static async Task<double> BusyAsync(TimeSpan window)
    {
        (double busy, double _) = Jiffies();
        long start = Stopwatch.GetTimestamp();
        await Task.Delay(window);
        return (Jiffies().Busy - busy) / 100 / Stopwatch.GetElapsedTime(start).TotalSeconds;

        static (double Busy, double Idle) Jiffies()
        {
            // "cpu  user nice system idle iowait irq softirq steal …"
            double[] numbers = [.. File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(n => double.Parse(n, CultureInfo.InvariantCulture))];
            return (numbers[0] + numbers[1] + numbers[2] + numbers[5] + numbers[6], numbers[3] + numbers[4]);
        }
    }

    private static double Resident(int process)
    {
        // "VmRSS:	   123456 kB"
        string line = File.ReadLines($"/proc/{process}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2].Split('\t')[^1], CultureInfo.InvariantCulture) * 1024 / 1e6;
    }
}

/// <summary>Many games of one kind at once.</summary>
internal abstract class Fleet : IAsyncDisposable
{
    public abstract int Count { get; }

    public abstract Task SetAsync(int count);

    /// <summary>Pictures a second of each game.</summary>
    public abstract Task<double[]> FpsAsync(TimeSpan window);

    /// <summary>Pictures of each game so far.</summary>
    protected abstract Task<double[]> PicturesAsync();

    /// <summary>Waits until each game has shown so many more pictures; false when that took too long.</summary>
    public virtual async Task<bool> SettleAsync(int pictures, TimeSpan limit)
    {
        long start = Stopwatch.GetTimestamp();
        double[] from = await PicturesAsync();
        while ((await PicturesAsync()).Zip(from, static (now, then) => now - then).Any(more => more < pictures))
        {
            if (Stopwatch.GetElapsedTime(start) > limit)
            {
                return false;
            }

            await Task.Delay(100);
        }

        return true;
    }

    public abstract ValueTask DisposeAsync();
}

/// <summary>Sessions of the real system, each with a viewer.</summary>
internal sealed class SessionFleet(RunningSystem system, BenchGame game) : Fleet
{
    private readonly List<Guest> guests = [];

    public override int Count => guests.Count;

    public override async Task SetAsync(int count)
    {
        while (guests.Count < count)
        {
            Guest guest = await Guest.ComeAsync(system, game);
            try
            {
                await guest.PlayAsync();
                guests.Add(guest);
            }
            catch
            {
                await guest.DisposeAsync();
                throw;
            }
        }

        while (guests.Count > count)
        {
            await guests[^1].DisposeAsync();
            guests.RemoveAt(guests.Count - 1);
        }
    }

    /// <summary>And until the pool has replaced the sandboxes that were taken.</summary>
    public override async Task<bool> SettleAsync(int pictures, TimeSpan limit)
    {
        await system.UntilQuietAsync(Count);
        return await base.SettleAsync(pictures, limit);
    }

    protected override Task<double[]> PicturesAsync() => Task.FromResult<double[]>([.. guests.Select(static g => (double)g.Frames)]);

    public override async Task<double[]> FpsAsync(TimeSpan window)
    {
        long[] before = [.. guests.Select(g => g.Frames)];
        long start = Stopwatch.GetTimestamp();
        await Task.Delay(window);
        double elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return [.. guests.Select((g, i) => (g.Frames - before[i]) / elapsed)];
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (Guest guest in guests)
        {
            await guest.DisposeAsync();
        }
    }
}

/// <summary>Subprocesses in one container of the game image, without limits and without anything that takes their pictures.</summary>
internal sealed class BareFleet : Fleet
{
    private readonly string directory = Directory.CreateTempSubdirectory("pixel-bench-bare-").FullName;
    private readonly string container = "pixel-bench-" + Guid.NewGuid().ToString("N")[..12];
    private readonly Process process;
    private int count;

    public BareFleet(BenchGame game)
    {
        File.SetUnixFileMode(directory, (UnixFileMode)0b111_101_101);
        game.WriteTo(Path.Combine(directory, "game"), "count=\"count\"");
        File.Copy(Path.Combine(Results.RepositoryRoot(), "PixelGameDev.Benchmarks", "Capacity", "bare.py"), Path.Combine(directory, "bare.py"));
        process = Process.Start(new ProcessStartInfo("docker",
        [
            "run", "-i", "--rm", "--name", container, "--label", "pixelgamedev.bench=1", "--network", "none", "-v", directory + ":/bare:ro", "--tmpfs", "/tmp:size=512m", "-e", "HOME=/tmp",
            "--entrypoint", "/usr/bin/python3", Docker.GameImage(), "-B", "/bare/bare.py", "/bare/game",
        ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
    }

    public override int Count => count;

    public override async Task SetAsync(int count)
    {
        this.count = count;
        await AskAsync(count.ToString(CultureInfo.InvariantCulture));
    }

    protected override async Task<double[]> PicturesAsync() => [.. Parse(await AskAsync("fps")).Select(static game => game.Flips)];

    public override async Task<double[]> FpsAsync(TimeSpan window)
    {
        (double Flips, double At)[] before = Parse(await AskAsync("fps"));
        await Task.Delay(window);
        (double Flips, double At)[] after = Parse(await AskAsync("fps"));
        return [.. before.Zip(after, (b, a) => a.At > b.At ? (a.Flips - b.Flips) / (a.At - b.At) : 0)];
    }

    // "812 1234.5;640 1234.4"
    private static (double Flips, double At)[] Parse(string line) =>
        [.. line.Split(';').Select(part => part.Split(' ')).Select(p => (double.Parse(p[0], CultureInfo.InvariantCulture), double.Parse(p[1], CultureInfo.InvariantCulture)))];

    public override async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(10)).ContinueWith(_ => { }, TaskScheduler.Default);
        Docker.Run("rm", "-f", container);
        process.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    private async Task<string> AskAsync(string word)
    {
        await process.StandardInput.WriteLineAsync(word);
        await process.StandardInput.FlushAsync();
        return await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The container of the bare games has ended.");
    }
}
