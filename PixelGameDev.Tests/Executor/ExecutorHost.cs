using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using PixelGameDev.AppHost;
using PixelGameDev.Executor;
using PixelGameDev.Executor.Links;
using PixelGameDev.Executor.Sandboxes;
using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Executor;

/// <summary>Runs the real Executor on a real port in this process, with settings of the test.</summary>
internal sealed class ExecutorHost : IAsyncDisposable
{
    public const string Secret = "q8Jz2vNw7RkT5yLm3XcB9dFhGpSaUeQo4ViZ";

    private readonly TestDirectory _directory;
    private bool _stopped;

    private ExecutorHost(TestDirectory directory, WebApplication app, HttpClient client)
    {
        _directory = directory;
        App = app;
        Client = client;
    }

    public WebApplication App { get; }

    /// <summary>Sends a service token with each request.</summary>
    public HttpClient Client { get; }

    public Uri Address => Client.BaseAddress!;

    /// <summary>The parent of the link directories.</summary>
    public string LinkDirectory => _directory.Sub("l");

    public T Get<T>()
        where T : notnull => App.Services.GetRequiredService<T>();

    /// <summary>Starts an Executor whose sandboxes the test plays, without Docker.</summary>
    public static Task<ExecutorHost> StartScriptedAsync(
        ScriptedSandboxFactory factory, Dictionary<string, string?>? settings = null, TimeProvider? time = null) =>
        StartAsync(settings ?? [], services =>
        {
            services.RemoveAll<ISandboxFactory>();
            services.AddSingleton<ISandboxFactory>(factory);
            services.Replace(ServiceDescriptor.Singleton(time ?? TimeProvider.System));
        });

    /// <summary>Starts an Executor with real sandboxes. Publishes GameHost first if it is missing.</summary>
    public static async Task<ExecutorHost> StartRealAsync(Dictionary<string, string?>? settings = null)
    {
        await RealSandboxes.PrepareAsync();
        ExecutorHost host = await StartAsync(settings ?? []);
        try
        {
            ISandboxFactory factory = host.Get<ISandboxFactory>();
            // The game image may have to be built.
            await Eventually.TrueAsync(() => factory.UnavailableReason is null, "sandboxes can be made", TimeSpan.FromMinutes(5));
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    public static async Task<ExecutorHost> StartAsync(Dictionary<string, string?> settings, Action<IServiceCollection>? replace = null)
    {
        TestDirectory directory = new();
        WebApplication? app = null;
        try
        {
            app = Build(directory, settings, replace);
            if (replace is null)
            {
                await ExecutorApp.StartAsync(app);
            }
            else
            {
                await app.StartAsync();
            }

            string address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
            HttpClient client = new() { BaseAddress = new Uri(address), Timeout = TimeSpan.FromMinutes(2) };
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token());
            return new ExecutorHost(directory, app, client);
        }
        catch
        {
            if (app is not null)
            {
                await app.DisposeAsync();
            }

            directory.Dispose();
            throw;
        }
    }

    /// <summary>Builds the Executor with settings as the environment gives them. The test's own settings come last.</summary>
    public static WebApplication Build(
        TestDirectory directory, Dictionary<string, string?> settings, Action<IServiceCollection>? replace = null) =>
        ExecutorApp.Build(
            ["--urls", "http://127.0.0.1:0", "--contentRoot", Repository.Find().Project("PixelGameDev.Executor")],
            builder =>
            {
                builder.Environment.EnvironmentName = settings.GetValueOrDefault("ASPNETCORE_ENVIRONMENT") ?? Environments.Development;
                builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
                {
                    ["EXECUTOR_SECRET_KEY"] = Secret,
                    ["EXECUTOR_ID"] = "test-" + Guid.NewGuid().ToString("N"),
                    ["SANDBOX_LINK_DIRECTORY"] = directory.Sub("l"),
                    ["LOG_LEVEL"] = "warn",
                    ["MAX_SESSIONS_PER_OWNER"] = "100",
                    ["MAX_CONCURRENT_SESSIONS"] = "20",
                    ["SANDBOX_WARM"] = "1",
                });
                builder.Configuration.AddInMemoryCollection(settings);
            },
            replace);

    /// <summary>Returns a service token as the Api makes it, or one with a fault that the test chooses.</summary>
    public static string Token(
        string secret = Secret, string issuer = ServiceToken.Issuer, string audience = ServiceToken.Audience, int lifetimeSeconds = 3000,
        DateTime? from = null)
    {
        DateTime now = from ?? DateTime.UtcNow;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer,
            Audience = audience,
            NotBefore = now,
            Expires = now.AddSeconds(Math.Min(lifetimeSeconds, ServiceToken.LifetimeSeconds)),
            SigningCredentials = new SigningCredentials(new SymmetricSecurityKey(Encoding.UTF8.GetBytes(secret)),
                SecurityAlgorithms.HmacSha256),
        });
    }

    public static StartSessionRequest Request(string source, string owner = "somebody", Guid? id = null) =>
        Request(owner, id, ("main.py", Encoding.UTF8.GetBytes(source)));

    public static StartSessionRequest Request(string owner, Guid? id, params (string Path, byte[] Content)[] files) =>
        new(id ?? Guid.NewGuid(), owner, "main.py", [.. files.Select(file => new SessionFile(file.Path, file.Content))]);

    /// <summary>Posts a session with a fresh token.</summary>
    public Task<HttpResponseMessage> PostAsync(StartSessionRequest request) =>
        SendAsync(HttpMethod.Post, "/sessions", JsonContent.Create(request));

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content = null, string? token = null)
    {
        HttpRequestMessage message = new(method, path) { Content = content };
        message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token ?? Token());
        return await Client.SendAsync(message);
    }

    /// <summary>Starts a session and asserts that it starts.</summary>
    public async Task<SessionInfo> RunAsync(StartSessionRequest request)
    {
        using HttpResponseMessage answer = await PostAsync(request);
        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<SessionInfo>())!;
    }

    public async Task<SessionInfo> InfoAsync(Guid id)
    {
        using HttpResponseMessage answer = await SendAsync(HttpMethod.Get, $"/sessions/{id}");
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<SessionInfo>())!;
    }

    /// <summary>Waits until the session has ended and returns its end.</summary>
    public async Task<SessionInfo> EndOfAsync(Guid id)
    {
        SessionInfo? info = null;
        await Eventually.TrueAsync(async () => (info = await InfoAsync(id)).State == "ended", $"session {id} ends");
        return info!;
    }

    public async Task StopAsync()
    {
        if (!_stopped)
        {
            _stopped = true;
            await App.StopAsync();
            await App.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await StopAsync();
        _directory.Dispose();
    }
}
