using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Npgsql;
using PixelGameDev.AppHost;
using PixelGameDev.Benchmarks.Network;
using PixelGameDev.Benchmarks.Processes;

namespace PixelGameDev.Benchmarks.Health;

/// <summary>
/// Measures health with slow dependencies: real Apis and Executors behind relays that delay each answer of Postgres, the Executor and
/// Docker. It asks three systems, one for each delay, at three rates at the same time. Then each dependency of one system fails in two
/// ways.
/// </summary>
internal static class HealthBenchmark
{
    private static readonly double[] Delays = [0.1, 0.5, 1.5];
    private static readonly double[] Paces = [1, 6, 30];
    private static readonly TimeSpan GoneLimit = TimeSpan.FromSeconds(30);

    public static async Task<HealthResults> RunAsync(Options options)
    {
        double minutes = options.Int("seconds", 300) / 60.0;
        string directory = Directory.CreateTempSubdirectory("pixel-bench-health-").FullName;
        File.SetUnixFileMode(directory, (UnixFileMode)0b111_101_101);
        List<SlowSystem> systems = [];
        try
        {
            await using EmbeddedPostgres postgres = await EmbeddedPostgres.StartAsync(
                new EmbeddedPostgresOptions
                {
                    Cluster = Path.Combine(directory, "postgres"),
                    ProgramCache = UserData.Programs(),
                    Password = "of no worth here",
                    Durable = false
                },
                CancellationToken.None);
            try
            {
                foreach (double delay in Delays)
                {
                    string name = string.Create(CultureInfo.InvariantCulture, $"health_{delay * 10:0}");
                    await postgres.CreateDatabaseAsync(name, CancellationToken.None);
                    systems.Add(await SlowSystem.StartAsync(postgres.ConnectionString(name), Path.Combine(directory, name),
                        TimeSpan.FromSeconds(delay)));
                }

                // Lets pending answers pass when the delays begin.
                await Task.Delay(TimeSpan.FromSeconds(5));
                HealthRow[][] slow = await Task.WhenAll(
                    from system in systems from pace in Paces select AskAsync(system, pace, TimeSpan.FromMinutes(minutes)));
                List<GoneRow> gone = await LoseAsync(systems[0]);
                return new HealthResults(minutes, [.. slow.SelectMany(static rows => rows)], gone);
            }
            finally
            {
                foreach (SlowSystem system in systems)
                {
                    await system.DisposeAsync();
                }
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task<HealthRow[]> AskAsync(SlowSystem system, double every, TimeSpan time)
    {
        List<HealthAnswer> api = [], executor = [];
        using PeriodicTimer timer = new(TimeSpan.FromSeconds(every));
        for (long began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < time;)
        {
            HealthAnswer[] both = await Task.WhenAll(HealthAnswer.OfAsync(system.Api), HealthAnswer.OfAsync(system.Executor));
            api.Add(both[0]);
            executor.Add(both[1]);
            await timer.WaitForNextTickAsync();
        }

        return [Row("Api", api), Row("Executor", executor)];

        HealthRow Row(string service, List<HealthAnswer> answers)
        {
            double[] millis = [.. answers.Select(static answer => answer.Millis).Order()];
            HealthRow row = new(system.Delay.TotalSeconds, every, service, answers.Count, answers.Count(static answer => !answer.AllWell),
                millis[millis.Length / 2], millis[^1]);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{row.Service,-9} dependencies answer after {row.Delay:0.0} s, asked every {row.Every,2} s: {row.Asked} answers, " +
                    $"{row.Unhealthy} unhealthy, p50 {row.P50:0.0} ms, max {row.Max:0.0} ms"));
            return row;
        }
    }

    private static async Task<List<GoneRow>> LoseAsync(SlowSystem system)
    {
        List<GoneRow> rows = [];
        foreach (Relay relay in system.Relays)
        {
            relay.AnswerDelay = TimeSpan.Zero;
        }

        (string Name, Relay Relay, Uri Service, string Field)[] losses =
        [
            ("Postgres, seen by the Api", system.Database, system.Api, "database"),
            ("Executor, seen by the Api", system.Link, system.Api, "executor"),
            ("Docker, seen by the Executor", system.Docker, system.Executor, "docker_daemon"),
            ("Docker, seen by the Api", system.Docker, system.Api, "docker"),
        ];
        foreach ((string name, Relay relay, Uri service, string field) in losses)
        {
            foreach ((string way, Action<Relay> lose) in new (string, Action<Relay>)[] { ("refuses", static one => one.Cut()),
                ("is silent", static one => one.Stall()) })
            {
                double slowest = 0;
                await UntilAsync(well: true);
                long began = Stopwatch.GetTimestamp();
                lose(relay);
                double seconds = await UntilAsync(well: false);
                relay.Mend();
                double back = await UntilAsync(well: true);
                rows.Add(new GoneRow($"{name}, {way}", seconds, back, slowest));
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{name}, {way}: unhealthy after {seconds:0.0} s, healthy again after {back:0.0} s, slowest answer {slowest:0.0} ms"));

                async Task<double> UntilAsync(bool well)
                {
                    for (long since = Stopwatch.GetTimestamp(); ; await Task.Delay(50))
                    {
                        HealthAnswer answer = await HealthAnswer.OfAsync(service);
                        slowest = Math.Max(slowest, answer.Millis);
                        if (answer.Checks.GetValueOrDefault(field) == well)
                        {
                            return Stopwatch.GetElapsedTime(since).TotalSeconds;
                        }

                        if (Stopwatch.GetElapsedTime(since) > GoneLimit)
                        {
                            throw new TimeoutException(
                                $"{name}, {way}: not {(well ? "healthy" : "unhealthy")} within {GoneLimit.TotalSeconds:0} s.");
                        }
                    }
                }
            }
        }

        return rows;
    }
}
