using System.Diagnostics;
using System.Globalization;
using PixelGameDev.Benchmarks.Play;

namespace PixelGameDev.Benchmarks.Capacity;

/// <summary>Runs many games of one kind at once.</summary>
internal abstract class Fleet : IAsyncDisposable
{
    public abstract int Count { get; }

    public abstract Task SetAsync(int count);

    /// <summary>Returns the pictures a second of each game.</summary>
    public abstract Task<double[]> FpsAsync(TimeSpan window);

    /// <summary>Returns the pictures of each game so far.</summary>
    protected abstract Task<double[]> PicturesAsync();

    /// <summary>Waits until each game has shown <paramref name="pictures"/> more pictures; false when that took too long.</summary>
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

/// <summary>Runs sessions of the real system, each with a viewer.</summary>
internal sealed class SessionFleet(RunningSystem system, BenchGame game) : Fleet
{
    private readonly List<Guest> _guests = [];

    public override int Count => _guests.Count;

    /// <summary>Holds the cost at the last measurement, by number of sessions.</summary>
    public Dictionary<int, CostRow> Costs { get; } = [];

    public override async Task SetAsync(int count)
    {
        while (_guests.Count < count)
        {
            Guest guest = await Guest.ComeAsync(system, game);
            try
            {
                await guest.PlayAsync();
                _guests.Add(guest);
            }
            catch
            {
                await guest.DisposeAsync();
                throw;
            }
        }

        while (_guests.Count > count)
        {
            await _guests[^1].DisposeAsync();
            _guests.RemoveAt(_guests.Count - 1);
        }
    }

    /// <summary>Also waits until the pool has replaced the sandboxes that were taken.</summary>
    public override async Task<bool> SettleAsync(int pictures, TimeSpan limit)
    {
        await system.UntilQuietAsync(Count);
        return await base.SettleAsync(pictures, limit);
    }

    protected override Task<double[]> PicturesAsync() => Task.FromResult<double[]>([.. _guests.Select(static g => (double)g.Frames)]);

    public override async Task<double[]> FpsAsync(TimeSpan window)
    {
        Dictionary<(int, string), double> spent = ProcessTimes.Read(system.ProcessId, -1);
        TimeSpan own = Environment.CpuUsage.TotalTime;
        double busy = CapacityBenchmark.BusySeconds();
        long[] before = [.. _guests.Select(g => g.Frames)];
        long start = Stopwatch.GetTimestamp();
        await Task.Delay(window);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        double[] fps = [.. _guests.Select((g, i) => (g.Frames - before[i]) / elapsed.TotalSeconds)];
        double busyPercent = 100 * (CapacityBenchmark.BusySeconds() - busy) / elapsed.TotalSeconds;
        SortedDictionary<string, double> parts =
            new(StringComparer.Ordinal) { ["viewer"] = 100 * (Environment.CpuUsage.TotalTime - own) / elapsed };
        foreach ((string name, double percent) in ProcessTimes.Totals(spent, ProcessTimes.Read(system.ProcessId, -1),
            Stopwatch.GetElapsedTime(start)))
        {
            parts[name] = percent;
        }

        parts["rest"] = Math.Max(0, busyPercent - parts.Values.Sum());
        Costs[Count] = new CostRow(Count, parts.ToDictionary(p => p.Key, p => Math.Round(p.Value / Count, 3)));
        return fps;
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (Guest guest in _guests)
        {
            await guest.DisposeAsync();
        }
    }
}

/// <summary>Runs subprocesses in one container of the game image, without limits and without anything that reads their pictures.</summary>
internal sealed class BareFleet : Fleet
{
    private readonly string _directory = Directory.CreateTempSubdirectory("pixel-bench-bare-").FullName;
    private readonly string _container = "pixel-bench-" + Guid.NewGuid().ToString("N")[..12];
    private readonly Process _process;
    private int _count;

    public BareFleet(BenchGame game)
    {
        File.SetUnixFileMode(_directory, (UnixFileMode)0b111_101_101);
        game.WriteTo(Path.Combine(_directory, "game"), "count=\"count\"");
        File.Copy(Path.Combine(Results.RepositoryRoot(), "PixelGameDev.Benchmarks", "Capacity", "bare.py"),
            Path.Combine(_directory, "bare.py"));
        _process = Process.Start(new ProcessStartInfo("docker",
        [
            "run", "-i", "--rm", "--name", _container, "--label", "pixelgamedev.bench=1", "--network", "none",
            "-v", _directory + ":/bare:ro",
            "--tmpfs", "/tmp:size=512m", "-e", "HOME=/tmp",
            "--entrypoint", "/usr/bin/python3", Docker.GameImage(), "-B", "/bare/bare.py", "/bare/game",
        ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
    }

    public override int Count => _count;

    /// <summary>
    /// Holds the percent of a core for each game at the last measurement, by number of games. It counts all work of the machine.
    /// </summary>
    public Dictionary<int, double> Costs { get; } = [];

    public override async Task SetAsync(int count)
    {
        _count = count;
        await AskAsync(count.ToString(CultureInfo.InvariantCulture));
    }

    protected override async Task<double[]> PicturesAsync() => [.. Parse(await AskAsync("fps")).Select(static game => game.Flips)];

    public override async Task<double[]> FpsAsync(TimeSpan window)
    {
        (double Flips, double At)[] before = Parse(await AskAsync("fps"));
        double busy = CapacityBenchmark.BusySeconds();
        long start = Stopwatch.GetTimestamp();
        await Task.Delay(window);
        Costs[Count] = Math.Round(100 * (CapacityBenchmark.BusySeconds() - busy) / Stopwatch.GetElapsedTime(start).TotalSeconds / Count, 2);
        (double Flips, double At)[] after = Parse(await AskAsync("fps"));
        return [.. before.Zip(after, (b, a) => a.At > b.At ? (a.Flips - b.Flips) / (a.At - b.At) : 0)];
    }

    // "812 1234.5;640 1234.4"
    private static (double Flips, double At)[] Parse(string line) =>
        [.. line.Split(';').Select(part => part.Split(' '))
            .Select(p => (double.Parse(p[0], CultureInfo.InvariantCulture), double.Parse(p[1], CultureInfo.InvariantCulture)))];

    public override async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(10)).ContinueWith(_ => { }, TaskScheduler.Default);
        Docker.Run("rm", "-f", _container);
        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private async Task<string> AskAsync(string word)
    {
        await _process.StandardInput.WriteLineAsync(word);
        await _process.StandardInput.FlushAsync();
        return await _process.StandardOutput.ReadLineAsync()
            ?? throw new InvalidOperationException("The container of the bare games has ended.");
    }
}
