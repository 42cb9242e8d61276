using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Api;

/// <summary>Starts the real Api on a real port with a fresh real database. A test chooses the answers of the Executor.</summary>
public sealed class ApiFixture : IAsyncLifetime
{
    private readonly PostgresFixture _postgres = new();
    private string? _connectionString;

    internal FakeExecutor Executor { get; private set; } = null!;

    internal RunningApi Api { get; private set; } = null!;

    internal string ConnectionString => _connectionString!;

    /// <summary>Creates a database for one Api of a test. All Apis of a database have the same Executors.</summary>
    internal Task<string> CreateDatabaseAsync() => _postgres.CreateMigratedDatabaseAsync();

    public async Task InitializeAsync()
    {
        await _postgres.InitializeAsync();
        _connectionString = await CreateDatabaseAsync();
        Executor = await FakeExecutor.StartAsync();
        Api = await RunningApi.StartAsync(ConnectionString, Executor.Address);
    }

    public async Task DisposeAsync()
    {
        await Api.DisposeAsync();
        await Executor.DisposeAsync();
        await _postgres.DisposeAsync();
    }

    /// <summary>Returns a browser that has opened the page: a guest with its cookie.</summary>
    internal async Task<Visitor> NewVisitorAsync() => await Visitor.ArriveAsync(Api.Address);
}

/// <summary>Runs one Api in this process, on Kestrel.</summary>
internal sealed class RunningApi(WebApplication app) : IAsyncDisposable
{
    public const string ExecutorSecret = "k8Zt0pWm3LxVb7QnRc5YdHs2JfGa9Ue4";

    public const string SetupCode = "q7Wm2Zt9Xk4Vb8Rn6Yc3";

    public const string JwtSecret = "Nw6cT1yBq8MzEj4KpX0vLr7HsDg2Fa5u";

    public Uri Address { get; } =
        new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public IServiceProvider Services => app.Services;

    public static async Task<RunningApi> StartAsync(string connectionString, Uri? executor, params string[] settings)
    {
        List<string> arguments =
        [
            "--environment=Development",
            "--urls=http://127.0.0.1:0",
            $"--ConnectionStrings:pixel-gamedev={connectionString}",
            $"--JWT_SECRET={JwtSecret}",
            $"--EXECUTOR_SECRET_KEY={ExecutorSecret}",
            $"--SETUP_CODE={SetupCode}",
            "--LOG_LEVEL=error",
            // All visitors of a test run share one address.
            "--RATE_LIMITS=off",
            "--GALLERY=public",
            .. executor is null ? Array.Empty<string>() : [$"--services:executor:http:0={executor}"],
            .. settings,
        ];
        WebApplication app = PixelGameDev.Api.Program.Build([.. arguments]);
        await app.StartAsync();
        return new RunningApi(app);
    }

    public async Task WaitUntilHealthyAsync()
    {
        using HttpClient client = new() { BaseAddress = Address };
        await Eventually.TrueAsync(async () => (await client.GetAsync("/api/health")).IsSuccessStatusCode, "the Api is healthy");
    }

    /// <summary>Stops the Api as a signal does.</summary>
    public Task StopAsync() => app.StopAsync();

    public async ValueTask DisposeAsync() => await app.DisposeAsync();
}
