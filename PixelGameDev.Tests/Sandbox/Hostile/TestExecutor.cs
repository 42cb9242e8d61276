using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using PixelGameDev.AppHost;
using PixelGameDev.AppHost.Machine;
using PixelGameDev.Benchmarks.Processes;
using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Sandbox.Hostile;

/// <summary>Runs a real Executor as a process with separate directories, and talks to it as the Api does.</summary>
internal sealed class TestExecutor : IAsyncDisposable
{
    private readonly TestDirectory _directory = new();
    private readonly ServiceProcess _process;
    private readonly byte[] _key = Encoding.UTF8.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(48)));
    private readonly Queue<string> _log = new();

    private TestExecutor(IReadOnlyDictionary<string, string?> settings)
    {
        Uri address = new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Ports.Free()}"));
        Directory.CreateDirectory(TemporaryFiles);
        Repository repository = Repository.Find();
        Dictionary<string, string?> environment = new()
        {
            ["ASPNETCORE_URLS"] = address.ToString(),
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["DOTNET_ENVIRONMENT"] = "Development",
            ["EXECUTOR_SECRET_KEY"] = Encoding.UTF8.GetString(_key),
            ["EXECUTOR_ID"] = Identity,
            ["SANDBOX_LINK_DIRECTORY"] = Links,
            ["TMPDIR"] = TemporaryFiles,
            // The runtime's own debugging sockets do not count as left over.
            ["DOTNET_EnableDiagnostics"] = "0",
        };
        foreach ((string name, string? value) in settings)
        {
            environment[name] = value;
        }

        _process = new ServiceProcess(
            "Executor",
            address,
            () => new ProcessSpec(Tool.Dotnet, [repository.Assembly("PixelGameDev.Executor")])
            {
                WorkingDirectory = repository.Project("PixelGameDev.Executor"),
                Environment = environment,
            },
            // The first start builds the game image.
            TimeSpan.FromMinutes(5),
            Remember);
        Client = new HttpClient(new ServiceTokenHandler(this)) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
    }

    /// <summary>The value of the label on its containers.</summary>
    public string Identity { get; } = "hostile-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));

    /// <summary>Sends a fresh service token with each request.</summary>
    public HttpClient Client { get; }

    /// <summary>The directory of the links, empty except for running sandboxes.</summary>
    public string Links => _directory.Sub("links");

    /// <summary>Its directory of temporary files.</summary>
    public string TemporaryFiles => _directory.Sub("tmp");

    /// <summary>The root of both.</summary>
    public string Root => _directory.Path;

    public Uri Address => _process.Address;

    /// <summary>The process id; null when the process has ended.</summary>
    public int? ProcessId => _process.ProcessId;

    /// <summary>Returns the newest 400 lines that it wrote.</summary>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return string.Join('\n', _log);
            }
        }
    }

    public static async Task<TestExecutor> StartAsync(IReadOnlyDictionary<string, string?> settings)
    {
        await Preparation.EnsureAsync(Repository.Find(), static _ => { }, CancellationToken.None);
        TestExecutor executor = new(settings);
        try
        {
            await executor._process.StartAsync(CancellationToken.None);
            return executor;
        }
        catch (HostException error)
        {
            string log = executor.Log;
            await executor.DisposeAsync();
            throw new InvalidOperationException($"{error.Message}\n{log}", error);
        }
    }

    /// <summary>Returns a token as the Api signs it.</summary>
    public string Token() => new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
    {
        Issuer = ServiceToken.Issuer,
        Audience = ServiceToken.Audience,
        NotBefore = DateTime.UtcNow,
        Expires = DateTime.UtcNow.AddSeconds(ServiceToken.LifetimeSeconds - 5),
        SigningCredentials = new SigningCredentials(new SymmetricSecurityKey(_key), SecurityAlgorithms.HmacSha256),
    });

    /// <summary>Returns the number of sandboxes that wait in its pool, as its health document reports it.</summary>
    public async Task<int> WarmAsync() =>
        (await Client.GetFromJsonAsync<JsonElement>("/api/health")).GetProperty("game_sessions").GetProperty("warm").GetInt32();

    /// <summary>Ends it gracefully. Its directories stay until <see cref="DisposeAsync"/>.</summary>
    public Task StopAsync() => _process.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _process.StopAsync();
        _process.Dispose();
        Client.Dispose();
        _directory.Dispose();
    }

    private void Remember(string line)
    {
        lock (_log)
        {
            _log.Enqueue(line);
            if (_log.Count > 400)
            {
                _log.Dequeue();
            }
        }
    }

    private sealed class ServiceTokenHandler(TestExecutor executor) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Authorization ??= new AuthenticationHeaderValue("Bearer", executor.Token());
            return base.SendAsync(request, cancellationToken);
        }
    }
}
