using System.Diagnostics;
using System.Globalization;
using PixelGameDev.Benchmarks.Play;

namespace PixelGameDev.Benchmarks.Capacity;

/// <summary>The number of games of one kind that ran steadily at once, and the numbers at which some did not.</summary>
/// <param name="Way">Sessions or bare subprocesses.</param>
/// <param name="Steady">The highest number at which every game had at least <see cref="CapacityBenchmark.SteadyFps"/>.</param>
/// <param name="Tried">The slowest game's fps by number of games.</param>
internal sealed record CapacityRow(string Way, int Steady, IReadOnlyDictionary<int, double> Tried);

/// <summary>Memory in MB (10⁶ bytes).</summary>
/// <param name="ExecutorFirst">The Executor's resident memory with the first session.</param>
/// <param name="ExecutorLast">The same with <paramref name="Sessions"/> sessions.</param>
/// <param name="Sessions">The number of sessions.</param>
/// <param name="Waiting">Sandboxes that waited in the pool then. The pool grows with demand.</param>
/// <param name="ExecutorPerSession">Growth for each sandbox, playing or waiting.</param>
/// <param name="WarmSandbox">The memory of an idle warm sandbox, median.</param>
internal sealed record MemoryFigures(
    double ExecutorFirst, double ExecutorLast, int Sessions, int Waiting, double ExecutorPerSession, double WarmSandbox);

/// <summary>The cost of each game at one number of games.</summary>
/// <param name="Games">The number of games.</param>
/// <param name="Parts">Percent of a core for each game, by part: <c>game</c>, <c>gamehost</c>, <c>executor</c>, <c>api</c>, <c>viewer</c>
/// …, and <c>rest</c>: all other work of the machine (interrupts, the kernel's own threads).</param>
internal sealed record CostRow(int Games, IReadOnlyDictionary<string, double> Parts);

/// <param name="Game">Its name.</param>
/// <param name="Bare">As subprocesses.</param>
/// <param name="BareCost">Percent of a core for each of the highest steady number.</param>
/// <param name="Sessions">As sessions.</param>
/// <param name="Cost">The cost at the highest steady number; null when not even one game was steady.</param>
internal sealed record GameCapacity(string Game, CapacityRow Bare, double BareCost, CapacityRow Sessions, CostRow? Cost)
{
    /// <summary>Returns the number of sessions for each bare subprocess.</summary>
    public double Share => (double)Sessions.Steady / Bare.Steady;
}

internal sealed record CapacityResults(string Load, IReadOnlyList<GameCapacity> Games, MemoryFigures Memory);

/// <summary>
/// Compares sessions at a steady 60 fps with bare subprocesses of the same game, one after the other in the same run, with the Python and
/// pygame of the game image. A session counts with everything: sandbox, encoder, Executor, Api, and a viewer that takes every picture.
/// </summary>
internal static class CapacityBenchmark
{
    /// <summary>The lowest rate of a steady game, in pictures a second.</summary>
    public const double SteadyFps = 59;

    /// <summary>Pictures that each game has shown before it is measured: five seconds' worth.</summary>
    public const int SettledAfter = 300;

    /// <summary>
    /// The longest wait for that. If the games take longer, there are too many of them, and they are measured as they are.
    /// </summary>
    public static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(15);

    public static async Task<CapacityResults> RunAsync(Options options)
    {
        BenchGame[] games = GameSet.Choose([.. GameSet.Own, .. GameSet.Templates, GameSet.Crowd],
            (options["games"] ?? "starter,snake,crowd").Split(','));
        int most = options.Int("most", 100);
        TimeSpan window = TimeSpan.FromSeconds(options.Int("seconds", 10));
        string load = File.ReadAllText("/proc/loadavg").Trim();
        List<GameCapacity> found = [];
        MemoryFigures? memory = null;
        foreach (BenchGame game in games)
        {
            Console.WriteLine($"{game.Name}:");
            CapacityRow bare;
            Dictionary<int, double> bareCosts = [];
            await using (BareFleet fleet = new(game))
            {
                bare = await FindAsync("bare subprocesses", fleet, most, window, options.Int("begin", 0));
                bareCosts = fleet.Costs;
            }

            await using RunningSystem system = await RunningSystem.StartAsync(null, new Dictionary<string, string>
            {
                ["MAX_CONCURRENT_SESSIONS"] = "200",
                ["MAX_SESSION_TIME"] = "900",
                ["SANDBOX_WARM"] = "2",
            });
            await using SessionFleet sessions = new(system, game);
            await system.UntilQuietAsync();
            MemoryWatch watch = await MemoryWatch.BeginAsync(system, sessions);
            CapacityRow ours = await FindAsync("sessions", sessions, most, window, options.Int("begin", 0), watch.LookAsync);
            memory ??= watch.Figures();
            GameCapacity capacity =
                new(game.Name, bare, bareCosts.GetValueOrDefault(bare.Steady), ours, sessions.Costs.GetValueOrDefault(ours.Steady));
            found.Add(capacity);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"sessions {ours.Steady} of {bare.Steady} bare subprocesses: {100 * capacity.Share:0} %; a bare one " +
                $"{capacity.BareCost:0.0} % of a core, a session {capacity.Cost?.Parts.Values.Sum():0.0} %:"));
            Console.WriteLine("  " + string.Join(", ", (capacity.Cost?.Parts ?? new Dictionary<string, double>())
                .Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Key} {p.Value:0.00}"))));
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Executor {memory!.ExecutorFirst:0.0} MB with one session, {memory.ExecutorLast:0.0} MB with {memory.Sessions} and " +
            $"{memory.Waiting} that wait: {memory.ExecutorPerSession:0.00} MB each; a warm sandbox {memory.WarmSandbox:0.0} MB"));
        return new CapacityResults(load, found, memory);
    }

    /// <summary>Begins at a number that makes the processors almost busy, then goes up or down to the limit.</summary>
    private static async Task<CapacityRow> FindAsync(
        string way, Fleet fleet, int most, TimeSpan window, int begin, Func<int, Task>? look = null)
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
                // New games need the processors to start.
                if (!await fleet.SettleAsync(SettledAfter, SettleLimit + (TimeSpan.FromSeconds(0.8) * more / Environment.ProcessorCount)))
                {
                    Console.WriteLine("  did not settle; measured as it is");
                }

                slowest = (await fleet.FpsAsync(window)).Min();
            }
            catch (Exception error) when (error is TimeoutException or InvalidOperationException or HttpRequestException)
            {
                // This number of games cannot even start.
                Console.WriteLine($"  {error.Message}");
            }

            tried[count] = Math.Round(slowest, 2);
            await (look?.Invoke(count) ?? Task.CompletedTask);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {count,3}: slowest {slowest:0.0} fps"));
            int step = Math.Max(1, count / 12);
            count += slowest >= SteadyFps ? step : -step;
            if (tried.TryGetValue(count, out double known) && step > 1)
            {
                // Goes on between a steady number and one that was not steady.
                count += known >= SteadyFps ? 1 : -1;
            }
        }

        return new CapacityRow(way, tried.Where(t => t.Value >= SteadyFps).Select(t => t.Key).DefaultIfEmpty(0).Max(), tried);
    }

    /// <summary>Returns the seconds since the machine started in which its processors were not idle.</summary>
    public static double BusySeconds()
    {
        // "cpu  user nice system idle iowait irq softirq steal …", in hundredths
        double[] numbers = [.. File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1)
            .Select(n => double.Parse(n, CultureInfo.InvariantCulture))];
        return (numbers[0] + numbers[1] + numbers[2] + numbers[5] + numbers[6]) / 100;
    }

    /// <summary>Returns the number of busy cores of the whole machine.</summary>
    private static async Task<double> BusyAsync(TimeSpan window)
    {
        double busy = BusySeconds();
        long start = Stopwatch.GetTimestamp();
        await Task.Delay(window);
        return (BusySeconds() - busy) / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
