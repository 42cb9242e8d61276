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

/// <summary>One pace of asking while every dependency answers so late.</summary>
/// <param name="Delay">Of each answer of each dependency, seconds.</param>
/// <param name="Every">Seconds between two questions.</param>
/// <param name="Service">Api or Executor.</param>
/// <param name="Asked">Questions.</param>
/// <param name="Unhealthy">Answers that called something unhealthy.</param>
/// <param name="P50">Of the answer, ms.</param>
/// <param name="Max">Of the answer, ms.</param>
internal sealed record HealthRow(double Delay, double Every, string Service, int Asked, int Unhealthy, double P50, double Max);

/// <summary>A dependency that went away while everything is asked twenty times a second.</summary>
/// <param name="What">Which, and how it went.</param>
/// <param name="Seconds">Until the service that needs it said unhealthy.</param>
/// <param name="Back">Until it said healthy again, seconds.</param>
/// <param name="Max">The slowest answer meanwhile, ms.</param>
internal sealed record GoneRow(string What, double Seconds, double Back, double Max);

internal sealed record HealthResults(double Minutes, IReadOnlyList<HealthRow> Slow, IReadOnlyList<GoneRow> Gone);

/// <summary>
/// Health under slow dependencies: real Apis and Executors behind relays that delay each answer of Postgres, of the Executor and of Docker.
/// Three systems, one for each delay, are asked at three paces at once; then each dependency of one goes away in two ways.
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

                // The answers that are on their way when the delays begin.
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
        List<Answer> api = [], executor = [];
        using PeriodicTimer timer = new(TimeSpan.FromSeconds(every));
        for (long began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < time;)
        {
            Answer[] both = await Task.WhenAll(Answer.OfAsync(system.Api), Answer.OfAsync(system.Executor));
            api.Add(both[0]);
            executor.Add(both[1]);
            await timer.WaitForNextTickAsync();
        }

        return [Row("Api", api), Row("Executor", executor)];

        HealthRow Row(string service, List<Answer> answers)
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
                        Answer answer = await Answer.OfAsync(service);
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

    /// <summary>What one question was answered.</summary>
    private sealed record Answer(bool AllWell, double Millis, IReadOnlyDictionary<string, bool> Checks)
    {
        private static readonly HttpClient Http =
            new(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 64 }) { Timeout = TimeSpan.FromSeconds(30) };

        public static async Task<Answer> OfAsync(Uri service)
        {
            long began = Stopwatch.GetTimestamp();
            using HttpResponseMessage response = await Http.GetAsync(new Uri(service, "/api/health"));
            string body = await response.Content.ReadAsStringAsync();
            double millis = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            using JsonDocument document = JsonDocument.Parse(body);
            Dictionary<string, bool> checks = document.RootElement.GetProperty("checks").EnumerateObject()
                .ToDictionary(static check => check.Name, static check => check.Value.GetBoolean());
            bool ready = document.RootElement.GetProperty("status").GetString() == "healthy" && response.StatusCode == HttpStatusCode.OK;
            return new Answer(ready && checks.Values.All(static check => check), millis, checks);
        }
    }

    /// <summary>A real Api and a real Executor with relays before what they need.</summary>
    private sealed class SlowSystem(ProcessHost host, Relay database, Relay link, Relay docker, TimeSpan delay) : IAsyncDisposable
    {
        public TimeSpan Delay => delay;

        public Relay Database => database;

        public Relay Link => link;

        public Relay Docker => docker;

        public IEnumerable<Relay> Relays => [database, link, docker];

        public Uri Api => host.Api.Address;

        public Uri Executor => host.Executor.Address;

        public static async Task<SlowSystem> StartAsync(string connectionString, string directory, TimeSpan delay)
        {
            Directory.CreateDirectory(directory);
            NpgsqlConnectionStringBuilder connection = new(connectionString);
            EndPoint postgres = Path.IsPathRooted(connection.Host)
                ? new UnixDomainSocketEndPoint($"{connection.Host}/.s.PGSQL.{connection.Port}")
                : new IPEndPoint(IPAddress.Loopback, connection.Port);
            Relay database = new(postgres);
            connection.Host = "127.0.0.1";
            connection.Port = database.Port;

            int executorPort = Peers.Way.FreePort();
            Relay link = new(new IPEndPoint(IPAddress.Loopback, executorPort));
            string daemon = new Uri(Environment.GetEnvironmentVariable("DOCKER_HOST") ?? "unix:///var/run/docker.sock").AbsolutePath;
            string socket = Path.Combine(directory, "docker.sock");
            Relay docker = new(new UnixDomainSocketEndPoint(daemon), new UnixDomainSocketEndPoint(socket));
            ProcessHost host = new(
                new ProcessHostOptions
                {
                    Port = 0,
                    ExecutorPort = executorPort,
                    DataDirectory = Path.Combine(directory, "data"),
                    ConnectionString = connectionString,
                    EnvironmentName = "Development",
                    StartLimit = TimeSpan.FromMinutes(6),
                    ApiEnvironment = new Dictionary<string, string?>
                    {
                        ["ConnectionStrings__pixel-gamedev"] = connection.ConnectionString,
                        ["services__executor__http__0"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{link.Port}"),
                    },
                    ExecutorEnvironment = new Dictionary<string, string?>
                    {
                        ["DOCKER_HOST"] = "unix://" + socket,
                        ["FORCE_DOCKER_EXECUTION"] = "true",
                        // No sandbox is needed to answer for health.
                        ["SANDBOX_WARM"] = "0",
                    },
                },
                new Lines());
            SlowSystem system = new(host, database, link, docker, delay);
            try
            {
                await host.StartAsync(CancellationToken.None);
                long began = Stopwatch.GetTimestamp();
                while (!(await Answer.OfAsync(system.Api)).AllWell || !(await Answer.OfAsync(system.Executor))
                    .Checks.Where(static check => check.Key != "force_docker_mode").All(static check => check.Value))
                {
                    if (Stopwatch.GetElapsedTime(began) > TimeSpan.FromMinutes(6))
                    {
                        throw new TimeoutException("The system did not get healthy.");
                    }

                    await Task.Delay(200);
                }

                foreach (Relay relay in system.Relays)
                {
                    relay.AnswerDelay = delay;
                }

                return system;
            }
            catch
            {
                await system.DisposeAsync();
                throw;
            }
        }

        public async ValueTask DisposeAsync()
        {
            foreach (Relay relay in Relays)
            {
                relay.AnswerDelay = TimeSpan.Zero;
                relay.Mend();
            }

            await host.DisposeAsync();
            foreach (Relay relay in Relays)
            {
                await relay.DisposeAsync();
            }
        }
    }

    /// <summary>Keeps what the services say; shown when something goes wrong.</summary>
    private sealed class Lines : ProcessLog
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public override void Line(string source, string text)
        {
            _lines.Enqueue($"{source} | {text}");
            while (_lines.Count > 200 && _lines.TryDequeue(out _))
            {
            }

            if (text.Contains("Health:", StringComparison.Ordinal) || text.Contains("fail:", StringComparison.Ordinal))
            {
                Console.WriteLine($"  {source} | {text}");
            }
        }
    }
}
