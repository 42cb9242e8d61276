using System.Collections.Concurrent;
using PixelGameDev.AppHost;
using PixelGameDev.Benchmarks.Processes;

namespace PixelGameDev.Tests.Fixtures;

/// <summary>
/// Collects tests that attack the whole machine or measure what a busy machine would spoil. They run one at a time, and no other test
/// runs meanwhile. Tests without a system of their own use the shared one: <c>[Collection(SystemCollection.Name)] class
/// MyTests(SystemFixture system)</c>.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SystemCollection : ICollectionFixture<SystemFixture>
{
    public const string Name = "System";
}

/// <summary>
/// Collects the tests of the page, which share a system of their own. Browser, server and game keep two processors busy, so no other
/// test runs meanwhile.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class BrowserCollection : ICollectionFixture<SystemFixture>
{
    public const string Name = "Browser";
}

/// <summary>Provides one running system for the tests of the collection. The first test that asks for it starts it.</summary>
public sealed class SystemFixture : IAsyncLifetime
{
    private TestSystem? _system;

    /// <summary>Returns the shared system, whose games run in Docker.</summary>
    internal async Task<TestSystem> GetAsync() => _system ??= await TestSystem.StartAsync();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_system is not null)
        {
            await _system.DisposeAsync();
        }
    }
}

/// <summary>
/// Runs Postgres, Api and Executor as real processes on free ports with separate data, in the order of the AppHost. <see cref="Host"/>
/// stops, kills and starts single parts.
/// </summary>
internal sealed class TestSystem : IAsyncDisposable
{
    private readonly TestDirectory _directory;
    private readonly MemoryLog _log;

    private TestSystem(TestDirectory directory, MemoryLog log, ProcessHost host)
    {
        _directory = directory;
        _log = log;
        Host = host;
    }

    public ProcessHost Host { get; }

    /// <summary>The address of the page and the Api.</summary>
    public Uri Address => Host.Api.Address;

    public Uri ExecutorAddress => Host.Executor.Address;

    /// <summary>Returns the newest 5000 lines that the processes wrote.</summary>
    public string Log => _log.ToString();

    /// <summary>Starts a system. Games run in Docker or not at all, unless <paramref name="configure"/> changes that.</summary>
    public static async Task<TestSystem> StartAsync(Func<ProcessHostOptions, ProcessHostOptions>? configure = null)
    {
        TestDirectory directory = new();
        MemoryLog log = new();
        ProcessHostOptions options = new()
        {
            DataDirectory = directory.Sub("data"),
            DurableDatabase = false,
            // Building the game image may come first.
            StartLimit = TimeSpan.FromMinutes(6),
            // All people of a test run share one address and press Run without pauses.
            ApiEnvironment = new Dictionary<string, string?> { ["RATE_LIMITS"] = "off", ["GALLERY"] = "public" },
            ExecutorEnvironment = new Dictionary<string, string?> { ["FORCE_DOCKER_EXECUTION"] = "true" },
        };
        options = configure?.Invoke(options) ?? options;
        // After "./pixel test" everything is there. A plain "dotnet test" prepares it here.
        await Preparation.EnsureAsync(Repository.Find(), line => log.Line("host", line), CancellationToken.None);
        ProcessHost host = new(options, log);
        try
        {
            await host.StartAsync(CancellationToken.None);
            return new TestSystem(directory, log, host);
        }
        catch (Exception error)
        {
            await host.DisposeAsync();
            directory.Dispose();
            throw new InvalidOperationException($"The system did not start: {error.Message}\n{log}", error);
        }
    }

    /// <summary>Returns a client of the Api with its own cookies: one visitor.</summary>
    public HttpClient NewVisitor() =>
        new(new SocketsHttpHandler { CookieContainer = new System.Net.CookieContainer() }) { BaseAddress = Address };

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        _directory.Dispose();
    }

    private sealed class MemoryLog : ProcessLog
    {
        private const int Capacity = 5000;
        private readonly ConcurrentQueue<string> _lines = new();

        public override void Line(string source, string text)
        {
            _lines.Enqueue($"{source} | {text}");
            while (_lines.Count > Capacity && _lines.TryDequeue(out _))
            {
            }
        }

        public override string ToString() => string.Join('\n', _lines);
    }
}
