using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using PixelGameDev.Streaming.Contracts;

namespace PixelGameDev.Tests.Api;

/// <summary>
/// Implements the Executor's contract and, on command, the rare cases: it refuses, hangs or forgets. The stream echoes every message. Like
/// the real Executor, it refuses requests without a valid service token.
/// </summary>
internal sealed class FakeExecutor : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeExecutor(WebApplication app) => _app = app;

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public ConcurrentDictionary<Guid, SessionInfo> Sessions { get; } = new();

    public ConcurrentDictionary<Guid, StartSessionRequest> Started { get; } = new();

    /// <summary>Holds the small pictures that it gives once.</summary>
    public ConcurrentDictionary<Guid, SmallPicture> Pictures { get; } = new();

    /// <summary>Holds the files of recordings, by session.</summary>
    public ConcurrentDictionary<Guid, byte[]> Recordings { get; } = new();

    /// <summary>Holds the sessions whose recording was begun anew.</summary>
    public ConcurrentQueue<Guid> Restarted { get; } = new();

    public ConcurrentQueue<Guid> Stopped { get; } = new();

    /// <summary>Holds the last invitation that was closed, by session.</summary>
    public ConcurrentDictionary<Guid, long> ClosedInvitations { get; } = new();

    /// <summary>Holds the query of the last stream, by session.</summary>
    public ConcurrentDictionary<Guid, string> StreamQueries { get; } = new();

    /// <summary>Holds the headers of the opened streams, by session.</summary>
    public ConcurrentDictionary<Guid, Dictionary<string, string>> StreamHeaders { get; } = new();

    /// <summary>Holds the requests that came without a valid token.</summary>
    public ConcurrentQueue<string> Unauthorized { get; } = new();

    /// <summary>Holds the incarnation that it reports. Null stands for an Executor of version 1.0, which reports none.</summary>
    public string? Incarnation { get; set; } = Guid.NewGuid().ToString("N");

    /// <summary>Counts the requests for the list of sessions.</summary>
    public int Lists;

    /// <summary>Runs before any request is answered, if set.</summary>
    public Func<HttpContext, Task>? OnAny { get; set; }

    /// <summary>Answers <c>POST /sessions</c> in place of a start, if set.</summary>
    public Func<HttpContext, Task>? OnStart { get; set; }

    /// <summary>The free places that <c>/api/health</c> tells; null: it tells none.</summary>
    public int? FreePlaces { get; set; }

    /// <summary>Delays the answer of <c>/api/health</c>, if set.</summary>
    public Task? HealthGate { get; set; }

    /// <summary>Delays a start, if set.</summary>
    public Func<Task>? OnStarting { get; set; }

    /// <summary>Runs between the creation and the sending of an answer of <c>GET /sessions</c>, if set.</summary>
    public Func<Task>? OnTold { get; set; }

    /// <summary>Delays the answer of <c>GET /sessions</c>, if set.</summary>
    public Task? ListGate { get; set; }

    public static async Task<FakeExecutor> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(["--urls=http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        WebApplication app = builder.Build();
        FakeExecutor executor = new(app);
        executor.Map();
        await app.StartAsync();
        return executor;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private void Map()
    {
        _app.UseWebSockets();
        _app.Use(async (context, next) =>
        {
            if (context.Request.Path.StartsWithSegments("/sessions") && !await IsAuthorizedAsync(context.Request))
            {
                Unauthorized.Enqueue($"{context.Request.Method} {context.Request.Path}");
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                return;
            }

            if (Incarnation is { } life)
            {
                context.Response.Headers[ExecutorHeaders.Incarnation] = life;
            }

            await (OnAny?.Invoke(context) ?? Task.CompletedTask);
            await next(context);
        });
        _app.MapGet("/api/health", async (HttpContext context) =>
        {
            if (HealthGate is { } gate)
            {
                await gate.WaitAsync(context.RequestAborted);
            }

            return Results.Json(new
            {
                status = "healthy",
                sandbox = new { kind = "docker", ready = true },
                game_sessions = FreePlaces is { } free ? new { active_count = 10, max_allowed = 10 + free } : null,
                checks = new { docker_available = true, docker_daemon = true }
            });
        });
        _app.MapPost("/sessions", async (HttpContext context) =>
        {
            if (OnStart is { } instead)
            {
                await instead(context);
                return;
            }

            await (OnStarting?.Invoke() ?? Task.CompletedTask);
            StartSessionRequest request = (await context.Request.ReadFromJsonAsync<StartSessionRequest>())!;
            SessionInfo session = new(
                request.SessionId, request.Owner, "running", SandboxKinds.Docker, Warm: true, DateTimeOffset.UtcNow, null, null, null, null,
                0, 0, 0, null);
            Started[request.SessionId] = request;
            Sessions[request.SessionId] = session;
            await Results.Created($"/sessions/{request.SessionId}", session).ExecuteAsync(context);
        });
        _app.MapGet("/sessions", async (HttpContext context) =>
        {
            Interlocked.Increment(ref Lists);
            if (ListGate is { } gate)
            {
                await gate.WaitAsync(context.RequestAborted);
            }

            SessionInfo[] now = [.. Sessions.Values];
            await (OnTold?.Invoke() ?? Task.CompletedTask);
            return now;
        });
        _app.MapGet("/sessions/{id:guid}", (Guid id) => Sessions.TryGetValue(id, out SessionInfo? session) ? Results.Ok(session)
            : Results.NotFound());
        _app.MapPost("/sessions/{id:guid}/stop", (Guid id) =>
        {
            Stopped.Enqueue(id);
            return Sessions.ContainsKey(id) ? Results.Accepted() : Results.NotFound();
        });
        _app.MapDelete("/sessions/{id:guid}/picture", (Guid id) => Pictures.TryRemove(id, out SmallPicture? picture)
            ? Results.Ok(picture) : Results.NotFound());
        _app.MapGet("/sessions/{id:guid}/recording", (Guid id) => Recordings.TryGetValue(id, out byte[]? file)
            ? Results.Bytes(file) : Results.NotFound());
        _app.MapPost("/sessions/{id:guid}/recording", (Guid id) =>
        {
            Restarted.Enqueue(id);
            return !Sessions.TryGetValue(id, out SessionInfo? session) ? Results.NotFound()
                : session.EndedAt is null ? Results.Accepted() : Results.Conflict();
        });
        _app.MapDelete("/sessions/{id:guid}/watchers", (Guid id, long through) =>
        {
            ClosedInvitations[id] = through;
            return Sessions.ContainsKey(id) ? Results.NoContent() : Results.NotFound();
        });
        _app.MapGet("/sessions/{id:guid}/stream", EchoAsync);
    }

    private async Task EchoAsync(Guid id, HttpContext context)
    {
        StreamQueries[id] = context.Request.QueryString.Value ?? "";
        StreamHeaders[id] = context.Request.Headers.ToDictionary(header => header.Key, header =>
            header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
        byte[] buffer = new byte[1 << 16];
        while (true)
        {
            WebSocketReceiveResult received = await socket.ReceiveAsync(buffer, context.RequestAborted);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", context.RequestAborted);
                return;
            }

            await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, context.RequestAborted);
        }
    }

    private static async Task<bool> IsAuthorizedAsync(HttpRequest request)
    {
        string header = request.Headers.Authorization.ToString();
        TokenValidationResult result = await new JsonWebTokenHandler().ValidateTokenAsync(
            header.StartsWith("Bearer ", StringComparison.Ordinal) ? header[7..] : "",
            new TokenValidationParameters
            {
                ValidIssuer = ServiceToken.Issuer,
                ValidAudience = ServiceToken.Audience,
                IssuerSigningKey = new SymmetricSecurityKey(Encoding.UTF8.GetBytes(RunningApi.ExecutorSecret)),
                ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
                ClockSkew = TimeSpan.Zero,
            });
        return result.IsValid
            && result.SecurityToken is JsonWebToken token
            && token.ValidTo - token.ValidFrom <= TimeSpan.FromSeconds(ServiceToken.LifetimeSeconds);
    }
}
