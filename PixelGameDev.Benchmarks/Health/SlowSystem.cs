using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using PixelGameDev.AppHost;
using PixelGameDev.AppHost.Machine;
using PixelGameDev.Benchmarks.Network;
using PixelGameDev.Benchmarks.Processes;

namespace PixelGameDev.Benchmarks.Health;

/// <summary>Runs a real Api and a real Executor with relays between them and their dependencies.</summary>
internal sealed class SlowSystem(ProcessHost host, Relay database, Relay link, Relay docker, TimeSpan delay) : IAsyncDisposable
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

        int executorPort = Ports.Free();
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
                    // Health needs no sandbox.
                    ["SANDBOX_WARM"] = "0",
                },
            },
            new Lines());
        SlowSystem system = new(host, database, link, docker, delay);
        try
        {
            await host.StartAsync(CancellationToken.None);
            long began = Stopwatch.GetTimestamp();
            while (!(await HealthAnswer.OfAsync(system.Api)).AllWell || !(await HealthAnswer.OfAsync(system.Executor))
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

/// <summary>Keeps what the services write, for an error message.</summary>
file sealed class Lines : ProcessLog
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
