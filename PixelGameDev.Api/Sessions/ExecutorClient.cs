using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.ServiceDiscovery.Http;
using PixelGameDev.Api.Configuration;
using PixelGameDev.Api.Problems;
using PixelGameDev.Streaming.Contracts;

namespace PixelGameDev.Api.Sessions;

/// <summary>What the Executor's health document says that matters here.</summary>
internal sealed record ExecutorHealth(bool Healthy, bool Docker, string? Sandbox);

/// <summary>
/// What one Executor says of its sessions. <see cref="Known"/>: running ones and those that ended lately, null when it did not answer.
/// <see cref="Gone"/>: for how long nobody has listened at its address, null while somebody does or it is not known.
/// </summary>
internal sealed record ExecutorSessions(IReadOnlyList<SessionInfo>? Known, TimeSpan? Gone);

/// <summary>
/// Calls to the Executor. Nothing here is ever tried twice: a start that is repeated is two sandboxes, and everything else is asked
/// again soon anyway.
/// </summary>
internal sealed partial class ExecutorClient : IDisposable
{
    // A cold start takes under a second; on a machine that is busy with many of them it may take several.
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ShortTimeout = TimeSpan.FromSeconds(5);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly IReadOnlyList<Uri> _addresses;
    private readonly ServiceTokens _tokens;
    private readonly TimeProvider _time;
    private readonly ILogger<ExecutorClient> _logger;

    // Since when an address refuses connections, by authority.
    private readonly ConcurrentDictionary<string, long> _refusing = new(StringComparer.Ordinal);

    public ExecutorClient(
        ApiOptions options, ServiceTokens tokens, IServiceDiscoveryHttpMessageHandlerFactory discovery, TimeProvider time, ILogger<ExecutorClient> logger)
    {
        _time = time;
        _addresses = options.Executors;
        _tokens = tokens;
        _logger = logger;
        Invoker = new HttpMessageInvoker(discovery.CreateHandler(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = DistributedContextPropagator.Current,
            ConnectTimeout = TimeSpan.FromSeconds(2),
            // Addresses behind a name change when the Executor moves.
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        }));
    }

    /// <summary>Connections to the Executor, shared with the forwarded streams.</summary>
    public HttpMessageInvoker Invoker { get; }

    /// <summary>
    /// The Executor a session lives in, a matter of its id alone: the last byte of a version 7 id is random, so sessions spread
    /// evenly, and any Api finds them again as long as the Executors stay the same.
    /// </summary>
    public Uri Of(Guid session)
    {
        Span<byte> bytes = stackalloc byte[16];
        session.TryWriteBytes(bytes);
        return _addresses[bytes[15] % _addresses.Count];
    }

    /// <exception cref="ProblemException">The Executor's own refusal (full, too large …), or 503 when it is not there.</exception>
    public async Task<SessionInfo> StartAsync(StartSessionRequest request, CancellationToken cancellationToken)
    {
        using HttpRequestMessage message = Message(HttpMethod.Post, "/sessions", Of(request.SessionId));
        message.Content = JsonContent.Create(request, options: Json);
        using HttpResponseMessage response = await SendAsync(message, StartTimeout, cancellationToken);
        return await ReadAsync<SessionInfo>(response, cancellationToken) ?? throw Away();
    }

    /// <summary>The session, null when the Executor does not know it.</summary>
    /// <exception cref="ProblemException">503</exception>
    public async Task<SessionInfo?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        using HttpRequestMessage message = Message(HttpMethod.Get, $"/sessions/{id}", Of(id));
        using HttpResponseMessage response = await SendAsync(message, ShortTimeout, cancellationToken);
        return response.StatusCode == HttpStatusCode.NotFound ? null : await ReadAsync<SessionInfo>(response, cancellationToken);
    }

    /// <summary>
    /// What each Executor says of its sessions, by the address that <see cref="Of"/> names: one that does not answer hides nothing of
    /// the others.
    /// </summary>
    public async Task<IReadOnlyDictionary<Uri, ExecutorSessions>> ListAsync(CancellationToken cancellationToken)
    {
        KeyValuePair<Uri, ExecutorSessions>[] all = await Task.WhenAll(_addresses.Distinct().Select(async address =>
        {
            try
            {
                using HttpRequestMessage message = Message(HttpMethod.Get, "/sessions", address);
                using HttpResponseMessage response = await SendAsync(message, ShortTimeout, cancellationToken);
                return KeyValuePair.Create(address, new ExecutorSessions(await ReadAsync<List<SessionInfo>>(response, cancellationToken) ?? [], null));
            }
            catch (ProblemException)
            {
                TimeSpan? gone = _refusing.TryGetValue(address.Authority, out long since) ? _time.GetElapsedTime(since) : null;
                return KeyValuePair.Create(address, new ExecutorSessions(null, gone));
            }
        }));
        return new Dictionary<Uri, ExecutorSessions>(all);
    }

    /// <summary>Asks for the end of a session; one that the Executor does not know has ended already.</summary>
    /// <exception cref="ProblemException">503</exception>
    public async Task StopAsync(Guid id, CancellationToken cancellationToken)
    {
        using HttpRequestMessage message = Message(HttpMethod.Post, $"/sessions/{id}/stop", Of(id));
        using HttpResponseMessage response = await SendAsync(message, StartTimeout, cancellationToken);
        if (!response.IsSuccessStatusCode && response.StatusCode != HttpStatusCode.NotFound)
        {
            throw await RefusalAsync(response, cancellationToken);
        }
    }

    /// <summary>
    /// The <c>/api/health</c> of the Executors, healthy when each is; not reachable is not healthy. Never throws but for cancellation.
    /// </summary>
    public async Task<ExecutorHealth> HealthAsync(CancellationToken cancellationToken)
    {
        ExecutorHealth[] all = await Task.WhenAll(_addresses.Select(address => HealthAsync(address, cancellationToken)));
        return new ExecutorHealth(all.All(one => one.Healthy), all.All(one => one.Docker), all.FirstOrDefault(one => one.Sandbox is not null)?.Sandbox);
    }

    private async Task<ExecutorHealth> HealthAsync(Uri address, CancellationToken cancellationToken)
    {
        try
        {
            using HttpRequestMessage message = new(HttpMethod.Get, new Uri(address, "/api/health"));
            using HttpResponseMessage response = await Invoker.SendAsync(message, cancellationToken);
            using JsonDocument document = await JsonDocument.ParseAsync(
                await response.Content.ReadAsStreamAsync(cancellationToken), cancellationToken: cancellationToken);
            JsonElement root = document.RootElement;
            bool docker = root.TryGetProperty("checks", out JsonElement checks)
                && checks.TryGetProperty("docker_daemon", out JsonElement daemon) && daemon.ValueKind == JsonValueKind.True;
            // Sample: "sandbox": {"kind":"docker","ready":true}
            string? sandbox = root.TryGetProperty("sandbox", out JsonElement kind) ? Text(kind, "kind") : null;
            return new ExecutorHealth(response.IsSuccessStatusCode, docker, sandbox);
        }
        catch (Exception error) when (error is HttpRequestException or JsonException or InvalidOperationException or IOException)
        {
            return new ExecutorHealth(false, false, null);
        }
    }

    /// <summary>What is said when no Executor answers.</summary>
    public static ProblemException Away() => new(
        StatusCodes.Status503ServiceUnavailable,
        "executor_away",
        "Games cannot start right now",
        "The part of the server that runs games does not answer. Your project is safe; try Run again in a moment.")
    {
        RetryAfter = 5,
    };

    public void Dispose() => Invoker.Dispose();

    private HttpRequestMessage Message(HttpMethod method, string path, Uri executor)
    {
        HttpRequestMessage message = new(method, new Uri(executor, path));
        message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _tokens.Mint());
        return message;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage message, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        string authority = message.RequestUri!.Authority;
        try
        {
            HttpResponseMessage response = await Invoker.SendAsync(message, limit.Token);
            // Answers are small: reading them here puts the body under the same time limit.
            await response.Content.LoadIntoBufferAsync(limit.Token);
            _refusing.TryRemove(authority, out _);
            return response;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            _refusing.TryRemove(authority, out _);
            LogSilent(message.Method, message.RequestUri!.AbsolutePath, timeout);
            throw Away();
        }
        catch (Exception error) when (error is HttpRequestException or InvalidOperationException or IOException)
        {
            // Refused is a word of the machine itself: no process listens there. Everything else may be the network's doing.
            if (error.GetBaseException() is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
            {
                _refusing.TryAdd(authority, _time.GetTimestamp());
            }
            else
            {
                _refusing.TryRemove(authority, out _);
            }

            LogAway(message.Method, message.RequestUri!.AbsolutePath, error.Message);
            throw Away();
        }
    }

    private async Task<T?> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            throw await RefusalAsync(response, cancellationToken);
        }

        try
        {
            return await response.Content.ReadFromJsonAsync<T>(Json, cancellationToken);
        }
        catch (Exception error) when (error is JsonException or NotSupportedException)
        {
            LogNonsense((int)response.StatusCode, error.Message);
            throw Away();
        }
    }

    /// <summary>
    /// Refusals that are the person's matter pass on with the Executor's sentence for people, its title; the detail is the exact
    /// reason and goes into the log only. Everything else is "away".
    /// </summary>
    private async Task<ProblemException> RefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        // Sample: {"status":503,"title":"Games cannot be started right now. …","detail":"docker: no such image","code":"no_sandbox"}
        string? title = null, detail = null, code = null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
            title = Text(document.RootElement, "title");
            detail = Text(document.RootElement, "detail");
            code = Text(document.RootElement, "code");
        }
        catch (JsonException)
        {
            // Whatever it is, it is not a problem document; the status says enough.
        }

        int status = (int)response.StatusCode;
        LogRefused(status, code, detail);
        bool personal = response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Conflict or HttpStatusCode.RequestEntityTooLarge
            or HttpStatusCode.UnprocessableEntity or HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable;
        return personal && title is not null
            ? new ProblemException(status, code ?? "executor_refused", "The game was not started", title)
            {
                RetryAfter = (int?)response.Headers.RetryAfter?.Delta?.TotalSeconds
                    ?? (status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable ? 5 : null),
            }
            : Away();
    }

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    [LoggerMessage(LogLevel.Warning, "Executor did not answer {Method} {Path} within {Timeout}")]
    private partial void LogSilent(HttpMethod method, string path, TimeSpan timeout);

    [LoggerMessage(LogLevel.Warning, "Executor not reachable for {Method} {Path}: {Reason}")]
    private partial void LogAway(HttpMethod method, string path, string reason);

    [LoggerMessage(LogLevel.Error, "Executor answered {Status} with something that is not understood: {Reason}")]
    private partial void LogNonsense(int status, string reason);

    [LoggerMessage(LogLevel.Warning, "Executor refused with {Status} {Code}: {Detail}")]
    private partial void LogRefused(int status, string? code, string? detail);
}
