using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.ServiceDiscovery.Http;
using PixelGameDev.Api.Problems;
using PixelGameDev.Streaming.Contracts;

namespace PixelGameDev.Api.Sessions.Execution;

/// <summary>
/// Calls the Executors, each by its service name. It never retries: a repeated start would create two sandboxes, and callers soon repeat
/// all other requests.
/// </summary>
internal sealed partial class ExecutorClient : IDisposable
{
    // A cold start takes less than one second, but several seconds on a machine that is busy with many starts.
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(5);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly IReadOnlyList<string> _names;
    private readonly Dictionary<string, Uri> _addresses;
    private readonly ServiceTokens _tokens;
    private readonly ILogger<ExecutorClient> _logger;
    private readonly ExecutorReachability _reachability;
    private readonly ExecutorPlacement _placement;
    private readonly ConcurrentDictionary<string, string> _sandboxes = new(StringComparer.Ordinal);

    public ExecutorClient(
        ExecutorOptions options, ServiceTokens tokens, IServiceDiscoveryHttpMessageHandlerFactory discovery, TimeProvider time,
        ILogger<ExecutorClient> logger)
    {
        _reachability = new ExecutorReachability(time);
        _names = [.. options.Addresses.Select(static address => address.Authority).Distinct()];
        _addresses = options.Addresses.DistinctBy(static address => address.Authority)
            .ToDictionary(static address => address.Authority, StringComparer.Ordinal);
        _placement = new ExecutorPlacement(_names);
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
            // The addresses behind a name change when the Executor moves.
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        }));
    }

    /// <summary>Returns the invoker that holds the connections to the Executors; forwarded streams share it.</summary>
    public HttpMessageInvoker Invoker { get; }

    /// <summary>Returns the names of the Executors.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>
    /// Returns the kind of sandbox from the last answers of the Executors; the least safe kind if they differ; null before the first
    /// answer. An unreachable Executor keeps its last kind.
    /// </summary>
    public string? Sandbox => _sandboxes.Values.OrderBy(static kind => kind == SandboxKinds.Docker).FirstOrDefault();

    /// <inheritdoc cref="ExecutorPlacement.Order"/>
    public IReadOnlyList<string> ChooseInOrder(Guid session) => _placement.Order(session);

    /// <summary>
    /// Returns for how long nothing has answered at an Executor's address in spite of continuous requests; zero while it answers.
    /// </summary>
    public TimeSpan UnreachableFor(string executor) => _reachability.UnreachableFor(executor);

    /// <exception cref="ProblemException">The refusal of the Executor (full, too large …), or 503 if it does not answer.</exception>
    public async Task<AcceptedSession> StartAsync(string executor, StartSessionRequest request, CancellationToken cancellationToken)
    {
        using HttpRequestMessage message = CreateRequest(HttpMethod.Post, "/sessions", executor);
        message.Content = JsonContent.Create(request, options: Json);
        using HttpResponseMessage response = await SendAsync(message, StartTimeout, cancellationToken);
        _placement.Take(executor);
        return new AcceptedSession(await ReadAsync<SessionInfo>(response, cancellationToken)
            ?? throw Unavailable(), Header(response, ExecutorHeaders.Incarnation));
    }

    /// <summary>Looks for a session at its Executor. Asks all Executors if the record names none, or one that no longer exists.</summary>
    public async Task<FoundSession> FindAsync(Guid id, string? executor, CancellationToken cancellationToken)
    {
        FoundSession[] answers = await Task.WhenAll(Candidates(executor).Select(async name =>
        {
            try
            {
                using HttpRequestMessage message = CreateRequest(HttpMethod.Get, $"/sessions/{id}", name);
                using HttpResponseMessage response = await SendAsync(message, AnswerTimeout, cancellationToken);
                SessionInfo? session = response.StatusCode == HttpStatusCode.NotFound ? null
                    : await ReadAsync<SessionInfo>(response, cancellationToken);
                return new FoundSession(session, name, Header(response, ExecutorHeaders.Incarnation), Silent: false);
            }
            catch (ProblemException)
            {
                return new FoundSession(null, name, null, Silent: true);
            }
        }));
        return answers.FirstOrDefault(static answer => answer.Session is not null)
            ?? new FoundSession(null, null, null, answers.Any(static answer => answer.Silent));
    }

    /// <summary>Returns the address of the Executor that serves the session's stream.</summary>
    public async Task<Uri> LocateAsync(Guid id, string? executor, CancellationToken cancellationToken)
    {
        string[] candidates = [.. Candidates(executor)];
        string? name = candidates.Length == 1 ? candidates[0] : (await FindAsync(id, executor, cancellationToken)).Executor;
        return _addresses[name ?? _names[0]];
    }

    /// <summary>Lists what an Executor reports of its sessions after <paramref name="cursor"/>.</summary>
    /// <exception cref="ProblemException">503: the Executor does not answer.</exception>
    public async Task<ExecutorSessions> ListAsync(string executor, string? cursor, CancellationToken cancellationToken)
    {
        using HttpRequestMessage message =
            CreateRequest(HttpMethod.Get, $"/sessions?since={Uri.EscapeDataString(cursor ?? ExecutorHeaders.Beginning)}", executor);
        using HttpResponseMessage response = await SendAsync(message, AnswerTimeout, cancellationToken);
        return new ExecutorSessions(
            await ReadAsync<List<SessionInfo>>(response, cancellationToken) ?? [],
            Header(response, ExecutorHeaders.Incarnation),
            Header(response, ExecutorHeaders.Cursor));
    }

    /// <summary>Requests the end of a session. Does nothing if no Executor knows the session.</summary>
    /// <exception cref="ProblemException">503</exception>
    public async Task StopAsync(Guid id, string? executor, CancellationToken cancellationToken)
    {
        await Task.WhenAll(Candidates(executor).Select(async name =>
        {
            using HttpRequestMessage message = CreateRequest(HttpMethod.Post, $"/sessions/{id}/stop", name);
            using HttpResponseMessage response = await SendAsync(message, AnswerTimeout, cancellationToken);
            // Not found: the session has ended already, or has not started yet.
            if (!response.IsSuccessStatusCode && response.StatusCode != HttpStatusCode.NotFound)
            {
                throw await RefusalAsync(response, cancellationToken);
            }
        }));
    }

    /// <summary>
    /// Reads <c>/api/health</c> of an Executor. An unreachable Executor counts as unhealthy. Throws only on cancellation.
    /// </summary>
    public async Task<ExecutorHealth> HealthAsync(Uri address, CancellationToken cancellationToken)
    {
        try
        {
            using HttpRequestMessage message = new(HttpMethod.Get, new Uri(address, "/api/health"));
            using HttpResponseMessage response = await Invoker.SendAsync(message, cancellationToken);
            using JsonDocument document = await JsonDocument.ParseAsync(
                await response.Content.ReadAsStreamAsync(cancellationToken), cancellationToken: cancellationToken);
            _reachability.RecordAnswer(address.Authority);
            JsonElement root = document.RootElement;
            bool docker = root.TryGetProperty("checks", out JsonElement checks)
                && checks.TryGetProperty("docker_daemon", out JsonElement daemon) && daemon.ValueKind == JsonValueKind.True;
            // Sample: "sandbox": {"kind":"docker","ready":true}
            string? sandbox = root.TryGetProperty("sandbox", out JsonElement kind) ? ExecutorRefusal.TextOf(kind, "kind") : null;
            if (sandbox is not null)
            {
                _sandboxes[address.Authority] = sandbox;
            }

            _placement.Report(address.Authority, response.IsSuccessStatusCode ? ExecutorPlacement.FreePlaces(root) : 0);
            return new ExecutorHealth(
                response.IsSuccessStatusCode, docker, sandbox,
                response.IsSuccessStatusCode ? null : $"It answers {(int)response.StatusCode} for its own health.");
        }
        catch (OperationCanceledException)
        {
            // It was silent for longer than a check may take.
            _placement.Report(address.Authority, 0);
            throw;
        }
        catch (Exception error) when (error is HttpRequestException or JsonException or InvalidOperationException or IOException)
        {
            _reachability.RecordFailure(address.Authority);
            _placement.Report(address.Authority, 0);
            return new ExecutorHealth(false, false, null, error.GetBaseException().Message);
        }
    }

    /// <summary>Creates the problem for an Executor that does not answer.</summary>
    public static ProblemException Unavailable() => new(
        StatusCodes.Status503ServiceUnavailable,
        "executor_away",
        "Games cannot start right now",
        "The part of the server that runs games does not answer. Your project is safe; try Run again in a moment.")
    {
        RetryAfter = 5,
    };

    public void Dispose() => Invoker.Dispose();

    private IEnumerable<string> Candidates(string? executor) => executor is not null && _addresses.ContainsKey(executor)
        ? [executor] : _names;

    private HttpRequestMessage CreateRequest(HttpMethod method, string path, string executor)
    {
        HttpRequestMessage message = new(method, new Uri(_addresses[executor], path));
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
            // Answers are small. Buffering them here applies the time limit to the body, too.
            await response.Content.LoadIntoBufferAsync(limit.Token);
            _reachability.RecordAnswer(authority);
            return response;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            _reachability.RecordFailure(authority);
            LogTimedOut(message.Method, message.RequestUri!.AbsolutePath, timeout);
            throw Unavailable();
        }
        catch (Exception error) when (error is HttpRequestException or InvalidOperationException or IOException)
        {
            // This includes a refused connection. It only shows that nothing listens at this moment, not that a process has ended.
            _reachability.RecordFailure(authority);
            LogUnreachable(message.Method, message.RequestUri!.AbsolutePath, error.Message);
            throw Unavailable();
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
            LogUnreadable((int)response.StatusCode, error.Message);
            throw Unavailable();
        }
    }

    private async Task<ProblemException> RefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        ExecutorRefusal refusal = ExecutorRefusal.Read(response, await response.Content.ReadAsByteArrayAsync(cancellationToken));
        LogRefused((int)response.StatusCode, refusal.Code, refusal.Detail);
        return refusal.ToProblem() ?? Unavailable();
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? values.First() : null;

    [LoggerMessage(LogLevel.Warning, "Executor did not answer {Method} {Path} within {Timeout}")]
    private partial void LogTimedOut(HttpMethod method, string path, TimeSpan timeout);

    [LoggerMessage(LogLevel.Warning, "Executor not reachable for {Method} {Path}: {Reason}")]
    private partial void LogUnreachable(HttpMethod method, string path, string reason);

    [LoggerMessage(LogLevel.Error, "Executor answered {Status} with something that is not understood: {Reason}")]
    private partial void LogUnreadable(int status, string reason);

    [LoggerMessage(LogLevel.Warning, "Executor refused with {Status} {Code}: {Detail}")]
    private partial void LogRefused(int status, string? code, string? detail);
}
